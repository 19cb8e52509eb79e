using System.Runtime.CompilerServices;
using Bridle.Events;
using Bridle.Hosting;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

public sealed class SessionResumeTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task A_conversation_goes_on_with_the_session_that_is_named()
    {
        var model = new ScriptedModel(ScriptedReply.Text("one"), ScriptedReply.Text("two"));
        _stage.Model = model;
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--session", "talk", "first"));
        _stage.Input = "second\n/exit\n";
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "resume", "talk"));
        Assert.Equal(["first", "one", "second"], model.Requests[^1].Messages.Select(message => message.Text));

        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sessions", "resume"));
        Assert.Contains("The name of a session is missing", _stage.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sessions", "resume", "tlak"));
        Assert.Contains("Did you mean 'talk'?", _stage.Error.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(ExitCode.Done, await _stage.RunAsync("sessions", "resume", "talk", "--session", "other"));
    }

    [Theory]
    [InlineData("started", "    It had begun. Whether it took effect is unknown; it is not run again.", "  Bash touch x")]
    [InlineData("asked", "    It waits for your yes or no, and you are asked again.", "  Bash touch x")]
    [InlineData("called", "    It had not begun.", "  Bash touch x")]
    [InlineData("requested", "  The model was asked and has not answered. /continue asks it again.", "❯ go")]
    public async Task What_a_program_that_died_left_is_said_before_anything_happens(string left, string said, string also)
    {
        await CrashAsync(left);
        _stage.Model = new ScriptedModel();
        _stage.Input = "/exit\n";
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "resume", "talk"));
        var shown = _stage.Out.Take();
        Assert.Contains("The last turn never ended: the program was ended in the middle of it.", shown, StringComparison.Ordinal);
        Assert.Contains(said + "\n", shown, StringComparison.Ordinal);
        Assert.Contains(also + "\n", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_turn_that_a_person_interrupted_is_said_with_what_was_cut()
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Bash", """{"command":"echo begun; touch started; sleep 60"}""")));

        // Twice: in the middle of a call, and in the middle of a reply.
        var run = _stage.RunAsync("run", "--session", "talk", "--mode", "bypass", "--sandbox", "off", "go");
        while (!File.Exists(_stage.PathOf("work/started")))
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Assert.True(_stage.Interrupts.Request());
        Assert.Equal(ExitCode.Interrupted, await run);
        (_stage.Input, _) = ("/exit\n", _stage.Out.Take());
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "resume", "talk"));
        var shown = _stage.Out.Take();
        Assert.Contains("❯ go\n", shown, StringComparison.Ordinal);
        Assert.Contains("The last turn was interrupted by you (Ctrl+C, Esc, or its terminal was closed).\n  Bash echo begun; touch started; sleep 60\n    Cancelled while it ran", shown, StringComparison.Ordinal);
        Assert.Contains("  /continue goes on with it, and so does whatever you say.", shown, StringComparison.Ordinal);

        _stage.Model = new Halting("I was about to say", () => Assert.True(_stage.Interrupts.Request()));
        Assert.Equal(ExitCode.Interrupted, await _stage.RunAsync("run", "--resume", "talk", "--mode", "bypass", "--sandbox", "off", "on"));
        (_stage.Input, _) = ("/exit\n", _stage.Out.Take());
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "resume", "talk"));
        shown = _stage.Out.Take();
        Assert.Contains("What had come of the reply, and no model sees:\nI was about to say", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("echo begun", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run", "--resume", "talk")]
    [InlineData("sessions", "resume", "talk")]
    public async Task A_call_of_unknown_outcome_is_told_whole_and_with_its_command(params string[] arguments)
    {
        await CrashAsync("started");
        _stage.Model = new ScriptedModel(ScriptedReply.Text("I will look."));
        _stage.Input = "/continue\n/exit\n";
        Assert.Equal(ExitCode.Done, await _stage.RunAsync(arguments));
        Assert.Contains("! Bash touch x\n  Interrupted: the program that ran this call ended before it answered. Whether it took effect is unknown. Look at the current state before you do it again.\n", _stage.Error.ToString(), StringComparison.Ordinal);
        _stage.Out.Take();
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "show", "talk"));
        Assert.Contains("Look at the current state before you do it again.\n", _stage.Out.Take(), StringComparison.Ordinal);
    }

    // Says something and then nothing more.
    private sealed class Halting(string text, Action then) : IModel
    {
        public ModelInfo Info { get; } = new ScriptedModel().Info;

        public async IAsyncEnumerable<ModelUpdate> StreamAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return new TextArrived(text);
            then();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    private async Task CrashAsync(string left)
    {
        var folders = BridleFolders.For(_stage.Context().Environment);
        folders.Create();
        await using var journal = new SessionStore(folders.Data, folders.State).Create(_stage.Work, "talk").Journal;
        var call = new ToolCallPart(new CallId("c1"), "Bash", """{"command":"touch x"}""");
        List<DurableEvent> events =
        [
            new UserSpoke("m1", [new TextPart("go")]), new RunStarted("turn", "test/scripted", "default", new RunLimits()), new ModelRequested("test/scripted", "scripted", [], 3, null, ToolCalling.Native),
            new ModelReplied(new ModelReply([call], StopReason.ToolUse, null, null), null, 5),
            left is "asked" ? new ApprovalRequested("a1", call.Id, "Bash", call.Arguments, "", null, "none", "It writes.", default) : new ToolStarted(call.Id, "Bash", "00", ToolEffect.Once, "none"),
        ];
        foreach (var one in left switch { "requested" => events[..3], "called" => events[..4], _ => events })
        {
            await journal.AppendAsync(new RunId("1"), one, Durability.Written, CancellationToken.None);
        }
    }
}
