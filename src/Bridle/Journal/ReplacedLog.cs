using System.Text;

namespace Bridle.Journal;

/// <summary>
/// Finds a log in which every sum is right and that is still not the one that was written here: another session's file, or an older copy of this one, put in its place. It is shown and
/// asked about as an edit from outside is.
/// </summary>
internal static class ReplacedLog
{
    // Of a whole other log a person wants to see that it is one, not every line of it.
    private const int MostShown = 5;

    // A few milliseconds.
    private const int MostCompared = 2_000;
    private const int MostBytesCompared = 2 * 1024 * 1024;

    /// <summary>What is to be asked about; empty when it is the log that was written here, or when the log has to be looked at for other reasons anyway.</summary>
    public static IReadOnlyList<LogEdit> In(LogInspection inspection, SessionSeal seal, Func<bool> isAsLeft, Func<SealVerdict> verify)
    {
        // A log that is shorter than what was sealed shows as records that were taken from its end.
        var isShort = inspection.Edits.Count > 0;
        if (inspection is not { IsNewer: false, IsPlainMessages: false, Damage.Count: 0, Lines.Count: > 0 } || (isShort && !IsWhole(inspection)))
        {
            return [];
        }

        var left = seal.Left;
        if (!isShort && (left is not null ? IsSame(left, inspection) : IsLong(inspection) && (seal.Count == 0 || isAsLeft())))
        {
            return [];
        }

        // A seal that is broken itself says nothing.
        var verdict = verify();
        if (left is null && (isShort ? verdict is { Changed.Count: 0 } or { IsSealBroken: true } : verdict.IsIntact || verdict.IsSealBroken))
        {
            return [];
        }

        return Compared(inspection, new Ours(left, verdict));
    }

    private static IReadOnlyList<LogEdit> Compared(LogInspection inspection, Ours ours)
    {
        var others = new List<long>();
        var firstUnknown = 0L;
        for (var n = 1L; n <= Math.Min(ours.Count, inspection.Lines.Count); n++)
        {
            var isOurs = ours.Has(n, inspection);
            firstUnknown = isOurs is null && firstUnknown == 0 ? n : firstUnknown;
            if (isOurs is false)
            {
                others.Add(n);
            }
        }

        var missing = ours.Count - inspection.Lines.Count;
        if (others.Count == 0 && missing > 0)
        {
            // An older copy of it: what came after that is gone.
            var gone = new List<LogEdit>();
            for (var n = inspection.Lines.Count + 1; n <= ours.Count; n++)
            {
                gone.Add(new(EditKind.Removed, 0, n, null));
            }

            return gone;
        }

        if (others.Count == 0 && missing == 0 && (inspection.TailBytes > 0 || inspection.NewlineMissing))
        {
            return [];
        }

        if (others.Count == 0 && missing == 0)
        {
            others.Add(firstUnknown > 0 ? firstUnknown : ours.Count);
        }

        var from = others is [var first, ..] ? first : ours.Count + 1;
        return
        [
            new(EditKind.Replaced, (int)from, ours.Count, Words(inspection)) { Lacks = others.Count + Math.Max(0, missing), Has = inspection.Lines.Count },
            .. others.Where(n => TextOf(inspection, n) is not null).Take(MostShown).ToList().ConvertAll(n => new LogEdit(EditKind.Text, (int)n, n, ShownText.Shorten(TextOf(inspection, n)!))),
        ];
    }

    // Of an ordinary log every record is compared; of a long one, which must open at once, only when its file is not as this installation left it.
    private static bool IsLong(LogInspection inspection) => inspection.Lines.Count > MostCompared || inspection.End > MostBytesCompared;

    private static bool IsWhole(LogInspection inspection)
    {
        for (var i = 0; i < inspection.Lines.Count; i++)
        {
            if (inspection.Lines[i].State is not LineState.Sound || inspection.Lines[i].N != i + 1)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsSame(LeftLog left, LogInspection inspection) =>
        inspection.TailBytes == 0 && !inspection.NewlineMissing && (inspection.Lines.Count, inspection.End, inspection.Crc) == (left.Records, left.Size, left.Crc);

    // How the log that stands there now ends.
    private static string? Words(LogInspection inspection)
    {
        for (var n = inspection.Lines.Count; n > 0; n--)
        {
            if (TextOf(inspection, n) is { } text)
            {
                return ShownText.Shorten(text);
            }
        }

        return null;
    }

    private static string? TextOf(LogInspection inspection, long n)
    {
        var line = inspection.Read(inspection.Lines[(int)n - 1]);
        return EditableText.IsIn(RecordLine.TypeOf(line)) && ShownText.Of(line) is { Length: > 0 } text ? text : null;
    }

    // The records that were written here, as far as anything is left to know them by: the tags of the seal, and the sums that whoever had the log open left of the rest.
    private sealed class Ours(LeftLog? left, SealVerdict verdict)
    {
        private readonly HashSet<long> _changed = verdict.IsSealBroken ? [] : [.. verdict.Changed];
        private readonly long _sealed = verdict.IsSealBroken ? 0 : verdict.Sealed;

        public long Count => Math.Max(left?.Records ?? 0, _sealed);

        // Whether a record of the log that stands there now is the one that was written; null where nobody knows.
        public bool? Has(long n, LogInspection inspection) =>
            n <= _sealed ? !_changed.Contains(n)
            : left?.SumOf(n) is { } sum ? inspection.Read(inspection.Lines[(int)n - 1]).AsSpan().IndexOf(Encoding.ASCII.GetBytes($"\"{sum}\"}}")) >= 0
            : null;
    }
}
