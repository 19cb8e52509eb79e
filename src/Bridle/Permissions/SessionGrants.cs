using Bridle.Events;
using Bridle.Messages;
using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>What the person agreed to, read from the log.</summary>
public static class SessionGrants
{
    /// <summary>The source of every rule that was agreed to in a session.</summary>
    public static RuleSource Source { get; } = new(RuleLayer.Session, "this session");

    /// <summary>
    /// What was allowed for the session. A pure fold: the same records give the same grants. What was agreed to for longer is not in the log but in the harness's
    /// own state, so that revoking it there ends it.
    /// </summary>
    public static IReadOnlyList<PermissionGrant> From(IEnumerable<Recorded> records)
    {
        var grants = new List<PermissionGrant>();
        foreach (var record in records)
        {
            if (record.Event is ApprovalGiven { Verdict: "allow", Scope: "session", By: "person", Rule: not null } given)
            {
                grants.Add(GrantOf(given, record.At));
            }
            else if (record.Event is GrantRevoked revoked)
            {
                // The same thing may have been granted twice; who takes it back means the thing.
                var same = grants.Where(grant => grant.Id == revoked.Id).ToList();
                grants.RemoveAll(grant => same.Exists(one => one.SaysTheSame(grant)));
            }
        }

        return [.. grants.DistinctBy(grant => (grant.Actor, grant.RuleText)).Where(grant => grant.ToRule() is not null)];
    }

    /// <summary>Where a rule comes from that a hook added with its yes.</summary>
    public static RuleSource HookSource { get; } = new(RuleLayer.Session, "a hook's answer");

    /// <summary>The rules that hooks added to the session with a yes in a person's place: allow rules too, which count only where a yes may hold for more than one call.</summary>
    public static IReadOnlyList<PermissionRule> HookRules(IEnumerable<Recorded> records) =>
        [.. records.Select(record => record.Event).OfType<ApprovalGiven>().Where(given => given is { Verdict: "allow", By: "hook", Rules: not null }).SelectMany(given => given.Rules!)
            .Distinct().Select(rule => Enum.TryParse<Verdict>(rule.Verdict, ignoreCase: true, out var verdict) ? PermissionRule.Parse(rule.Rule, verdict, HookSource).Rule : null).OfType<PermissionRule>()];

    private static PermissionGrant GrantOf(ApprovalGiven given, DateTimeOffset time) => given.Grant is { } typed
        ? new(typed.Id, typed.Actor, typed.Capability, typed.Pattern, GrantLifetime.Session, time)
        : PermissionGrant.Of(given.Id, PermissionGrant.MainActor, given.Rule!, GrantLifetime.Session, time);

    /// <summary>The last question about a call, with its answer if one was given, or null when there was none.</summary>
    public static EarlierAnswer? AnswerFor(IEnumerable<Recorded> records, CallId call)
    {
        EarlierAnswer? last = null;
        foreach (var record in records)
        {
            if (record.Event is ApprovalRequested request && request.Call == call)
            {
                last = new EarlierAnswer(request, null);
            }
            else if (record.Event is ApprovalGiven given && last is { Given: null } && given.Id == last.Request.Id)
            {
                last = last with { Given = given };
            }
        }

        return last;
    }
}

/// <summary>A question from before a restart. <paramref name="Given"/> is its answer, or null when the restart came first: then it is asked again under the same id.</summary>
public sealed record EarlierAnswer(ApprovalRequested Request, ApprovalGiven? Given);
