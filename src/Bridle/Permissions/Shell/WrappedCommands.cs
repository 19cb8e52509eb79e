using System.Collections.Frozen;

namespace Bridle.Permissions.Shell;

/// <summary>
/// What a program that runs its arguments runs, where its options are understood: then only that is a command, and its own arguments are not. <c>sudo apt install curl</c> runs apt, not curl.
/// </summary>
internal static class WrappedCommands
{
    // The letters that stand alone, those that take a value, long names that take none, and whether NAME=VALUE may stand before the command. All of them end their options at the first word
    // that is none. What is not here (a shell, a prompt, another system's letters) leaves every word a possible command.
    private static readonly FrozenDictionary<string, (OptionTable Options, bool TakesVariables)> Known = new Dictionary<string, (OptionTable, bool)>
    {
        ["sudo"] = (new("ABbEHkNnPS", "CDgpRrTtUu", "askpass background set-home non-interactive preserve-env preserve-groups reset-timestamp no-update stdin"), true),
        ["doas"] = (new("Ln", "Cu", ""), false),
        ["env"] = (new("iv0", "uC", "ignore-environment debug null"), true),
        ["setsid"] = (new("cfw", "", "ctty fork wait"), false),
        ["xargs"] = (new("0oprtx", "adEILnPs", "null no-run-if-empty verbose open-tty interactive exit"), false),
    }.ToFrozenDictionary();

    /// <summary>The commands that it certainly runs, and no others; null where that cannot be said.</summary>
    public static IReadOnlyList<IReadOnlyList<ShellWord>>? In(IReadOnlyList<ShellWord> words)
    {
        if (!words[0].Plain)
        {
            return null;
        }

        var name = ShellWords.NameOf(words[0].Text);
        if (name is "find")
        {
            return words.All(word => word.Plain || word.Marks is WordMarks.Tilde) ? OfFind(words) : null;
        }

        if (name is "command" && words.Count > 1 && words[1] is { Plain: true, Text: "-v" or "-V" })
        {
            return [];
        }

        var at = Known.TryGetValue(name, out var known) ? Behind(words, known.Options, known.TakesVariables) : AllowedWrappers.Behind(words);
        return at > 0 ? [[.. words.Skip(at)]] : null;
    }

    private static int Behind(IReadOnlyList<ShellWord> words, OptionTable options, bool takesVariables)
    {
        var at = 1;
        for (; at < words.Count && words[at].Text is ['-', _, ..]; at++)
        {
            if (!words[at].Plain || !options.IsKnown(words[at].Text, out var takesNext))
            {
                return words[at] is { Plain: true, Text: "--" } ? Checked(words, at + 1) : 0;
            }

            at += takesNext ? 1 : 0;
        }

        while (takesVariables && at < words.Count && words[at] is { Plain: true, Text: var text } && text.Contains('='))
        {
            at++;
        }

        return Checked(words, at);
    }

    private static int Checked(IReadOnlyList<ShellWord> words, int at) => at < words.Count && words[at] is { Plain: true, Text: [not '-', ..] text } && !text.Contains('=') ? at : 0;

    private static List<IReadOnlyList<ShellWord>> OfFind(IReadOnlyList<ShellWord> words)
    {
        var found = new List<IReadOnlyList<ShellWord>>();
        for (var at = 1; at < words.Count; at++)
        {
            if (ShellWords.FindActions.Contains(words[at].Text) && at + 1 < words.Count)
            {
                var inner = words.Skip(at + 1).TakeWhile((word, i) => word.Text is not ";" && !(word.Text is "+" && i > 0 && words[at + i].Text is "{}")).ToList();
                at += inner.Count + 1;
                if (inner.Count > 0)
                {
                    found.Add(inner);
                }
            }
        }

        return found;
    }
}
