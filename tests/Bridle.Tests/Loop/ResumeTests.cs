using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Testing;

namespace Bridle.Tests.Loop;

public sealed class ResumeTests
{
    [Fact]
    public async Task A_once_call_that_started_and_has_no_answer_is_told_as_interrupted_and_never_runs_again()
    {
        await using var stage = Resume(new ScriptedModel(ScriptedReply.Text("I will check.")), new ToolStarted(new CallId("c1"), "Do", "h", ToolEffect.Once, "none"), "Do");
        await stage.Session.RunAsync([], "none", default);
        Assert.Empty(stage.Ran);
        Assert.Contains("[c1! Interrupted:", LoopStage.History(stage.Model.Requests[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repeatable_call_that_started_runs_again()
    {
        await using var stage = Resume(new ScriptedModel(ScriptedReply.Text("Seen.")), new ToolStarted(new CallId("c1"), "Look", "h", ToolEffect.Repeatable, "none"), "Look");
        await stage.Session.RunAsync([], "none", default);
        Assert.Equal(["Look x"], stage.Ran);
    }

    [Fact]
    public async Task A_call_that_never_started_runs_once()
    {
        await using var stage = Resume(new ScriptedModel(ScriptedReply.Text("Done.")), null, "Do");
        await stage.Session.RunAsync([], "none", default);
        Assert.Equal(["Do x"], stage.Ran);
    }

    [Fact]
    public async Task A_final_reply_that_was_recorded_before_the_crash_is_the_answer_and_is_not_asked_for_again()
    {
        await using var stage = Resume(new ScriptedModel(), new ToolReturned(new CallId("c1"), CallOutcome.Completed, [new TextPart("did x")], 0), "Do",
            more: new ModelReplied(new ModelReply([new TextPart("It is done.")], StopReason.EndTurn, null, null), null, 0));
        var result = await stage.Session.RunAsync([], "none", default);
        Assert.Equal((TurnOutcome.Completed, "It is done."), (result.Outcome, result.Answer));
    }

    [Fact]
    public async Task Who_goes_on_after_a_finished_turn_has_the_model_asked_again()
    {
        await using var stage = new LoopStage(new ScriptedModel(ScriptedReply.Text("One."), ScriptedReply.Text("Two."), ScriptedReply.Text("Three.")));
        await stage.Session.RunAsync("Count.", default);
        Assert.Equal((TurnOutcome.Completed, "Two."), await GoOnAsync());
        Assert.Contains("You are asked to go on", LoopStage.History(stage.Model.Requests[1]), StringComparison.Ordinal);
        Assert.Equal((TurnOutcome.Completed, "Three."), await GoOnAsync());
        Assert.Equal(3, stage.Model.Requests.Count);

        async Task<(TurnOutcome, string)> GoOnAsync()
        {
            var result = await stage.Session.RunAsync([], "none", default);
            return (result.Outcome, result.Answer);
        }
    }

    [Fact]
    public async Task A_reply_at_the_output_limit_that_was_recorded_before_the_crash_is_continued()
    {
        await using var stage = Resume(new ScriptedModel(ScriptedReply.Text("two.")), new ToolReturned(new CallId("c1"), CallOutcome.Completed, [new TextPart("did x")], 0), "Do",
            more: new ModelReplied(new ModelReply([new TextPart("One, ")], StopReason.MaxTokens, null, null), null, 0));
        Assert.Equal("One, two.", (await stage.Session.RunAsync([], "none", default)).Answer);
        Assert.Contains("reached the output limit", LoopStage.History(stage.Model.Requests[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_crash_between_the_parts_of_an_answer_the_whole_answer_is_given()
    {
        const string Note = "Your reply reached the output limit. Go on exactly where it stopped; do not repeat anything.";
        static ModelReplied Part(string text) => new(new ModelReply([new TextPart(text)], StopReason.MaxTokens, null, null), null, 0);
        var answered = new ToolReturned(new CallId("c1"), CallOutcome.Completed, [new TextPart("did x")], 0);
        await using var stage = Resume(new ScriptedModel(ScriptedReply.Text("three, ", StopReason.MaxTokens), ScriptedReply.Text("four.")), answered, "Do",
            more: [Part("One, "), new ReminderAdded("cut", Note), Part("two, "), new ReminderAdded("cut", Note)]);
        Assert.Equal("One, two, three, four.", (await stage.Session.RunAsync([], "none", default)).Answer);

        await using var atReply = Resume(new ScriptedModel(ScriptedReply.Text("three."), ScriptedReply.Text("New.")), answered, "Do",
            more: [Part("One, "), new ReminderAdded("cut", Note), Part("two, ")]);
        Assert.Equal("One, two, three.", (await atReply.Session.RunAsync([], "none", default)).Answer);
        Assert.Equal("New.", (await atReply.Session.RunAsync("A new question has an answer of its own.", default)).Answer);
    }

    [Fact]
    public async Task A_new_message_waits_behind_the_answers_of_the_calls_that_were_left()
    {
        await using var stage = Resume(new ScriptedModel(ScriptedReply.Text("Done.")), null, "Do");
        await stage.Session.RunAsync("And now?", default);
        Assert.EndsWith("User: [c1 did x] + And now?", LoopStage.History(stage.Model.Requests[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_died_is_recorded_as_crashed_when_the_session_goes_on()
    {
        await using var stage = Resume(new ScriptedModel(ScriptedReply.Text("Done.")), null, "Do");
        await stage.Session.RunAsync([], "none", default);
        Assert.Equal([TurnOutcome.Crashed, TurnOutcome.Completed], stage.Journal.Read().Select(record => record.Event).OfType<RunFinished>().Select(run => run.Outcome));
    }

    [Fact]
    public async Task A_question_that_was_answered_before_the_crash_is_not_asked_again()
    {
        var asked = new QuestionAsked("q1", new CallId("c1"), "x", []);
        var approver = new TestApprover(answer: _ => throw new InvalidOperationException("asked again"));
        await using var stage = Resume(
            new ScriptedModel(ScriptedReply.Text("Done.")), new ToolStarted(new CallId("c1"), "Ask", "h", ToolEffect.Durable, "none"), "Ask", approver, asked, new QuestionAnswered("q1", "yes"));
        await stage.Session.RunAsync([], "none", default);
        Assert.Contains("[c1 yes]", LoopStage.History(stage.Model.Requests[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_turn_leaves_a_valid_history()
    {
        using var stop = new CancellationTokenSource();
        var model = new ScriptedModel(
            ScriptedReply.Calls(("Do", """{"text":"a"}"""), ("Do", """{"text":"b"}""")),
            ScriptedReply.Text("Where were we?"));
        await using (var stage = new LoopStage(model))
        {
            // The first call interrupts the turn; the second must not run and must be answered all the same.
            var interrupting = new CollectingSink { OnEvent = one => { if (one is Recorded { Event: ToolStarted { Call.Value: "c1" } }) { stop.Cancel(); } } };
            stage.Watch(interrupting);
            var first = await stage.Session.RunAsync("Do both.", stop.Token);
            Assert.Equal(TurnOutcome.Interrupted, first.Outcome);
            Assert.DoesNotContain("Do b", stage.Ran);
            await stage.Session.RunAsync("Go on.", default);
            Assert.Contains("[c2! Cancelled before it began", LoopStage.History(model.Requests[^1]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Text_of_an_interrupted_reply_is_kept_in_the_log_and_not_in_the_history()
    {
        using var stop = new CancellationTokenSource();
        await using var stage = new LoopStage(new ScriptedModel(ScriptedReply.Text("One two three."), ScriptedReply.Text("Fine.")));
        stage.Watch(new CollectingSink { OnEvent = one => { if (one is Shown { Event: TextStreamed }) { stop.Cancel(); } } });
        Assert.Equal(TurnOutcome.Interrupted, (await stage.Session.RunAsync("Count.", stop.Token)).Outcome);
        Assert.Equal("One two three.", stage.Journal.Read().Select(record => record.Event).OfType<ReplyCut>().Single().PartialText);
        await stage.Session.RunAsync("Again.", default);
        Assert.Equal("User: Count. + Again.", LoopStage.History(stage.Model.Requests[1]));
    }

    [Fact]
    public async Task Folding_a_prefix_and_then_the_rest_gives_what_folding_all_gives()
    {
        await using var stage = new LoopStage(new ScriptedModel(
            ScriptedReply.Calls(("Look", """{"text":"a"}"""), ("Do", """{"text":"b"}""")), ScriptedReply.Failure(Models.ModelErrorKind.Cut, "x"), ScriptedReply.Text("One."), ScriptedReply.Text("Two.")));
        await stage.Session.RunAsync("First.", default);
        await stage.Session.RunAsync("Second.", default);
        var records = stage.Journal.Read().ToList();
        var all = Fold(records);
        for (var cut = 0; cut <= records.Count; cut++)
        {
            var transcript = new Transcript();
            records.Take(cut).ToList().ForEach(transcript.Apply);
            _ = transcript.Messages;
            records.Skip(cut).ToList().ForEach(transcript.Apply);
            Assert.Equal(State(all), State(transcript));
        }
    }

    private static Transcript Fold(List<Recorded> records)
    {
        var transcript = new Transcript();
        records.ForEach(transcript.Apply);
        return transcript;
    }

    private static string State(Transcript transcript) =>
        $"{transcript.Last} {transcript.Runs} {transcript.OpenRun} {transcript.Mode} {transcript.Model} {transcript.Characters} " +
        LoopStage.History(new Models.ModelRequest { Messages = transcript.Messages });

    private static LoopStage Resume(ScriptedModel model, DurableEvent? started, string tool, TestApprover? approver = null, params DurableEvent[] more)
    {
        var journal = new MemoryJournal();
        var call = new ToolCallPart(new CallId("c1"), tool, """{"text":"x"}""");
        DurableEvent?[] records =
        [
            new SessionStarted(1, "test", "/ws", "test"),
            new UserSpoke("m1", [new TextPart("Go.")]),
            new RunStarted("turn", "test/scripted", "default", new RunLimits()),
            new ModelReplied(new ModelReply([call], StopReason.ToolUse, null, null), null, 0),
            started,
            .. more,
        ];
        foreach (var record in records.OfType<DurableEvent>())
        {
            journal.AppendAsync(record is SessionStarted ? RunId.Session : new RunId("1"), record, Durability.Written, default).AsTask().GetAwaiter().GetResult();
        }

        return new LoopStage(model, journal: journal, approver: approver);
    }
}
