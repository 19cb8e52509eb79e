using Bridle.Messages;
using Bridle.Permissions.Shell;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>The top folders of the repositories that a command may work in: what their history names is named from there.</summary>
/// <param name="Folders">The folders.</param>
/// <param name="Linked">One of them shares its history with others: a worktree, or a module of another repository.</param>
internal sealed record RepositoryTops(IReadOnlyList<ResolvedPath> Folders, bool Linked)
{
    /// <summary>None: the command prints no history.</summary>
    public static RepositoryTops None { get; } = new([], false);

    /// <summary>Looks for them, from the folders upwards, where a command may print history.</summary>
    public static RepositoryTops Of(CommandReading reading, IReadOnlyList<string> folders, IFiles door, Func<string, string, ResolvedPath> files)
    {
        if (!reading.Commands.Any(command => GitHistory.Of(command).Use is not HistoryUse.None))
        {
            return None;
        }

        return Among(folders, door, files);
    }

    /// <summary>Looks for them from the folders upwards.</summary>
    public static RepositoryTops Among(IReadOnlyList<string> folders, IFiles door, Func<string, string, ResolvedPath> files)
    {
        var (tops, linked) = (new Dictionary<string, ResolvedPath>(StringComparer.Ordinal), false);
        foreach (var folder in folders.Distinct(StringComparer.Ordinal))
        {
            var at = folder;
            for (var above = at; above is not null; above = Path.GetDirectoryName(above))
            {
                var git = files(".git", above);
                if (git.Kind is not FileKind.Missing)
                {
                    at = above;
                    if (git.Kind is not FileKind.Directory && MainOf(door, git) is var main)
                    {
                        linked |= main is null;
                        tops.TryAdd(main ?? at, files(".", main ?? at));
                    }

                    break;
                }
            }

            tops.TryAdd(at, files(".", at));
        }

        return new([.. tops.Values], linked);
    }

    /// <summary>The path, and the same file in the other folders with the same history.</summary>
    public IEnumerable<ResolvedPath> Everywhere(ResolvedPath path) =>
        Folders.Where(top => Folders.Count > 1 && path.Normalised.StartsWith(top.Normalised.TrimEnd('/') + "/", StringComparison.Ordinal))
            .SelectMany(top => Folders.Where(other => other != top).Select(other => path with
            {
                Normalised = $"{other.Normalised.TrimEnd('/')}{path.Normalised[top.Normalised.TrimEnd('/').Length..]}", Real = $"{other.Real.TrimEnd('/')}{path.Normalised[top.Normalised.TrimEnd('/').Length..]}",
            }))
            .Prepend(path);

    // The folder whose worktree this is: its .git names the place where that keeps it.
    private static string? MainOf(IFiles door, ResolvedPath git)
    {
        if (git.Kind is not FileKind.File)
        {
            return null;
        }

        try
        {
            using var reader = new StreamReader(door.OpenRead(git));
            var text = new char[4096];
            var line = new string(text, 0, reader.ReadBlock(text)).Trim();
            var end = line.IndexOf("/.git/worktrees/", StringComparison.Ordinal);
            return line.StartsWith("gitdir: /", StringComparison.Ordinal) && end > 0 && !line.Contains('\n') ? line["gitdir: ".Length..end] : null;
        }
        catch (Exception closed) when (closed is ToolException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The files that words such as <c>HEAD:src/a.cs</c> name: from the top, wherever the command works.</summary>
    public IEnumerable<(string Word, ResolvedPath Path)> NamedIn(IEnumerable<string> words, Func<string, string, ResolvedPath> files)
    {
        foreach (var word in Folders.Count == 0 ? [] : words)
        {
            for (var colon = word.IndexOf(':', StringComparison.Ordinal); colon >= 0 && colon + 1 < word.Length && word.Length <= 4096; colon = word.IndexOf(':', colon + 1))
            {
                var path = word[(colon + 1)..].TrimStart('/');
                foreach (var top in path.Length == 0 || path.Contains('\0') || path[0] == '(' ? [] : Folders)
                {
                    yield return (word, files(path, top.Normalised));
                }
            }
        }
    }
}
