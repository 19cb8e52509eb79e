using System.Text.Json;
using System.Text.Json.Nodes;
using Bridle.Journal;
using Bridle.Models;

namespace Bridle.Hosting.Goals;

/// <summary>
/// What all runs of a goal took: read from the logs of the sessions that were begun for it, also of those that were interrupted or whose phase was reset; of sessions that are gone the
/// goal's file says it.
/// </summary>
/// <param name="Counted">US dollars, with what is estimated.</param>
/// <param name="Estimated">What of it is estimated, because a server did not say what it took.</param>
/// <param name="Unpriced">Requests of which nobody knows what they cost.</param>
/// <param name="Of">US dollars by session.</param>
internal sealed record GoalSpending(decimal Counted, decimal Estimated, long Unpriced, IReadOnlyDictionary<string, decimal> Of)
{
    /// <summary>Adds it up.</summary>
    /// <param name="file">The goal.</param>
    /// <param name="store">Where sessions are.</param>
    /// <param name="isOurs">Whether a session was begun for the goal.</param>
    public static GoalSpending Read(GoalFile file, SessionStore store, Func<string, bool> isOurs)
    {
        var (estimated, unpriced, by) = (0m, 0L, new Dictionary<string, decimal>(StringComparer.Ordinal));
        var prefix = $"goal-{file.Goal.Id}-";
        foreach (var session in store.List().Where(session => session.Name.StartsWith(prefix, StringComparison.Ordinal) && IsOurs(session.Name)))
        {
            var spent = session.ReadSpending();
            by[session.Name] = spent.Sum(one => one.Counted);
            estimated += spent.Sum(one => one.Estimated ?? 0m);
            unpriced += spent.LongCount(one => one is { IsUnpriced: true, Estimated: null });
        }

        foreach (var gone in file.Goal.Phases.SelectMany(phase => phase.Took).Where(took => !by.ContainsKey(took.Session)))
        {
            by[gone.Session] = gone.Counted;
            estimated += gone.Estimated;
            unpriced += gone.Unpriced;
        }

        return new(by.Values.Sum(), estimated, unpriced, by);

        bool IsOurs(string name)
        {
            try
            {
                return isOurs(name);
            }
            catch (JournalException)
            {
                // What cannot be read was settled before, or is in no sum.
                return false;
            }
        }
    }

    /// <summary>The sum in words, such as <c>$0.25 spent, $0.05 of it estimated</c>.</summary>
    public string Words => $"${Dollars.Of(Counted)} spent{(Estimated > 0 ? $", ${Dollars.Of(Estimated)} of it estimated" : "")}{(Unpriced > 0 ? $", and {Unpriced} {(Unpriced == 1 ? "request" : "requests")} of unknown price" : "")}";

    /// <summary>What the tries of a phase took, as its entry in the file says.</summary>
    public static IEnumerable<GoalTook> TookOf(JsonObject phase) => (phase["tries"] as JsonArray ?? []).OfType<JsonObject>().Where(one => Text(one["session"]) is not null).Select(one =>
        new GoalTook(Text(one["session"])!, Number(one["cost"]) + Number(one["cost_estimated"]), Number(one["cost_estimated"]), (long)Number(one["requests_without_price"])));

    private static string? Text(JsonNode? node) => node?.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : null;

    // What a person or a model wrote there takes nothing away.
    private static decimal Number(JsonNode? node) => node?.GetValueKind() is JsonValueKind.Number && node is JsonValue value && value.TryGetValue<decimal>(out var number) && number is > 0 and < 1_000_000_000_000 ? number : 0m;
}

/// <summary>What a try of a phase took, as the goal's file says.</summary>
/// <param name="Session">Its session.</param>
/// <param name="Counted">US dollars, with what is estimated.</param>
/// <param name="Estimated">What of it is estimated.</param>
/// <param name="Unpriced">Requests of which nobody knows what they cost.</param>
public sealed record GoalTook(string Session, decimal Counted, decimal Estimated, long Unpriced);
