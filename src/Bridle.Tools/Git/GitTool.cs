using System.ComponentModel;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Tools.Shell;
using Bridle.Workspaces;

namespace Bridle.Tools.Git;

/// <summary>Runs the verbs of git that write, trusted with the repository's <c>.git</c> and with nothing that the repository could make it run.</summary>
[Tool(Name, ToolKind.Write, Effect = ToolEffect.Once, Work = ToolWork.Programs)]
public sealed class GitTool
{
    /// <summary>Its name.</summary>
    public const string Name = "Git";

    /// <summary>Runs one verb.</summary>
    public async ValueTask<ToolResult> RunAsync(
        CallScope scope,
        [Description("Such as commit.")] string verb,
        [Description("Everything after the verb, one word an item, such as [\"-m\", \"Fix the tests\"].")] IReadOnlyList<string>? arguments = null,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (GitVerb.Refuse(verb, arguments ?? []) is { } reason)
        {
            throw new ToolException(reason);
        }

        var folder = ShellProcess.Folder(scope);
        if (verb is "rebase")
        {
            await RefusePlantedCommandsAsync(scope, folder, cancellationToken);
        }

        var overrides = verb == "init" ? [] : await ReadOverridesAsync(scope, folder, cancellationToken);
        var (code, text) = await RunGitAsync(scope, folder, GitArguments.For(verb, arguments ?? [], overrides), cancellationToken);
        var kept = new KeptOutput();
        kept.Append(TerminalText.Of(text));
        var (shown, spill) = kept.Show(scope.Blobs);
        return new ToolResult(code == 0 ? CallOutcome.Completed : CallOutcome.Failed, [new TextPart(code == 0 ? shown : $"Exit code: {code}\n{shown}")]) { ExitCode = code, Spill = spill };
    }

    private static async ValueTask<IReadOnlyList<string>> ReadOverridesAsync(CallScope scope, string folder, CancellationToken cancellationToken)
    {
        var (code, listing) = await RunGitAsync(scope, folder, GitArguments.Listing, cancellationToken);
        if (code != 0)
        {
            throw new ToolException($"git could not read its configuration here: {TerminalText.Of(listing).Trim()}");
        }

        var (overrides, refusal) = GitArguments.Of(listing);
        return refusal is null ? overrides : throw new ToolException(refusal);
    }

    // A rebase goes on with a list of commands that lies in the repository; one that runs programs was not made by this tool.
    private static async ValueTask RefusePlantedCommandsAsync(CallScope scope, string folder, CancellationToken cancellationToken)
    {
        foreach (var list in new[] { "rebase-merge/git-rebase-todo", "rebase-apply/git-rebase-todo" })
        {
            var (code, path) = await RunGitAsync(scope, folder, GitArguments.For("rev-parse", ["--git-path", list], []), cancellationToken);
            var found = code == 0 ? scope.Files.Resolve(path.TrimEnd('\n'), folder) : null;
            if (found?.Kind is not FileKind.File)
            {
                continue;
            }

            using var reader = new StreamReader(scope.Files.OpenRead(found));
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.TrimStart() is ['x', ' ' or '\t', ..] or ['e', 'x', 'e', 'c', ..])
                {
                    throw new ToolException($"The rebase that is under way would run a program (\"{line.Trim()}\" in {path.Trim()}); the Git tool does not go on with it. Use rebase --abort in a terminal, or take that line out.");
                }
            }
        }
    }

    private static Task<(int Code, string Output)> RunGitAsync(CallScope scope, string folder, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        GitRun.RunAsync(scope.Processes, folder, arguments, scope.Time, cancellationToken);
}
