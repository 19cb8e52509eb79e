using System.Globalization;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Hosting.Costs;

/// <summary>One line of a report: what was spent under one key.</summary>
/// <param name="Key">A day, month, folder, agent, model or session.</param>
/// <param name="Usage">Tokens.</param>
/// <param name="Cost">US dollars of what had a known price.</param>
/// <param name="Requests">How often a model was paid.</param>
/// <param name="Unpriced">How often without a known price.</param>
/// <param name="Sessions">How many sessions it was.</param>
public sealed record CostLine(string Key, Usage Usage, decimal Cost, long Requests, long Unpriced, int Sessions)
{
    /// <summary>US dollars, about, of replies that broke off and of which no server said what they took; none of <see cref="Cost"/>.</summary>
    public decimal Guessed { get; init; }
}

/// <summary>What all sessions spent, added up by one of their sides.</summary>
/// <param name="By">Which side.</param>
/// <param name="Since">The first day that counts, or null for all.</param>
/// <param name="Lines">Days and months from the earliest, everything else from the dearest.</param>
/// <param name="Total">All of it.</param>
public sealed record CostReport(string By, DateOnly? Since, IReadOnlyList<CostLine> Lines, CostLine Total)
{
    private const string NoFolder = "(no folder)";

    /// <summary>The sides by which it can be added up.</summary>
    public static IReadOnlyList<string> Ways { get; } = ["day", "month", "project", "agent", "model", "session"];

    /// <summary>Adds up what counts from a day on.</summary>
    public static CostReport Of(IReadOnlyList<SessionSpending> sessions, string by, DateOnly? since = null)
    {
        var rows = sessions.SelectMany(session => session.Rows.Where(row => since is null || row.Day >= since).Select(row => (Session: session, Row: row))).ToList();
        var lines = rows.GroupBy(one => Key(by, one.Session, one.Row), StringComparer.Ordinal).Select(group => Line(group.Key, [.. group]));
        return new(by, since,
            [.. by is "day" or "month" ? lines.OrderBy(line => line.Key, StringComparer.Ordinal) : lines.OrderByDescending(line => line.Cost + line.Guessed).ThenByDescending(line => line.Usage.Total).ThenBy(line => line.Key, StringComparer.Ordinal)],
            Line("total", rows));
    }

    /// <summary>A day as people write it on a command line: <c>2026-11-01</c>, <c>today</c>, or how many days back with this one, such as <c>7d</c>. Null for anything else.</summary>
    public static DateOnly? ReadDay(string text, DateOnly today) => text is "today" ? today
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : text.EndsWith('d') && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days >= 1 && days <= today.DayNumber ? today.AddDays(1 - days)
        : null;

    private static string Key(string by, SessionSpending session, SpendingRow row) => by switch
    {
        "day" => row.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        "month" => row.Day.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        "project" => session.Folder ?? NoFolder,
        "agent" => row.Agent,
        "model" => row.Model,
        "session" => session.Session,
        _ => throw new ArgumentOutOfRangeException(nameof(by), by, "Not one of the ways."),
    };

    private static CostLine Line(string key, IReadOnlyList<(SessionSpending Session, SpendingRow Row)> rows) => new(
        key, rows.Aggregate(Usage.None, (sum, one) => sum + one.Row.Usage), rows.Sum(one => one.Row.Cost), rows.Sum(one => one.Row.Requests), rows.Sum(one => one.Row.Unpriced),
        rows.Select(one => one.Session.Session).Where(name => name is not SessionStore.Outside).Distinct(StringComparer.Ordinal).Count()) { Guessed = rows.Sum(one => one.Row.Guessed) };
}
