using System.Text.RegularExpressions;

namespace Bridle.Tools.Git;

/// <summary>Knows a shell command that failed because a confined git may not write, and names what can.</summary>
internal static partial class GitHint
{
    /// <summary>What to add to the output; empty when it was something else.</summary>
    public static string For(string command, int? exitCode, string output) =>
        exitCode is not 0 && Writing().IsMatch(command) && Refused().IsMatch(output)
            ? $"\n[Commands in Bash cannot write to .git here. Use the {GitTool.Name} tool: it has {string.Join(", ", GitVerb.All.Keys.Order(StringComparer.Ordinal))}.]"
            : "";

    [GeneratedRegex(@"\bgit\b[^|;&\n]*\b(add|branch|checkout|cherry-pick|commit|init|merge|mv|rebase|reset|restore|revert|rm|stash|switch|tag)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Writing();

    [GeneratedRegex(@"Read-only file system|insufficient permission for adding an object|[Uu]nable to create '[^']*\.lock'|cannot lock ref|could not (write|lock)|index file (open|write) failed|cannot (mkdir|create) |Permission denied", RegexOptions.CultureInvariant)]
    private static partial Regex Refused();
}
