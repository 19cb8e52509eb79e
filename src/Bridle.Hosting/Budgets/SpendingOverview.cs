using Bridle.Hosting.Settings;
using Bridle.Journal;
using Bridle.Models;

namespace Bridle.Hosting.Budgets;

/// <summary>What all sessions of a person spent lately, and what settings limit it to.</summary>
/// <param name="Day">US dollars today.</param>
/// <param name="Month">US dollars this month.</param>
/// <param name="Limits">The limits of settings.</param>
public sealed record SpendingOverview(decimal Day, decimal Month, SpendingLimits Limits)
{
    /// <summary>How much of <see cref="Day"/> and <see cref="Month"/> is estimated: replies that broke off and of which no server said what they took.</summary>
    public (decimal Day, decimal Month) Guessed { get; init; }

    /// <summary>Requests today and this month of which nobody knows what they cost.</summary>
    public (long Day, long Month) Unpriced { get; init; }

    /// <summary>It in one line.</summary>
    public string Text
    {
        get
        {
            var limits = new[] { (Limits.Session, "a session"), (Limits.Day, "a day"), (Limits.Month, "a month") }.Where(limit => limit.Item1 is not null).Select(limit => $"${Amount(limit.Item1!.Value)} {limit.Item2}").ToList();
            return $"{About(Guessed.Day)}${Amount(Day)}{Unknown(Unpriced.Day)} today, {About(Guessed.Month)}${Amount(Month)}{Unknown(Unpriced.Month)} this month; {(limits.Count == 0 ? "no limits" : $"limits: {string.Join(", ", limits)}")}";
        }
    }

    /// <summary>Adds it up from the logs.</summary>
    public static SpendingOverview Of(HostFiles files, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(time);
        var today = DateOnly.FromDateTime(time.GetLocalNow().DateTime);
        var rows = new SessionStore(files.Folders.Data, files.Folders.State, time).Spending().SelectMany(session => session.Rows).Where(row => row.Day.Year == today.Year && row.Day.Month == today.Month).ToList();
        BridleSettings settings = files.Layers.Effective;
        var now = rows.Where(row => row.Day == today).ToList();
        return new(now.Sum(row => row.Cost + row.Guessed), rows.Sum(row => row.Cost + row.Guessed), new(settings.MaxSessionCost, settings.MaxDayCost, settings.MaxMonthCost))
        {
            Guessed = (now.Sum(row => row.Guessed), rows.Sum(row => row.Guessed)), Unpriced = (now.Sum(row => row.Unpriced), rows.Sum(row => row.Unpriced)),
        };
    }

    private static string About(decimal guessed) => guessed > 0 ? "about " : "";

    private static string Unknown(long unpriced) => unpriced is 0 ? "" : $" and {unpriced} {(unpriced is 1 ? "request" : "requests")} of unknown price";

    private static string Amount(decimal dollars) => Dollars.Of(dollars);
}
