namespace Bridle.Journal;

/// <summary>A session in a list: what the folder alone tells. <see cref="ReadDetails"/> looks into the file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Its log.</param>
/// <param name="LastActivity">When the log was last written to, UTC.</param>
/// <param name="Bytes">The log's size.</param>
public sealed record SessionSummary(string Name, string Path, DateTimeOffset LastActivity, long Bytes)
{
    /// <summary>
    /// What the log says about the session, read once through without checking its sums. Never throws for what is in the file: what cannot be read is null.
    /// For many sessions use <see cref="SessionStore.ListWithDetails"/>, which remembers.
    /// </summary>
    public SessionDetails ReadDetails()
    {
        try
        {
            using var file = File.OpenHandle(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return LogGlance.Of(file, RandomAccess.GetLength(file));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new SessionDetails(null, null, null);
        }
    }

    /// <summary>What the log says that was spent, record by record, without what a clone took over. Never throws for what is in the file: what cannot be read is left out.</summary>
    public IReadOnlyList<Events.Spent> ReadSpending() => LogSpending.All(Path).Spent;
}

/// <summary>What a session's log says about it.</summary>
/// <param name="Title">The title that somebody gave it, else the beginning of the first message, on one line; null when there is neither.</param>
/// <param name="Model">The model that answered last, as <c>provider/model</c>, or null.</param>
/// <param name="Records">The number of the last record, or null.</param>
public sealed record SessionDetails(string? Title, string? Model, long? Records)
{
    /// <summary>The folder in which it began, or null.</summary>
    public string? Folder { get; init; }

    /// <summary>Messages of the person and replies of the model, without those of delegated runs.</summary>
    public long Messages { get; init; }

    /// <summary>US dollars of all replies with a known price, those of delegated runs included; 0 when there is none.</summary>
    public decimal Cost { get; init; }

    /// <summary>US dollars, about, of replies that broke off and of which no server said what they took; none of <see cref="Cost"/>.</summary>
    public decimal Guessed { get; init; }

    /// <summary>Replies whose price is not known; the rehearsal's cost nothing and are none of them.</summary>
    public long Unpriced { get; init; }
}
