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
    /// <summary>What it is, in words.</summary>
    public string Words =>
        $"{Model ?? "a model that is not known"} (price {(HasPrice ? "known" : "not known")}) looks back at work of at least {LearningReview.LeastCalls} calls and keeps notes, with {LearningReview.MostSteps} replies at most"
        + (WhyNot is { } why ? $"; it would not: {why} {Next}".TrimEnd() : "");

    /// <summary>Finds it out from files and the environment; null where settings ask for none. Contacts nobody, starts and writes nothing.</summary>
    internal static async Task<DryRunReview?> OfAsync(HarnessRequest request, HostFiles files, PermissionPolicy policy, CancellationToken cancellationToken)
    {
        if (files.Layers.Effective.LearningReview is not true)
        {
            return null;
        }

        var main = await new DryRunModelLook(request, files).FindAsync(cancellationToken);
        DryRunModelLook? look = null;
        if (request.Model is null && files.Layers.Effective.Roles?.Reviewer is { } name)
        {
            look = new DryRunModelLook(request with { Wish = new() { Model = name, Current = main?.FullName.Split('/')[0] }, RehearseWhenUnconfigured = false }, files);
        }

        // A reviewer that cannot be used leaves it to the session's own model.
        var model = (look is null ? null : await look.FindAsync(cancellationToken)) ?? main;
        var (why, next) = WhyNone(request, files, policy) is { } reason ? (reason, "")
            : main is { Simulated: true } ? ("nobody looks back at a rehearsal.", "")
            : look?.Unpriced is { } unpriced ? (unpriced.Message, unpriced.Advice)
            : ((string?)null, "");
        return new(model?.FullName, model?.HasPrice is true, why, next);
    }

    private static string? WhyNone(HarnessRequest request, HostFiles files, PermissionPolicy policy) =>
        request.InMemory || request.Workspace is not null ? "a session that keeps no files keeps no notes."
        : files.Layers.Effective.AutoMemoryEnabled is false ? "autoMemoryEnabled is false, so that no notes are kept."
        : policy.Hides("Remember") ? "a rule denies Remember."
        : policy.Options.Mode is PermissionMode.Plan ? "plan mode keeps no notes."
        : null;
}
