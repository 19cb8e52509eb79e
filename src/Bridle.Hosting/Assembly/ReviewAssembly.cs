using Bridle.Hosting.Subagents;
using Bridle.Memory;
using Bridle.Permissions;
using Bridle.Sessions;
using Bridle.Tools;

namespace Bridle.Hosting.Assembly;

/// <summary>The review at the end of long work, where settings ask for one and notes are kept.</summary>
internal static class ReviewAssembly
{
    private static readonly string[] s_tools = ["ListMemory", "ReadMemory", "Remember", "Forget"];

    public static Func<CancellationToken, Task<ReviewReport?>> Of(HarnessRequest request, HostFiles files, SessionParts parts, GateParts gate, NoteBook? book, SessionRoles roles, Session session)
    {
        if (files.Layers.Effective.LearningReview is not true || book is null)
        {
            return _ => Task.FromResult<ReviewReport?>(null);
        }

        // What the person keeps for all projects is none of one project's business.
        var review = new LearningReview(parts, () => gate with { InForce = WithNotes(files, gate.InForce) }, book.Without(MemoryScope.User), roles.ReviewerAsync, model => BudgetAssembly.Unpriced(request, files, model)?.Message);
        return token => session.Model.Info.Simulated ? Task.FromResult<ReviewReport?>(null) : review.RunAsync(session.Model, token);
    }

    // Whoever asks for the review lets it write notes; every denial holds, and so does an administrator's word that only their rules allow.
    private static PermissionsInForce WithNotes(HostFiles files, PermissionsInForce inForce)
    {
        var options = inForce.Policy.Options;
        var source = new RuleSource(RuleLayer.Session, "learningReview");
        var allow = files.Layers.ManagedAllowOnly ? [] : s_tools.Select(tool => PermissionRule.Parse(tool, Verdict.Allow, source).Rule!).ToList();
        return new(options with { Rules = [.. options.Rules, .. allow] });
    }
}
