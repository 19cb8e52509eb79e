using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Tools;
using Bridle.Tools.Git;
using Bridle.Workspaces;

namespace Bridle.Hosting.Sensors;

/// <summary>Which files a commit would take up: those that are staged, and where the same call stages more, all that are not as they were committed. Git is run as the Git tool runs it.</summary>
internal static class FilesToCommit
{
    private const int Most = 50_000;

    /// <summary>Their paths from the workspace root; null where nobody knows: no repository, or one that git is not run on.</summary>
    public static async ValueTask<IReadOnlyList<string>?> OfAsync(ToolInvocation invocation, IProcesses processes, CancellationToken cancellationToken)
    {
        var (scope, root) = (invocation.Scope, invocation.Scope.Files.Root.TrimEnd('/') + '/');
        async Task<string?> GitAsync(string verb, params string[] arguments)
        {
            var (code, output) = await TrustedGit.RunAsync(processes, scope.WorkingDirectory, verb, arguments, scope.Time, cancellationToken);
            return code == 0 ? output : null;
        }

        try
        {
            var top = (await GitAsync("rev-parse", "--show-toplevel"))?.TrimEnd('\n').TrimEnd('/');
            var staged = top is null ? null : await GitAsync("diff", "--cached", "--name-only", "--no-renames", "--no-relative", "--no-ext-diff", "-z");
            var left = staged is not null && CommitCalls.StagesToo(invocation) ? await GitAsync("ls-files", "--modified", "--deleted", "--others", "--exclude-standard", "--full-name", "-z", "--", ":/") : "";
            return staged is null || left is null ? null
                : [.. (staged + left).Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(path => $"{top}/{path}").Where(path => path.StartsWith(root, StringComparison.Ordinal))
                    .Select(path => path[root.Length..]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(Most)];
        }
        catch (ToolException)
        {
            return null;
        }
    }
}
