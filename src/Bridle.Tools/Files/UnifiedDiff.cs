using System.Text;

namespace Bridle.Tools.Files;

/// <summary>A change of one file in the unified format that <c>patch</c> and <c>git apply</c> read. The text is empty when nothing changed.</summary>
/// <param name="Text">The diff with three lines of context.</param>
/// <param name="Added">How many lines were added.</param>
/// <param name="Removed">How many lines were removed.</param>
internal sealed record UnifiedDiff(string Text, int Added, int Removed)
{
    private const int Context = 3;
    private const int MostShownChanges = 40;
    private const int MostShownCharacters = 3_000;
    private const int MostShownOfLine = 400;

    /// <summary>As much of it as a model is told: its beginning, with what is left out counted.</summary>
    public string Short()
    {
        var (shown, changes) = (new StringBuilder(), 0);
        foreach (var (number, line) in Text.TrimEnd('\n').Split('\n').Index())
        {
            var isChange = number > 1 && line is ['+' or '-', ..];
            var cut = line.Length > MostShownOfLine ? $"{line[..MostShownOfLine]}…" : line;
            if ((isChange && changes == MostShownChanges) || shown.Length + cut.Length > MostShownCharacters)
            {
                return shown.Append($"\n[… {Added + Removed - changes} more changed lines]").ToString();
            }

            changes += isChange ? 1 : 0;
            shown.Append(number is 0 ? "" : "\n").Append(cut);
        }

        return shown.ToString();
    }

    /// <summary>The change from one text to another. <paramref name="before"/> is null for a file that did not exist.</summary>
    /// <param name="path">How the file is named in the diff; a leading slash is dropped.</param>
    public static UnifiedDiff Between(string? before, string after, string path)
    {
        var (oldLines, newLines) = (Lines(before ?? ""), Lines(after));
        var (oldIds, newIds) = Number(oldLines, newLines);
        var changes = LineDiff.Between(oldIds, newIds);
        if (changes.Count == 0)
        {
            return new UnifiedDiff("", 0, 0);
        }

        var text = new StringBuilder();
        text.Append("--- ").Append(before is null ? "/dev/null" : Name("a/", path)).Append('\n');
        text.Append("+++ ").Append(Name("b/", path)).Append('\n');
        for (var first = 0; first < changes.Count;)
        {
            var last = first;
            while (last + 1 < changes.Count && changes[last + 1].OldStart - (changes[last].OldStart + changes[last].OldCount) <= 2 * Context)
            {
                last++;
            }

            AppendHunk(text, oldLines, newLines, changes, first, last);
            first = last + 1;
        }

        return new UnifiedDiff(text.ToString(), changes.Sum(change => change.NewCount), changes.Sum(change => change.OldCount));
    }

    private static void AppendHunk(StringBuilder text, List<string> oldLines, List<string> newLines, IReadOnlyList<LineChange> changes, int first, int last)
    {
        var before = Math.Min(Context, changes[first].OldStart);
        var oldEnd = changes[last].OldStart + changes[last].OldCount;
        var after = Math.Min(Context, oldLines.Count - oldEnd);
        var oldStart = changes[first].OldStart - before;
        var newStart = changes[first].NewStart - before;
        var oldCount = oldEnd + after - oldStart;
        var newCount = changes[last].NewStart + changes[last].NewCount + after - newStart;
        text.Append("@@ -").Append(Range(oldStart, oldCount)).Append(" +").Append(Range(newStart, newCount)).Append(" @@\n");

        var position = oldStart;
        for (var i = first; i <= last; i++)
        {
            AppendLines(text, ' ', oldLines, position, changes[i].OldStart);
            AppendLines(text, '-', oldLines, changes[i].OldStart, changes[i].OldStart + changes[i].OldCount);
            AppendLines(text, '+', newLines, changes[i].NewStart, changes[i].NewStart + changes[i].NewCount);
            position = changes[i].OldStart + changes[i].OldCount;
        }

        AppendLines(text, ' ', oldLines, position, oldEnd + after);
    }

    private static void AppendLines(StringBuilder text, char mark, List<string> lines, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            text.Append(mark).Append(lines[i]);
            if (!lines[i].EndsWith('\n'))
            {
                text.Append("\n\\ No newline at end of file\n");
            }
        }
    }

    private static string Range(int start, int count) => count switch
    {
        0 => $"{start},0",
        1 => $"{start + 1}",
        _ => $"{start + 1},{count}",
    };

    /// <summary>Lines with their ends, split at line feeds only, as patch tools do.</summary>
    private static List<string> Lines(string text)
    {
        var lines = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[start..end]);
            start = end;
        }

        return lines;
    }

    private static (int[] Old, int[] New) Number(List<string> oldLines, List<string> newLines)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        int Id(string line)
        {
            if (!ids.TryGetValue(line, out var id))
            {
                ids[line] = id = ids.Count;
            }

            return id;
        }

        return ([.. oldLines.Select(Id)], [.. newLines.Select(Id)]);
    }

    /// <summary>Names with control characters, quotes or backslashes are quoted as git does; a name with a space is ended by a tab.</summary>
    private static string Name(string prefix, string path)
    {
        var name = prefix + path.TrimStart('/');
        if (!name.Any(c => c is '"' or '\\' || char.IsControl(c)))
        {
            return name.Contains(' ') ? name + "\t" : name;
        }

        var quoted = new StringBuilder("\"");
        foreach (var c in name)
        {
            quoted.Append(c switch
            {
                '"' or '\\' => $"\\{c}",
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                _ when c < 0x80 && char.IsControl(c) => $"\\{Convert.ToString(c, 8).PadLeft(3, '0')}",
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}
