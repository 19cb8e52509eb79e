namespace Bridle.Permissions;

/// <summary>Spellings of a path in a rule that look right and would match nothing: what is written for a shell, for another tool, or for a path that only a disk could tell.</summary>
internal static class PathSpelling
{
    /// <summary>What is wrong, with the form that was probably meant; null where the pattern means something.</summary>
    /// <param name="tool">The tool as the rule names it.</param>
    /// <param name="text">What stands between the parentheses.</param>
    /// <param name="tightens">Whether the rule denies or asks.</param>
    public static string? Problem(string tool, string text, bool tightens) => text switch
    {
        ['\'' or '`', ..] => Quoted(tool, text),
        _ when HasPlain(text, '"') => Quoted(tool, text),
        ['!', ..] => $"'!' turns no rule round. Write an allow rule for the exception, or '{tool}(\\{text})' for a file of that name.",
        _ when Scheme(text) is { } scheme => $"a path is no address.{(scheme is "file" ? $" Did you mean '{tool}(/{text[7..]})'?" : "")}",
        _ when PathPattern.Split(text).FirstOrDefault(IsVariable) is { } variable => Unset(tool, text, variable),
        ['~', not '/', ..] when UserOf(text) is { } user => $"the home of another person is not looked up. Write '{tool}(//home/{user[1..]}{text[user.Length..]})', or '{tool}(\\{text})' for a file of that name.",
        _ when PathPattern.Split(text).Any(HasAlternatives) => $"braces name no alternatives here. Write a rule for each, such as '{tool}(A)|{tool}(B)'.",
        _ when EscapesLetter(text) => $"a backslash makes a sign stand for itself and parts no names. Did you mean '{tool}({text.Replace('\\', '/')})'?",
        _ => Climbing(tool, text, tightens),
    };

    /// <summary>Whether the name stands for more than one.</summary>
    public static bool IsWild(string name) => name.AsSpan().IndexOfAny("*?[") >= 0;

    private static string Quoted(string tool, string text) => $"a path is written without quotes. Did you mean '{tool}({text.Trim('"', '\'', '`')})'?";

    private static string Unset(string tool, string text, string variable) =>
        $"'{variable}' is not replaced in a rule. Did you mean '{tool}({(text.StartsWith(variable, StringComparison.Ordinal) && variable.Trim('$', '{', '}') is "HOME" ? $"~{text[variable.Length..]}" : text.Replace(variable, $"\\{variable}", StringComparison.Ordinal))})'?";

    private static string? Climbing(string tool, string text, bool tightens)
    {
        var names = PathPattern.Split(text).Where(name => name != ".").ToList();
        if (!names.Contains(".."))
        {
            return null;
        }

        if (!tightens)
        {
            return $"an allow rule does not climb with '..'. Write the path from its beginning: '{tool}(//…)' from the root of the machine, '{tool}(~/…)' from your home.";
        }

        var kept = new List<string>();
        foreach (var name in names)
        {
            if (name != "..")
            {
                kept.Add(name);
            }
            else if (kept is [.., var last])
            {
                if (IsWild(last))
                {
                    return $"where '..' leads behind '{last}' nobody can say. Write the path that you mean.";
                }

                kept.RemoveAt(kept.Count - 1);
            }
        }

        return null;
    }

    // $HOME and ${anything}; a small letter begins names that files really have ($slug.tsx, $id).
    private static bool IsVariable(string name) => (name.StartsWith("${", StringComparison.Ordinal) && name.EndsWith('}'))
        || (name is ['$', (>= 'A' and <= 'Z') or '_', ..] && name.AsSpan(1).IndexOfAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") < 0);

    private static string? Scheme(string text)
    {
        var at = text.IndexOf("://", StringComparison.Ordinal);
        return at > 0 && char.IsAsciiLetter(text[0]) && text[..at].All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.') ? text[..at].ToLowerInvariant() : null;
    }

    private static string? UserOf(string text)
    {
        var end = text.IndexOf('/');
        var user = end < 0 ? text : text[..end];
        return end > 0 && user.Skip(1).All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? user : null;
    }

    private static bool HasAlternatives(string name)
    {
        var inside = false;
        for (var i = 0; i < name.Length; i++)
        {
            switch (name[i])
            {
                case '\\':
                    i++;
                    break;
                case '{' or '}':
                    inside = name[i] == '{';
                    break;
                case ',' when inside && name.IndexOf('}', i) > 0:
                    return true;
            }
        }

        return false;
    }

    private static bool HasPlain(string text, char sought)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == sought)
            {
                return true;
            }

            i += text[i] == '\\' ? 1 : 0;
        }

        return false;
    }

    private static bool EscapesLetter(string text)
    {
        for (var i = 0; i + 1 < text.Length; i++)
        {
            if (text[i] == '\\' && char.IsAsciiLetterOrDigit(text[++i]))
            {
                return true;
            }
        }

        return false;
    }
}
