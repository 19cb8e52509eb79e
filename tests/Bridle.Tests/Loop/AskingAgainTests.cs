using Bridle.Events;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Tests.Loop;

/// <summary>Replies that broke off, or were none, and when they are asked for again.</summary>
public sealed class AskingAgainTests
{
    [Theory]
    [InlineData(ModelErrorKind.Overloaded)]
    [InlineData(ModelErrorKind.Server)]
    [InlineData(ModelErrorKind.RateLimit)]
    public async Task A_vendors_error_in_the_middle_of_a_reply_is_waited_out_and_the_reply_asked_again(ModelErrorKind kind)
    {
        var time = new HurriedTime();
        await using var stage = new LoopStage(new ScriptedModel(
            ScriptedReply.Failure(kind, "Half an ans"), ScriptedReply.Failure(kind, "Half an ans"), ScriptedReply.Text("A whole answer.")), time: time);
        var result = await stage.Session.RunAsync("Say.", default);
        Assert.Equal((TurnOutcome.Completed, "A whole answer."), (result.Outcome, result.Answer));
        Assert.Equal(
            [new(2, 3, TimeSpan.FromSeconds(1), $"scripted {kind}"), new RetryWaiting(3, 3, TimeSpan.FromSeconds(2), $"scripted {kind}")], Waits(stage));
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)], time.Waited);
        Assert.Equal(2, stage.Sink.Events.OfType<Recorded>().Count(record => record.Event is ReplyCut { PartialText: "Half an ans" }));
    }

    [Fact]
    public async Task A_vendors_error_after_only_a_call_began_is_asked_again_and_no_call_runs()
    {
        var error = new ModelError(ModelErrorKind.Overloaded, "Overloaded.", "Wait.");
        await using var stage = new LoopStage(new ScriptedModel(
            new ScriptedReply(_ => [new CallArriving("Do"), new ReplyFailed(error)]), ScriptedReply.Text("Well.")), time: new HurriedTime());
        Assert.Equal("Well.", (await stage.Session.RunAsync("Say.", default)).Answer);
        Assert.Empty(stage.Ran);
    }

    [Fact]
    public async Task A_vendors_error_in_the_middle_again_and_again_fails_the_turn()
    {
        await using var stage = new LoopStage(new ScriptedModel(Enumerable.Repeat(ScriptedReply.Failure(ModelErrorKind.Server, "Half"), 3)), time: new HurriedTime());
        var result = await stage.Session.RunAsync("Say.", default);
        Assert.Equal((TurnOutcome.ModelFailed, ModelErrorKind.Server, 3), (result.Outcome, result.ModelError!.Kind, result.ModelError.Attempts));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(null, 61)]
    public async Task A_vendor_that_says_not_to_try_again_or_to_wait_too_long_is_not_asked_again(bool? shouldRetry, int retryAfter)
    {
        var error = new ModelError(ModelErrorKind.Overloaded, "Overloaded.", "Wait.") { ShouldRetry = shouldRetry, RetryAfter = retryAfter > 0 ? TimeSpan.FromSeconds(retryAfter) : null };
        await using var stage = new LoopStage(new ScriptedModel(new ScriptedReply(_ => [new TextArrived("Half"), new ReplyFailed(error, "Half")])), time: new HurriedTime());
        Assert.Equal(TurnOutcome.ModelFailed, (await stage.Session.RunAsync("Say.", default)).Outcome);
        Assert.Empty(Waits(stage));
    }

    [Fact]
    public async Task A_reply_that_is_none_is_asked_again_with_a_line_for_each_time_and_counts_as_an_estimate()
    {
        await using var stage = new LoopStage(new ScriptedModel(Enumerable.Repeat(ScriptedReply.Failure(ModelErrorKind.Malformed), 3)));
        var result = await stage.Session.RunAsync("Say.", default);
        Assert.Equal((TurnOutcome.ModelFailed, true), (result.Outcome, result.IsEstimated));
        Assert.Equal([new(2, 3, TimeSpan.Zero, "scripted Malformed"), new RetryWaiting(3, 3, TimeSpan.Zero, "scripted Malformed")], Waits(stage));
    }

    [Fact]
    public async Task A_try_that_a_server_had_counts_and_is_not_sent_again_where_nothing_is_left_for_it()
    {
        var cut = new ModelError(ModelErrorKind.Timeout, "Nothing came.", "Wait.") { IsSent = true };
        var (sent, price) = (0, new Price(1_000, 0));
        IEnumerable<ModelUpdate> Try(ModelRequest request)
        {
            while (sent < 9)
            {
                sent++;
                yield return new RetryScheduled(sent + 1, 9, TimeSpan.Zero, cut);
            }
        }

        var info = new ModelInfo("test", "scripted", "scripted") { ContextWindow = 200_000, MaxOutputTokens = 8_192, Tools = Known.Yes, Price = price };
        await using var stage = new LoopStage(new ScriptedModel(new ScriptedReply(Try)) { Info = info }, new RunLimits { Cost = price.Of(new Usage(100_000, 0, 0, 0, 0)) });
        var result = await stage.Session.RunAsync(new string('x', 80_000), default);
        Assert.Equal((TurnOutcome.ModelFailed, true), (result.Outcome, result.IsEstimated));
        Assert.Contains("It was not sent again: the limit of $100 leaves no room for another request", result.ModelError!.Message, StringComparison.Ordinal);
        var paid = stage.Sink.Events.OfType<Recorded>().Select(record => record.Event).OfType<ModelConsulted>().ToList();
        Assert.Equal((sent, true), (paid.Count, paid.All(one => one is { Purpose: "retry", Usage: null, EstimatedUsage.Input: > 20_000, EstimatedCost: > 20m })));
        Assert.InRange(sent, 3, 4);
    }

    private static IEnumerable<RetryWaiting> Waits(LoopStage stage) => stage.Sink.Events.OfType<Shown>().Select(shown => shown.Event).OfType<RetryWaiting>();

    /// <summary>Time in which every wait is over at once; keeps how long each would have been.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        public List<TimeSpan> Waited { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.Zero)
            {
                Waited.Add(dueTime);
            }

            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
