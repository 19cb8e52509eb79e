using BenchmarkDotNet.Attributes;
using Bridle.Sandboxing;
using Bridle.Workspaces;

namespace Bridle.Benchmarks;

/// <summary>What the sandbox adds to a command that does nothing: <c>true</c> started bare and started confined with the protected places of a workspace.</summary>
public class SandboxedStart
{
    private TemporaryFolder _folder = null!;
    private IProcesses _bare = null!;
    private IProcesses _confined = null!;

    [GlobalSetup]
    public void Prepare()
    {
        _folder = new();
        Directory.CreateDirectory(_folder.In(".git"));
        _bare = new LocalProcesses();
        _confined = BubblewrapSandbox.Shared.Confine(_bare, new SandboxProfile
        {
            Workspace = _folder.Path, Protected = ProtectedPlaces.Of(_folder.Path, "/"), Masked = SecretPlaces.Of(["/root"]), 
        });
    }

    [GlobalCleanup]
    public void End() => _folder.Dispose();

    [Benchmark(Baseline = true)]
    public Task<int> Bare() => RunAsync(_bare);

    [Benchmark]
    public Task<int> Confined() => RunAsync(_confined);

    private async Task<int> RunAsync(IProcesses processes)
    {
        await using var process = processes.Start(new ProcessSpec("true", [], _folder.Path) { OnOutput = _ => { } });
        return await process.Exit;
    }
}
