using System.ComponentModel;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Tools.Files;
using Bridle.Workspaces;

namespace Bridle.Tools.Search;

/// <summary>Searches the content of files, by ripgrep where there is one.</summary>
[Tool("Grep", ToolKind.Read, Effect = ToolEffect.Repeatable, ParallelSafe = true, Work = ToolWork.Programs)]
public sealed class GrepTool
{
    private const int MostResults = 2000;
    private const int MostContext = 20;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private readonly bool _mayUseRipgrep;

    /// <summary>Uses ripgrep where it is installed.</summary>
    public GrepTool()
        : this(mayUseRipgrep: true)
    {
    }

    internal GrepTool(bool mayUseRipgrep) => _mayUseRipgrep = mayUseRipgrep;

    /// <summary>Searches.</summary>
    public async ValueTask<ToolResult> RunAsync(
        CallScope scope,
        [Description("Regular expression, Rust syntax.")] string pattern,
        [Description("Folder or file to search; default: the working directory.")] [Path(FileAccessKind.Read)] string? path = null,
        [Description("Only files whose name, or path below the folder if it has a /, fits this glob, such as *.{cs,md}.")] string? glob = null,
        [Description("What to show.")] GrepOutput outputMode = GrepOutput.Content,
        [Description("Ignore case.")] bool caseInsensitive = false,
        [Description("Lines to show around each match.")] int context = 0,
        [Description("Most lines or files to show.")] int maxResults = 200,
        CancellationToken cancellationToken = default)
    {
        if (maxResults is < 1 or > MostResults || context is < 0 or > MostContext)
        {
            throw new ToolException($"max_results is 1 to {MostResults}, context 0 to {MostContext}.");
        }

        var root = scope.Files.Resolve(string.IsNullOrEmpty(path) ? "." : path, scope.WorkingDirectory);
        if (root.Kind is FileKind.Missing)
        {
            throw new ToolException(MissingFile.Message(scope, root));
        }

        if (root.Kind is FileKind.Other || !scope.Files.MayRead(root))
        {
            throw new ToolException($"{root.Given} may not be searched: it is no file or folder, or a rule forbids it.");
        }

        var query = new GrepQuery(SearchPattern.Parse(pattern, caseInsensitive), root, FileGlob.Parse(glob), outputMode is GrepOutput.Content ? context : 0, maxResults);
        var report = new GrepReport(scope.Files, scope.WorkingDirectory, outputMode, maxResults, query.Context);
        var end = _mayUseRipgrep ? await RipgrepAsync(scope, query, report, cancellationToken) : SearchEnd.NoEngine;
        end = end is SearchEnd.NoEngine ? await RunOwnAsync(scope, query, report, cancellationToken) : end;
        return new ToolResult(end is SearchEnd.TimedOut ? CallOutcome.TimedOut : CallOutcome.Completed, [new TextPart(report.Text(pattern, end))]) { Looked = report.Shown };
    }

    private static async ValueTask<SearchEnd> RipgrepAsync(CallScope scope, GrepQuery query, GrepReport report, CancellationToken cancellationToken)
    {
        try
        {
            return await RipgrepSearch.RunAsync(scope, scope.Files.Root, query, s_limit, report.Add, cancellationToken);
        }
        catch (ToolException)
        {
            // What both engines refuse is told in the same words with ripgrep and without.
            query.Pattern.Compile();
            throw;
        }
    }

    private static async ValueTask<SearchEnd> RunOwnAsync(CallScope scope, GrepQuery query, GrepReport report, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_limit, scope.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await Task.Run(() => OwnSearch.Run(scope.Files, query, report.Add, either.Token), cancellationToken);
            return SearchEnd.Done;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return SearchEnd.TimedOut;
        }
    }
}
