using System.Text.RegularExpressions;

namespace Bridle.Tools.Files;

/// <summary>Says why a text may not have been found, so that the next try hits.</summary>
internal static partial class NotFoundHint
{
    private const int MostLines = 50_000;
    private const int MostShown = 200;

    public static string For(string text, string search)
    {
        var lines = text.Split('\n').Take(MostLines).Select(line => line.TrimEnd('\r')).ToArray();
        var wanted = search.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        if (wanted.All(line => line.Length == 0 || NumberedLine().IsMatch(line)))
        {
            return "It begins with line numbers as Read shows them; leave them out.";
        }

        return SameButForSpace(lines, wanted) is { } at
            ? $"Lines {at + 1}-{at + wanted.Length} are the same but for white space. Copy the text exactly as Read shows it."
            : Nearest(lines, wanted) is { } near
                ? $"The nearest line is {near + 1}: {Shorten(lines[near])}"
                : "Read the file again and copy the text exactly.";
    }

    private static int? SameButForSpace(string[] lines, string[] wanted)
    {
        var squeezed = lines.Select(Squeeze).ToArray();
        var search = wanted.Select(Squeeze).ToArray();
        if (search.All(line => line.Length == 0))
        {
            return null;
        }

        for (var start = 0; start + search.Length <= squeezed.Length; start++)
        {
            if (squeezed.AsSpan(start, search.Length).SequenceEqual(search))
            {
                return start;
            }
        }

        return null;
    }

    /// <summary>The line that shares most pairs of letters with the first line looked for that is not empty (Dice's measure), if at least half.</summary>
    private static int? Nearest(string[] lines, string[] wanted)
    {
        var first = Squeeze(wanted.FirstOrDefault(line => !string.IsNullOrWhiteSpace(line)) ?? "");
        var pairs = Pairs(first);
        if (pairs.Count == 0)
        {
            return null;
        }

        var (best, index) = (0.5, -1);
        for (var i = 0; i < lines.Length; i++)
        {
            var other = Pairs(Squeeze(lines[i]));
            var common = other.Count(pairs.Contains);
            var score = 2.0 * common / (pairs.Count + other.Count);
            if (score > best)
            {
                (best, index) = (score, i);
            }
        }

        return index < 0 ? null : index;
    }

    private static HashSet<int> Pairs(string line)
    {
        var pairs = new HashSet<int>();
        for (var i = 0; i + 1 < line.Length && i < 1000; i++)
        {
            pairs.Add((line[i] << 16) | line[i + 1]);
        }

        return pairs;
    }

    private static string Squeeze(string line) => string.Concat(line.Where(c => !char.IsWhiteSpace(c)));

    private static string Shorten(string line) => line.Length <= MostShown ? line : line[..MostShown] + "…";

    [GeneratedRegex(@"^\s*\d+\t")]
    private static partial Regex NumberedLine();
}
