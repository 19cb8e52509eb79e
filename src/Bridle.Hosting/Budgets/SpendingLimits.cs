namespace Bridle.Hosting.Budgets;

/// <summary>US dollars that may be spent together with others; null means no limit.</summary>
/// <param name="Session">In one session.</param>
/// <param name="Day">By all sessions on one day of the person's clock.</param>
/// <param name="Month">By all sessions in one month.</param>
public sealed record SpendingLimits(decimal? Session = null, decimal? Day = null, decimal? Month = null)
{
    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => this is { Session: null, Day: null, Month: null };
}

/// <summary>What all sessions spent so far, and what requests under way have set aside.</summary>
/// <param name="Day">US dollars today.</param>
/// <param name="Month">US dollars this month.</param>
/// <param name="SetAside">US dollars that requests of other sessions may still take.</param>
public sealed record SpendingSums(decimal Day, decimal Month, decimal SetAside)
{
    /// <summary>How much of <see cref="Day"/> is estimated, because a server did not say what a reply took.</summary>
    public decimal DayEstimated { get; init; }

    /// <summary>How much of <see cref="Month"/> is estimated.</summary>
    public decimal MonthEstimated { get; init; }
}
