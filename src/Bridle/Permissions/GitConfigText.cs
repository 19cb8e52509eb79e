using System.Text;

namespace Bridle.Permissions;

/// <summary>Reads the text of a file of git's settings as git does. What git refuses to read is told, so that nobody takes it for nothing.</summary>
internal static class GitConfigText
{
    /// <summary>The settings in their order, their names as <c>section.name</c> in small letters; a value is null where the name stands alone, which means yes. Null for a text that git refuses.</summary>
    public static IReadOnlyList<(string Name, string? Value)>? Read(string text)
    {
        var (found, section, at) = (new List<(string, string?)>(), "", 0);
        text = text.TrimStart('\ufeff').Replace("\r\n", "\n", StringComparison.Ordinal);
        while (at < text.Length)
        {
            var letter = text[at];
            if (char.IsWhiteSpace(letter))
            {
                at++;
            }
            else if (letter is '#' or ';')
            {
                at = EndOfLine(text, at);
            }
            else if (letter is '[')
            {
                if (Section(text, ref at) is not { } name)
                {
                    return null;
                }

                section = name;
            }
            else if (!char.IsAsciiLetter(letter) || section.Length is 0 || Setting(text, ref at) is not var (key, value))
            {
                return null;
            }
            else
            {
                found.Add(($"{section}.{key}", value));
            }
        }

        return found;
    }

    // [log], [diff "driver"] or the older [diff.driver].
    private static string? Section(string text, ref int at)
    {
        var end = at + 1;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '-' or '.'))
        {
            end++;
        }

        var name = text[(at + 1)..end].ToLowerInvariant();
        if (end < text.Length && text[end] is ']')
        {
            at = end + 1;
            return name;
        }

        while (end < text.Length && text[end] is ' ' or '\t')
        {
            end++;
        }

        if (end >= text.Length || text[end] is not '"')
        {
            return null;
        }

        var below = new StringBuilder();
        for (end++; end < text.Length && text[end] is not ('"' or '\n'); end++)
        {
            end += text[end] is '\\' ? 1 : 0;
            below.Append(end < text.Length ? text[end] : '"');
        }

        if (end + 1 >= text.Length || text[end] is not '"' || text[end + 1] is not ']')
        {
            return null;
        }

        at = end + 2;
        return $"{name}.{below.ToString().ToLowerInvariant()}";
    }

    private static (string Key, string? Value)? Setting(string text, ref int at)
    {
        var end = at;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '-'))
        {
            end++;
        }

        var key = text[at..end].ToLowerInvariant();
        while (end < text.Length && text[end] is ' ' or '\t')
        {
            end++;
        }

        if (end >= text.Length || text[end] is '\n' or '#' or ';')
        {
            at = EndOfLine(text, end);
            return (key, null);
        }

        if (text[end] is not '=')
        {
            return null;
        }

        at = end + 1;
        return Value(text, ref at) is { } value ? (key, value) : null;
    }

    private static string? Value(string text, ref int at)
    {
        var (value, quoted, kept) = (new StringBuilder(), false, 0);
        for (; at < text.Length && text[at] is not '\n'; at++)
        {
            if (text[at] is '"')
            {
                quoted = !quoted;
                kept = value.Length;
            }
            else if (!quoted && text[at] is '#' or ';')
            {
                at = EndOfLine(text, at) - 1;
            }
            else if (text[at] is '\\')
            {
                if (++at >= text.Length || "\n\"\\tnb".IndexOf(text[at]) is not (>= 0 and var which))
                {
                    return null;
                }

                value.Append(which is 0 ? "" : "\"\\\t\n\b"[which - 1]);
                kept = value.Length;
            }
            else if (quoted || !char.IsWhiteSpace(text[at]) || value.Length > 0)
            {
                value.Append(text[at]);
                kept = quoted || !char.IsWhiteSpace(text[at]) ? value.Length : kept;
            }
        }

        return quoted ? null : value.ToString(0, kept);
    }

    private static int EndOfLine(string text, int at) => text.IndexOf('\n', at) is >= 0 and var end ? end : text.Length;
}
