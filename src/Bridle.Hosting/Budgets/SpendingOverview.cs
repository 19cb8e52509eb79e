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
    /// <summary>It in one line.</summary>
    public string Text
    {
        get
        {
            var limits = new[] { (Limits.Session, "a session"), (Limits.Day, "a day"), (Limits.Month, "a month") }.Where(limit => limit.Item1 is not null).Select(limit => $"${Amount(limit.Item1!.Value)} {limit.Item2}").ToList();
            return $"${Amount(Day)} today, ${Amount(Month)} this month; {(limits.Count == 0 ? "no limits" : $"limits: {string.Join(", ", limits)}")}";
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
        return new(rows.Where(row => row.Day == today).Sum(row => row.Cost), rows.Sum(row => row.Cost), new(settings.MaxSessionCost, settings.MaxDayCost, settings.MaxMonthCost));
    }

    private static string Amount(decimal dollars) => Dollars.Of(dollars);
}
