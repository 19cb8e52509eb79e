using System.Globalization;
using System.Text;

namespace Bridle.Memory;

/// <summary>
/// The head of a note: lines of <c>key: value</c> between two lines of dashes, the part of YAML that people write there (quoted and folded text, lists in either form). Reads whatever stands
/// there: what it does not know it keeps, and what it cannot read it says. It builds no tree, so no head can be too deep for it.
/// </summary>
internal sealed class NoteHead
{
    private const int MostLines = 200;

    private readonly List<(string Key, List<string> Lines)> _entries = [];

    /// <summary>Whether there is a head at all.</summary>
    public bool Exists { get; private init; }

    /// <summary>What is wrong with it, or null.</summary>
    public string? Problem { get; private init; }

    /// <summary>The text below it.</summary>
    public string Body { get; private init; } = "";

    /// <summary>The keys as they are written.</summary>
    public IEnumerable<string> Keys => _entries.Select(entry => entry.Key);

    /// <summary>Takes a text apart. Line ends are <c>\n</c>.</summary>
    public static NoteHead Split(string text)
    {
        if (text != "---" && !text.StartsWith("---\n", StringComparison.Ordinal))
        {
            return new() { Body = text };
        }

        var lines = text.Split('\n');
        var end = Array.FindIndex(lines, 1, line => line.TrimEnd() is "---" or "...");
        var problem = end < 0 ? "its head has no end" : end > MostLines ? $"its head is longer than {MostLines} lines" : null;

        // Without an end the head is as long as its lines look like one.
        var last = problem is null ? end : Array.FindIndex(lines, 1, line => !IsEntry(line) && !IsContinuation(line)) is var other && other < 0 ? lines.Length : Math.Min(other, MostLines);
        var head = new NoteHead { Exists = true, Problem = problem ?? Strange(lines[1..last]), Body = string.Join('\n', lines.Skip(problem is null ? end + 1 : last)) };
        foreach (var line in lines[1..last])
        {
            if (IsEntry(line))
            {
                head._entries.Add((line[..line.IndexOf(':')].Trim(), [line[(line.IndexOf(':') + 1)..].Trim()]));
            }
            else if (head._entries.Count > 0 && line.Trim().Length > 0 && IsContinuation(line))
            {
                head._entries[^1].Lines.Add(line.TrimEnd());
            }
        }

        return head;
    }

    /// <summary>The first value of one of these keys as one text; null when there is none.</summary>
    public string? Text(params ReadOnlySpan<string> keys) => Find(keys) is { } lines ? TextOf(lines) : null;

    /// <summary>The value of one of these keys as a list; empty when there is none.</summary>
    public IReadOnlyList<string> List(params ReadOnlySpan<string> keys)
    {
        if (Find(keys) is not { } lines)
        {
            return [];
        }

        IEnumerable<string> items = lines[0].StartsWith('[') ? Items(string.Join(' ', lines)[1..], ']') : lines[0].Length > 0 ? Items(lines[0], end: null) : lines.Skip(1).Select(line => line.Trim()).Where(line => line.StartsWith('-')).Select(line => line[1..]);
        return [.. items.Select(item => Scalar(item.Trim())).Where(item => item.Length > 0)];
    }

    // What stands between commas, up to the end where there is one; neither counts inside quotes, and a quote only where an item begins.
    private static List<string> Items(string flow, char? end)
    {
        var (items, item) = (new List<string>(), new StringBuilder());
        char? quote = null;
        for (var i = 0; i < flow.Length && (quote is not null || flow[i] != end); i++)
        {
            if (quote is null && flow[i] is ',')
            {
                items.Add(item.ToString());
                item.Clear();
                continue;
            }

            if (quote is null)
            {
                quote = flow[i] is '"' or '\'' && item.ToString().Trim().Length == 0 ? flow[i] : null;
            }
            else if (quote is '"' && flow[i] is '\\' && i + 1 < flow.Length)
            {
                item.Append(flow[i++]);
            }
            else if (quote is '\'' && flow[i] is '\'' && i + 1 < flow.Length && flow[i + 1] is '\'')
            {
                item.Append(flow[i++]);
            }
            else if (flow[i] == quote)
            {
                quote = null;
            }

            item.Append(flow[i]);
        }

        // A quote without its end is a letter like others.
        return quote is null ? [.. items, item.ToString()] : [.. (end is null ? flow : flow.TrimEnd().TrimEnd(end.Value)).Split(',')];
    }

    /// <summary>The value of a key as it is written, further lines included.</summary>
    public string Raw(string key) => string.Join('\n', _entries.First(entry => entry.Key == key).Lines);

    /// <summary>The value of one of these keys as a time; a date alone is the beginning of that day. Null when there is none or it is none.</summary>
    public DateTimeOffset? Time(params ReadOnlySpan<string> keys) =>
        DateTimeOffset.TryParse(Text(keys), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    /// <summary>A value as it can be written on one line and read back, by this and by any reader of YAML.</summary>
    public static string Quoted(string text)
    {
        var plain = text.Length > 0 && char.IsLetter(text[0]) && !text.EndsWith(' ') && !text.EndsWith(':') && !text.Contains(": ", StringComparison.Ordinal) && !text.Contains(" #", StringComparison.Ordinal)
            && text.All(letter => char.IsLetterOrDigit(letter) || " .,;:()/_'+=!?@$&*<>#-".Contains(letter)) && text is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off");
        return plain ? text : InQuotes(text);
    }

    /// <summary>An item of a list between brackets.</summary>
    public static string QuotedItem(string text) => text.Length > 0 && char.IsLetter(text[0]) && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.') ? text : InQuotes(text);

    private static string InQuotes(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            quoted.Append(letter switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                _ when char.IsControl(letter) || letter is '\u2028' or '\u2029' or '\u0085' or '\ufeff' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => letter.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    private static bool IsEntry(string line)
    {
        var colon = line.IndexOf(':');
        return colon > 0 && line[..colon].Trim() is { Length: > 0 } key && char.IsLetter(line[0]) && key.All(letter => char.IsLetterOrDigit(letter) || letter is '_' or '-' or '.')
            && (colon == line.Length - 1 || char.IsWhiteSpace(line[colon + 1]));
    }

    private static bool IsContinuation(string line) => line.Trim().Length == 0 || line.StartsWith(' ') || line.StartsWith('\t') || line.StartsWith('-') || line.StartsWith('#');

    private static string? Strange(string[] lines) => Array.Find(lines, line => !IsEntry(line) && !IsContinuation(line)) is { } strange
        ? $"a line of its head is no 'key: value': {(strange.Length > 60 ? strange[..60] + "…" : strange)}" : null;

    private List<string>? Find(ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (_entries.Find(entry => entry.Key.Equals(key, StringComparison.OrdinalIgnoreCase)) is { Lines: { } lines })
            {
                return lines;
            }
        }

        return null;
    }

    private static string TextOf(List<string> lines)
    {
        var more = lines.Skip(1).Select(line => line.Trim()).Where(line => !line.StartsWith('#'));
        return lines[0] is ">" or ">-" or ">+" ? string.Join(' ', more) : lines[0] is "|" or "|-" or "|+" ? string.Join('\n', more) : Scalar(string.Join(' ', more.Prepend(lines[0])));
    }

    private static string Scalar(string text)
    {
        text = text.Trim();
        if (text.Length > 1 && text[0] is '\'' && text[^1] is '\'')
        {
            return text[1..^1].Replace("''", "'", StringComparison.Ordinal);
        }

        if (text.Length > 1 && text[0] is '"' && text[^1] is '"')
        {
            return Unescaped(text[1..^1]);
        }

        return text.IndexOf(" #", StringComparison.Ordinal) is var comment and >= 0 ? text[..comment].TrimEnd() : text;
    }

    private static string Unescaped(string text)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }

            i++;
            if (text[i] is 'u' && i + 4 < text.Length && ushort.TryParse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                result.Append((char)code);
                i += 4;
            }
            else
            {
                result.Append(text[i] switch { 'n' => '\n', 't' => '\t', var letter => letter });
            }
        }

        return result.ToString();
    }
}
