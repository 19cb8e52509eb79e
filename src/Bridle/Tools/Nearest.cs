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

    /// <summary>How many characters must be added, removed or replaced.</summary>
    public static int Distance(string left, string right)
    {
        if (left.Length > 200 || right.Length > 200)
        {
            return Math.Max(left.Length, right.Length);
        }

        var row = new int[right.Length + 1];
        for (var column = 0; column < row.Length; column++)
        {
            row[column] = column;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
