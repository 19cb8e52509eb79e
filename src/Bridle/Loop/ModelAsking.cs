using System.Text;
using Bridle.Context;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Runs;

namespace Bridle.Loop;

/// <summary>
/// Asks the model for one complete reply: assembles, reserves, records, streams. A reply that breaks off is recorded as cut, withdrawn
/// from the screen and asked again, at most three times in all; a request that is too long for its vendor is shortened and asked once more.
/// </summary>
internal sealed class ModelAsking(ContextAssembler context, Compacting compacting, StandingIn standingIn, TimeProvider time, Action<ModelInfo> onToolsUnsupported)
{
    private const int Tries = 3;
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(1);
    private const int DefaultMaxOutput = 8_192;
    private const int ClosingMaxOutput = 4_096;

    // By which word sums list requests that were sent again.
    private const string TriedAgain = "retry";


    /// <summary>About how long the conversation is, in tokens.</summary>
    public long Tokens(Run run) => context.EstimateTokens(run.Transcript);

    /// <summary>How long a closing answer may take where a limit of time was reached: a quarter of that, but 5 to 30 s.</summary>
    public static TimeSpan TimeToClose(double? limit) => TimeSpan.FromSeconds(Math.Clamp((limit ?? 0) / 4, 5, 30));

    /// <summary>Asks for a closing answer that must come within some time, all tries together; where it does not, there is none.</summary>
    public async Task<Asked> CloseAsync(Run run, TimeSpan within, CancellationToken cancellationToken)
    {
        await run.ShowAsync(new NoticeShown($"The time is up. The model is asked for its best answer so far, for at most {within.TotalSeconds:0.#} s."), cancellationToken);
        using var clock = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
        try
        {
            return await AskAsync(run, closing: true, either.Token);
        }
        catch (OperationCanceledException) when (clock.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new Asked(null, null, null);
        }
    }

    /// <summary>Asks for a reply, to go on with or to close with.</summary>
    public async Task<Asked> AskAsync(Run run, bool closing, CancellationToken cancellationToken)
    {
        var trying = new Trying(CallingOf(run, closing));
        while (true)
        {
            if (await standingIn.WhenFullAsync(run, compacting.IsFull(run), cancellationToken))
            {
                trying = new(CallingOf(run, closing));
            }

            await compacting.WhenFullAsync(run, cancellationToken);
            var model = run.Model.Info;
            var maxOutput = Math.Min(model.MaxOutputTokens ?? DefaultMaxOutput, closing ? ClosingMaxOutput : int.MaxValue);
            if (run.Budget.RefuseRequest(context.EstimateTokens(run.Transcript), ref maxOutput, closing, model) is { } refusal)
            {
                if (!closing && refusal.StartsWith(ISharedBudget.Refusal, StringComparison.Ordinal) && await run.Budget.LiftAsync(cancellationToken))
                {
                    continue;
                }

                return new Asked(null, null, refusal);
            }

            var assembled = context.Assemble(run.Transcript, run.Blobs, trying.Calling, maxOutput, model.FullName);
            await run.RecordAsync(
                new ModelRequested(model.FullName, model.Api, assembled.Parts, assembled.UpTo, maxOutput, trying.Calling, trying.Attempt) { History = assembled.History },
                Durability.Written, cancellationToken);

            var sentAt = time.GetTimestamp();
            var (update, began) = await StreamAsync(run, assembled.Request, cancellationToken);
            if (update is ReplyFinished { Reply: var arrived })
            {
                var reply = WellFormed.Of(arrived);
                var estimated = reply.Usage is null ? UsageEstimate.Of(context.EstimateTokens(run.Transcript), reply) : null;
                var replied = new ModelReplied(reply, run.Budget.Spend(reply.Usage, model, estimated), (long)time.GetElapsedTime(sentAt).TotalMilliseconds)
                {
                    By = run.HasStandIn ? model.FullName : null, EstimatedCost = estimated is null ? null : run.Budget.PriceOf(estimated, model),
                };
                await run.RecordAsync(replied, Durability.Written, cancellationToken);
                return new Asked(reply, null, null);
            }

            if (await NextTryAsync(run, (ReplyFailed)update, model, trying with { Began = began, Images = ImagesLeftOut.In(assembled.Request.Messages) }, closing, cancellationToken) is not { } next)
            {
                return await FailAsync(run, (ReplyFailed)update, trying.Attempt, cancellationToken);
            }

            trying = next;
        }
    }

    /// <summary>The conversation goes on with a model whose window is larger; false where there is none.</summary>
    public ValueTask<bool> EnlargeAsync(Run run, CancellationToken cancellationToken) => standingIn.AfterOverflowAsync(run, cancellationToken);

    // How it is tried again, or null when that is of no use.
    private async Task<Trying?> NextTryAsync(Run run, ReplyFailed failed, ModelInfo model, Trying trying, bool closing, CancellationToken cancellationToken)
    {
        // Only where nobody knew: what a flag, a setting or the server's own list said is not overruled behind the person's back.
        if (failed.Error.Kind is ModelErrorKind.ToolsUnsupported && trying.Calling is ToolCalling.Native && model.Tools is Known.Unknown)
        {
            onToolsUnsupported(model);
            return trying with { Calling = ToolCalling.Prompted, Attempt = trying.Attempt + 1 };
        }

        // Nothing would come of the session any more: every later request has the image too.
        if (failed.Error.Kind is ModelErrorKind.ImagesRefused && trying.Images.Count > 0)
        {
            await run.RecordAsync(new ImagesRefused(model.FullName, trying.Images, failed.Error.Message), Durability.Written, cancellationToken);
            return trying with { Attempt = trying.Attempt + 1 };
        }

        if (failed.Error.Kind is ModelErrorKind.ContextOverflow && await EnlargeAsync(run, cancellationToken))
        {
            return new(CallingOf(run, closing));
        }

        if (failed.Error.Kind is ModelErrorKind.ContextOverflow or ModelErrorKind.TooLarge && !trying.Shortened && await compacting.AfterOverflowAsync(run, cancellationToken))
        {
            return trying with { Shortened = true, Attempt = trying.Attempt + 1 };
        }

        // Rather than wait, a model that stands in is asked.
        if (trying.Attempt < Tries && WaitBefore(failed.Error, trying) is { } wait && (wait == TimeSpan.Zero || !standingIn.IsNext(run, failed.Error)))
        {
            await WithdrawAsync(run, failed.Error.Message, failed, model, cancellationToken);
            if (!trying.Began || wait > TimeSpan.Zero)
            {
                await run.ShowAsync(new RetryWaiting(trying.Attempt + 1, Tries, wait, failed.Error.Message), cancellationToken);
                await Task.Delay(wait, time, cancellationToken);
            }

            return trying with { Attempt = trying.Attempt + 1 };
        }

        return await StandInAsync(run, failed, model, cancellationToken) ? new(CallingOf(run, closing)) : null;
    }

    // How long to wait before a reply that broke off is asked again; null when that is of no use. What the connection has tried again and again
    // by itself, because nothing had come of the reply, is not tried again here.
    private static TimeSpan? WaitBefore(ModelError error, Trying trying) => error.Kind switch
    {
        ModelErrorKind.Cut or ModelErrorKind.Malformed when trying.Began || error.Attempts is 1 => TimeSpan.Zero,
        ModelErrorKind.Overloaded or ModelErrorKind.Server or ModelErrorKind.RateLimit when trying.Began && error.ShouldRetry is not false && !(error.RetryAfter > s_longestWait) =>
            error.RetryAfter ?? TimeSpan.FromSeconds(1 << (trying.Attempt - 1)),
        _ => null,
    };

    private async Task<bool> StandInAsync(Run run, ReplyFailed failed, ModelInfo model, CancellationToken cancellationToken)
    {
        if (!standingIn.IsNext(run, failed.Error))
        {
            return false;
        }

        await CountAsync(run, failed, model, cancellationToken);
        return await standingIn.AfterFailureAsync(run, failed.Error, cancellationToken);
    }

    // Where nobody knows, what the last request of this model found out holds for the next one.
    // A prompted conversation stays one to its end: its server may know no other form of the calls in the history.
    private static ToolCalling CallingOf(Run run, bool closing) => CallingOf(run) is var calling && calling is ToolCalling.Native && closing ? ToolCalling.None : calling;

    private static ToolCalling CallingOf(Run run) => run.Model.Info.Tools switch
    {
        Known.Yes => ToolCalling.Native,
        Known.No => ToolCalling.Prompted,
        _ => run.Transcript.LastRequest is { Tools: ToolCalling.Prompted } last && last.Model == run.Model.Info.FullName ? ToolCalling.Prompted : ToolCalling.Native,
    };

    private async Task<(ModelUpdate Last, bool Began)> StreamAsync(Run run, ModelRequest request, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var began = false;
        var (waitsFrom, wait) = (time.GetTimestamp(), TimeSpan.Zero);
        try
        {
            await foreach (var update in run.Model.StreamAsync(request, cancellationToken))
            {
                began |= update is TextArrived or ReasoningArrived or CallArriving;
                switch (update)
                {
                    case TextArrived piece:
                        text.Append(piece.Text);
                        await run.ShowAsync(new TextStreamed(piece.Text), cancellationToken);
                        break;
                    case ReasoningArrived piece:
                        await run.ShowAsync(new ReasoningStreamed(piece.Text), cancellationToken);
                        break;
                    case CallArriving call:
                        await run.ShowAsync(new CallStreamed(call.Tool), cancellationToken);
                        break;
                    case RetryScheduled retry:
                        if (retry.Error.IsSent && await PayTryAsync(run, time.GetElapsedTime(waitsFrom) - wait) is { } refusal)
                        {
                            // Paid already, so that it does not count once more.
                            return (new ReplyFailed(retry.Error with { Message = $"{retry.Error.Message.TrimEnd('.')}. It was not sent again: {refusal}.", IsSent = false }), began);
                        }

                        await run.ShowAsync(new RetryWaiting(retry.Attempt, retry.Of, retry.Delay, retry.Error.Message), cancellationToken);
                        (waitsFrom, wait) = (time.GetTimestamp(), retry.Delay);
                        break;
                    default:
                        return (update, began);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It was paid for all the same, though nobody says how much; but between two tries nothing is on its way.
            var isIdle = !began && time.GetElapsedTime(waitsFrom) < wait;
            await run.RecordAsync(isIdle ? new ReplyCut("interrupted", "", null, null) : Cut(run, "interrupted", new(new ModelError(ModelErrorKind.Cut, "", ""), text.ToString()), run.Model.Info), Durability.Written, CancellationToken.None);
            throw;
        }

        return (new ReplyFailed(new ModelError(ModelErrorKind.Cut, "The model's stream ended without a reply.", "Try again.") { IsSent = true }, text.ToString()), began);
    }

    // A try of which nothing came, though the server had the request: it may have been billed, and the next one is a spend of its own. What a server refused, or never got, costs nothing.
    // Why it may not be sent again, or null.
    private async Task<string?> PayTryAsync(Run run, TimeSpan took)
    {
        var (model, estimated) = (run.Model.Info, Estimate(run, ""));
        var paid = new ModelConsulted(TriedAgain, model.FullName, null, null, Math.Max(0, (long)took.TotalMilliseconds)) { EstimatedUsage = estimated, EstimatedCost = model.Price?.Of(estimated) };
        run.Budget.SpendBeside(paid);
        await run.RecordAsync(paid, Durability.Written, CancellationToken.None);
        var most = 0;
        return run.Budget.RefuseBeside(model, estimated.Input, ref most);
    }

    private async Task WithdrawAsync(Run run, string reason, ReplyFailed failed, ModelInfo model, CancellationToken cancellationToken)
    {
        await run.RecordAsync(Cut(run, reason, failed, model), Durability.Written, cancellationToken);
        await run.ShowAsync(new ReplyWithdrawn(reason), cancellationToken);
    }

    // A reply that broke off for good may have been paid for; a request that never arrived, or was refused, was not.
    private async Task CountAsync(Run run, ReplyFailed failed, ModelInfo model, CancellationToken cancellationToken)
    {
        if (failed.PartialText.Length > 0)
        {
            await WithdrawAsync(run, failed.Error.Message, failed, model, cancellationToken);
        }
        else if (failed.MayBePaid)
        {
            await run.RecordAsync(Cut(run, failed.Error.Message, failed, model), Durability.Written, cancellationToken);
        }
    }

    // Most servers do not say what a broken reply took; it was paid for all the same, so it counts, and is written down as estimated.
    private ReplyCut Cut(Run run, string reason, ReplyFailed failed, ModelInfo model)
    {
        var estimated = Estimate(run, failed.PartialText);
        var cost = run.Budget.Spend(failed.Usage, model, estimated, SpentOn.BrokenReply);
        var cut = new ReplyCut(reason, failed.PartialText, failed.Usage, failed.Usage is null ? null : cost);
        return failed.Usage is null ? cut with { EstimatedUsage = estimated, EstimatedCost = cost } : cut;
    }

    private Usage Estimate(Run run, string partial) => new(context.EstimateTokens(run.Transcript), 0, 0, TokenEstimate.QuartersOf(partial) / TokenEstimate.Quarters, 0);

    private async Task<Asked> FailAsync(Run run, ReplyFailed failed, int attempt, CancellationToken cancellationToken)
    {
        await CountAsync(run, failed, run.Model.Info, cancellationToken);
        var error = failed.Error with { Attempts = Math.Max(attempt, failed.Error.Attempts) };
        await run.RecordAsync(
            new ModelFailed(Snake(error.Kind), error.Status, error.Message, error.Advice, error.Attempts), Durability.Written, cancellationToken);
        return new Asked(null, error, null);
    }

    private static string Snake(ModelErrorKind kind) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    /// <summary>Where the tries of one request stand: how tools are offered, which try it is, and whether the conversation was shortened for it.</summary>
    private sealed record Trying(ToolCalling Calling, int Attempt = 1, bool Shortened = false)
    {
        /// <summary>Whether anything of this try's reply came before it failed.</summary>
        public bool Began { get; init; }

        /// <summary>The hashes of the images that it sent.</summary>
        public IReadOnlyList<string> Images { get; init; } = [];
    }
}

/// <summary>What came of asking: a reply, an error, or the budget's refusal.</summary>
internal sealed record Asked(ModelReply? Reply, ModelError? Error, string? Refusal);
