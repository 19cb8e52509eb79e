using Bridle.Hosting.Providers;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Hosting.Tests.Sandboxes;

/// <summary>Sessions whose sandbox is a container, with an engine that only records what it is asked.</summary>
public sealed class ContainerSessionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("container", true)]
    [InlineData("auto", false)]
    public async Task Only_who_names_the_backend_gets_it_and_then_with_the_image_of_the_settings(string backend, bool asked)
    {
        _folder.Write(".config/bridle/settings.json", $$"""{ "sandbox": { "backend": "{{backend}}", "container": { "image": "localhost/of-mine:1" } } }""");
        var calls = Path.Combine(_folder.Path, "calls");
        var engine = _folder.Program("engine", $"#!/bin/sh\necho \"$*\" >> {calls}\n");

        var start = await Composition.StartAsync(Request(engine), TestContext.Current.CancellationToken);

        await using var harness = Assert.IsType<HarnessStarted>(start).Harness;
        Assert.Equal(asked, File.Exists(calls) && File.ReadAllText(calls).Contains("localhost/of-mine:1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_engine_refuses_the_start()
    {
        _folder.Write(".config/bridle/settings.json", """{ "sandbox": { "backend": "container" } }""");

        var refused = Assert.IsType<HarnessRefused>(await Composition.StartAsync(Request("/no/such/engine"), TestContext.Current.CancellationToken));

        Assert.Contains("the engine /no/such/engine cannot be started", refused.Message, StringComparison.Ordinal);
    }

    private HarnessRequest Request(string engine) => new(_folder.Environment(("PATH", Environment.GetEnvironmentVariable("PATH")!), ("SANDBOX_CONTAINER_RUNTIME_EXECUTABLE", engine)), Directory.CreateDirectory(Path.Combine(_folder.Path, "work")).FullName)
    {
        Model = new ScriptedModel(ScriptedReply.Text("done")), FindLocalServers = _ => Task.FromResult<IReadOnlyList<LocalServerFound>>([]),
    };
}
