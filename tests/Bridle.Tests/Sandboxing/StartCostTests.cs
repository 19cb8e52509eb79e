using System.Text;
using Bridle.Sandboxing;
using Bridle.Workspaces;

namespace Bridle.Tests.Sandboxing;

/// <summary>What keeps the start of a confined program cheap must not leave anything behind.</summary>
public sealed class StartCostTests : IDisposable
{
    private readonly Confined _here = new();

    public StartCostTests() => Confined.SkipUnlessItWorks();

    public void Dispose() => _here.Dispose();

    [Fact]
    public async Task The_first_process_inside_is_told_from_the_launcher_and_from_what_runs_in_no_namespace()
    {
        var (process, _) = _here.Start("sleep", "60");
        await using (process)
        {
            var inside = ProcessTable.All().Values.Where(row => row.Parent == process.Id).ToList();

            Assert.Contains(inside, row => ProcessTable.IsFirstOfNamespace(row.Id));
            Assert.False(ProcessTable.IsFirstOfNamespace(process.Id));
            Assert.False(ProcessTable.IsFirstOfNamespace(Environment.ProcessId + 100_000_000));
        }
    }

    [Fact]
    public async Task When_the_end_is_told_nothing_inside_runs_any_more()
    {
        for (var round = 0; round < 10; round++)
        {
            var (process, _) = _here.Start("bash", "-c", "sleep 60 & sleep 0.3");
            await using (process)
            {
                var children = ProcessTable.All().Values.Where(row => row.Parent == process.Id).ToList();
                await process.Exit.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

                Assert.NotEmpty(children);
                Assert.All(children, child => Assert.True(ProcessTable.Find(child.Id) is not { IsEnded: false } now || now.Born != child.Born));
            }
        }
    }

    [Fact]
    public async Task An_unconfined_program_is_in_our_own_groups_after_a_confined_one_was_started()
    {
        await _here.RunAsync("true");
        var said = new StringBuilder();
        await using var bare = new LocalProcesses().Start(new ProcessSpec("cat", ["/proc/self/cgroup"], "/") { OnOutput = chunk => said.Append(Encoding.UTF8.GetString(chunk.Bytes.Span)) });
        await bare.Exit;

        Assert.Equal(File.ReadAllText("/proc/self/cgroup"), said.ToString());
    }

    [Fact]
    public async Task A_missing_file_that_is_protected_looks_like_an_empty_folder_inside_and_is_gone_afterwards()
    {
        _here.Profile = _here.Profile with { Protected = ProtectedPlaces.Of(_here.Workspace, "/") };

        var (code, output) = await _here.BashAsync("{ test -d .mcp.json && ! touch .mcp.json/x && ! rmdir .mcp.json && ! mkdir .vscode/x; } 2>/dev/null; echo $?");

        Assert.Equal(0, code);
        Assert.EndsWith("0\n", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_here.Workspace));
    }
}
