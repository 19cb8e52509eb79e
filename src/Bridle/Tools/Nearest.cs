namespace Bridle.Tools;

/// <summary>Finds the name that was probably meant.</summary>
internal static class Nearest
{
    /// <summary>
    /// The known name closest to what was written, or null when none is close: at most a third of the longer name may differ,
    /// or one name contains the other (as <c>file</c> and <c>file_path</c>).
    /// </summary>
    public static string? Of(string written, IEnumerable<string> known)
    {
        string? best = null, holding = null;
        var least = int.MaxValue;
        foreach (var name in known)
        {
            var distance = Distance(written.ToLowerInvariant(), name.ToLowerInvariant());
            if (distance < least && distance * 3 <= Math.Max(written.Length, name.Length))
            {
                (best, least) = (name, distance);
            }

            if (written.Length >= 3 && name.Length >= 3
                && (name.Contains(written, StringComparison.OrdinalIgnoreCase) || written.Contains(name, StringComparison.OrdinalIgnoreCase)))
            {
                holding ??= name;
            }
        }

        return best ?? holding;
    }

    /// <summary>How many characters must be added, removed, replaced or swapped with their neighbour.</summary>
    public static int Distance(string left, string right)
    {
        if (left.Length > 200 || right.Length > 200)
        {
            return Math.Max(left.Length, right.Length);
        }

        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                rows[i, j] = i == 0 ? j : j == 0 ? i : Cheapest(rows, left, right, i, j);
            }
        }

        return rows[left.Length, right.Length];
    }

    private static int Cheapest(int[,] rows, string left, string right, int i, int j)
    {
        var cheapest = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1));
        return i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] ? Math.Min(cheapest, rows[i - 2, j - 2] + 1) : cheapest;
    }
}
