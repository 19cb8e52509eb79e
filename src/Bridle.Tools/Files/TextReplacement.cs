using System.Text;
using Bridle.Messages;

namespace Bridle.Tools.Files;

/// <summary>Where a text stands in a file, and what the file becomes when it is replaced there.</summary>
internal sealed class TextReplacement
{
    private readonly string _text;
    private readonly List<(int Start, int End)> _places;
    private readonly string _replacement;
    private readonly bool _matchLineEnds;

    private TextReplacement(string text, List<(int Start, int End)> places, string replacement, bool matchLineEnds)
    {
        _text = text;
        _places = places;
        _replacement = replacement;
        _matchLineEnds = matchLineEnds;
    }

    /// <summary>How many places match, not counting overlaps.</summary>
    public int Count => _places.Count;

    /// <summary>
    /// Finds the places. A line feed in <paramref name="oldString"/> stands for whatever ends a line in the file, and the replacement
    /// takes on the line ends of the place it goes to. Strings that name a carriage return mean it, and are taken as they are.
    /// </summary>
    public static TextReplacement Make(FileText file, string oldString, string newString)
    {
        TextReplacement? first = null;
        foreach (var spell in file.Spellings())
        {
            if (spell(oldString) is not { } search)
            {
                continue;
            }

            var exact = oldString.Contains('\r') || newString.Contains('\r');
            var places = exact ? Find(file.Text, search) : FindAnyLineEnd(file.Text, search);
            if (places.Count == 0 && exact)
            {
                (places, exact) = (FindAnyLineEnd(file.Text, search.Replace("\r\n", "\n", StringComparison.Ordinal)), false);
            }

            if (places.Count > 0)
            {
                var replacement = spell(newString) ?? throw new ToolException(
                    "The file is not valid UTF-8 and was read as Latin-1, which has no way to write some characters of new_string. Use other characters, or convert the file with a command first.");
                return new TextReplacement(file.Text, places, exact ? replacement : replacement.Replace("\r\n", "\n", StringComparison.Ordinal), !exact);
            }

            first ??= new TextReplacement(file.Text, places, newString, false);
        }

        return first ?? new TextReplacement(file.Text, [], newString, false);
    }

    /// <summary>The text with every place replaced.</summary>
    public string Apply()
    {
        var result = new StringBuilder(_text.Length + (_places.Count * _replacement.Length));
        var position = 0;
        var fileEnd = _matchLineEnds ? LineEnd(_text) : "\n";
        foreach (var (start, end) in _places)
        {
            result.Append(_text, position, start - position);
            var lineEnd = _matchLineEnds && _text.AsSpan(start, end - start).Contains('\n') ? LineEnd(_text[start..end]) : fileEnd;
            result.Append(lineEnd == "\n" ? _replacement : _replacement.Replace("\n", lineEnd, StringComparison.Ordinal));
            position = end;
        }

        return result.Append(_text, position, _text.Length - position).ToString();
    }

    private static List<(int Start, int End)> Find(string text, string search)
    {
        var places = new List<(int, int)>();
        for (var at = text.IndexOf(search, StringComparison.Ordinal); at >= 0; at = text.IndexOf(search, at + search.Length, StringComparison.Ordinal))
        {
            places.Add((at, at + search.Length));
        }

        return places;
    }

    private static List<(int Start, int End)> FindAnyLineEnd(string text, string search)
    {
        if (!text.Contains("\r\n", StringComparison.Ordinal))
        {
            return Find(text, search);
        }

        var plain = new StringBuilder(text.Length);
        var origin = new List<int>(text.Length + 1);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\r' || i + 1 == text.Length || text[i + 1] != '\n')
            {
                // A line feed that came from a pair starts at its carriage return.
                origin.Add(text[i] == '\n' && i > 0 && text[i - 1] == '\r' ? i - 1 : i);
                plain.Append(text[i]);
            }
        }

        origin.Add(text.Length);
        return [.. Find(plain.ToString(), search).Select(place => (origin[place.Start], origin[place.End]))];
    }

    private static string LineEnd(string text)
    {
        var (pairs, feeds) = (0, 0);
        for (var at = text.IndexOf('\n'); at >= 0; at = text.IndexOf('\n', at + 1))
        {
            _ = at > 0 && text[at - 1] == '\r' ? pairs++ : feeds++;
        }

        return pairs > feeds ? "\r\n" : "\n";
    }
}
