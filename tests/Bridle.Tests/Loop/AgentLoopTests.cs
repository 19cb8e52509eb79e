using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Tests.Loop;

public sealed class AgentLoopTests
{
    [Fact]
    public async Task A_turn_with_a_call_is_one_stream_of_events()
    {
        await using var stage = new LoopStage(new ScriptedModel(
            ScriptedReply.Calls(("Do", """{"text":"it"}""")),
            ScriptedReply.Text("Done.")));
        var result = await stage.Session.RunAsync("Do it.", default);
        Assert.Equal((TurnOutcome.Completed, "Done.", 2), (result.Outcome, result.Answer, result.Steps));
        Approved.Matches(stage.Stream);
    }

    [Fact]
    public async Task Half_a_character_in_a_reply_becomes_a_whole_one_before_anything_reads_it()
    {
        await using var stage = new LoopStage(new ScriptedModel(
            ScriptedReply.Calls(("Look", "{\"text\":\"a\ud83d\"}"), ("Look\udc00", "{\"text\":\"\ud83d\ude00\"}")), ScriptedReply.Text("Half \ud83d")));
        var result = await stage.Session.RunAsync("Look.", default);
        Assert.Equal("Half \ufffd", result.Answer);
        var calls = stage.Session.Transcript.Messages.SelectMany(message => message.Parts).OfType<ToolCallPart>().ToList();
        Assert.Equal([("Look", "{\"text\":\"a\ufffd\"}"), ("Look\ufffd", "{\"text\":\"\ud83d\ude00\"}")], calls.Select(call => (call.Name, call.Arguments)));
    }

    [Fact]
    public async Task A_repeatable_turn_syncs_at_its_start_and_end_only()
    {
        await using var stage = new LoopStage(new ScriptedModel(ScriptedReply.Calls(("Look", """{"text":"a"}""")), ScriptedReply.Text("Seen.")));
        var before = stage.Journal.Syncs;
        await stage.Session.RunAsync("Look.", default);
        Assert.Equal(2, stage.Journal.Syncs - before);
    }

    [Fact]
    public async Task A_once_call_costs_two_syncs()
    {
        await using var stage = new LoopStage(new ScriptedModel(ScriptedReply.Calls(("Do", """{"text":"a"}""")), ScriptedReply.Text("Done.")));
        var before = stage.Journal.Syncs;
        await stage.Session.RunAsync("Do.", default);
        Assert.Equal(2 + 2, stage.Journal.Syncs - before);
    }

    [Fact]
    public async Task Parallel_results_go_back_in_the_order_of_their_calls_whatever_ends_first()
    {
        await using var stage = new LoopStage(new ScriptedModel(
            ScriptedReply.Calls(("Look", """{"text":"a"}"""), ("Nothing", """{"text":"b"}"""), ("Look", """{"text":"c"}"""), ("Look", """{"text":"d"}""")),
            ScriptedReply.Text("Seen.")));
        await stage.Session.RunAsync("Look.", default);
        Assert.Equal(
            "User: Look. / Assistant: Look({\"text\":\"a\"}) + Nothing({\"text\":\"b\"}) + Look({\"text\":\"c\"}) + Look({\"text\":\"d\"}) / " +
            "User: [c1 saw a] + [c2! There is no tool Nothing.] + [c3 saw c] + [c4 saw d]",
            LoopStage.History(stage.Model.Requests[1]));
    }

    [Fact]
    public async Task What_is_typed_during_a_turn_is_seen_at_the_next_step_and_never_between_a_call_and_its_result()
    {
        LoopStage? stage = null;
        var model = new ScriptedModel(
            ScriptedReply.Calls(("Look", """{"text":"a"}""")).After((_, _) => { stage!.Session.Post("Only the second one!"); return Task.CompletedTask; }),
            ScriptedReply.Text("Fine."));
        await using (stage = new LoopStage(model))
        {
            await stage.Session.RunAsync("Look.", default);
            Assert.Equal("User: Look. / Assistant: Look({\"text\":\"a\"}) / User: [c1 saw a] + Only the second one!", LoopStage.History(model.Requests[1]));
        }
    }

    [Fact]
    public async Task What_is_typed_during_the_last_reply_is_answered_in_the_same_turn()
    {
        LoopStage? stage = null;
        var model = new ScriptedModel(
            ScriptedReply.Text("First.").After((_, _) => { stage!.Session.Post("And then?"); return Task.CompletedTask; }),
            ScriptedReply.Text("Second."));
        await using (stage = new LoopStage(model))
        {
            var result = await stage.Session.RunAsync("Go.", default);
            Assert.Equal("Second.", result.Answer);
            Assert.Equal("User: Go. / Assistant: First. / User: And then?", LoopStage.History(model.Requests[1]));
        }
    }

    [Fact]
    public async Task A_cut_reply_is_withdrawn_and_asked_again_and_no_call_of_it_runs()
    {
        await using var stage = new LoopStage(new ScriptedModel(
            ScriptedReply.Failure(ModelErrorKind.Cut, "Half an ans"),
            ScriptedReply.Text("A whole answer.")));
        var result = await stage.Session.RunAsync("Say.", default);
        Assert.Equal("A whole answer.", result.Answer);
        Approved.Matches(stage.Stream);
    }

    [Fact]
    public async Task A_reply_that_is_cut_again_and_again_fails_the_turn()
    {
        await using var stage = new LoopStage(new ScriptedModel(Enumerable.Repeat(ScriptedReply.Failure(ModelErrorKind.Cut, "Half"), 3)));
        var result = await stage.Session.RunAsync("Say.", default);
        Assert.Equal((TurnOutcome.ModelFailed, ModelErrorKind.Cut, 3), (result.Outcome, result.ModelError!.Kind, result.ModelError.Attempts));
    }

    [Fact]
    public async Task A_failure_of_the_model_ends_the_turn_and_the_next_turn_goes_on()
    {
        await using var stage = new LoopStage(new ScriptedModel(ScriptedReply.Failure(ModelErrorKind.Overloaded), ScriptedReply.Text("Back.")));
        Assert.Equal(TurnOutcome.ModelFailed, (await stage.Session.RunAsync("One.", default)).Outcome);
        Assert.Equal("Back.", (await stage.Session.RunAsync("Two.", default)).Answer);
        Assert.Equal("User: One. + Two.", LoopStage.History(stage.Model.Requests[1]));
    }

    [Fact]
    public async Task A_model_that_turns_out_to_take_no_tools_is_asked_once_more_with_prompted_ones()
    {
        await using var stage = new LoopStage(new ScriptedModel(ScriptedReply.Failure(ModelErrorKind.ToolsUnsupported), ScriptedReply.Text("Prompted."), ScriptedReply.Text("Again."))
        {
            Info = new("test", "scripted", "scripted"),
        });
        Assert.Equal("Prompted.", (await stage.Session.RunAsync("One.", default)).Answer);
        await stage.Session.RunAsync("Two.", default);
        Assert.Equal([ToolCalling.Native, ToolCalling.Prompted, ToolCalling.Prompted], stage.Model.Requests.Select(request => request.ToolCalling));
        Assert.Equal(["test/scripted"], stage.ToolsUnsupported);
    }

    [Fact]
    public async Task A_model_that_is_said_to_take_tools_is_never_asked_in_the_prompt()
    {
        await using var stage = new LoopStage(new ScriptedModel(ScriptedReply.Failure(ModelErrorKind.ToolsUnsupported)));
        var result = await stage.Session.RunAsync("One.", default);
        Assert.Equal((TurnOutcome.ModelFailed, ModelErrorKind.ToolsUnsupported), (result.Outcome, result.ModelError!.Kind));
        Assert.Empty(stage.ToolsUnsupported);
    }

    [Fact]
    public async Task A_model_that_is_said_to_take_tools_is_offered_them_though_the_session_was_prompted_before()
    {
        await using var stage = new LoopStage(new ScriptedModel(ScriptedReply.Text("One.")) { Info = new("test", "scripted", "scripted") { Tools = Known.No } });
        await stage.Session.RunAsync("One.", default);
        var native = new ScriptedModel(ScriptedReply.Text("Two."));
        await stage.Session.ChangeModelAsync(native, default);
        await stage.Session.RunAsync("Two.", default);
        Assert.Equal((ToolCalling.Prompted, ToolCalling.Native), (stage.Model.Requests[0].ToolCalling, native.Requests[0].ToolCalling));
    }

    [Fact]
    public async Task The_same_call_again_and_again_gets_a_nudge_at_three_and_ends_at_six()
    {
        await using var stage = new LoopStage(new ScriptedModel([.. Enumerable.Repeat(ScriptedReply.Calls(("Look", """{"text":"a"}""")), 6), ScriptedReply.Text("I give up.")]));
        var result = await stage.Session.RunAsync("Look.", default);
        Assert.Equal((TurnOutcome.Stuck, "I give up."), (result.Outcome, result.Answer));
        Assert.Equal([3], stage.Model.Requests.Select((request, i) => (request, i)).Where(one => LoopStage.History(one.request).EndsWith("stops you.</harness-note>", StringComparison.Ordinal)).Select(one => one.i));
        Assert.Equal(ToolCalling.None, stage.Model.Requests[^1].ToolCalling);
    }

    [Fact]
    public async Task The_same_call_with_another_result_is_not_stuck()
    {
        var model = new ScriptedModel([.. Enumerable.Range(0, 8).Select(i => ScriptedReply.Calls(("Look", $$"""{"text":"{{i}}"}"""))), ScriptedReply.Text("Done.")]);
        await using var stage = new LoopStage(model);
        Assert.Equal(TurnOutcome.Completed, (await stage.Session.RunAsync("Look.", default)).Outcome);
    }

    [Fact]
    public async Task An_empty_reply_is_asked_again_and_is_never_an_answer()
    {
        await using var stage = new LoopStage(new ScriptedModel(Enumerable.Repeat(ScriptedReply.Text(""), 3)));
        var result = await stage.Session.RunAsync("Say.", default);
        Assert.Equal((TurnOutcome.ModelFailed, 3), (result.Outcome, result.Steps));
        Assert.All(stage.Model.Requests, request => Assert.Equal(Role.User, request.Messages[^1].Role));
    }

    [Fact]
    public async Task An_answer_at_the_output_limit_is_continued_and_joined()
    {
        await using var stage = new LoopStage(new ScriptedModel(ScriptedReply.Text("One, ", StopReason.MaxTokens), ScriptedReply.Text("two.")));
        var result = await stage.Session.RunAsync("Count.", default);
        Assert.Equal((TurnOutcome.Completed, "One, two."), (result.Outcome, result.Answer));
    }

    [Fact]
    public async Task A_refusal_ends_the_turn_as_refused()
    {
        await using var stage = new LoopStage(new ScriptedModel(ScriptedReply.Text("I will not.", StopReason.Refusal)));
        Assert.Equal(TurnOutcome.Refused, (await stage.Session.RunAsync("Do.", default)).Outcome);
    }

    [Fact]
    public async Task A_message_that_is_sent_twice_is_one_message_and_gets_the_same_answer()
    {
        await using var stage = new LoopStage(new ScriptedModel(ScriptedReply.Text("One."), ScriptedReply.Text("Two.")));
        await stage.Session.RunAsync([new TextPart("Hello.")], "m1", default);
        Assert.Equal("One.", (await stage.Session.RunAsync([new TextPart("Hello.")], "m1", default)).Answer);
        Assert.Single(stage.Model.Requests);
        await stage.Session.RunAsync([new TextPart("And?")], "m2", default);
        Assert.Equal("User: Hello. / Assistant: One. / User: And?", LoopStage.History(stage.Model.Requests[1]));
    }

    [Fact]
    public async Task Plan_mode_is_told_to_the_model_once_and_its_end_too()
    {
        await using var stage = new LoopStage(new ScriptedModel(ScriptedReply.Text("1"), ScriptedReply.Text("2"), ScriptedReply.Text("3")), mode: "plan");
        await stage.Session.RunAsync("One.", default);
        await stage.Session.RunAsync("Two.", default);
        await stage.Session.ChangeModeAsync("default", default);
        await stage.Session.RunAsync("Three.", default);
        var notes = stage.Journal.Read().Select(record => record.Event).OfType<ReminderAdded>().Select(note => note.Source);
        Assert.Equal([Reminders.PlanMode, Reminders.PlanModeOver], notes);
    }

    [Fact]
    public async Task A_question_is_recorded_with_its_answer()
    {
        var approver = new TestApprover(answer: question => $"{question.Options[1]}!");
        await using var stage = new LoopStage(new ScriptedModel(ScriptedReply.Calls(("Ask", """{"text":"a or b?"}""")), ScriptedReply.Text("b it is.")), approver: approver);
        await stage.Session.RunAsync("Ask me.", default);
        Assert.Contains("[c1 b!]", LoopStage.History(stage.Model.Requests[1]), StringComparison.Ordinal);
        Assert.Equal(["QuestionAsked", "QuestionAnswered"], stage.Journal.Read().Select(record => record.Event.GetType().Name).Where(name => name.StartsWith("Question", StringComparison.Ordinal)));
    }
}
