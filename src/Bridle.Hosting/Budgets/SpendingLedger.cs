using System.Globalization;
using System.Text;
using Bridle.Events;
using Bridle.Journal;

namespace Bridle.Hosting.Budgets;

/// <summary>
/// What all sessions of a person spent this month, a line each, in a file that every Bridle of that person appends to under a lock. Derived: where the file is missing or is none, it is made anew
/// from the logs. A line that was broken off or damaged is skipped; the same record of the same session counts once. What a request may take is set aside by a line before it
/// is sent, so that sessions that run at the same time cannot spend the same dollar; a line whose program died counts for a quarter of an hour.
/// </summary>
internal sealed class SpendingLedger(string path, SessionStore store, TimeProvider time)
{
    private const string Head = "bridle ledger 1";
    private const string Known = "spent";
    private const string Guessed = "estimated";
    private static readonly TimeSpan s_setAsideFor = TimeSpan.FromMinutes(15);

    /// <summary>What was spent, seen from one session.</summary>
    public SpendingSums Read(string session)
    {
        using var held = Hold();
        return Sum(Entries(), session);
    }

    /// <summary>The same without a lock and without writing anything, for who only shows it.</summary>
    public SpendingSums Peek(string session)
    {
        var lines = File.Exists(path) ? File.ReadAllText(path).Split('\n') : [];
        return Sum(lines is [Head, ..] ? [.. lines.Skip(1).Select(Parse).OfType<Entry>()] : FromLogs(), session);
    }

    /// <summary>Looks at the sums and, where the answer is an amount, sets it aside for the session, in one go.</summary>
    public void SetAside(string session, Func<SpendingSums, decimal?> decide)
    {
        using var held = Hold();
        if (decide(Sum(Entries(), session)) is { } amount)
        {
            Append(new Entry("set_aside", time.GetUtcNow(), session, 0, amount));
        }
    }

    /// <summary>Notes what a session spent; what was set aside for it is free again.</summary>
    public void Add(string session, IReadOnlyList<Spent> spent)
    {
        using var held = Hold();
        if (!IsOfThisMonth())
        {
            Entries();
        }

        Append([.. spent.Where(one => one.Counted > 0).Select(one => EntryOf(one, session)), new Entry("free", time.GetUtcNow(), session, 0, 0)]);
    }

    /// <summary>Notes what the log of a session says that it spent, as far as it is not there yet. The session may be running: what is set aside for it stays.</summary>
    public void Note(string session, IReadOnlyList<Spent> spent)
    {
        using var held = Hold();
        var known = Entries().Where(entry => entry.IsSpent && entry.Session == session).ToLookup(entry => entry.N);
        var month = MonthOf(time.GetUtcNow());
        Append([.. spent.Where(one => one.Counted > 0 && MonthOf(one.At) == month && !known.Contains(one.N)).Select(one => EntryOf(one, session))]);
    }

    /// <summary>The sessions for which something is still set aside: those that run, and those that were killed.</summary>
    public IReadOnlyList<string> Open()
    {
        using var held = Hold();
        return [.. StillSetAside(Entries()).Keys];
    }

    // The first line that is one says of which month the file is; no other is read for it.
    private bool IsOfThisMonth()
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var reader = new StreamReader(path);
        return reader.ReadLine() == Head && (reader.ReadLine() is not { } first || (Parse(first) is { } entry && MonthOf(entry.At) == MonthOf(time.GetUtcNow())));
    }

    private IDisposable Hold()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return FileLock.Take($"{path}.lock");
    }

    private List<Entry> Entries()
    {
        var month = MonthOf(time.GetUtcNow());
        var lines = File.Exists(path) ? File.ReadAllText(path).Split('\n') : [];
        if (lines is not [Head, ..])
        {
            return MakeAnew();
        }

        var entries = lines.Skip(1).Select(Parse).OfType<Entry>().ToList();
        if (entries.Count > 0 && MonthOf(entries[0].At) != month)
        {
            // Nothing asks for what is over.
            entries.RemoveAll(entry => MonthOf(entry.At) != month);
            Write(entries);
        }

        return entries;
    }

    private List<Entry> MakeAnew()
    {
        var entries = FromLogs();
        Write(entries);
        return entries;
    }

    private List<Entry> FromLogs()
    {
        var month = MonthOf(time.GetUtcNow());
        return [.. store.List().Where(session => MonthOf(session.LastActivity).CompareTo(month) >= 0)
            .SelectMany(session => session.ReadSpending().Select(spent => (spent, session.Name)))
            .Concat(store.SpentOutside().Select(spent => (spent, SessionStore.Outside)))
            .Where(one => one.spent.Counted > 0 && MonthOf(one.spent.At) == month).Select(one => EntryOf(one.spent, one.Item2))];
    }

    private SpendingSums Sum(List<Entry> entries, string session)
    {
        var (day, month, dayGuessed, monthGuessed, seen) = (0m, 0m, 0m, 0m, new HashSet<(string, long)>());
        var today = DayOf(time.GetUtcNow());
        foreach (var entry in entries.Where(entry => entry.IsSpent && seen.Add((entry.Session, entry.N))))
        {
            var (ofMonth, ofDay) = (MonthOf(entry.At) == MonthOf(time.GetUtcNow()) ? entry.Amount : 0, DayOf(entry.At) == today ? entry.Amount : 0);
            (month, day) = (month + ofMonth, day + ofDay);
            (monthGuessed, dayGuessed) = entry.Kind == Guessed ? (monthGuessed + ofMonth, dayGuessed + ofDay) : (monthGuessed, dayGuessed);
        }

        return new(day, month, StillSetAside(entries).Where(one => one.Key != session && one.Value.At > time.GetUtcNow() - s_setAsideFor).Sum(one => one.Value.Amount)) { DayEstimated = dayGuessed, MonthEstimated = monthGuessed };
    }

    private static Entry EntryOf(Spent spent, string session) => new(spent.Cost is null ? Guessed : Known, spent.At, session, spent.N, spent.Counted);

    private static Dictionary<string, Entry> StillSetAside(List<Entry> entries)
    {
        var open = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (entry.Kind == "set_aside")
            {
                open[entry.Session] = entry;
            }
            else if (entry.Kind == "free")
            {
                open.Remove(entry.Session);
            }
        }

        return open;
    }

    private void Append(params IReadOnlyList<Entry> entries)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        var text = new StringBuilder();
        if (file.Length > 0)
        {
            // A line that was broken off must not take the next one with it.
            file.Position = file.Length - 1;
            text.Append(file.ReadByte() == '\n' ? "" : "\n");
        }

        foreach (var entry in entries)
        {
            text.Append(Line(entry)).Append('\n');
        }

        file.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private void Write(List<Entry> entries) => PrivateFile.Replace(path, Encoding.UTF8.GetBytes(string.Concat(entries.Select(Line).Prepend(Head).Select(line => line + "\n"))));

    private static string Line(Entry entry)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $"{entry.Kind}\t{entry.At.UtcTicks}\t{entry.Session}\t{entry.N}\t{entry.Amount}");
        return $"{body}\t{Sum(body)}";
    }

    private static Entry? Parse(string line) =>
        line.LastIndexOf('\t') is > 0 and var end && line[(end + 1)..] == Sum(line[..end]) && line[..end].Split('\t') is [var kind, var ticks, var session, var n, var amount]
            ? new Entry(kind, new DateTimeOffset(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero), session, long.Parse(n, CultureInfo.InvariantCulture), decimal.Parse(amount, CultureInfo.InvariantCulture))
            : null;

    private static string Sum(string body) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(body)).AsSpan(0, 4));

    private DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).DateTime);

    private (int Year, int Month) MonthOf(DateTimeOffset at) => DayOf(at) is var day ? (day.Year, day.Month) : default;

    private sealed record Entry(string Kind, DateTimeOffset At, string Session, long N, decimal Amount)
    {
        public bool IsSpent => Kind is Known or Guessed;
    }
}
