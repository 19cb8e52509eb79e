using Bridle.Events;
using Bridle.Messages;
using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>What the person agreed to, read from the log.</summary>
public static class SessionGrants
{
    /// <summary>The source of every rule that was agreed to in a session.</summary>
    public static RuleSource Source { get; } = new(RuleLayer.Session, "this session");

    /// <summary>The rules that were allowed for the session. A pure fold: the same records give the same rules.</summary>
    public static IReadOnlyList<PermissionRule> From(IEnumerable<Recorded> records) =>
        [.. records.Select(record => record.Event).OfType<ApprovalGiven>()
            .Where(given => given is { Verdict: "allow", Scope: "session", By: "person", Rule: not null })
            .Select(given => given.Rule!).Distinct(StringComparer.Ordinal)
            .Select(text => PermissionRule.Parse(text, Verdict.Allow, Source).Rule).OfType<PermissionRule>()];

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
