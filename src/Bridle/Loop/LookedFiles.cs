using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Permissions.Shell;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Loop;

/// <summary>
/// The files of the workspace that a command showed, as far as its words say: what is told about files that are seen is told of them too. A hint and nothing else: no edit
/// and no permission relies on it.
/// </summary>
internal static class LookedFiles
{
    private const int Most = 20;
    private const int MostCommands = 50;
    private static readonly HashSet<string> s_programs = ["cat", "head", "tail", "less", "more", "nl", "sed", "bat", "tac"];

    /// <summary>The result with them.</summary>
    public static ToolResult In(ToolResult result, ToolInvocation invocation) =>
        result is { ExitCode: 0, Looked.Count: 0 } && invocation.Input?.Targets.OfType<CommandTarget>().FirstOrDefault() is { } target
            ? result with { Looked = Of(target.Command, invocation.Scope) } : result;

    private static List<string> Of(string command, CallScope scope)
    {
        var (found, folder) = (new List<string>(), scope.WorkingDirectory);
        foreach (var one in CommandReading.Of(ShellParser.Parse(command)).Commands.Take(MostCommands).OrderBy(one => one.Words[0].Span.Start))
        {
            if (one.Name is "cd" && FolderChanges.TargetsOf(one).ToList() is [{ Length: > 0 } into])
            {
                folder = Resolved(into, folder, scope.Files)?.Real ?? folder;
            }
            else if (s_programs.Contains(one.Name))
            {
                found.AddRange(one.Texts.Skip(1).Where(word => word is [not '-', ..]).Take(Most)
                    .Select(word => Resolved(word, folder, scope.Files)).OfType<ResolvedPath>().Where(path => path is { Kind: FileKind.File, InsideRoot: true }).Select(path => path.Real));
            }
        }

        return [.. found.Distinct(StringComparer.Ordinal).Take(Most)];
    }

    private static ResolvedPath? Resolved(string word, string folder, IFiles files)
    {
        try
        {
            return word.Contains('\0') || word.Length > 4096 ? null : files.Resolve(word, folder);
        }
        catch (ToolException)
        {
            return null;
        }
    }
}
