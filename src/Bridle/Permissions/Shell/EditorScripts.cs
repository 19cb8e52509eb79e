using System.Text.RegularExpressions;

namespace Bridle.Permissions.Shell;

/// <summary>Commands that editors and pagers are given on their command line.</summary>
internal static class EditorScripts
{
    // What neither runs nor loads anything: places, searches, settings, writing and leaving, plain substitutions.
    private static readonly Regex Harmless = new(
        @"^:*(([0-9]+|\$|[GgF]|w|wq|q|qa|wqa|x|xa|wa|e|\+)!?|/[^|!]*|se(t|tlocal)? [A-Za-z=?, 0-9]+|syntax [a-z]+|%?s([/#,])[^|\\]*|normal [gG]+|colorscheme [a-z]+)$", RegexOptions.CultureInvariant);

    /// <summary>What they may run.</summary>
    public static IEnumerable<InnerCommand> Of(FoundCommand command)
    {
        var words = command.Words;
        for (var i = 1; i < words.Count; i++)
        {
            var text = words[i].Text;
            var script = text is ['+', _, ..] ? text[1..] : null;
            var at = i;
            if (command.Name is not ("less" or "more") && text is "-c" or "--cmd" or "-S" or "-s" or "-u" or "-U" or "-w" && i + 1 < words.Count)
            {
                at = i + 1;
                script = text is "-c" or "--cmd" || words[at].Text is "NONE" or "NORC" or "/dev/null" ? words[at].Text : text is "-S" or "-u" or "-U" ? $":source {words[at].Text}" : null;
                script = words[at].Text is "NONE" or "NORC" or "/dev/null" ? null : script;
            }
            else if (command.Name is not ("less" or "more") && text is ['-', 'c' or 'S', _, ..])
            {
                script = text[1] == 'c' ? text[2..] : $":source {text[2..]}";
            }

            if (script is null)
            {
                continue;
            }

            foreach (var part in script.Split('!', '|').Skip(1).Where(part => part.Trim().Length > 0))
            {
                yield return new InnerCommand.Text(part, Certain: false);
            }

            if (script.IndexOf('!', StringComparison.Ordinal) is >= 0 and var bang && bang + 1 < script.Length)
            {
                yield return new InnerCommand.Text(script[(bang + 1)..], Certain: false);
            }

            if (!words[at].Plain || !Harmless.IsMatch(script))
            {
                yield return new InnerCommand.Unknown($"what '{command.Name}' runs by its commands cannot be read");
            }
        }
    }
}
