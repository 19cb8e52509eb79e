using System.Text;
using System.Text.RegularExpressions;
using Bridle.Messages;

namespace Bridle.Tools.Search;

/// <summary>
/// A regular expression in the two spellings that the two engines take. Both are linear in time: look-around and back references are
/// refused by either. Known difference: set operations inside brackets (<c>[a-z&amp;&amp;[^b]]</c>) and script names (<c>\p{Greek}</c>)
/// are ripgrep's alone, as is a repetition of a repetition (<c>a**</c>), and without it are an error or match otherwise. A long s
/// (<c>ſ</c>) is an s with the case ignored to ripgrep alone.
/// </summary>
/// <param name="ForRipgrep">As Rust's regex crate reads it.</param>
/// <param name="ForDotNet">As .NET reads it.</param>
/// <param name="IgnoreCase">Whether case matters not.</param>
internal sealed record SearchPattern(string ForRipgrep, string ForDotNet, bool IgnoreCase)
{
    /// <summary>What means something to ripgrep's engine, so that it keeps its backslash; before any other sign the backslash is dropped.</summary>
    private const string Signs = @"\.+*?()|[]{}^$#&-~";

    /// <summary>The letters behind a backslash that mean the same to both engines; others one of them lacks or reads otherwise.</summary>
    private const string Letters = "aAbBdDfpPsStuUvwWxz";

    /// <summary>To .NET a character beyond the first 65,536 is two: what fits "any other" must take both or neither.</summary>
    private const string Halves = @"\uD800-\uDFFF";
    private const string Pair = @"[\uD800-\uDBFF][\uDC00-\uDFFF]";

    private static readonly Dictionary<string, string> s_posix = new()
    {
        ["alnum"] = "0-9A-Za-z", ["alpha"] = "A-Za-z", ["ascii"] = @"\x00-\x7F", ["blank"] = @"\t ", ["cntrl"] = @"\x00-\x1F\x7F", ["digit"] = "0-9",
        ["graph"] = "!-~", ["lower"] = "a-z", ["print"] = " -~", ["punct"] = @"!-/:-@\[-`{-~", ["space"] = @"\t\n\v\f\r ", ["upper"] = "A-Z", ["word"] = "0-9A-Za-z_", ["xdigit"] = "0-9A-Fa-f",
    };

    /// <summary>
    /// Reads what a model wrote. Forgives what is clear: a brace that repeats nothing is itself, needless backslashes are dropped,
    /// <c>\&lt;</c> and <c>\&gt;</c> are word boundaries. Throws <see cref="ToolException"/> for a pattern over several lines.
    /// </summary>
    public static SearchPattern Parse(string pattern, bool ignoreCase)
    {
        var (rust, dotnet) = (new StringBuilder(), new StringBuilder());
        void Both(ReadOnlySpan<char> text)
        {
            rust.Append(text);
            dotnet.Append(text);
        }

        for (var i = 0; i < pattern.Length; i++)
        {
            var rest = pattern.AsSpan(i);
            switch (pattern[i])
            {
                case '\n' or '\r':
                    throw LineBreak();
                case '\\':
                    i += Escape(rest, rust, dotnet, inBrackets: false);
                    break;
                case '[':
                    i += Class(rest, rust, dotnet) - 1;
                    break;
                case '(' when rest.StartsWith("(?P<") || (rest.StartsWith("(?<") && rest is not [_, _, _, '=' or '!', ..]):
                    rust.Append("(?P<");
                    dotnet.Append("(?<");
                    i += rest.StartsWith("(?P<") ? 3 : 2;
                    break;
                case '{' when i == 0 || !IsRepetition(rest):
                    Both("\\{");
                    break;
                case '{':
                    var length = rest.IndexOf('}') + 1;
                    Both(rest[..length]);
                    i += length - 1;
                    break;
                case '}':
                    Both("\\}");
                    break;
                case '.':
                    rust.Append('.');
                    dotnet.Append(AnyBut(@"\n"));
                    break;
                case var half when char.IsHighSurrogate(half) && rest.Length > 1:
                    rust.Append(rest[..2]);
                    dotnet.Append($"(?:{rest[..2]})");
                    i++;
                    break;
                default:
                    Both(rest[..1]);
                    break;
            }
        }

        return new SearchPattern(rust.ToString(), dotnet.ToString(), ignoreCase);
    }

    /// <summary>
    /// Whether it is made of ASCII that stands for itself, so that it fits the same lines whatever else they hold and however that is
    /// stored. Any other pattern costs ripgrep a slower search. With the case ignored, k and s have a form beyond ASCII.
    /// </summary>
    public bool IsPlainAscii { get; } =
        ForRipgrep.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0
        && !ForRipgrep.AsSpan().ContainsAny(IgnoreCase ? ".[kKsS" : ".[")
        && !ForRipgrep.Contains("(?", StringComparison.Ordinal)
        && !ForRipgrep.Zip(ForRipgrep.Skip(1)).Any(pair => pair.First == '\\' && char.IsAsciiLetterOrDigit(pair.Second));

    /// <summary>For the engine without ripgrep. Throws <see cref="ToolException"/> when it is no valid pattern.</summary>
    public Regex Compile()
    {
        try
        {
            return new Regex(ForDotNet, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (IgnoreCase ? RegexOptions.IgnoreCase : RegexOptions.None));
        }
        catch (ArgumentException mistake)
        {
            throw Invalid(mistake.Message);
        }
        catch (NotSupportedException)
        {
            throw Invalid("look-around and backreferences are not supported, or it is too large");
        }
    }

    /// <summary>The error for a pattern that an engine refused.</summary>
    public static ToolException Invalid(string reason) => new($"Invalid regular expression: {reason.Trim()}");

    private static string AnyBut(string members) => $"(?:[^{members}{Halves}]|{Pair})";

    private static ToolException LineBreak() => new("A pattern matches within one line; it cannot hold a line break. Search for one of the lines, with context.");

    private static bool IsRepetition(ReadOnlySpan<char> text)
    {
        var end = text.IndexOf('}');
        if (end < 2)
        {
            return false;
        }

        var inside = text[1..end];
        var comma = inside.IndexOf(',');
        var first = comma < 0 ? inside : inside[..comma];
        var second = comma < 0 ? [] : inside[(comma + 1)..];
        return !first.IsEmpty && !first.ContainsAnyExceptInRange('0', '9') && !second.ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>Writes an escape; gives how many characters beyond the backslash were taken.</summary>
    private static int Escape(ReadOnlySpan<char> rest, StringBuilder rust, StringBuilder dotnet, bool inBrackets)
    {
        if (rest.Length is 1)
        {
            throw Invalid("it ends in a backslash with nothing behind it; \\\\ stands for a backslash");
        }

        var letter = rest[1];
        if (letter is 'n' or 'r' or '\n' or '\r')
        {
            throw LineBreak();
        }

        if (char.IsAsciiDigit(letter) || (char.IsAsciiLetter(letter) && !Letters.Contains(letter)) || (inBrackets && letter is 'A' or 'b' or 'B' or 'z'))
        {
            throw Invalid($"\\{letter} is not supported{(char.IsAsciiDigit(letter) ? ": there are no backreferences" : inBrackets ? " inside brackets" : "")}");
        }

        if (letter is 'x' or 'u' or 'U' && rest.Length > 3 && rest[2] == '{' && rest.IndexOf('}') is > 3 and < 11 and var end
            && int.TryParse(rest[3..end], System.Globalization.NumberStyles.HexNumber, null, out var code) && Rune.IsValid(code))
        {
            rust.Append(rest[..(end + 1)]);
            dotnet.Append(Regex.Escape(new Rune(code).ToString()));
            return end;
        }

        if (letter is 'p' or 'P' && rest.Length > 2 && rest[2] == '{' && rest.IndexOf('}') is > 0 and var close)
        {
            rust.Append(rest[..(close + 1)]);
            dotnet.Append(letter is 'P' && !inBrackets ? AnyBut($@"\p{rest[2..(close + 1)]}") : rest[..(close + 1)]);
            return close;
        }

        if (letter is 'p' or 'P' && rest.Length > 2 && char.IsAsciiLetter(rest[2]))
        {
            rust.Append($"\\{letter}{{{rest[2]}}}");
            dotnet.Append(letter is 'P' && !inBrackets ? AnyBut($@"\p{{{rest[2]}}}") : $"\\{letter}{{{rest[2]}}}");
            return 2;
        }

        var text = letter switch
        {
            ' ' => @"\x20",
            'A' => "^",
            'z' => "$",
            '<' or '>' when !inBrackets => @"\b",
            _ when char.IsAsciiLetter(letter) || Signs.Contains(letter) => rest[..2].ToString(),
            _ => letter.ToString(),
        };
        rust.Append(text);
        dotnet.Append(letter is 'D' or 'S' or 'W' && !inBrackets ? AnyBut($@"\{char.ToLowerInvariant(letter)}") : text);
        return 1;
    }

    /// <summary>Writes a bracket class; gives its length. An opening bracket inside is itself unless it begins a POSIX name or a set operation is used.</summary>
    private static int Class(ReadOnlySpan<char> rest, StringBuilder rust, StringBuilder dotnet)
    {
        var i = rest.Length > 1 && rest[1] == '^' ? 2 : 1;
        var isNegated = i is 2;
        rust.Append(rest[..i]);
        dotnet.Append(isNegated ? "(?:[^" : "[");
        var first = true;
        for (; i < rest.Length; first = false)
        {
            var at = rest[i..];
            if (at[0] == ']' && !first)
            {
                rust.Append(']');
                dotnet.Append(isNegated ? $"{Halves}]|{Pair})" : "]");
                return i + 1;
            }

            if (at.StartsWith("[:") && at.IndexOf(":]") is > 0 and var end && s_posix.TryGetValue(at[2..end].ToString(), out var members))
            {
                rust.Append(at[..(end + 2)]);
                dotnet.Append(members);
                i += end + 2;
            }
            else if (at[0] == '\\')
            {
                i += 1 + Escape(at, rust, dotnet, inBrackets: true);
            }
            else
            {
                var text = at[0] == '[' && !rest.Contains("&&", StringComparison.Ordinal) ? "\\[" : at[0] == ']' ? "\\]" : at[..1].ToString();
                rust.Append(text);
                dotnet.Append(text);
                i++;
            }
        }

        return rest.Length;
    }
}
