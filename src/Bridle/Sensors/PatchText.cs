using System.Globalization;

namespace Bridle.Sensors;

/// <summary>What a unified diff makes of one file.</summary>
/// <param name="File">The path that it names, without <c>a/</c> or <c>b/</c>.</param>
/// <param name="Hunks">Its hunks in their order.</param>
internal sealed record PatchedFile(string File, IReadOnlyList<Hunk> Hunks);

/// <summary>One hunk: the line where it begins, counted from 1, and its lines with their marks.</summary>
internal sealed record Hunk(int Start, IReadOnlyList<string> Lines);

/// <summary>Reads unified diffs and applies them to texts. A hunk must fit the very lines it names, at its place or at the only other place where they stand.</summary>
internal static class PatchText
{
    /// <summary>The files of a diff, or why it cannot be used.</summary>
    public static (IReadOnlyList<PatchedFile> Files, string? Problem) Parse(string diff, Func<string, bool> exists)
    {
        var lines = diff.ReplaceLineEndings("\n").Split('\n');
        var files = new List<PatchedFile>();
        for (var i = 0; i < lines.Length;)
        {
            if (!lines[i].StartsWith("--- ", StringComparison.Ordinal) || i + 1 >= lines.Length || !lines[i + 1].StartsWith("+++ ", StringComparison.Ordinal))
            {
                i++;
                continue;
            }

            var (before, after) = (NameOf(lines[i]), NameOf(lines[i + 1]));
            if (after is "/dev/null")
            {
                return ([], $"it removes {before}, which a fix does not do");
            }

            i += 2;
            var (hunks, problem) = Hunks(lines, ref i);
            if (problem is not null)
            {
                return ([], problem);
            }

            files.Add(new(Stripped(before is "/dev/null" ? after : before, after, exists), hunks));
        }

        return files.Count == 0 ? ([], "it is no unified diff") : (files, null);
    }

    /// <summary>The text with the hunks applied, or null when one does not fit.</summary>
    public static string? Apply(string text, IReadOnlyList<Hunk> hunks)
    {
        var lines = text.Length == 0 ? [] : text.ReplaceLineEndings("\n").Split('\n').ToList();
        var ends = lines is [.., ""];
        if (ends)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        var moved = 0;
        foreach (var hunk in hunks)
        {
            var old = hunk.Lines.Where(line => line[0] is ' ' or '-').Select(line => line[1..]).ToList();
            var made = hunk.Lines.Where(line => line[0] is ' ' or '+').Select(line => line[1..]).ToList();
            if (PlaceOf(lines, old, Math.Max(0, hunk.Start - 1) + moved) is not { } at)
            {
                return null;
            }

            lines.RemoveRange(at, old.Count);
            lines.InsertRange(at, made);
            moved += made.Count - old.Count;
        }

        return lines.Count == 0 ? "" : string.Join('\n', lines) + (ends || text.Length == 0 ? "\n" : "");
    }

    private static int? PlaceOf(List<string> lines, List<string> old, int wanted)
    {
        bool Fits(int at) => at >= 0 && at + old.Count <= lines.Count && !old.Where((line, i) => lines[at + i] != line).Any();
        if (Fits(wanted))
        {
            return wanted;
        }

        var elsewhere = old.Count == 0 ? [] : Enumerable.Range(0, Math.Max(0, lines.Count - old.Count + 1)).Where(Fits).Take(2).ToList();
        return elsewhere is [var only] ? only : null;
    }

    private static (IReadOnlyList<Hunk> Hunks, string? Problem) Hunks(string[] lines, ref int i)
    {
        var hunks = new List<Hunk>();
        while (i < lines.Length && lines[i].StartsWith("@@ -", StringComparison.Ordinal))
        {
            var head = lines[i++];
            if (Range(head, '-') is not var (start, removed) || Range(head, '+') is not var (_, added))
            {
                return ([], $"its line \"{head}\" says no places");
            }

            var taken = new List<string>();
            while (i < lines.Length && (removed > 0 || added > 0) && !(lines[i].Length == 0 && i == lines.Length - 1))
            {
                var line = lines[i].Length == 0 ? " " : lines[i];
                i++;
                (removed, added) = line[0] switch { ' ' => (removed - 1, added - 1), '-' => (removed - 1, added), '+' => (removed, added - 1), _ => (removed, added) };
                if (line[0] is ' ' or '-' or '+')
                {
                    taken.Add(line);
                }
                else if (line[0] is not '\\')
                {
                    return ([], $"a hunk ends early at \"{line}\"");
                }
            }

            if (removed != 0 || added != 0)
            {
                return ([], "a hunk has not as many lines as it says");
            }

            hunks.Add(new(start, taken));
        }

        return (hunks, null);
    }

    private static (int Start, int Count)? Range(string head, char mark)
    {
        var at = head.IndexOf($" {mark}", StringComparison.Ordinal);
        var end = at < 0 ? -1 : head.IndexOf(' ', at + 2);
        var parts = end < 0 ? [] : head[(at + 2)..end].Split(',');
        return parts.Length is 1 or 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? parts.Length is 1 ? (start, 1) : int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? (start, count) : null
            : null;
    }

    private static string NameOf(string line)
    {
        var name = line[4..];
        var tab = name.IndexOf('\t', StringComparison.Ordinal);
        return (tab < 0 ? name : name[..tab]).Trim();
    }

    // As the patch program has it: with the first folder stripped, or as it stands, whichever is there.
    private static string Stripped(string before, string after, Func<string, bool> exists)
    {
        string Cut(string name) => name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? name[(slash + 1)..] : name;
        var isMarked = before.StartsWith("a/", StringComparison.Ordinal) && after.StartsWith("b/", StringComparison.Ordinal);
        return exists(Cut(before)) && (isMarked || !exists(before)) ? Cut(before) : exists(before) || !after.StartsWith("b/", StringComparison.Ordinal) ? before : Cut(after);
    }
}
