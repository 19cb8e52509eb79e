using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>Programs that change nothing about what the command behind them does: an allow rule for that command holds behind them. All others need a rule of their own.</summary>
internal static class AllowedWrappers
{
    // The letters that stand alone, those that take a value, long names, and how many operands stand before the command.
    private static readonly Dictionary<string, (OptionTable Options, int Operands)> Known = new()
    {
        ["timeout"] = (new("v", "ks", "foreground preserve-status verbose kill-after signal"), 1),
        ["nice"] = (new("0123456789", "n", "adjustment"), 0),
        ["nohup"] = (new("", "", ""), 0),
        ["stdbuf"] = (new("", "ioe", "input output error"), 0),
        ["command"] = (new("", "", ""), 0),
        ["builtin"] = (new("", "", ""), 0),
        ["noglob"] = (new("", "", ""), 0),
        ["time"] = (new("p", "", ""), 0),
    };

    /// <summary>The command behind its wrappers; the same words when there is none, or when they are used in an unusual way.</summary>
    public static IReadOnlyList<ShellWord> Strip(IReadOnlyList<ShellWord> words)
    {
        while (words.Count > 1 && Behind(words) is > 0 and var at && at < words.Count)
        {
            words = [.. words.Skip(at)];
        }

        return words;
    }

    /// <summary>Where the command behind the first word begins; 0 when that cannot be said.</summary>
    public static int Behind(IReadOnlyList<ShellWord> words)
    {
        if (!words[0].Plain || !Known.TryGetValue(words[0].Text, out var known))
        {
            return 0;
        }

        var at = 1;
        while (at < words.Count && words[at].Text is ['-', _, ..] && words[at].Text != "--")
        {
            if (!words[at].Plain || !known.Options.IsKnown(words[at].Text, out var takesNext) || (words[at].Text is ['-', '-', ..] && !words[at].Text.Contains('=') && words[at].Text is "--kill-after" or "--signal" or "--adjustment" or "--input" or "--output" or "--error"))
            {
                return 0;
            }

            at += takesNext ? 2 : 1;
        }

        at += at < words.Count && words[at].Text == "--" ? 1 : 0;
        for (var i = 0; i < known.Operands; i++, at++)
        {
            if (at >= words.Count || !words[at].Plain || words[at].Text.Length == 0 || !char.IsAsciiDigit(words[at].Text[0]))
            {
                return 0;
            }
        }

        return at < words.Count && words[at] is { Plain: true, Text: not ['-', ..] } ? at : 0;
    }
}
