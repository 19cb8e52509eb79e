using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bridle.Events;
using Bridle.Hosting.Receipts;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Hosting.Goals;

/// <summary>What the session of a phase came to, read from its log and from nothing else: a run that was killed before anybody could say so says the same as one that was not.</summary>
/// <param name="Status">Done, failed, or running where the run did not come to an end.</param>
/// <param name="Note">The answer of a phase that is done, why one failed, or null.</param>
/// <param name="Try">The entry for the goal's file; null where the run did not come to an end.</param>
internal sealed record GoalOutcome(PhaseStatus Status, string? Note, JsonObject? Try)
{
    private const int MostAnswer = 2_000;
    private const int MostReason = 1_500;
    private const int MostKept = 1_000;

    /// <summary>Whether the session was begun for this very message, or null when it cannot be read. Throws <see cref="JournalException"/>.</summary>
    public static bool Heard(SessionStore store, string session, string messageId) =>
        store.Exists(session) && store.Read(session).Journal.Read().Any(record => record.Event is UserSpoke spoke && spoke.MessageId == messageId);

    /// <summary>Reads it. Throws <see cref="JournalException"/>.</summary>
    /// <param name="store">Where sessions are.</param>
    /// <param name="session">The session.</param>
    /// <param name="demanded">What the goal demands of the phase, in words. A run that was not asked for all of it, such as one that a person began in the session, settles nothing.</param>
    /// <param name="now">When it is read.</param>
    public static GoalOutcome Of(SessionStore store, string session, IReadOnlyList<string> demanded, DateTimeOffset now)
    {
        IReadOnlyList<Recorded> records = [.. store.Read(session).Journal.Read()];
        var receipts = ReceiptFold.Of(session, records);
        if (receipts is not [.., { Finished: { Outcome: not (TurnOutcome.Interrupted or TurnOutcome.Crashed or TurnOutcome.Waiting) } finished } last]
            || demanded.Except(last.Started.Acceptance ?? []).Any())
        {
            return new(PhaseStatus.Running, null, null);
        }

        var answer = records.Where(record => !record.Run.Value.Contains('.', StringComparison.Ordinal)).Select(record => record.Event).OfType<ModelReplied>().LastOrDefault()?.Reply.Text.Trim() ?? "";
        var why = WhyNot(last, finished, demanded.Count > 0);
        var note = why is null ? GoalBrief.Short(answer, MostAnswer) : Told(last, why, answer);
        return new(why is null ? PhaseStatus.Done : PhaseStatus.Failed, note, Entry(session, receipts, last, now, why));
    }

    /// <summary>That nothing was asked, because a hook or the program did not let the message through.</summary>
    public static GoalOutcome NotHeard(string session, string why) => new(PhaseStatus.Failed, why, new JsonObject { ["session"] = session, ["outcome"] = "stopped", ["verdict"] = "not_checked", ["why"] = why });

    // Null: the phase is done. What was demanded and not looked at is not there.
    private static string? WhyNot(Receipt last, RunFinished finished, bool demands) => (finished.Outcome, last.ExitCode, last.Verdict) switch
    {
        (TurnOutcome.Completed, 0 or 5, "accepted" or "nothing_demanded") => null,
        (TurnOutcome.Completed, 0 or 5, "not_checked") when !demands && last.Started.Mode is "plan" => null,
        (TurnOutcome.Completed, 0 or 5, "not_checked") => $"Nobody looked whether what is demanded is there{(last.Started.Mode is "plan" ? ": in plan mode, where nothing may be changed, nothing is looked at." : ".")}",
        (TurnOutcome.Completed, _, _) => "The run ended without an answer.",
        _ => finished.Error ?? $"The run ended as {JsonNamingPolicy.SnakeCaseLower.ConvertName(finished.Outcome.ToString())}.",
    };

    private static string Told(Receipt last, string why, string answer)
    {
        var text = new StringBuilder(why);
        foreach (var check in (last.Acceptance?.Checks ?? []).Where(check => check.Outcome is not CheckOutcome.Met))
        {
            text.Append("\n- ").Append(check.Outcome is CheckOutcome.Unmet ? "not met: " : "not found out: ").Append(check.Check).Append(": ").Append(GoalBrief.Short(check.Reason ?? "", MostReason));
        }

        return answer.Length == 0 ? text.ToString() : text.Append("\nThe last answer was: ").Append(GoalBrief.Short(answer, MostAnswer)).ToString();
    }

    // All that the session took, runs that were killed included.
    private static JsonObject Entry(string session, IReadOnlyList<Receipt> receipts, Receipt last, DateTimeOffset now, string? why)
    {
        List<Spent> spent = [.. receipts.SelectMany(receipt => receipt.Spent)];
        var usage = spent.Aggregate(Usage.None, (sum, one) => sum + one.Usage);
        var isUnknown = spent.Exists(one => one.IsUnpriced) && spent.TrueForAll(one => one.IsUnpriced || one.Cost is null or 0m);
        var entry = new JsonObject
        {
            ["session"] = session,
            ["runs"] = new JsonArray([.. receipts.Select(JsonNode (receipt) => JsonValue.Create(receipt.Id))]),
            ["outcome"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(last.Finished!.Outcome.ToString()),
            ["verdict"] = last.Verdict,
            ["usage"] = new JsonObject { ["input"] = usage.Input, ["cache_read"] = usage.CacheRead, ["cache_write"] = usage.CacheWrite, ["output"] = usage.Output, ["reasoning"] = usage.Reasoning },
            ["cost"] = isUnknown ? null : spent.Sum(one => one.Cost ?? 0m),
            ["requests"] = spent.Count,
            ["requests_without_price"] = spent.Count(one => one.IsUnpriced),
            ["ended_ms"] = (last.EndedAt ?? now).ToUnixTimeMilliseconds(),
        };
        if (spent.Exists(one => one.Cost is null && one.Estimated > 0))
        {
            entry["cost_estimated"] = spent.Sum(one => one.Cost is null ? one.Estimated ?? 0m : 0m);
        }

        if (last.Started.Simulated)
        {
            entry["simulated"] = true;
        }

        if (why is not null)
        {
            entry["why"] = GoalBrief.Short(why, MostKept);
        }

        return entry;
    }
}
