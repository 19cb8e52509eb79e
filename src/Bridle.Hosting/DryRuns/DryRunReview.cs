using Bridle.Hosting.Subagents;
using Bridle.Permissions;

namespace Bridle.Hosting.DryRuns;

/// <summary>The look back at long work that settings ask for.</summary>
/// <param name="Model">Who would look back, or null when that could not be found out.</param>
/// <param name="HasPrice">Whether its price is known.</param>
/// <param name="WhyNot">Why there would be none all the same; null where nothing is in its way.</param>
/// <param name="Next">What to do about that; empty when the text says it.</param>
public sealed record DryRunReview(string? Model, bool HasPrice, string? WhyNot, string Next)
{
    /// <summary>The reviewer that settings name and that cannot be used, so that the session's own model looks back; null where that is not so.</summary>
    public string? NotAsked { get; init; }

    /// <summary>Why it cannot be used, and what to do; or null.</summary>
    public string? WhyNotAsked { get; init; }

    /// <summary>What it is, in words.</summary>
    public string Words =>
        $"{Model ?? "a model that is not known"} (price {(HasPrice ? "known" : "not known")}{(NotAsked is null ? "" : $", in place of {NotAsked}")}) looks back at work of at least {LearningReview.LeastCalls} calls and keeps notes, with {LearningReview.MostSteps} replies at most"
        + (NotAsked is null ? "" : $"; {NotAsked} is not asked: {WhyNotAsked}")
        + (WhyNot is { } why ? $"; it would not: {why} {Next}".TrimEnd() : "");

    /// <summary>Finds it out from files and the environment; null where settings ask for none. Contacts nobody, starts and writes nothing.</summary>
    internal static async Task<DryRunReview?> OfAsync(HarnessRequest request, HostFiles files, PermissionPolicy policy, CancellationToken cancellationToken)
    {
        if (files.Layers.Effective.LearningReview is not true)
        {
            return null;
        }

        var ownLook = new DryRunModelLook(request, files);
        var (own, named) = (await ownLook.FindAsync(cancellationToken), request.Model is null ? files.Layers.Effective.Roles?.Reviewer : null);
        var look = named is null ? null : new DryRunModelLook(request with { Wish = new() { Model = named, Current = own?.FullName.Split('/')[0] }, RehearseWhenUnconfigured = false }, files);
        var reviewer = look is null ? null : await look.FindAsync(cancellationToken);
        var (model, unpriced) = own is null ? (reviewer, look?.Unpriced) : LearningReview.Choose(reviewer, own, one => one == own ? ownLook.Unpriced : look!.Unpriced);
        var (why, next) = WhyNone(request, files, policy) is { } reason ? (reason, "")
            : own is { Simulated: true } ? ("nobody looks back at a rehearsal.", "")
            : unpriced is not null ? (unpriced.Message, unpriced.Advice)
            : ((string?)null, "");
        var left = look is not null && model is not null && model == own && reviewer != own ? look.Unpriced ?? look.Problem : null;
        return new(model?.FullName, model?.HasPrice is true, why, next) { NotAsked = left is null ? null : named, WhyNotAsked = left is null ? null : $"{left.Message} {left.Advice}".TrimEnd() };
    }

    private static string? WhyNone(HarnessRequest request, HostFiles files, PermissionPolicy policy) =>
        request.InMemory || request.Workspace is not null ? "a session that keeps no files keeps no notes."
        : files.Layers.Effective.AutoMemoryEnabled is false ? "autoMemoryEnabled is false, so that no notes are kept."
        : policy.Hides("Remember") ? "a rule denies Remember."
        : policy.Options.Mode is PermissionMode.Plan ? "plan mode keeps no notes."
        : null;
}
