using System.Globalization;
using System.Text;

namespace Bridle.Journal;

/// <summary>
/// What was seen in logs when they were last listed, so that the next list need not read them. Only a cache: an entry counts for a file of the same size and time of
/// change, and a file that is missing, damaged or of another version is made anew from the logs.
/// </summary>
internal sealed class SessionListCache(string path, TimeProvider time)
{
    private readonly DerivedLines _file = new(path, "bridle session list 4");

    /// <summary>The sessions with their details; reads the logs of those that it does not know.</summary>
    public IReadOnlyList<(SessionSummary Session, SessionDetails Details)> Read(IReadOnlyList<SessionSummary> sessions)
    {
        var known = Load();
        var details = new SessionDetails?[sessions.Count];
        var unknown = new List<int>();
        for (var i = 0; i < sessions.Count; i++)
        {
            details[i] = known.TryGetValue(sessions[i].Name, out var entry) && entry.Bytes == sessions[i].Bytes && entry.Changed == sessions[i].LastActivity.UtcTicks ? entry.Details : null;
            if (details[i] is null)
            {
                unknown.Add(i);
            }
        }

        if (unknown.Count > 0)
        {
            Parallel.ForEach(unknown, i => details[i] = sessions[i].ReadDetails());
        }

        var all = sessions.Select((session, i) => (session, details[i]!)).ToList();
        if (unknown.Count > 0 || known.Count > sessions.Count)
        {
            Keep(all);
        }

        return all;
    }

    private Dictionary<string, Entry> Load()
    {
        try
        {
            var entries = new Dictionary<string, Entry>(StringComparer.Ordinal);
            foreach (var line in _file.Load())
            {
                var fields = line.Split('\t');
                entries[fields[0]] = EntryOf(fields);
            }

            return entries;
        }
        catch (Exception failure) when (failure is FormatException or OverflowException or IndexOutOfRangeException)
        {
            return [];
        }
    }

    private void Keep(IEnumerable<(SessionSummary Session, SessionDetails Details)> all)
    {
        var settled = time.GetUtcNow() - DerivedLines.Unsettled;
        var text = new StringBuilder();
        foreach (var (session, details) in all)
        {
            string?[] words = [session.Name, details.Model, details.Folder, details.Title];
            if (session.LastActivity < settled && !words.Any(word => word is not null && word.AsSpan().IndexOfAny('\t', '\n') >= 0))
            {
                text.Append(CultureInfo.InvariantCulture, $"{session.Name}\t{session.Bytes}\t{session.LastActivity.UtcTicks}\t{details.Records}\t{details.Messages}\t{details.Cost}\t{details.Unpriced}\t{Field(details.Model)}\t{Field(details.Folder)}\t{Field(details.Title)}\t{details.Guessed}\n");
            }
        }

        _file.Keep(text.ToString());
    }

    private static Entry EntryOf(string[] fields) => new(
        Number(fields[1]), Number(fields[2]),
        new SessionDetails(Text(fields[9]), Text(fields[7]), fields[3].Length == 0 ? null : Number(fields[3]))
        {
            Folder = Text(fields[8]), Messages = Number(fields[4]), Cost = decimal.Parse(fields[5], CultureInfo.InvariantCulture), Unpriced = Number(fields[6]), Guessed = decimal.Parse(fields[10], CultureInfo.InvariantCulture),
        });

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    // Nothing and an empty text are different.
    private static string Field(string? text) => text is null ? "" : "=" + text;

    private static string? Text(string field) => field.Length == 0 ? null : field[1..];

    private sealed record Entry(long Bytes, long Changed, SessionDetails Details);
}
