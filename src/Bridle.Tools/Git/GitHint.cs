using System.Text.RegularExpressions;

namespace Bridle.Tools.Git;

/// <summary>Knows a shell command that failed because a confined git may not write, and names what can.</summary>
internal static partial class GitHint
{
    private static readonly string s_names = string.Join(", ", GitVerb.All.Keys.Order(StringComparer.Ordinal));
    private static readonly Regex s_writing = new($@"\bgit\b[^|;&\n]*\b({string.Join('|', GitVerb.All.Keys.Select(Regex.Escape))})\b", RegexOptions.CultureInvariant);

    /// <summary>What to add to the output; empty when it was something else, or nothing confined it.</summary>
    public static string For(string command, int? exitCode, string output, IsolationPlan? plan) =>
        plan is { IsConfined: true } && exitCode is not 0 && s_writing.IsMatch(command) && Refused().IsMatch(output)
            ? $"\n[Commands in Bash cannot write to .git here. Use the {GitTool.Name} tool: it has {s_names}.]"
            : "";

    [GeneratedRegex(@"Read-only file system|insufficient permission for adding an object|[Uu]nable to create '[^']*\.lock'|cannot lock ref|could not (write|lock)|index file (open|write) failed|cannot (mkdir|create) |Permission denied", RegexOptions.CultureInvariant)]
    private static partial Regex Refused();
}
