using System.ComponentModel;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Tools.Files;
using Bridle.Workspaces;

namespace Bridle.Tools.Search;

/// <summary>Finds files by a pattern for their paths.</summary>
[Tool("Glob", ToolKind.Read, Effect = ToolEffect.Repeatable, ParallelSafe = true, Work = ToolWork.Files)]
public sealed class GlobTool
{
    private const int MostShown = 200;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    /// <summary>Finds the files.</summary>
    public async ValueTask<ToolResult> RunAsync(
        CallScope scope,
        [Description("Such as **/*.{cs,md}; ** stands for any folders.")] [Path(FileAccessKind.Read)] string pattern,
        [Description("Folder to start from; default: the working directory.")] [Path(FileAccessKind.Read)] string? path = null,
        CancellationToken cancellationToken = default)
    {
        if (pattern.Length == 0 || pattern.Split('/').Contains(".."))
        {
            throw new ToolException("A pattern cannot be empty or hold ..; give the folder to start from as path.");
        }

        var (prefix, rest) = SplitFixed(pattern);
        var glob = GlobPattern.Parse(rest, out var error) ?? throw new ToolException($"Invalid glob {pattern}: {error}.");
        var start = scope.Files.Resolve(string.IsNullOrEmpty(path) ? "." : path, scope.WorkingDirectory);
        var root = prefix.Length == 0 ? start : scope.Files.Resolve(prefix, start.Real);
        if (start.Kind is not FileKind.Directory)
        {
            throw new ToolException(start.Kind is FileKind.Missing ? MissingFile.Message(scope, start) : $"{start.Given} is not a folder.");
        }

        if (root.Kind is not FileKind.Directory)
        {
            return ToolResult.Completed($"No files match {pattern}: there is no folder {prefix}.");
        }

        using var limit = new CancellationTokenSource(s_limit, scope.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var found = new List<FoundFile>();
        try
        {
            await Task.Run(() => Collect(scope.Files, root, glob, rest, found, either.Token), cancellationToken);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new ToolResult(CallOutcome.TimedOut, [new TextPart($"The search ran out of time.\n{List(found, scope, pattern)}")]);
        }

        return ToolResult.Completed(List(found, scope, pattern));
    }

    private static void Collect(IFiles files, ResolvedPath root, GlobPattern glob, string rest, List<FoundFile> found, CancellationToken cancellationToken)
    {
        var namesHidden = rest.Split('/', '{', ',').Any(name => name.StartsWith('.'));
        var walk = new TreeWalk(files) { IncludesLinks = true, EntersHidden = namesHidden, EntersMade = TreeWalk.NamesMade(rest) || TreeWalk.NamesMade(root.Real), WantsHiddenFile = _ => namesHidden };
        foreach (var file in walk.Below(root, cancellationToken))
        {
            if (glob.IsMatch(file.Relative) && files.MayRead(file.Entry.IsLink ? files.Resolve(file.Path.Real, root.Real) : file.Path))
            {
                found.Add(file);
            }
        }
    }

    private static string List(List<FoundFile> found, CallScope scope, string pattern)
    {
        if (found.Count == 0)
        {
            return pattern.Contains('/') ? $"No files match {pattern}." : $"No files match {pattern} in the folder itself. For folders below use **/{pattern}.";
        }

        var newest = found.OrderByDescending(file => file.Entry.Modified).ThenBy(file => file.Relative, Utf8Order.Instance).Take(MostShown)
            .Select(file => ShownPath.Of(file.Path.Real, scope.WorkingDirectory));
        var text = string.Join('\n', newest);
        return found.Count <= MostShown ? text : $"{text}\n[Showing {MostShown} of {found.Count}.]";
    }

    /// <summary>Splits off the folders at the beginning that hold no wildcard.</summary>
    private static (string Folder, string Names) SplitFixed(string pattern)
    {
        var wild = pattern.AsSpan().IndexOfAny("*?[{\\");
        var slash = pattern.LastIndexOf('/', (wild < 0 ? pattern.Length : wild) - (wild == 0 ? 0 : 1));
        return slash < 0 ? ("", pattern) : (slash == 0 ? "/" : pattern[..slash], pattern[(slash + 1)..]);
    }
}
