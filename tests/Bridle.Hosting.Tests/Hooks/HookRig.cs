using Bridle.Events;
using Bridle.Hosting.Hooks;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Permissions;
using Bridle.Sessions;
using Bridle.Testing;
using Bridle.Tests;

namespace Bridle.Hosting.Tests.Hooks;

/// <summary>A person with settings, a project, and sessions with a scripted model: hooks run as real programs.</summary>
internal sealed class HookRig : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Home => _folder.Path;

    public string Work => Directory.CreateDirectory(Path.Combine(_folder.Path, "work")).FullName;

    public CollectingSink Sink { get; } = new();

    public IEnumerable<DurableEvent> Records => Sink.Events.OfType<Recorded>().Select(record => record.Event);

    public IEnumerable<string> Told => Sink.Events.OfType<Shown>().Select(shown => shown.Event).OfType<NoticeShown>().Select(notice => notice.Text);

    public string File(string relative, string text) => _folder.Write(relative, text);

    public string Program(string relative, string text) => _folder.Program(relative, text);

    public string Read(string relative) => System.IO.File.ReadAllText(Path.Combine(Home, relative));

    public bool Has(string relative) => System.IO.File.Exists(Path.Combine(Home, relative));

    /// <summary>Leaves of a session's files what a program leaves that dies right after the first record of a type. What it would have noted later of the log is not there, either: to take records away is otherwise an edit.</summary>
    public void DieAfter(string session, string type)
    {
        var log = Path.Combine(Home, $".local/share/bridle/sessions/session_{session}.jsonl");
        var lines = System.IO.File.ReadAllLines(log);
        System.IO.File.WriteAllLines(log, lines.Take(Array.FindIndex(lines, line => line.Contains($"\"type\":\"{type}\"", StringComparison.Ordinal)) + 1));
        System.IO.File.Delete(Path.Combine(Home, $".local/state/bridle/seals/{session}.seal"));
    }

    /// <summary>The person's settings: hooks of one event, each a shell text.</summary>
    public void Hook(string name, params string[] commands)
    {
        var hooks = string.Join(',', commands.Select(command => $$"""{"type":"command","command":{{Quoted(command)}} }"""));
        UserSettings($$$"""{"hooks":{"{{{name}}}":[{"hooks":[{{{hooks}}}]}]}}""");
    }

    public void UserSettings(string json) => _folder.Write(".config/bridle/settings.json", json);

    public static string Quoted(string text) => System.Text.Json.Nodes.JsonValue.Create(text).ToJsonString();

    public HarnessRequest Request(IModel? model, IApprover? approver = null, string? mode = null) =>
        new(_folder.Environment(("PATH", Environment.GetEnvironmentVariable("PATH")!)), Work)
        {
            Model = model, Sinks = [Sink], Approver = approver, Mode = mode, FindLocalServers = _ => Task.FromResult<IReadOnlyList<Bridle.Hosting.Providers.LocalServerFound>>([]),
        };

    public async Task<TurnResult> RunAsync(ScriptedModel model, IApprover? approver = null, string? mode = null, string text = "task")
    {
        await using var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(Request(model, approver, mode), TestContext.Current.CancellationToken)).Harness;
        return await harness.Session.RunAsync(text, TestContext.Current.CancellationToken);
    }

    public async Task<HookTrialResult> TryAsync(string name, string? tool = null, string? input = null, bool trust = false, Func<string, string?, CancellationToken, ValueTask<string>>? ask = null)
    {
        var (result, problem) = await HookTrial.RunAsync(HostFiles.Read(Request(null) with { TrustFolder = trust }), HookEvent.Find(name)!, tool, input, ask, TestContext.Current.CancellationToken);
        Assert.True(result is not null, problem);
        return result;
    }

    public HookBook Book(bool trust = false) => HookFiles.Read(HostFiles.Read(Request(null) with { TrustFolder = trust })).Book;

    /// <summary>A model that makes one call and then says that it is done.</summary>
    public static ScriptedModel Calls(string tool, string input, params string[] more) => new([ScriptedReply.Calls((tool, input)), .. more.Append("done").Select(text => ScriptedReply.Text(text))]);

    /// <summary>What the model was sent last, as one text.</summary>
    public static string LastSent(ScriptedModel model) => string.Join('\n', model.Requests[^1].Messages.SelectMany(message => message.Parts).SelectMany(part => part switch
    {
        TextPart text => (IEnumerable<string>)[text.Text],
        ToolResultPart result => result.Content.OfType<TextPart>().Select(text => text.Text),
        _ => [],
    }));

    /// <summary>Turn after turn until the model is told the text: what a hook that nobody waits for says comes at the first step after its end, whenever the machine comes to it.</summary>
    public static Task TalkUntilToldAsync(Harness harness, ScriptedModel model, string text) => Eventually.Async(async () =>
    {
        model.Then(ScriptedReply.Text("ok"));
        await harness.Session.RunAsync("look", TestContext.Current.CancellationToken);
        return LastSent(model).Contains(text, StringComparison.Ordinal);
    }, seconds: 60);

    public void Dispose() => _folder.Dispose();
}
