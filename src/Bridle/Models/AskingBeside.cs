using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Models;

/// <summary>Why a model may not be asked, or null; then the largest output that it is asked for is lowered to what is affordable.</summary>
/// <param name="model">Who would answer.</param>
/// <param name="inputTokens">The estimated input.</param>
/// <param name="maxOutput">The largest output wanted.</param>
public delegate string? RefusingBeside(ModelInfo model, long inputTokens, ref int maxOutput);

/// <summary>
/// Asks a model something beside the conversation: a verdict, advice, a summary. Every such request goes through here, so that each is refused before the spend, and what it took is counted
/// and written down also where no reply came of it.
/// </summary>
/// <param name="WhyNot">Refuses before the spend.</param>
/// <param name="PayAsync">Counts and writes down what a request took. Not cancelled with what asked.</param>
/// <param name="Time">Time.</param>
public sealed record AskingBeside(RefusingBeside WhyNot, Func<ModelConsulted, ValueTask> PayAsync, TimeProvider Time)
{
    /// <summary>Hears that a try failed and another one follows.</summary>
    public Func<RetryScheduled, ValueTask> OnRetryAsync { get; init; } = _ => ValueTask.CompletedTask;

    /// <summary>Asks. Cancelling throws; what was on its way until then is paid as estimated.</summary>
    /// <param name="purpose">Who asks, in one word; costs are listed by it.</param>
    /// <param name="model">Who answers.</param>
    /// <param name="request">What is asked, with the largest output wanted.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<AskedBeside> AskAsync(string purpose, IModel model, ModelRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        var quarters = TokenEstimate.QuartersOf(request.System) + request.Messages.Sum(message => TokenEstimate.QuartersOf(message.Text));
        var most = request.MaxOutputTokens ?? int.MaxValue;
        if (WhyNot(model.Info, quarters / TokenEstimate.Quarters, ref most) is { } refusal)
        {
            return new(null, refusal) { IsRefused = true };
        }

        var sent = new Sent(purpose, model.Info, quarters, Time.GetTimestamp());
        try
        {
            await foreach (var update in model.StreamAsync(request.MaxOutputTokens is null ? request : request with { MaxOutputTokens = most }, cancellationToken))
            {
                switch (update)
                {
                    case ReplyFinished { Reply: var reply }:
                        await PayAsync(Of(sent, reply));
                        return new(reply, "");
                    case ReplyFailed failed:
                        await PayBrokenAsync(sent, failed);
                        return new(null, failed.Error.Message);
                    case RetryScheduled retry:
                        await PayBrokenAsync(sent, new(retry.Error));
                        if (retry.Error.IsSent && WhyNot(model.Info, quarters / TokenEstimate.Quarters, ref most) is { } spent)
                        {
                            return new(null, spent) { IsRefused = true };
                        }

                        await OnRetryAsync(retry);
                        sent = sent with { Shown = 0, At = Time.GetTimestamp(), Wait = retry.Delay };
                        break;
                    default:
                        sent = sent with { Shown = sent.Shown + (update is TextArrived text ? TokenEstimate.QuartersOf(text.Text) : update is ReasoningArrived thought ? TokenEstimate.QuartersOf(thought.Text) : 1) };
                        break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Between two tries nothing is on its way.
            if (sent.Shown > 0 || Time.GetElapsedTime(sent.At) >= sent.Wait)
            {
                await PayAsync(Broken(sent, 0, null));
            }

            throw;
        }

        await PayAsync(Broken(sent, 0, null));
        return new(null, "its stream ended without a reply.");
    }

    /// <summary>Sends a request that is answered by something else than a reply, such as vectors. Cancelling throws; what was on its way until then is paid as estimated.</summary>
    /// <param name="purpose">Who asks, in one word; costs are listed by it.</param>
    /// <param name="model">Who answers.</param>
    /// <param name="quarters">What is sent, in quarters of a token.</param>
    /// <param name="send">Sends it; an expected failure is in what it gives.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<SentBeside<T>> SendAsync<T>(string purpose, ModelInfo model, long quarters, Func<CancellationToken, Task<SentBeside<T>>> send, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(send);
        cancellationToken.ThrowIfCancellationRequested();
        var noOutput = 0;
        if (WhyNot(model, quarters / TokenEstimate.Quarters, ref noOutput) is { } refusal)
        {
            return new(null, refusal) { IsRefused = true };
        }

        var sent = new Sent(purpose, model, quarters, Time.GetTimestamp());
        SentBeside<T> came;
        try
        {
            came = await send(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await PayAsync(Broken(sent, 0, null));
            throw;
        }

        if (came.Answer is not null && came.Usage is null)
        {
            await PayAsync(new(purpose, model.FullName, null, null, Since(sent)) { EstimatedCost = model.Price?.Of(new Usage(quarters / TokenEstimate.Quarters, 0, 0, 0, 0)) });
        }
        else if (came.Usage is not null || came.MayBePaid)
        {
            await PayAsync(Broken(sent, 0, came.Usage));
        }

        return came;
    }

    private ModelConsulted Of(Sent sent, ModelReply reply) => new(sent.Purpose, sent.Model.FullName, reply.Usage, reply.Usage is { } usage ? sent.Model.Price?.Of(usage) : null, Since(sent))
    {
        EstimatedCost = reply.Usage is null ? sent.Model.Price?.Of(UsageEstimate.OfText(sent.Quarters, reply)) : null,
    };

    // What never reached a server, or was refused by it, costs nothing.
    private async ValueTask PayBrokenAsync(Sent sent, ReplyFailed failed)
    {
        if (sent.Shown > 0 || failed.MayBePaid)
        {
            await PayAsync(Broken(sent, TokenEstimate.QuartersOf(failed.PartialText), failed.Usage));
        }
    }

    private ModelConsulted Broken(Sent sent, long partial, Usage? usage)
    {
        var about = usage is null ? new Usage(sent.Quarters / TokenEstimate.Quarters, 0, 0, Math.Max(sent.Shown, partial) / TokenEstimate.Quarters, 0) : null;
        return new(sent.Purpose, sent.Model.FullName, usage, usage is null ? null : sent.Model.Price?.Of(usage), Since(sent))
        {
            EstimatedUsage = about, EstimatedCost = about is null ? null : sent.Model.Price?.Of(about),
        };
    }

    private long Since(Sent sent) => (long)Time.GetElapsedTime(sent.At).TotalMilliseconds;

    /// <summary>A request that is on its way: the room that its input takes, and what came of its reply so far, in quarters of a token.</summary>
    private sealed record Sent(string Purpose, ModelInfo Model, long Quarters, long At)
    {
        public long Shown { get; init; }

        public TimeSpan Wait { get; init; }
    }
}

/// <summary>What came of a request beside the conversation that is answered by something else than a reply.</summary>
/// <param name="Answer">The answer, or null.</param>
/// <param name="Problem">Why there is none, in words; empty where there is one.</param>
public sealed record SentBeside<T>(T? Answer, string Problem)
    where T : class
{
    /// <summary>What it took, where the server said so.</summary>
    public Usage? Usage { get; init; }

    /// <summary>Whether it may have been paid for though no answer came of it.</summary>
    public bool MayBePaid { get; init; }

    /// <summary>Whether nothing was sent, because a limit leaves no room for it.</summary>
    public bool IsRefused { get; init; }
}

/// <summary>What came of a question beside the conversation.</summary>
/// <param name="Reply">The reply, or null.</param>
/// <param name="Problem">Why there is none, in words; empty where there is one.</param>
public sealed record AskedBeside(ModelReply? Reply, string Problem)
{
    /// <summary>Whether nobody was asked, because a limit leaves no room for it.</summary>
    public bool IsRefused { get; init; }
}
