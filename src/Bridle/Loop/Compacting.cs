using System.Text.Json.Nodes;
using Bridle.Context;
using Bridle.Context.Compaction;
using Bridle.Events;
using Bridle.Hooks;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Runs;
using Bridle.Tools;

namespace Bridle.Loop;

/// <summary>
/// Makes a conversation shorter: when it fills what a request may take, when the vendor says that it does not fit, and when a person asks. Hooks may refuse;
/// a summary that no model gives is written by code; whatever fails leaves the history as it was.
/// </summary>
internal sealed class Compacting(ContextAssembler context, HookSet hooks, CompactionOptions options, TimeProvider time, RoleModels roles)
{
    private const int DefaultMaxOutput = 8_192;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private long _leftAt;

    /// <summary>The tokens that a model's requests may take, or null when its window is not known.</summary>
    public static long? Room(ModelInfo model) => model.ContextWindow is { } window ? window - Math.Min(model.MaxOutputTokens ?? DefaultMaxOutput, window / 4) : null;

    /// <summary>Whether the measured fill is high for the model that answers.</summary>
    public bool IsFull(Run run) => Room(run.Model.Info) is { } room && context.EstimateTokens(run.Transcript) > room * options.At;

    /// <summary>Before a request: when the measured fill is high. It is not tried again until the history has grown by a tenth.</summary>
    public async ValueTask WhenFullAsync(Run run, CancellationToken cancellationToken)
    {
        if (options.Recorded is not null)
        {
            await CompactAsync(run, "auto", null, 0, cancellationToken);
            return;
        }

        if (!options.Auto || !IsFull(run) || Room(run.Model.Info) is not { } room || run.Transcript.Characters < _leftAt * 1.1)
        {
            return;
        }

        await CompactAsync(run, "auto", null, context.CharactersFor(run.Transcript, (long)(room * options.To)), cancellationToken);
        _leftAt = run.Transcript.Characters;
    }

    /// <summary>After the vendor said that a request does not fit. False when the history could not be made shorter.</summary>
    public async ValueTask<bool> AfterOverflowAsync(Run run, CancellationToken cancellationToken)
    {
        // The vendor knows better than any estimate: half of what it refused, whatever the window is said to be.
        var half = run.Transcript.Characters / 2;
        var target = Room(run.Model.Info) is { } room ? Math.Min(half, context.CharactersFor(run.Transcript, (long)(room * options.To))) : half;
        return await CompactAsync(run, "overflow", null, target, cancellationToken) is not null;
    }

    /// <summary>Because a person asked. What was done, or null when there was nothing to shorten.</summary>
    public ValueTask<Compacted?> ByHandAsync(Run run, string? focus, CancellationToken cancellationToken) => CompactAsync(run, "manual", focus, 0, cancellationToken);

    private async ValueTask<Compacted?> CompactAsync(Run run, string trigger, string? focus, long target, CancellationToken cancellationToken)
    {
        if (options.Recorded is { } recorded)
        {
            return await AsRecordedAsync(run, recorded(trigger), cancellationToken);
        }

        var plan = new CompactionLadder(run.Transcript, trigger, focus, Room(run.Model.Info) is { } tokens ? context.CharactersFor(run.Transcript, tokens) : null).Plan(target, summarise: trigger is "manual");
        if (plan is null)
        {
            return null;
        }

        if (await RefusalAsync(run, trigger, focus, cancellationToken) is { } refusal)
        {
            await run.ShowAsync(new NoticeShown($"The conversation was not shortened: {refusal}"), cancellationToken);
            return null;
        }

        var before = context.EstimateTokens(run.Transcript);
        if (plan.Summary.Length > 0 && options.ByModel && await WriterAsync(run, cancellationToken) is { Info.Simulated: false } writer)
        {
            plan = await ByModelAsync(run, writer, plan, cancellationToken);
        }

        var after = run.Transcript.CharactersAfter(plan);
        plan = plan with { TokensBefore = before, TokensAfter = before - (long)((run.Transcript.Characters - after) / 4 * context.Calibration(run.Transcript)) };
        await run.RecordAsync(plan, Durability.Written, cancellationToken);
        await TellAsync(run, plan, cancellationToken);
        return plan;
    }

    private static async ValueTask<Compacted?> AsRecordedAsync(Run run, Compacted? done, CancellationToken cancellationToken)
    {
        if (done is not null)
        {
            if (done is { Usage: not null } or { EstimatedCost: not null })
            {
                run.Budget.SpendBeside(new ModelConsulted("compaction", done.Model ?? run.Model.Info.FullName, done.Usage, done.Cost, 0) { EstimatedCost = done.EstimatedCost });
            }

            await run.RecordAsync(done, Durability.Written, cancellationToken);
        }

        return done;
    }

    private async ValueTask<string?> RefusalAsync(Run run, string trigger, string? focus, CancellationToken cancellationToken)
    {
        var said = await hooks.AskAsync(
            new HookOccasion(HookEvents.PreCompact) { Subject = Word(trigger), Facts = new JsonObject { ["trigger"] = Word(trigger), ["custom_instructions"] = focus ?? "" } },
            new HookLog(run.RecordAsync) { Beside = run.Beside }, cancellationToken);
        return said.StopReason ?? (said is { Verdict: Verdict.Deny, Decider: { } no }
            ? $"the hook '{no.Hook}' refused it{(no.Answer.Reason is { Length: > 0 } reason ? $": {reason}" : "")}."
            : null);
    }

    private async ValueTask TellAsync(Run run, Compacted done, CancellationToken cancellationToken)
    {
        await hooks.AskAsync(
            new HookOccasion(HookEvents.PostCompact) { Subject = Word(done.Trigger), Facts = new JsonObject { ["trigger"] = Word(done.Trigger), ["compact_summary"] = done.Summary } },
            new HookLog(run.RecordAsync) { Beside = run.Beside }, cancellationToken);
        var begun = await hooks.AskAsync(
            new HookOccasion(HookEvents.SessionStart) { Subject = "compact", Facts = new JsonObject { ["source"] = "compact", ["model"] = run.Model.Info.FullName } },
            new HookLog(run.RecordAsync) { Beside = run.Beside }, cancellationToken);
        await TurnHooks.TellAsync(run, begun.Contexts, cancellationToken);
    }

    private async ValueTask<IModel> WriterAsync(Run run, CancellationToken cancellationToken) =>
        roles.Compactor is { } find && await find(cancellationToken) is { } own ? own : run.Model;

    // The model's words go in place of the outline's; what the person said stays in the person's own.
    private async ValueTask<Compacted> ByModelAsync(Run run, IModel writer, Compacted plan, CancellationToken cancellationToken)
    {
        var going = run.Transcript.Messages.Take(run.Transcript.Closed.Count(entry => entry.N <= plan.UpTo)).ToList();
        var room = context.CharactersFor(run.Transcript, (long)((Room(writer.Info) ?? 32_000) * 0.6));
        var request = SummaryRequest.Of(going, plan.Focus, room, writer.Info.MaxOutputTokens);
        var other = writer.Info.FullName == run.Model.Info.FullName ? null : writer.Info.FullName;
        var (asked, took) = await AskAsync(run, writer, request, cancellationToken);
        if (asked.IsRefused)
        {
            await run.ShowAsync(new NoticeShown($"The summary is written without the model: {asked.Problem}."), cancellationToken);
            return plan;
        }

        if (asked.Reply is not { Text.Length: > 0 } reply || !reply.Text.Contains("## ", StringComparison.Ordinal))
        {
            await run.ShowAsync(new NoticeShown($"The model gave no summary{(asked.Problem.Length > 0 ? $" ({asked.Problem.TrimEnd('.')})" : "")}; the conversation was shortened without it."), cancellationToken);
            return took is null ? plan : Paid(took, plan) with { Model = other };
        }

        var written = SummarySections.Parse(reply.Text);
        var outline = SummarySections.Parse(plan.Summary);
        foreach (var heading in Outline.PersonsWords)
        {
            written.Replace(heading, outline.Items(heading));
        }

        foreach (var heading in written.Items(Outline.Decided[0]).Count is 0 ? Outline.Decided : [])
        {
            written.Replace(heading, outline.Items(heading));
        }

        return Paid(took!, plan) with { Summary = written.ToString(), How = "model", Model = other };
    }

    private static Compacted Paid(ModelConsulted took, Compacted plan) => plan with { Usage = took.Usage, Cost = took.Cost, EstimatedCost = took.EstimatedCost };

    // What a summary took stands with the compaction; what broke off came to none and has a record of its own.
    private async ValueTask<(AskedBeside Asked, ModelConsulted? Took)> AskAsync(Run run, IModel writer, ModelRequest request, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var (beside, took) = (run.Beside, (ModelConsulted?)null);
        var asking = beside with
        {
            PayAsync = consulted =>
            {
                if (consulted.EstimatedUsage is not null || took is not null)
                {
                    return beside.PayAsync(consulted);
                }

                run.Budget.SpendBeside(consulted);
                took = consulted;
                return ValueTask.CompletedTask;
            },
            OnRetryAsync = retry => run.ShowAsync(new RetryWaiting(retry.Attempt, retry.Of, retry.Delay, retry.Error.Message), cancellationToken),
        };
        try
        {
            var asked = await asking.AskAsync("compaction", writer, request, either.Token);
            return (asked.Reply is { } reply ? asked with { Reply = WellFormed.Of(reply) } : asked, took);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (new(null, "it took too long."), took);
        }
    }

    // Hooks know two words.
    private static string Word(string trigger) => trigger is "manual" ? "manual" : "auto";
}
