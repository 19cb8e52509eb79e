using System.Text;
using System.Text.RegularExpressions;

namespace Bridle.Permissions;

/// <summary>Spellings of a command in a rule that look right and would speak of nothing, because commands are held against a rule word by word and without their quotes.</summary>
internal static class CommandSpelling
{
    private static readonly Regex s_second = new(@"^[\s,;]*(?<rule>[A-Za-z_*][A-Za-z0-9_*]*\(.*)$", RegexOptions.CultureInvariant | RegexOptions.Singleline);

    private static readonly Regex s_quoted = new(@"^(?:""(?<text>[^""]*)""|'(?<text>[^']*)')", RegexOptions.CultureInvariant);

    private static readonly string[] s_folders = ["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/", "/opt/homebrew/bin/", "/snap/bin/"];

    /// <summary>What is wrong where two rules stand in one text, or a sign that nobody sees; for every tool. Null where nothing is.</summary>
    public static string? ProblemOfAny(string tool, string specifier, bool tightens)
    {
        if (SecondRule(specifier) is { } second)
        {
            return $"two rules stand in one text. Write each as an entry of its own: '{tool}({specifier[..second.End].Trim()})' and '{second.Rule})'.";
        }

        return tightens && specifier.EnumerateRunes().Any(HiddenCharacters.IsNeverText)
            ? $"it holds a sign that nobody sees. Did you mean '{tool}({string.Concat(specifier.EnumerateRunes().Where(rune => !HiddenCharacters.IsNeverText(rune)).Select(rune => rune.ToString()))})'?" : null;
    }

    /// <summary>What is wrong with a command, with the form that was probably meant; null where it means something.</summary>
    public static string? Problem(string text, bool tightens)
    {
        if (text.StartsWith('!'))
        {
            return $"'!' turns no rule round. Did you mean 'Bash({text.TrimStart('!', ' ')})'? An exception from a rule that denies cannot be written; one from a rule that asks neither.";
        }

        if (s_quoted.Match(text) is { Success: true } quoted && quoted.Groups["text"].Value is var first && first.Any(char.IsWhiteSpace) && !first.Contains('/'))
        {
            return $"a rule names a command by its words, without quotes around several. Did you mean 'Bash({first}{text[quoted.Length..]})'?";
        }

        var end = text.AsSpan().IndexOfAny(" \t*");
        var program = (end < 0 ? text : text[..end]).TrimEnd(':');
        if (program.Contains(':') && !program.Contains('/') && !program.Contains("::", StringComparison.Ordinal))
        {
            return $"words are parted by blanks. Did you mean 'Bash({program.Replace(':', ' ')}{(end < 0 ? "" : text[program.Length..])})'?";
        }

        return tightens ? Narrow(text) : null;
    }

    /// <summary>The command of a rule that tightens: a program that is named in a folder of programs is meant wherever it is found.</summary>
    public static string WithBareName(string text) => s_folders.FirstOrDefault(folder => text.StartsWith(folder, StringComparison.Ordinal) && text.Length > folder.Length && (char.IsAsciiLetterOrDigit(text[folder.Length]) || text[folder.Length] is '[' or '_')) is { } place && !text[place.Length..].Split(' ', 2)[0].Contains('/')
        ? text[place.Length..] : text;

    // What an allow rule may well say word for word.
    private static string? Narrow(string text)
    {
        if (text is "*:*" or "**" or "* *")
        {
            return "every command is named by the tool alone. Did you mean 'Bash'?";
        }

        if (text.IndexOf(":*", StringComparison.Ordinal) is >= 0 and var at && at + 2 < text.Length)
        {
            var rest = text[(at + 2)..].Trim('*', ':', ' ');
            return $"':*' stands for what follows only at the end of a rule. Did you mean 'Bash({text[..at]}{(rest.Length == 0 ? ":*" : $" *{rest}*")})'?";
        }

        if (text.EndsWith(" **", StringComparison.Ordinal))
        {
            return $"'**' is for paths. Did you mean 'Bash({text[..^3]}:*)'?";
        }

        if (text.Contains('*') && Regex.IsMatch(text, @"(?:^|\s)(?:""[^""]*\*[^""]*""|'[^']*\*[^']*')(?:\s|$)"))
        {
            return $"a pattern is held against words without their quotes. Did you mean 'Bash({text.Replace("\"", "").Replace("'", "")})'?";
        }

        return text.EnumerateRunes().Any(rune => Rune.IsWhiteSpace(rune) && rune.Value is not (' ' or '\t' or '\n' or '\r'))
            ? $"it holds a blank that is none for a shell. Did you mean 'Bash({string.Concat(text.Select(sign => char.IsWhiteSpace(sign) ? ' ' : sign))})'?" : null;
    }

    // A parenthesis that closes what this text never opened, and a name with one behind it.
    private static (int End, string Rule)? SecondRule(string specifier)
    {
        var depth = 0;
        for (var i = 0; i < specifier.Length; i++)
        {
            depth += specifier[i] == '(' ? 1 : specifier[i] == ')' ? -1 : 0;
            if (depth < 0)
            {
                return s_second.Match(specifier[(i + 1)..]) is { Success: true } match ? (i, match.Groups["rule"].Value) : null;
            }
        }

        return null;
    }
}
