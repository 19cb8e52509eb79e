using Bridle.Hosting.Providers;
using Bridle.Hosting.Trust;
using Bridle.Messages;
using Bridle.Sessions;
using Bridle.Testing;

namespace Bridle.Hosting.Tests;

/// <summary>A session that is called for from another folder: what counts is the folder that it changes.</summary>
public sealed class OtherFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_settings_of_the_sessions_own_folder_count_and_those_of_the_other_do_not()
    {
        var (strange, mine) = (Folder("strange"), Folder("mine"));
        _folder.Write("strange/.bridle/settings.json", """{ "permissions": { "deny": ["Read(plan.md)"] } }""");
        _folder.Write("strange/plan.md", "x");
        _folder.Write("mine/.bridle/settings.json", """{ "permissions": { "allow": ["Write(//**)"] } }""");
        FolderTrust.Read(BridleFolders.For(_folder.Environment([])).State).Trust(mine, DateTimeOffset.UnixEpoch);
        await RunAsync(Request(strange, ScriptedReply.Text("ok")) with { SessionName = "s" });

        var calls = ScriptedReply.Calls(("Read", """{"file_path":"plan.md"}"""), ("Write", """{"file_path":"new.txt","content":"x"}"""));
        foreach (var way in new Func<HarnessRequest, HarnessRequest>[] { one => one with { SessionName = "s", Resume = true }, one => one with { CloneOf = "s" } })
        {
            var result = await RunAsync(way(Request(mine, calls, ScriptedReply.Text("done"))));
            Assert.Equal(["Read", "Write"], result.Denied.Select(denied => denied.Tool).Order());
        }

        Assert.False(File.Exists(Path.Combine(strange, "new.txt")));
    }

    [Fact]
    public async Task Trust_for_this_run_is_of_the_folder_in_which_it_was_said()
    {
        var (strange, mine) = (Folder("strange"), Folder("mine"));
        _folder.Write("outside/notes.md", "Private notes.");
        _folder.Write("strange/AGENTS.md", "@../outside/notes.md");
        await RunAsync(Request(strange, ScriptedReply.Text("ok")) with { SessionName = "s" });
        var model = new ScriptedModel(ScriptedReply.Text("ok"));
        var harness = await StartAsync(Request(mine) with { Model = model, SessionName = "s", Resume = true, TrustFolder = true });
        Assert.Contains(harness.Notices, notice => notice.StartsWith($"Working in {strange}, where this session began. It is not trusted: --trust was said of another folder.", StringComparison.Ordinal));
        await harness.Session.RunAsync("task", TestContext.Current.CancellationToken);
        await harness.DisposeAsync();
        Assert.DoesNotContain("Private notes.", string.Concat(model.Requests[0].Messages.SelectMany(message => message.Parts).OfType<TextPart>().Select(part => part.Text)) + model.Requests[0].System);

        var there = new ScriptedModel(ScriptedReply.Text("ok"));
        await RunAsync(Request(strange) with { Model = there, SessionName = "s", Resume = true, TrustFolder = true });
        Assert.Contains("Private notes.", string.Concat(there.Requests[0].Messages.SelectMany(message => message.Parts).OfType<TextPart>().Select(part => part.Text)));
    }

    private string Folder(string name) => Directory.CreateDirectory(Path.Combine(_folder.Path, name)).FullName;

    private HarnessRequest Request(string folder, params ScriptedReply[] replies) =>
        new(_folder.Environment([("PATH", Environment.GetEnvironmentVariable("PATH")!)]), folder)
        {
            Model = new ScriptedModel(replies), FindLocalServers = _ => Task.FromResult<IReadOnlyList<LocalServerFound>>([]),
        };

    private static async Task<Harness> StartAsync(HarnessRequest request) =>
        Assert.IsType<HarnessStarted>(await Composition.StartAsync(request, TestContext.Current.CancellationToken)).Harness;

    private static async Task<TurnResult> RunAsync(HarnessRequest request)
    {
        await using var harness = await StartAsync(request);
        return await harness.Session.RunAsync("task", TestContext.Current.CancellationToken);
    }
}
