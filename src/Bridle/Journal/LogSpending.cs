using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Journal;

/// <summary>Reads what a session spent from its log without opening it: only the records that speak of it are taken apart, no sum is checked, and a line that cannot be read is left out.</summary>
internal static class LogSpending
{
    public static SessionSpending Of(SessionSummary session, TimeZoneInfo zone) 
    {
        var (folder, all) = All(session.Path);
        return new(session.Name, folder, Sum(all, zone));
    }

    /// <summary>The folder in which it began, and everything that was spent, one after another.</summary>
    public static (string? Folder, IReadOnlyList<Spent> Spent) All(string path)
    {
        var (folder, all) = ((string?)null, new List<Spent>());
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var lines = new LogLines(file, 0, RandomAccess.GetLength(file));
            var fold = new SpendingFold();
            while (lines.Next())
            {
                if (Read(lines.Line.Span) is { } recorded)
                {
                    folder ??= (recorded.Event as SessionStarted)?.WorkingDirectory;
                    if (fold.Take(recorded) is { } spent)
                    {
                        all.Add(spent);
                    }
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What was read until then.
        }

        return (folder, all);
    }

    /// <summary>Adds up by day, model and agent.</summary>
    public static IReadOnlyList<SpendingRow> Sum(IEnumerable<Spent> all, TimeZoneInfo zone) =>
    [
        .. all.GroupBy(spent => (Day: DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(spent.At, zone).DateTime), spent.Model, spent.Agent))
            .OrderBy(group => group.Key.Day).ThenBy(group => group.Key.Model, StringComparer.Ordinal).ThenBy(group => group.Key.Agent, StringComparer.Ordinal)
            .Select(group => new SpendingRow(
                group.Key.Day, group.Key.Model, group.Key.Agent, group.Aggregate(Usage.None, (sum, spent) => sum + spent.Usage), group.Sum(spent => spent.Cost ?? 0m), group.LongCount(), group.LongCount(spent => spent.IsUnpriced)) { Guessed = group.Sum(spent => spent.Guess ?? 0m) }),
    ];

    private static Recorded? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return RecordHead.TryRead(line, out var head) && IsOfMoney(head.Type) ? RecordCodec.Decode(line) : null;
        }
        catch (Exception failure) when (failure is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsOfMoney(ReadOnlySpan<byte> type)
    {
        foreach (var known in SpendingFold.Types)
        {
            if (type.Length == known.Length && System.Text.Ascii.Equals(type, known))
            {
                return true;
            }
        }

        return false;
    }
}
