using System.Text.Json;
using Bridle.Context;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Models;
using Bridle.Runs;

namespace Bridle.Loop;

/// <summary>
/// Lets another model answer the rest of a run: the next of the fallbacks when one cannot answer now, the one with the larger window when a conversation does not fit.
/// What another model could not put right either, such as a key or a request that is refused, is no reason.
/// </summary>
internal sealed class StandingIn(RoleModels roles, ContextAssembler context)
{
    /// <summary>Before a request that is too full for the model: false leaves it to a compaction.</summary>
    public ValueTask<bool> WhenFullAsync(Run run, bool isFull, CancellationToken cancellationToken) =>
        roles.Recorded is not null ? AsRecordedAsync(run, "window", cancellationToken)
        : isFull ? LargerAsync(run, "The conversation fills the window", cancellationToken)
        : ValueTask.FromResult(false);

    /// <summary>After the vendor said that a request does not fit.</summary>
    public ValueTask<bool> AfterOverflowAsync(Run run, CancellationToken cancellationToken) =>
        roles.Recorded is not null ? AsRecordedAsync(run, "window", cancellationToken) : LargerAsync(run, "The conversation does not fit the window", cancellationToken);

    /// <summary>Whether somebody stands in after a failure.</summary>
    public bool IsNext(Run run, ModelError error) =>
        roles.Recorded is { } recorded ? recorded()?.Why == Snake(error.Kind) : Passes(error.Kind) && Next(run) is not null;

    /// <summary>After a model failed for good, when there is somebody.</summary>
    public async ValueTask<bool> AfterFailureAsync(Run run, ModelError error, CancellationToken cancellationToken)
    {
        var why = Snake(error.Kind);
        if (roles.Recorded is not null)
        {
            return await AsRecordedAsync(run, why, cancellationToken);
        }

        await UseAsync(run, Next(run)!, new ModelStoodIn(run.Model.Info.FullName, Next(run)!.Info.FullName, why, error.Message), isAway: true, cancellationToken);
        return true;
    }

    /// <summary>Whether the same request may well succeed elsewhere: the model is not there now, and nothing is wrong with what was asked or by whom.</summary>
    private static bool Passes(ModelErrorKind kind) =>
        kind is ModelErrorKind.Overloaded or ModelErrorKind.RateLimit or ModelErrorKind.Server or ModelErrorKind.Connection or ModelErrorKind.Timeout;

    private static string Snake(ModelErrorKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    // Each at most once in a run, and none whose window is known to be too small: a model that is away for a moment is no reason to shorten a conversation.
    private IModel? Next(Run run)
    {
        var needed = context.EstimateTokens(run.Transcript);
        return roles.Fallbacks.FirstOrDefault(one => one.Info.FullName != run.Model.Info.FullName && !run.IsAway(one.Info) && (Compacting.Room(one.Info) is not { } room || room >= needed));
    }

    private async ValueTask<bool> LargerAsync(Run run, string what, CancellationToken cancellationToken)
    {
        var now = run.Model.Info;
        if (roles.Larger is not { } larger || larger.Info.FullName == now.FullName || run.IsAway(larger.Info) || larger.Info.ContextWindow is not { } window || (now.ContextWindow is { } has && window <= has))
        {
            return false;
        }

        await UseAsync(run, larger, new ModelStoodIn(now.FullName, larger.Info.FullName, "window", $"{what} of {now.FullName}."), isAway: false, cancellationToken);
        return true;
    }

    private async ValueTask<bool> AsRecordedAsync(Run run, string why, CancellationToken cancellationToken)
    {
        if (roles.Recorded!() is not { } done || done.Why != why)
        {
            return false;
        }

        await UseAsync(run, roles.Fallbacks[0], done, isAway: false, cancellationToken);
        return true;
    }

    private static async ValueTask UseAsync(Run run, IModel model, ModelStoodIn record, bool isAway, CancellationToken cancellationToken)
    {
        await run.RecordAsync(record, Durability.Written, cancellationToken);
        run.StandIn(model, isAway);
    }
}
