using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>Recognises sed scripts that only edit the stream: addresses, printing, deleting and plain substitutions.</summary>
internal static class SedScript
{
    /// <summary>Why the scripts of a sed command may write or run something, or null; those that stand in the first <paramref name="named"/> words are not looked at.</summary>
    public static string? ProblemIn(IReadOnlyList<string> words, int named)
    {
        var table = ProgramOptions.TableOf("sed")!;
        var scripts = table.ValuesOf(words, 'e', "expression");
        var operands = table.Operands(words);

        // BSD's -l takes no value: what GNU's takes for a length is the script there.
        if (table.ValuesOf(words, 'l', "line-length").FirstOrDefault(length => !length.All(char.IsAsciiDigit) && !ProgramOptions.IsNamed(length, words, named)) is { } odd)
        {
            return $"'{odd}' is no line length";
        }

        // A long option's separate value counts as an operand too: every word that may be a script must be a harmless one.
        var expressed = scripts.Count > 0;
        var first = expressed ? [] : operands.Take(1);
        var all = scripts.Concat(first);
        if (named > 1)
        {
            // The rule may name options that the table does not know: where the script stands is then read as sed itself reads it, too.
            var found = ProgramWords.Of(words, "e", "f", "l", "iI", "expression", "file");
            if (ProgramOptions.UnnamedFile(found, words, named) is { } file)
            {
                return file;
            }

            all = all.Concat(found.Scripts.Select(script => script.Text)).Where(script => !ProgramOptions.IsNamed(script, words, named));
        }

        return all.FirstOrDefault(script => !IsHarmless(script)) is { } bad ? $"the sed script '{bad}' may write files or run programs" : null;
    }

    public static bool IsHarmless(string script)
    {
        var at = 0;
        while (true)
        {
            Skip(script, ref at, " \t;");
            if (at == script.Length)
            {
                return true;
            }

            if (!ReadAddresses(script, ref at) || !ReadCommand(script, ref at))
            {
                return false;
            }

            Skip(script, ref at, " \t");
            if (at < script.Length && script[at] != ';')
            {
                return false;
            }
        }
    }

    private static bool ReadAddresses(string script, ref int at)
    {
        for (var i = 0; i < 2; i++)
        {
            if (at < script.Length && script[at] == '/')
            {
                if (!ReadDelimited(script, ref at, '/'))
                {
                    return false;
                }

                Skip(script, ref at, "I");
            }
            else
            {
                Skip(script, ref at, "0123456789$~+");
            }

            Skip(script, ref at, " \t");
            if (i == 0 && at < script.Length && script[at] == ',')
            {
                at++;
                Skip(script, ref at, " \t");
            }
        }

        Skip(script, ref at, "! \t");
        return true;
    }

    private static bool ReadCommand(string script, ref int at)
    {
        if (at == script.Length)
        {
            return false;
        }

        var command = script[at++];
        if (command is not ('s' or 'y'))
        {
            return "pPdDqQ=nNgGhHxl".Contains(command);
        }

        if (at >= script.Length || script[at] is '\\' or ' ' || char.IsLetterOrDigit(script[at]))
        {
            return false;
        }

        var delimiter = script[at];
        if (!ReadDelimited(script, ref at, delimiter))
        {
            return false;
        }

        at--;
        if (!ReadDelimited(script, ref at, delimiter))
        {
            return false;
        }

        Skip(script, ref at, "gpiI0123456789");
        return true;
    }

    // From one delimiter to after the next. A bracket that stays open is refused: versions of sed disagree on a delimiter in it.
    private static bool ReadDelimited(string script, ref int at, char delimiter)
    {
        var open = false;
        for (at++; at < script.Length; at++)
        {
            if (script[at] == delimiter)
            {
                at++;
                return !open;
            }

            if (script[at] == '\\')
            {
                at++;
            }
            else
            {
                open = script[at] == '[' || (open && script[at] != ']');
            }
        }

        return false;
    }

    private static void Skip(string script, ref int at, string any)
    {
        while (at < script.Length && any.Contains(script[at]))
        {
            at++;
        }
    }
}
