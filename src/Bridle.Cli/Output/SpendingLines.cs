using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Cli.Output;

/// <summary>What a session spent, for a person: all of it, then each model that was asked for something.</summary>
internal static class SpendingLines
{
    public static IEnumerable<string> Of(IReadOnlyList<Spent> all)
    {
        var turns = all.Select(spent => spent.Run.Value.Split('.')[0]).Where(run => run != RunId.Session.Value).Distinct().Count();
        yield return $"  {About(all)}{UsageLine.Tokens(Sum(all))}, {Cost(all)}, {turns} {(turns == 1 ? "turn" : "turns")}";
        foreach (var group in all.GroupBy(spent => (spent.Model, spent.Agent)).OrderByDescending(group => group.Sum(Shown)).ThenBy(group => group.Key.Model, StringComparer.Ordinal))
        {
            var whose = group.Key.Agent is "main" ? "" : $" for {group.Key.Agent}";
            yield return $"    {Terminals.VisibleText.Line(group.Key.Model, 60)}{whose}: {About(group)}{UsageLine.AllTokens(Sum(group))}, {Cost([.. group])}, {group.Count()} {(group.Count() == 1 ? "request" : "requests")}";
        }
    }

    private static Usage Sum(IEnumerable<Spent> all) => all.Aggregate(Usage.None, (sum, spent) => sum + spent.Usage);

    private static decimal Shown(Spent spent) => spent.Cost ?? spent.Guess ?? 0;

    // Tokens of a reply that broke off: no server said how many there were.
    private static string About(IEnumerable<Spent> all) => all.Any(spent => spent is { IsGuess: true, Simulated: false, Usage.Total: > 0 }) ? "about " : "";

    private static string Cost(IReadOnlyList<Spent> all)
    {
        var (known, unpriced) = (all.Sum(Shown), all.Count(spent => spent.IsUnpriced));
        var about = all.Any(spent => spent.Guess > 0) ? "about " : "";
        return unpriced == 0 ? about + UsageLine.Cost(known, simulated: all.Count > 0 && all.All(spent => spent.Simulated))
            : known == 0 ? UsageLine.Cost(null, simulated: false)
            : $"{about}{UsageLine.Cost(known, simulated: false)} and {unpriced} {(unpriced == 1 ? "request" : "requests")} of unknown price";
    }
}
