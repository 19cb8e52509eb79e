using System.Globalization;
using System.Text;

namespace Bridle.Permissions;

/// <summary>
/// A shell command as far as it can be read with certainty: one simple command made of plain words. Everything else is not simple, with the reason.
/// The words are exactly the argument vector that bash would make of the text.
/// </summary>
/// <param name="Text">The command as given.</param>
/// <param name="Words">The argument vector, or null when the text is more than plain words.</param>
/// <param name="NotSimple">Why it is not one simple command, or null when it is.</param>
internal sealed record ShellCommand(string Text, IReadOnlyList<string>? Words, string? NotSimple)
{
    public const int MaxLength = 10_000;

    /// <summary>Reads a command. Never throws.</summary>
    public static ShellCommand Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            return Refuse(text, $"it is longer than {MaxLength:N0} characters");
        }

        var trimmed = text.Trim(' ', '\t', '\n');
        if (HiddenIn(trimmed) is { } hidden)
        {
            return Refuse(text, hidden);
        }

        var words = new List<string>();
        if (new Lexer(trimmed).ReadWords(words) is { } reason)
        {
            return Refuse(text, reason);
        }

        return words.Count == 0 ? Refuse(text, "it is empty") : new ShellCommand(text, words, FirstWordProblem(words));
    }

    /// <summary>What in the text a person would not see as it is, or null.</summary>
    public static string? HiddenIn(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                if (IsHidden(CharUnicodeInfo.GetUnicodeCategory(text, i), char.ConvertToUtf32(text, i)))
                {
                    return "it holds invisible characters";
                }

                i++;
            }
            else if (text[i] is '\n' or '\r')
            {
                return "it has several lines";
            }
            else if (char.IsControl(text[i]) && text[i] != '\t')
            {
                return "it holds control characters";
            }
            else if (text[i] > 127 && (char.IsSurrogate(text[i]) || IsHidden(CharUnicodeInfo.GetUnicodeCategory(text[i]), text[i])))
            {
                return "it holds invisible characters";
            }
        }

        return null;
    }

    // Beside the categories: fillers and joiners that Unicode counts as letters or marks but that show nothing.
    private static bool IsHidden(UnicodeCategory category, int rune) =>
        category is UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate
        || rune is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x3164 or 0xFFA0 or 0xFFFD or 0x2800 or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0000 and <= 0xE0FFF);

    private static string? FirstWordProblem(List<string> words)
    {
        var first = words[0];
        return first switch
        {
            "" => "its program name is empty",
            ['%', ..] => "it names a job",
            _ when ShellWords.IsAssignment(first) => "it sets a variable",
            _ when ShellWords.Keywords.Contains(first) => $"'{first}' is shell syntax",
            _ when words.Count > 1 && ShellWords.RunsItsArguments(words) => $"'{first}' runs its arguments as a command",
            _ => null,
        };
    }

    private static ShellCommand Refuse(string text, string reason) => new(text, null, reason);

    private ref struct Lexer(string text)
    {
        private readonly StringBuilder _word = new();
        private int _at;
        private bool _inWord;

        // Returns the reason why the text is more than plain words, or null.
        public string? ReadWords(List<string> words)
        {
            for (; _at < text.Length; _at++)
            {
                if (text[_at] is ' ' or '\t')
                {
                    End(words);
                }
                else if (ReadOne(text[_at]) is { } reason)
                {
                    return reason;
                }
            }

            End(words);
            return null;
        }

        private string? ReadOne(char c)
        {
            switch (c)
            {
                case '\'':
                    return ReadSingleQuoted();
                case '"':
                    return ReadDoubleQuoted();
                case '\\':
                    if (++_at >= text.Length)
                    {
                        return "it ends in a backslash";
                    }

                    Add(text[_at]);
                    return null;
                case '|' or '&' or ';' or '(' or ')':
                    return $"it is more than one command ('{c}')";
                case '<' or '>':
                    return "it redirects";
                case '$' or '`':
                    return "it has an expansion";
                case '*' or '?' or '[' or '{' or '}':
                    return $"it has a pattern ('{c}')";
                case '!':
                    return "it has a '!'";
                case '#' when !_inWord:
                    return "it has a comment";
                case '~' when !_inWord || text[_at - 1] is '=' or ':':
                    return "it has a '~'";
                default:
                    Add(c);
                    return null;
            }
        }

        private string? ReadSingleQuoted()
        {
            var end = text.IndexOf('\'', _at + 1);
            if (end < 0)
            {
                return "a quote is not closed";
            }

            _word.Append(text, _at + 1, end - _at - 1);
            _inWord = true;
            _at = end;
            return null;
        }

        private string? ReadDoubleQuoted()
        {
            _inWord = true;
            while (++_at < text.Length)
            {
                switch (text[_at])
                {
                    case '"':
                        return null;
                    case '$' or '`':
                        return "it has an expansion";
                    case '\\' when _at + 1 < text.Length && text[_at + 1] is '$' or '`' or '"' or '\\':
                        _word.Append(text[++_at]);
                        break;
                    default:
                        _word.Append(text[_at]);
                        break;
                }
            }

            return "a quote is not closed";
        }

        private void Add(char c)
        {
            _word.Append(c);
            _inWord = true;
        }

        private void End(List<string> words)
        {
            if (_inWord)
            {
                words.Add(_word.ToString());
                _word.Clear();
                _inWord = false;
            }
        }
    }
}
