using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Runs;
using Bridle.Sensors;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Loop;

/// <summary>
/// Answers every unanswered call of the transcript, so that a restart needs no machinery of its own: what was started by a process that died
/// is told as interrupted when it must not run twice. Parallel-safe calls in a row run side by side, the others one after another.
/// </summary>
internal sealed class CallAnswering(
    ToolPipeline pipeline, Func<string, Tool?> findTool, IWorkspace workspace, BackgroundProcesses background, IApprover approver, Func<string> newId, TimeProvider time, bool pointsToEarlierReads = true)
{
    private const int SideBySide = 8;

    private const string Unknown = "Interrupted: the program that ran this call ended before it answered. Whether it took effect is unknown. Look at the current state before you do it again.";

    private const string Unheard = "The call ended, and what it did is done. Its output was not kept: another program changed the session's file before the hooks that look at it had answered.";

    /// <summary>Answers them all. Returns why no further call may be made, or null. On cancellation every call still gets an answer before the exception goes on.</summary>
    public async Task<string?> AnswerAsync(Run run, CancellationToken cancellationToken)
    {
        string? refusal = null;
        try
        {
            foreach (var batch in Batches(run.Transcript.UnansweredCalls))
            {
                refusal ??= run.StopReason is { } stop ? $"a hook ended the turn ({stop})" : run.Budget.RefuseCall();
                await (refusal is null ? RunBatchAsync(run, batch, cancellationToken) : RefuseAsync(run, batch, refusal));
            }

            return refusal;
        }
        catch (OperationCanceledException)
        {
            foreach (var left in run.Transcript.UnansweredCalls)
            {
                await ReturnAsync(run, left, new ToolResult(CallOutcome.Cancelled, [new TextPart("Cancelled before it began: the turn was interrupted or ran out of time.")]), null, 0);
            }

            throw;
        }
    }

    private List<List<CallState>> Batches(IReadOnlyList<CallState> calls)
    {
        var batches = new List<List<CallState>>();
        var previousSafe = false;
        foreach (var call in calls)
        {
            var safe = findTool(call.Call.Name)?.Definition.ParallelSafe is true;
            if (safe && previousSafe && batches[^1].Count < SideBySide)
            {
                batches[^1].Add(call);
            }
            else
            {
                batches.Add([call]);
            }

            previousSafe = safe;
        }

        return batches;
    }

    private async Task RunBatchAsync(Run run, List<CallState> batch, CancellationToken cancellationToken)
    {
        // One call needs no tasks beside it; most batches are one call.
        if (batch is [var only])
        {
            await RunOneAsync(run, only, cancellationToken);
            return;
        }

        await Task.WhenAll(batch.Select(call => Task.Run(() => RunOneAsync(run, call, cancellationToken), CancellationToken.None)));
    }

    private async Task RunOneAsync(Run run, CallState state, CancellationToken cancellationToken)
    {
        run.Budget.CountCall();
        if (state.Started is { Effect: ToolEffect.Once })
        {
            await ReturnAsync(run, state, new ToolResult(CallOutcome.Interrupted, [new TextPart(Unknown)]), state.Started.Tool, 0);
            return;
        }

        var invocation = new ToolInvocation
        {
            Call = state.Call,
            Scope = ScopeOf(run, state),
            RecordAsync = run.RecordAsync,
            Asking = new(run.Beside, run.Redact),
        };
        ToolResult result;
        try
        {
            result = await pipeline.RunAsync(invocation, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            result = invocation.Tell(new ToolResult(CallOutcome.Cancelled, [new TextPart(invocation.StartedAt is null
                ? "Cancelled before it began: the turn was interrupted or ran out of time."
                : "Cancelled while it ran, so it may have taken effect in part: the turn was interrupted or ran out of time.")]));
        }

        catch (JournalChangedException) when (invocation.CameOfIt is { } came)
        {
            // It ran, and whoever opens the log again writes down that it did; not its words, which a hook was still to look at.
            result = invocation.Tell(came with { Content = [new TextPart(Unheard)] });
        }

        if (invocation.StopReason is { } stop)
        {
            run.Stop(stop);
        }

        state.Bound = state.KeepsBound && invocation.Input is { } bound ? (bound.Json.GetRawText(), invocation.Scope.WorkingDirectory, result.IsSilent) : null;
        result = pointsToEarlierReads ? RepeatedReads.Of(result, run.Transcript, findTool, run.Redact) : result;
        var took = invocation.StartedAt is { } started ? (long)time.GetElapsedTime(started).TotalMilliseconds : 0;
        await ReturnAsync(run, state, LookedFiles.In(result, invocation), invocation.Tool?.Definition.Name, took, invocation.StartedAt is not null && invocation.Tool?.Definition.Effect is ToolEffect.Once);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static async Task RefuseAsync(Run run, List<CallState> batch, string refusal)
    {
        foreach (var call in batch)
        {
            await ReturnAsync(run, call, ToolResult.Denied($"Not run: {refusal}."), null, 0);
        }
    }

    private static async Task ReturnAsync(Run run, CallState state, ToolResult result, string? tool, long took, bool sync = false)
    {
        if (result.Outcome is CallOutcome.Denied)
        {
            run.Deny(new DeniedCall(state.Call.Id, tool ?? state.Call.Name, result.Text));
        }

        var returned = new ToolReturned(state.Call.Id, result.Outcome, result.Content, took)
        {
            Tool = tool,
            Files = result.Files.Count > 0 ? result.Files : null,
            Looked = result.Looked.Count > 0 ? result.Looked : null,
            WorkingDirectory = result.WorkingDirectory,
            Spill = result.Spill,
            Diff = result.Diff,
            ExitCode = result.ExitCode,
        };

        try
        {
            if (result.Skill is { } skill)
            {
                await run.RecordAsync(skill, Durability.Written, CancellationToken.None);
            }

            if (result.Loaded is { Count: > 0 } loaded)
            {
                await run.RecordAsync(new ToolsLoaded(loaded), Durability.Written, CancellationToken.None);
            }
        }
        finally
        {
            // A call that ran is answered even when the person has cancelled meanwhile; and where the log cannot take it, it is among what is left over.
            await run.RecordAsync(returned, sync ? Durability.Synced : Durability.Written, CancellationToken.None);
        }
    }

    /// <summary>Where the next call begins.</summary>
    public string FolderOf(Run run) => run.Transcript.WorkingDirectory is { Length: > 0 } directory ? directory : workspace.Files.Root;

    private CallScope ScopeOf(Run run, CallState state) => new()
    {
        Call = state.Call.Id,
        WorkingDirectory = FolderOf(run),
        Files = workspace.Files,
        Processes = workspace.Processes,
        Network = workspace.Network,
        Blobs = run.Blobs,
        Background = background,
        SeenFiles = run.Transcript.SeenFiles,
        LastResults = run.Transcript.LastResults,
        ShowProgress = text => run.Show(new ToolProgressed(state.Call.Id, text)),
        AskAsync = (question, options, cancellationToken) => AskAsync(run, state, question, options, cancellationToken),
        Beside = run.Beside,
        Time = time,
    };

    private async ValueTask<string?> AskAsync(Run run, CallState state, string text, IReadOnlyList<string> options, CancellationToken cancellationToken)
    {
        if (state.Answer is { } known)
        {
            return known;
        }

        var question = state.Question ?? new QuestionAsked(newId(), state.Call.Id, text, options);
        if (state.Question is null)
        {
            await run.RecordAsync(question, Durability.Synced, cancellationToken);
        }

        if (await approver.AnswerAsync(question, cancellationToken) is not { } answer)
        {
            return null;
        }

        await run.RecordAsync(new QuestionAnswered(question.Id, answer), Durability.Synced, cancellationToken);
        return answer;
    }
}
