using Bridle.Events;
using Bridle.Hosting.Providers;
using Bridle.Models;
using Bridle.Sandboxing;
using Bridle.Testing;

namespace Bridle.Hosting.Tests.Sandboxes;

/// <summary>Sessions that Landlock confines, because settings say so or because bubblewrap does not work.</summary>
public sealed class LandlockSessionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CollectingSink _sink = new();

    public LandlockSessionTests() => Assert.SkipUnless(LandlockSandbox.Shared.Probe().Works, LandlockSandbox.Shared.Probe().Detail);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Settings_name_it_and_the_record_says_what_it_holds_and_what_not()
    {
        _folder.Write(".config/bridle/settings.json", """{ "sandbox": { "backend": "landlock" } }""");

        var (said, notices) = await RunAsync("echo x > /etc/bridle-x || echo refused", null, "Bash");

        Assert.Contains("refused", said, StringComparison.Ordinal);
        Assert.False(File.Exists("/etc/bridle-x"));
        Assert.StartsWith("landlock: changes the content of only the workspace", Isolation, StringComparison.Ordinal);
        Assert.DoesNotContain(notices, notice => notice.Contains("landlock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_takes_the_place_of_a_bubblewrap_that_does_not_work_and_that_is_said()
    {
        var (_, notices) = await RunAsync("true", [PretendSandbox.Broken("it is missing."), LandlockSandbox.Shared], "Bash");

        Assert.StartsWith("landlock: ", Isolation, StringComparison.Ordinal);
        Assert.Contains(notices, notice => notice.StartsWith("Commands are confined by landlock only", StringComparison.Ordinal) && notice.Contains("it is missing.", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_both_work_it_is_bubblewrap()
    {
        Assert.True(SandboxOrder("bubblewrap") < SandboxOrder("landlock"));
    }

    [Fact]
    public async Task Nothing_runs_unasked_because_of_it()
    {
        var (said, _) = await RunAsync("touch a", [LandlockSandbox.Shared]);

        Assert.Contains("Permission denied", said, StringComparison.Ordinal);
    }

    private string Isolation => _sink.Events.OfType<Recorded>().Select(one => one.Event).OfType<RunStarted>().Last().Isolation ?? "";

    private static int SandboxOrder(string name) => Hosting.Sandboxes.SandboxDecision.All.ToList().FindIndex(one => one.Name == name);

    private async Task<(string Said, IReadOnlyList<string> Notices)> RunAsync(string command, IReadOnlyList<ISandbox>? sandboxes, params string[] allow)
    {
        var work = Directory.CreateDirectory(Path.Combine(_folder.Path, "work")).FullName;
        var request = new HarnessRequest(_folder.Environment(("PATH", Environment.GetEnvironmentVariable("PATH")!)), work)
        {
            Model = new ScriptedModel(ScriptedReply.Calls(("Bash", $$"""{"command":"{{System.Text.Json.JsonEncodedText.Encode(command)}}"}""")), ScriptedReply.Text("done")),
            Sinks = [_sink], FindLocalServers = _ => Task.FromResult<IReadOnlyList<LocalServerFound>>([]), Sandboxes = sandboxes, Allow = allow,
        };
        await using var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(request, TestContext.Current.CancellationToken)).Harness;
        await harness.Session.RunAsync("task", TestContext.Current.CancellationToken);
        var said = harness.Session.Transcript.Messages.SelectMany(message => message.Parts).OfType<Messages.ToolResultPart>().SelectMany(part => part.Content).OfType<Messages.TextPart>().Select(part => part.Text);
        return (string.Join('\n', said), harness.Notices);
    }
}
