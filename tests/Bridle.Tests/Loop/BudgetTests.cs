using Bridle.Events;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Runs;
using Bridle.Testing;

namespace Bridle.Tests.Loop;

public sealed class BudgetTests
{
    private static readonly Price Dear = new(1_000, 1_000);

    [Fact]
    public void A_limit_of_money_holds_though_one_reply_does_not_say_what_it_took()
    {
        var budget = new RunBudget(new RunLimits(Cost: 1m), new Price(1, 1), TimeProvider.System);
        Assert.Null(budget.Spend(null, estimated: new Usage(600_000, 0, 0, 0, 0)));
        Assert.Equal(0.3m, budget.Spend(new Usage(300_000, 0, 0, 0, 0)));
        Assert.Null(budget.Cost);
        var most = 4_000;
        Assert.Contains("$0.9 spent", budget.RefuseRequest(100_000, ref most));
    }

    [Fact]
    public void A_limit_of_tokens_counts_what_is_estimated_too()
    {
        var budget = new RunBudget(new RunLimits(Tokens: 10_000), null, TimeProvider.System);
        budget.Spend(null, estimated: new Usage(8_000, 0, 0, 500, 0));
        Assert.Equal(0, budget.Usage.Total);
        var most = 4_000;
        Assert.Contains("(8500 spent, ", budget.RefuseRequest(1_000, ref most));
    }

    [Fact]
    public void A_question_beside_the_conversation_and_a_summary_count_as_estimated_where_the_server_did_not_say()
    {
        var budget = new RunBudget(new RunLimits(Cost: 1m), new Price(1, 1), TimeProvider.System);
        budget.SpendBeside(new ModelConsulted("judge", "a/b", null, null, 1) { EstimatedCost = 0.5m });
        budget.SpendBeside(new ModelConsulted("compaction", "a/b", null, null, 1) { EstimatedCost = 0.4m });
        var most = 4_000;
        Assert.Contains("$0.9 spent", budget.RefuseRequest(100_000, ref most));
    }

    [Fact]
    public void What_went_over_a_limit_is_said_in_one_sentence()
    {
        var budget = new RunBudget(new RunLimits(Cost: 0.3m), new Price(10, 10), TimeProvider.System);
        budget.Spend(new Usage(30_000, 0, 0, 0, 0));
        Assert.Null(budget.Overdrawn());
        budget.Spend(new Usage(13_000, 0, 0, 0, 0));
        Assert.Equal("The limit of $0.3 is overdrawn: $0.43 are spent, because a request took more than was estimated.", budget.Overdrawn());
        var tokens = new RunBudget(new RunLimits(Tokens: 1_000), null, TimeProvider.System);
        tokens.Spend(new Usage(1_001, 0, 0, 0, 0));
        Assert.Equal("The limit of 1000 tokens is overdrawn: 1001 are spent, because a request took more than was estimated.", tokens.Overdrawn());
    }

    [Fact]
    public async Task A_turn_that_ended_over_its_limit_says_so()
    {
        await using var stage = new LoopStage(
            new ScriptedModel(new ScriptedReply(_ => [new ReplyFinished(new ModelReply([new TextPart("Done.")], StopReason.EndTurn, new Usage(5_000, 0, 0, 5, 0), null))])), new RunLimits(Tokens: 4_000));
        await stage.Session.RunAsync("Go.", default);
        Assert.Contains("The limit of 4000 tokens is overdrawn: 5005 are spent", stage.Stream, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sum_in_a_refusal_is_told_as_the_one_before_the_closing_answer()
    {
        // A first request has no room beside a closing one; the closing one has.
        var closing = new ScriptedReply(_ => [new ReplyFinished(new ModelReply([new TextPart("So far: nothing.")], StopReason.EndTurn, new Usage(0, 0, 0, 10_000, 0), null))]);
        var info = new ModelInfo("test", "scripted", "scripted") { ContextWindow = 200_000, MaxOutputTokens = 8_192, Tools = Known.Yes, Price = new Price(0, 1_000) };
        await using var stage = new LoopStage(new ScriptedModel(closing) { Info = info }, new RunLimits(Cost: 1m));
        var result = await stage.Session.RunAsync("Go.", default);
        Assert.Equal("Stopped: the limit of $1 leaves no room for another request ($0 spent before the closing answer).", result.Error);
        Assert.Equal(10m, result.Cost);
    }

    [Fact]
    public async Task A_first_request_in_Chinese_is_refused_before_the_spend_as_one_in_English_is()
    {
        await using var stage = new LoopStage(new ScriptedModel(ScriptedReply.Text("Never.")), new RunLimits(Tokens: 8_000));
        var result = await stage.Session.RunAsync(string.Concat(Enumerable.Repeat("数据库迁移必须先备份", 1_000)), default);
        Assert.Equal(TurnOutcome.LimitReached, result.Outcome);
        Assert.Empty(stage.Model.Requests);
    }

    [Fact]
    public async Task At_the_step_limit_one_request_without_tools_asks_for_the_best_answer()
    {
        await using var stage = new LoopStage(
            new ScriptedModel(ScriptedReply.Calls(("Look", """{"text":"a"}""")), ScriptedReply.Calls(("Look", """{"text":"b"}""")), ScriptedReply.Text("So far: a and b.")),
            new RunLimits(Steps: 2));
        var result = await stage.Session.RunAsync("Look.", default);
        Assert.Equal((TurnOutcome.LimitReached, "So far: a and b.", "Stopped: the limit of 2 steps is reached."), (result.Outcome, result.Answer, result.Error));
        Assert.Equal([ToolCalling.Native, ToolCalling.Native, ToolCalling.None], stage.Model.Requests.Select(request => request.ToolCalling));
    }

    [Fact]
    public async Task Without_a_new_message_the_next_turn_goes_on_after_a_limit_and_tools_are_there_again()
    {
        await using var stage = new LoopStage(
            new ScriptedModel(ScriptedReply.Calls(("Look", """{"text":"a"}""")), ScriptedReply.Text("So far: a."), ScriptedReply.Text("Now all."), ScriptedReply.Text("Nothing is left.")), new RunLimits(Steps: 1));
        Assert.Equal("So far: a.", (await stage.Session.RunAsync("Look.", default)).Answer);
        var result = await stage.Session.RunAsync([], "none", default);
        Assert.Equal((TurnOutcome.Completed, "Now all."), (result.Outcome, result.Answer));
        Assert.Equal(ToolCalling.Native, stage.Model.Requests[^1].ToolCalling);
        Assert.Matches("Assistant: So far: a. / User: <harness-note>The limit that stopped you is lifted.*</harness-note>$", LoopStage.History(stage.Model.Requests[^1]));
        var again = await stage.Session.RunAsync([], "none", default);
        Assert.Equal((TurnOutcome.Completed, "Nothing is left.", 4), (again.Outcome, again.Answer, stage.Model.Requests.Count));
    }

    [Fact]
    public async Task When_not_even_a_closing_answer_is_affordable_the_person_gets_a_digest_of_the_unread_results()
    {
        MessagePart[] calls = [new ToolCallPart(new CallId("c1"), "Look", """{"text":"a"}"""), new ToolCallPart(new CallId("c2"), "Look", $$"""{"text":"{{new string('b', 500)}}"}""")];
        var dear = new ScriptedReply(_ => [new ReplyFinished(new ModelReply(calls, StopReason.ToolUse, new(1_000, 0, 0, 4_400, 0), "scripted"))]);
        await using var stage = new LoopStage(new ScriptedModel(dear, ScriptedReply.Text("Never asked for.")), new RunLimits(Tokens: 5_500));
        var result = await stage.Session.RunAsync("Look.", default);
        Assert.Equal(TurnOutcome.LimitReached, result.Outcome);
        Assert.Single(stage.Model.Requests);
        Assert.StartsWith("Stopped: the limit of 5500 tokens leaves no room", result.Error, StringComparison.Ordinal);
        Assert.Contains("Results that the model has not answered:\n- Look {\"text\":\"a\"}: saw a\n- Look {\"text\":\"bbb", result.Error, StringComparison.Ordinal);
        Assert.True(result.Error!.Length < 1_000);
    }

    [Fact]
    public async Task Calls_made_in_the_closing_reply_do_not_run_and_leave_a_valid_history()
    {
        await using var stage = new LoopStage(
            new ScriptedModel(ScriptedReply.Calls(("Look", """{"text":"a"}""")), ScriptedReply.Calls(("Do", """{"text":"b"}""")), ScriptedReply.Text("Next turn.")),
            new RunLimits(Steps: 1));
        await stage.Session.RunAsync("Look.", default);
        await stage.Session.RunAsync("Go on.", default);
        Assert.Equal(["Look a"], stage.Ran);
        Assert.Matches("User: \\[c2! Not run: the limit of 1 steps is reached.\\] \\+ Go on. \\+ <harness-note>The limit that stopped you is lifted.*</harness-note>$", LoopStage.History(stage.Model.Requests[2]));
    }

    [Fact]
    public async Task What_told_the_model_to_stop_is_taken_back_when_it_goes_on_without_having_closed()
    {
        var refused = new ScriptedReply(_ => [new ReplyFailed(new ModelError(ModelErrorKind.BadRequest, "No.", ""), "")]);
        await using var stage = new LoopStage(new ScriptedModel(ScriptedReply.Calls(("Look", """{"text":"a"}""")), refused, ScriptedReply.Text("All."), ScriptedReply.Text("More.")), new RunLimits(Steps: 1));
        Assert.Equal(TurnOutcome.LimitReached, (await stage.Session.RunAsync("Look.", default)).Outcome);
        Assert.Equal("All.", (await stage.Session.RunAsync([], "none", default)).Answer);
        Assert.Matches("<harness-note>Stop here: .*</harness-note> \\+ <harness-note>The limit that stopped you is lifted.*</harness-note>$", LoopStage.History(stage.Model.Requests[2]));
        await stage.Session.RunAsync("Next.", default);
        Assert.EndsWith("Assistant: All. / User: Next.", LoopStage.History(stage.Model.Requests[3]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_beyond_the_limit_of_calls_is_not_made()
    {
        await using var stage = new LoopStage(
            new ScriptedModel(ScriptedReply.Calls(("Do", """{"text":"a"}"""), ("Do", """{"text":"b"}""")), ScriptedReply.Text("One of two.")),
            new RunLimits(Calls: 1));
        var result = await stage.Session.RunAsync("Do both.", default);
        Assert.Equal(TurnOutcome.LimitReached, result.Outcome);
        Assert.Equal(["Do a"], stage.Ran);
    }

    [Fact]
    public void A_request_is_refused_before_it_could_cost_more_than_the_limit()
    {
        var budget = new RunBudget(new RunLimits(Cost: 1m), Dear, TimeProvider.System);
        var output = 8_192;
        Assert.NotNull(budget.RefuseRequest(1_000, ref output));
    }

    [Fact]
    public void The_output_is_lowered_to_what_is_affordable()
    {
        var budget = new RunBudget(new RunLimits(Cost: 2m), Dear, TimeProvider.System);
        var output = 8_192;
        Assert.Null(budget.RefuseRequest(100, ref output));
        Assert.Equal(2_000 - 100 - 100 - 1_024, output);
    }

    [Fact]
    public void The_largest_spend_a_granted_request_can_make_is_within_the_limit()
    {
        var random = new Random(11);
        for (var i = 0; i < 1_000; i++)
        {
            var price = new Price(random.Next(1, 100), random.Next(1, 100));
            var limits = new RunLimits(Cost: random.Next(1, 100) / 100m, Tokens: random.Next(1_000, 100_000));
            var budget = new RunBudget(limits, price, TimeProvider.System);
            var input = random.Next(0, 20_000);
            for (var step = 0; step < 20; step++)
            {
                var output = random.Next(300, 8_192);
                if (budget.RefuseRequest(input, ref output) is not null)
                {
                    break;
                }

                budget.Spend(new Usage(input, 0, 0, output, 0));
                Assert.True(budget.Cost <= limits.Cost && budget.Usage.Total <= limits.Tokens);
            }
        }
    }

    [Fact]
    public void A_child_spends_for_its_parents()
    {
        var parent = new RunBudget(new RunLimits(Steps: 3), null, TimeProvider.System);
        var child = new RunBudget(new RunLimits(), null, TimeProvider.System, parent);
        for (var i = 0; i < 3; i++)
        {
            child.Spend(new Usage(1, 0, 0, 1, 0));
        }

        var output = 100;
        Assert.Equal("the limit of 3 steps is reached", child.RefuseRequest(1, ref output));
    }

    [Fact]
    public void An_unknown_price_makes_the_cost_unknown_and_not_zero()
    {
        var budget = new RunBudget(new RunLimits(), null, TimeProvider.System);
        Assert.Null(budget.Spend(new Usage(1, 0, 0, 1, 0)));
        Assert.Null(budget.Cost);
    }

    [Fact]
    public async Task A_request_that_was_interrupted_is_counted_as_estimated()
    {
        using var interrupt = new CancellationTokenSource();
        var model = new ScriptedModel(new ScriptedReply(_ => Say(interrupt))) { Info = new("test", "scripted", "scripted") { Price = Dear } };
        await using var stage = new LoopStage(model);
        var result = await stage.Session.RunAsync("Take your time.", interrupt.Token);
        Assert.Equal(TurnOutcome.Interrupted, result.Outcome);
        var cut = Assert.Single(stage.Sink.Events.OfType<Recorded>().Select(record => record.Event).OfType<ReplyCut>());
        Assert.Equal(("interrupted", new string('x', 4_000), null), (cut.Reason, cut.PartialText, cut.Usage));
        Assert.Equal((null, 1_000L), (cut.Cost, cut.EstimatedUsage!.Output));
        Assert.InRange(cut.EstimatedCost!.Value, 1.001m, 2m);
        Assert.Equal((cut.EstimatedCost, 1_000L, true), (result.Cost, result.Usage.Output, result.IsEstimated));

        static IEnumerable<ModelUpdate> Say(CancellationTokenSource interrupt)
        {
            yield return new TextArrived(new string('x', 4_000));
            interrupt.Cancel();
            yield return new TextArrived("never heard");
        }
    }

    [Fact]
    public async Task A_request_of_unknown_price_that_was_interrupted_cost_what_nobody_knows()
    {
        using var interrupt = new CancellationTokenSource();
        var model = new ScriptedModel(ScriptedReply.Text("").After((_, _) => interrupt.CancelAsync()));
        await using var stage = new LoopStage(model);
        var result = await stage.Session.RunAsync("Take your time.", interrupt.Token);
        Assert.Equal((TurnOutcome.Interrupted, null, true), (result.Outcome, result.Cost, result.IsEstimated));
        Assert.True(result.Usage.Input > 0);
    }

    [Fact]
    public async Task A_reply_whose_server_does_not_say_what_it_took_is_counted_as_unmeasured()
    {
        var reply = new ModelReply([new TextPart("Yes.")], StopReason.EndTurn, null, "scripted");
        await using var stage = new LoopStage(new ScriptedModel(new ScriptedReply(_ => [new ReplyFinished(reply)])));
        var result = await stage.Session.RunAsync("Say.", default);
        Assert.Equal((1, false, null), (result.Unmeasured, result.IsEstimated, result.Cost));
    }

    [Fact]
    public async Task At_the_time_limit_a_running_call_is_ended_and_the_answer_so_far_is_asked_for()
    {
        var time = new ManualTime();
        var model = new ScriptedModel(
            ScriptedReply.Text("").After(async (_, token) =>
            {
                time.Advance(TimeSpan.FromSeconds(6));
                await Task.Delay(Timeout.Infinite, token);
            }),
            ScriptedReply.Text("Ran out of time."));
        await using var stage = new LoopStage(model, new RunLimits(Seconds: 5), time: time);
        var result = await stage.Session.RunAsync("Take your time.", default);
        Assert.Equal((TurnOutcome.LimitReached, "Ran out of time."), (result.Outcome, result.Answer));
    }

    [Theory]
    [InlineData(2, 5)]
    [InlineData(60, 15)]
    [InlineData(3600, 30)]
    public async Task A_closing_answer_that_does_not_come_in_time_is_not_waited_for(int limit, int seconds)
    {
        var time = new ManualTime();
        ScriptedReply Never(int after) => ScriptedReply.Text("").After(async (_, token) =>
        {
            time.Advance(TimeSpan.FromSeconds(after));
            await Task.Delay(Timeout.Infinite, token);
        });
        await using var stage = new LoopStage(new ScriptedModel(Never(limit + 1), Never(seconds)), new RunLimits(Seconds: limit), time: time);
        var result = await stage.Session.RunAsync("Take your time.", default);
        Assert.Equal((TurnOutcome.LimitReached, $"Stopped: the time limit of {limit} s is reached."), (result.Outcome, result.Error));
        Assert.Contains(stage.Sink.Events.OfType<Shown>(), one => one.Event is NoticeShown notice && notice.Text == $"The time is up. The model is asked for its best answer so far, for at most {seconds} s.");
    }
}
