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

    /// <summary>The last answer that was given about a call, with its question, or null.</summary>
    public static EarlierAnswer? AnswerFor(IEnumerable<Recorded> records, CallId call)
    {
        var asked = new Dictionary<string, ApprovalRequested>();
        EarlierAnswer? last = null;
        foreach (var record in records)
        {
            if (record.Event is ApprovalRequested request && request.Call == call)
            {
                asked[request.Id] = request;
            }
            else if (record.Event is ApprovalGiven given && asked.Remove(given.Id, out var question))
            {
                last = new EarlierAnswer(question, given);
            }
        }

        return last;
    }
}

/// <summary>An answer from before a restart, with what was asked.</summary>
public sealed record EarlierAnswer(ApprovalRequested Request, ApprovalGiven Given);
