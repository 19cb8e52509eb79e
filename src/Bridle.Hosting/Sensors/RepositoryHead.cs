using System.Text;
using Bridle.Messages;
using Bridle.Sensors;
using Bridle.Tools;
using Bridle.Tools.Git;
using Bridle.Workspaces;

namespace Bridle.Hosting.Sensors;

/// <summary>Where a repository stands: what changes when a commit is made. Reads a few small files of git and runs nothing, unless a commit was made.</summary>
/// <param name="GitFolder">What is the worktree's own of the repository.</param>
/// <param name="Commit">The commit that is checked out; null before the first one.</param>
/// <param name="LogLength">How long git's own record of HEAD is; 0 where there is none.</param>
internal sealed record RepositoryHead(string GitFolder, string? Commit, long LogLength)
{
    private const int MostFile = 4 * 1024;
    private const int MostLog = 256 * 1024;
    private const int MostPacked = 16 * 1024 * 1024;
    private const int MostFiles = 50_000;

    // What moves HEAD to commits that are there already, or that others made.
    private static readonly string[] s_moves = ["checkout:", "reset:", "clone:", "branch:", "pull", "rebase", "fetch"];

    /// <summary>The repository that a folder lies in, as it is now; null where there is none that can be read.</summary>
    public static RepositoryHead? Of(string folder)
    {
        for (var at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            var git = Path.Combine(at, ".git");
            if (Directory.Exists(git))
            {
                return At(git, git);
            }

            if (File.Exists(git))
            {
                return LinkedWorktree.Of(at) is { } linked ? At(linked.GitFolder, linked.CommonFolder)
                    : First(git) is ['g', 'i', 't', 'd', 'i', 'r', ':', .. var told] && Path.GetFullPath(told.Trim(), at) is var own && Directory.Exists(own) ? At(own, own) : null;
            }
        }

        return null;
    }

    /// <summary>Looks before a call; what it gives says after the call which commit was made. Null where there is no repository.</summary>
    public static Func<CancellationToken, ValueTask<CommitMade?>>? Watch(ToolInvocation invocation, IProcesses processes)
    {
        var (scope, folder) = (invocation.Scope, invocation.Scope.WorkingDirectory);
        return Of(folder) is not { } before ? null : async cancellationToken =>
        {
            if (Of(folder) is not { Commit: { } now } after || after.GitFolder != before.GitFolder || now == before.Commit || !before.SaysCommit(after))
            {
                return null;
            }

            return new CommitMade(await ChangedAsync(scope, processes, before.Commit, now, cancellationToken));
        };
    }

    private static RepositoryHead? At(string own, string common) => First(Path.Combine(own, "HEAD")) is not { } head ? null
        : new(own, head.StartsWith("ref: ", StringComparison.Ordinal) ? Resolved(own, common, head[5..].Trim()) : head, LengthOf(Path.Combine(own, "logs", "HEAD")));

    private static string? Resolved(string own, string common, string name) =>
        name.Contains("..", StringComparison.Ordinal) ? null : First(Path.Combine(own, name)) ?? First(Path.Combine(common, name)) ?? Packed(Path.Combine(common, "packed-refs"), name);

    private static string? Packed(string file, string name)
    {
        try
        {
            return LengthOf(file) is 0 or > MostPacked ? null : File.ReadLines(file).FirstOrDefault(line => line.Length > name.Length + 1 && line[^(name.Length + 1)] == ' ' && line.EndsWith(name, StringComparison.Ordinal))?.Split(' ')[0];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Git appends a line for each move of HEAD and says what moved it. Without such lines a move counts as a commit.
    private bool SaysCommit(RepositoryHead after)
    {
        var added = Added(Path.Combine(GitFolder, "logs", "HEAD"), LogLength, after.LogLength);
        return added.Count == 0 || added.Any(what => !s_moves.Any(move => what.StartsWith(move, StringComparison.Ordinal)) && !(what.StartsWith("merge", StringComparison.Ordinal) && what.EndsWith(": Fast-forward", StringComparison.Ordinal)));
    }

    private static List<string> Added(string log, long from, long to)
    {
        try
        {
            if (to <= from)
            {
                return [];
            }

            using var stream = File.OpenRead(log);
            stream.Seek(Math.Max(from, to - MostLog), SeekOrigin.Begin);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.IndexOf('\t') is >= 0 and var tab ? line[(tab + 1)..] : "")];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static async ValueTask<IReadOnlyList<string>?> ChangedAsync(CallScope scope, IProcesses processes, string? before, string now, CancellationToken cancellationToken)
    {
        try
        {
            var root = scope.Files.Root.TrimEnd('/') + '/';
            var (code, top) = await TrustedGit.RunAsync(processes, scope.WorkingDirectory, "rev-parse", ["--show-toplevel"], scope.Time, cancellationToken);
            var (done, listed) = before is null
                ? await TrustedGit.RunAsync(processes, scope.WorkingDirectory, "ls-tree", ["-r", "-z", "--name-only", "--full-tree", now], scope.Time, cancellationToken)
                : await TrustedGit.RunAsync(processes, scope.WorkingDirectory, "diff", ["--name-only", "--no-renames", "--no-relative", "--no-ext-diff", "-z", before, now], scope.Time, cancellationToken);
            return code != 0 || done != 0 ? null
                : [.. listed.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(path => $"{top.TrimEnd('\n').TrimEnd('/')}/{path}").Where(path => path.StartsWith(root, StringComparison.Ordinal))
                    .Select(path => path[root.Length..]).Order(StringComparer.Ordinal).Take(MostFiles)];
        }
        catch (ToolException)
        {
            return null;
        }
    }

    private static string? First(string file)
    {
        try
        {
            return LengthOf(file) is 0 or > MostFile ? null : File.ReadAllText(file).Trim() is { Length: > 0 } text ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long LengthOf(string file) => SmallFile.Length(file);
}
