using System.Globalization;
using System.Text;
using Bridle.Messages;

namespace Bridle.Journal;

/// <summary>
/// What sessions spent when their logs were last read, so that adding up thousands of them need not read them again. Only a cache, as <see cref="SessionListCache"/> is one:
/// an entry counts for a file of the same size and time of change, and in the same time zone, because days are the person's.
/// </summary>
internal sealed class SpendingCache(string path, TimeProvider time)
{
    private readonly DerivedLines _file = new(path, $"bridle spending 3 {time.LocalTimeZone.Id}");

    /// <summary>What the sessions spent; reads the logs of those that it does not know.</summary>
    public IReadOnlyList<SessionSpending> Read(IReadOnlyList<SessionSummary> sessions)
    {
        var known = Load();
        var all = new SessionSpending?[sessions.Count];
        var unknown = new List<int>();
        for (var i = 0; i < sessions.Count; i++)
        {
            all[i] = known.TryGetValue(sessions[i].Name, out var entry) && entry.Bytes == sessions[i].Bytes && entry.Changed == sessions[i].LastActivity.UtcTicks ? entry.Spending : null;
            if (all[i] is null)
            {
                unknown.Add(i);
            }
        }

        if (unknown.Count > 0)
        {
            Parallel.ForEach(unknown, i => all[i] = LogSpending.Of(sessions[i], time.LocalTimeZone));
        }

        if (unknown.Count > 0 || known.Count > sessions.Count)
        {
            Keep(sessions, all!);
        }

        return all!;
    }

    private Dictionary<string, Entry> Load()
    {
        try
        {
            var entries = new Dictionary<string, Entry>(StringComparer.Ordinal);
            foreach (var line in _file.Load())
            {
                var fields = line.Split('\t');
                var rows = new List<SpendingRow>();
                for (var i = 4; i < fields.Length; i += 12)
                {
                    rows.Add(RowOf(fields.AsSpan(i, 12)));
                }

                entries[fields[0]] = new(Number(fields[1]), Number(fields[2]), new(fields[0], fields[3].Length == 0 ? null : fields[3][1..], rows));
            }

            return entries;
        }
        catch (Exception failure) when (failure is FormatException or OverflowException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            return [];
        }
    }

    private void Keep(IReadOnlyList<SessionSummary> sessions, IReadOnlyList<SessionSpending> all)
    {
        var settled = time.GetUtcNow() - DerivedLines.Unsettled;
        var text = new StringBuilder();
        for (var i = 0; i < sessions.Count; i++)
        {
            var (session, spending) = (sessions[i], all[i]);
            if (session.LastActivity >= settled || spending.Rows.SelectMany(row => (string[])[row.Model, row.Agent]).Append(spending.Folder ?? "").Any(word => word.AsSpan().IndexOfAny('\t', '\n') >= 0))
            {
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $"{session.Name}\t{session.Bytes}\t{session.LastActivity.UtcTicks}\t{(spending.Folder is null ? "" : "=" + spending.Folder)}");
            foreach (var row in spending.Rows)
            {
                text.Append(CultureInfo.InvariantCulture, $"\t{row.Day.DayNumber}\t{row.Model}\t{row.Agent}\t{row.Usage.Input}\t{row.Usage.CacheRead}\t{row.Usage.CacheWrite}\t{row.Usage.Output}\t{row.Usage.Reasoning}\t{row.Cost}\t{row.Requests}\t{row.Unpriced}\t{row.Guessed}");
            }

            text.Append('\n');
        }

        _file.Keep(text.ToString());
    }

    private static SpendingRow RowOf(ReadOnlySpan<string> fields) => new(
        DateOnly.FromDayNumber((int)Number(fields[0])), fields[1], fields[2], new Usage(Number(fields[3]), Number(fields[4]), Number(fields[5]), Number(fields[6]), Number(fields[7])),
        decimal.Parse(fields[8], CultureInfo.InvariantCulture), Number(fields[9]), Number(fields[10])) { Guessed = decimal.Parse(fields[11], CultureInfo.InvariantCulture) };

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Entry(long Bytes, long Changed, SessionSpending Spending);
}
