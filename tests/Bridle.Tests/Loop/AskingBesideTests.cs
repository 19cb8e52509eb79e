using Bridle.Events;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Tests.Loop;

/// <summary>What a request beside the conversation took is told however it ends.</summary>
public sealed class AskingBesideTests
{
    private static readonly ModelError s_cut = new(ModelErrorKind.Cut, "cut", "") { IsSent = true };
    private static readonly ModelError s_refused = new(ModelErrorKind.Overloaded, "overloaded", "");
    private readonly List<ModelConsulted> _paid = [];

    [Fact]
    public async Task A_reply_is_paid_as_the_server_says_or_else_as_estimated_for_limits_only()
    {
        Assert.Equal("Yes.", (await AskAsync(ScriptedReply.Text("Yes."))).Reply?.Text);
        await AskAsync(new ScriptedReply(_ => [new ReplyFinished(new ModelReply([new TextPart("Yes.")], StopReason.EndTurn, null, null))]));
        Assert.Equal([(100, 110m / 1_000_000, true, null), (null, null, true, 11m / 1_000_000)], _paid.ConvertAll(one => ((int?)one.Usage?.Input, one.Cost, one.EstimatedUsage is null, one.EstimatedCost)));
    }

    [Fact]
    public async Task What_broke_off_is_paid_as_estimated_and_what_was_refused_is_not()
    {
        Assert.Equal("cut", (await AskAsync(new ScriptedReply(_ => [new ReplyFailed(s_cut)]))).Problem);
        Assert.Equal("overloaded", (await AskAsync(new ScriptedReply(_ => [new TextArrived("12345678"), new ReplyFailed(s_refused)]))).Problem);
        Assert.Equal("overloaded", (await AskAsync(new ScriptedReply(_ => [new ReplyFailed(s_refused)]))).Problem);
        Assert.Equal([(10L, 0L), (10L, 2L)], _paid.ConvertAll(one => (one.EstimatedUsage!.Input, one.EstimatedUsage.Output)));
        Assert.All(_paid, one => Assert.Null(one.Usage));
    }

    [Fact]
    public async Task Each_try_that_was_sent_is_paid_and_none_follows_where_nothing_is_left()
    {
        var again = new RetryScheduled(2, 5, TimeSpan.Zero, s_cut);
        await AskAsync(new ScriptedReply(request => [again, again, new RetryScheduled(4, 5, TimeSpan.Zero, s_refused), .. ScriptedReply.Text("Yes.").Updates(request)]));
        Assert.Equal([true, true, false], _paid.ConvertAll(one => one.EstimatedUsage is not null));

        _paid.Clear();
        var refusal = (string?)null;
        var asked = await AskAsync(new ScriptedReply(_ => More()), () => refusal);
        Assert.Equal((true, "nothing is left", 1), (asked.IsRefused, asked.Problem, _paid.Count));

        IEnumerable<ModelUpdate> More()
        {
            refusal = "nothing is left";
            yield return again;
            Assert.Fail("It was sent again.");
        }
    }

    [Fact]
    public async Task What_is_interrupted_on_its_way_is_paid_and_what_never_left_is_not()
    {
        using var interrupted = new CancellationTokenSource();
        var waits = ScriptedReply.Text("never").After(async (_, token) =>
        {
            await interrupted.CancelAsync();
            token.ThrowIfCancellationRequested();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await AskAsync(waits, token: interrupted.Token));
        Assert.Equal(10, Assert.Single(_paid).EstimatedUsage!.Input);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await AskAsync(waits, token: interrupted.Token));
        Assert.Single(_paid);

        // Between two tries nothing is on its way.
        using var later = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await AskAsync(new ScriptedReply(_ => Waiting()), token: later.Token));
        Assert.Single(_paid);

        IEnumerable<ModelUpdate> Waiting()
        {
            yield return new RetryScheduled(2, 5, TimeSpan.FromHours(1), s_refused);
            later.Cancel();
            later.Token.ThrowIfCancellationRequested();
        }
    }

    private async Task<AskedBeside> AskAsync(ScriptedReply reply, Func<string?>? whyNot = null, CancellationToken token = default)
    {
        var model = new ScriptedModel(reply) { Info = new("test", "scripted", "scripted") { Price = new Price(1, 1) } };
        var asking = new AskingBeside(
            (ModelInfo _, long _, ref int _) => whyNot?.Invoke(),
            consulted =>
            {
                _paid.Add(consulted);
                return ValueTask.CompletedTask;
            },
            TimeProvider.System);
        return await asking.AskAsync("test", model, new ModelRequest { System = new string('s', 20), Messages = [Message.User(new string('u', 20))], MaxOutputTokens = 100 }, token);
    }
}
