namespace Bridle.Tools.Files;

/// <summary>A run of lines that was replaced by another; positions are 0-based.</summary>
internal readonly record struct LineChange(int OldStart, int OldCount, int NewStart, int NewCount);

/// <summary>
/// The shortest edit script between two sequences (E. Myers, "An O(ND) Difference Algorithm", 1986). Both its memory and its
/// steps are bounded: sequences too different for the bounds are reported as one change, which is coarse but still correct.
/// </summary>
internal static class LineDiff
{
    private const int MostEdits = 1000;
    private const int MostSteps = 20_000_000;

    public static IReadOnlyList<LineChange> Between(ReadOnlySpan<int> before, ReadOnlySpan<int> after)
    {
        var prefix = before.CommonPrefixLength(after);
        var a = before[prefix..];
        var b = after[prefix..];
        while (a.Length > 0 && b.Length > 0 && a[^1] == b[^1])
        {
            a = a[..^1];
            b = b[..^1];
        }

        if (a.Length == 0 && b.Length == 0)
        {
            return [];
        }

        if (a.Length == 0 || b.Length == 0 || Search(a, b) is not { } trace)
        {
            return [new LineChange(prefix, a.Length, prefix, b.Length)];
        }

        return Backtrack(trace, a.Length, b.Length, prefix);
    }

    /// <summary>
    /// Goes forward by numbers of edits. The d-th array holds how far each diagonal got with d edits: index <c>k + d</c> for diagonal k.
    /// Null when the bounds were reached first.
    /// </summary>
    private static List<int[]>? Search(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        var trace = new List<int[]>();
        var steps = 0;
        var most = Math.Min(a.Length + b.Length, MostEdits);
        for (var d = 0; d <= most; d++)
        {
            var reach = new int[(2 * d) + 1];
            trace.Add(reach);
            for (var k = -d; k <= d; k += 2)
            {
                var x = d == 0 ? 0 : Step(trace[d - 1], d - 1, k).X;
                var y = x - k;
                while (x < a.Length && y < b.Length && a[x] == b[y])
                {
                    (x, y) = (x + 1, y + 1);
                    steps++;
                }

                reach[k + d] = x;
                if (x >= a.Length && y >= b.Length)
                {
                    return trace;
                }
            }

            if (steps > MostSteps)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>Where diagonal k starts after one more edit, and from which diagonal: an insertion comes from above, a deletion from the left.</summary>
    private static (int X, int From) Step(int[] reach, int d, int k)
    {
        var fromAbove = k + 1 <= d ? reach[k + 1 + d] : -1;
        var fromLeft = k - 1 >= -d ? reach[k - 1 + d] + 1 : -1;
        return fromLeft > fromAbove ? (fromLeft, k - 1) : (fromAbove, k + 1);
    }

    private static List<LineChange> Backtrack(List<int[]> trace, int oldLength, int newLength, int offset)
    {
        var changes = new List<LineChange>();
        var (x, y) = (oldLength, newLength);
        for (var d = trace.Count - 1; d > 0; d--)
        {
            var (startX, from) = Step(trace[d - 1], d - 1, x - y);
            var startY = startX - (x - y);
            var fromX = trace[d - 1][from + d - 1];
            var fromY = fromX - from;
            Join(changes, new LineChange(fromX + offset, startX - fromX, fromY + offset, startY - fromY));
            (x, y) = (fromX, fromY);
        }

        changes.Reverse();
        return changes;
    }

    /// <summary>Adds a change that lies before the last one added, as part of it when nothing equal stands between.</summary>
    private static void Join(List<LineChange> changes, LineChange change)
    {
        if (changes.Count > 0 && changes[^1] is var next && next.OldStart == change.OldStart + change.OldCount && next.NewStart == change.NewStart + change.NewCount)
        {
            changes[^1] = new LineChange(change.OldStart, change.OldCount + next.OldCount, change.NewStart, change.NewCount + next.NewCount);
        }
        else
        {
            changes.Add(change);
        }
    }
}
