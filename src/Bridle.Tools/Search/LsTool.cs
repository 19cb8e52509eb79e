using System.ComponentModel;
using System.Text;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Tools.Files;
using Bridle.Workspaces;

namespace Bridle.Tools.Search;

/// <summary>Lists a folder.</summary>
[Tool("Ls", ToolKind.Read, Effect = ToolEffect.Repeatable, ParallelSafe = true, Work = ToolWork.Files)]
public sealed class LsTool
{
    private const int MostShown = 1000;

    /// <summary>Lists the folder.</summary>
    public ValueTask<ToolResult> RunAsync(
        CallScope scope,
        [Description("Folder; default: the working directory.")] [Path(FileAccessKind.Read)] string? path = null,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var folder = scope.Files.Resolve(string.IsNullOrEmpty(path) ? "." : path, scope.WorkingDirectory);
        if (folder.Kind is not FileKind.Directory)
        {
            throw new ToolException(folder.Kind is FileKind.Missing ? MissingFile.Message(scope, folder) : $"{folder.Given} is not a folder. Look at it with Read.");
        }

        var entries = scope.Files.List(folder);
        if (entries.Count == 0)
        {
            return ValueTask.FromResult(ToolResult.Completed("(the folder is empty)"));
        }

        var text = new StringBuilder();
        foreach (var entry in entries.OrderBy(entry => entry.Name, Utf8Order.Instance).Take(MostShown))
        {
            text.Append(ShownPath.Name(entry.Name)).Append(entry switch
            {
                { IsLink: true } => " (link)",
                { Kind: FileKind.Directory } => "/",
                { Kind: FileKind.File } => $" ({entry.Length} bytes)",
                _ => " (not a regular file)",
            }).Append('\n');
        }

        text.Append(entries.Count > MostShown ? $"[Showing {MostShown} of {entries.Count}. Use Glob to find files by name.]" : "");
        return ValueTask.FromResult(ToolResult.Completed(text.ToString().TrimEnd('\n')));
    }
}
