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
internal sealed class ModelAsking(ContextAssembler context, Compacting compacting, TimeProvider time, Action<ModelInfo> onToolsUnsupported)
{
    private const int Tries = 3;
    private const int DefaultMaxOutput = 8_192;
    private const int ClosingMaxOutput = 4_096;

    public async Task<Asked> AskAsync(Run run, bool closing, CancellationToken cancellationToken)
    {
        // A prompted conversation stays one to its end: its server may know no other form of the calls in the history.
        var calling = CallingOf(run);
        calling = calling is ToolCalling.Native && closing ? ToolCalling.None : calling;
        var shortened = false;
        for (var attempt = 1; ; attempt++)
        {
            await compacting.WhenFullAsync(run, cancellationToken);
            var maxOutput = Math.Min(run.Model.Info.MaxOutputTokens ?? DefaultMaxOutput, closing ? ClosingMaxOutput : int.MaxValue);
            if (run.Budget.RefuseRequest(context.EstimateTokens(run.Transcript), ref maxOutput, closing) is { } refusal)
            {
                if (!closing && refusal.StartsWith(ISharedBudget.Refusal, StringComparison.Ordinal) && await run.Budget.LiftAsync(cancellationToken))
                {
                    attempt--;
                    continue;
                }

                return new Asked(null, null, refusal);
            }

            var assembled = context.Assemble(run.Transcript, run.Blobs, calling, maxOutput);
            await run.RecordAsync(
                new ModelRequested(run.Model.Info.FullName, run.Model.Info.Api, assembled.Parts, assembled.UpTo, maxOutput, calling, attempt) { History = assembled.History },
                Durability.Written, cancellationToken);

            var sentAt = time.GetTimestamp();
            var update = await StreamAsync(run, assembled.Request, cancellationToken);
            if (update is ReplyFinished { Reply: var arrived })
            {
                var reply = WellFormed.Of(arrived);
                var cost = run.Budget.Spend(reply.Usage);
                await run.RecordAsync(new ModelReplied(reply, cost, (long)time.GetElapsedTime(sentAt).TotalMilliseconds), Durability.Written, cancellationToken);
                return new Asked(reply, null, null);
            }

            var failed = (ReplyFailed)update;
            // Only where nobody knew: what a flag, a setting or the server's own list said is not overruled behind the person's back.
            if (failed.Error.Kind is ModelErrorKind.ToolsUnsupported && calling is ToolCalling.Native && run.Model.Info.Tools is Known.Unknown)
            {
                onToolsUnsupported(run.Model.Info);
                calling = ToolCalling.Prompted;
                continue;
            }

            if (failed.Error.Kind is ModelErrorKind.ContextOverflow or ModelErrorKind.TooLarge && !shortened && await compacting.AfterOverflowAsync(run, cancellationToken))
            {
                shortened = true;
                continue;
            }

            // What the connection has tried again and again by itself is not tried again here.
            if (failed.Error.Kind is not (ModelErrorKind.Cut or ModelErrorKind.Malformed) || attempt >= Tries || failed is { Error.Attempts: > 1, PartialText.Length: 0 })
            {
                return await FailAsync(run, failed, attempt, cancellationToken);
            }

            await WithdrawAsync(run, failed.Error.Message, failed, cancellationToken);
        }
    }

    // Where nobody knows, what the last request of this model found out holds for the next one.
    private static ToolCalling CallingOf(Run run) => run.Model.Info.Tools switch
    {
        Known.Yes => ToolCalling.Native,
        Known.No => ToolCalling.Prompted,
        _ => run.Transcript.LastRequest is { Tools: ToolCalling.Prompted } last && last.Model == run.Model.Info.FullName ? ToolCalling.Prompted : ToolCalling.Native,
    };

    private async Task<ModelUpdate> StreamAsync(Run run, ModelRequest request, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        try
        {
            await foreach (var update in run.Model.StreamAsync(request, cancellationToken))
            {
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
                        await run.ShowAsync(new RetryWaiting(retry.Attempt, retry.Of, retry.Delay, retry.Error.Message), cancellationToken);
                        break;
                    default:
                        return update;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It was paid for all the same, though nobody says how much. The run is over, so that its budget need not hear of a guess.
            await run.RecordAsync(new ReplyCut("interrupted", text.ToString(), null, run.Model.Info.Price?.Of(Estimate(run, text.Length))), Durability.Written, CancellationToken.None);
            throw;
        }

        return new ReplyFailed(new ModelError(ModelErrorKind.Cut, "The model's stream ended without a reply.", "Try again."), text.ToString());
    }

    private async Task WithdrawAsync(Run run, string reason, ReplyFailed failed, CancellationToken cancellationToken)
    {
        // Most servers do not say what a broken reply took; it was paid for all the same, so it counts as estimated.
        var spent = failed.Usage ?? Estimate(run, failed.PartialText.Length);
        var cost = run.Budget.SpendOnCut(spent);
        await run.RecordAsync(new ReplyCut(reason, failed.PartialText, failed.Usage, cost), Durability.Written, cancellationToken);
        await run.ShowAsync(new ReplyWithdrawn(reason), cancellationToken);
    }

    private Usage Estimate(Run run, int characters) => new(context.EstimateTokens(run.Transcript), 0, 0, characters / 4, 0);

    private async Task<Asked> FailAsync(Run run, ReplyFailed failed, int attempt, CancellationToken cancellationToken)
    {
        if (failed.PartialText.Length > 0)
        {
            await WithdrawAsync(run, failed.Error.Message, failed, cancellationToken);
        }

        var error = failed.Error with { Attempts = Math.Max(attempt, failed.Error.Attempts) };
        await run.RecordAsync(
            new ModelFailed(Snake(error.Kind), error.Status, error.Message, error.Advice, error.Attempts), Durability.Written, cancellationToken);
        return new Asked(null, error, null);
    }

    private static string Snake(ModelErrorKind kind) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}

/// <summary>What came of asking: a reply, an error, or the budget's refusal.</summary>
internal sealed record Asked(ModelReply? Reply, ModelError? Error, string? Refusal);
