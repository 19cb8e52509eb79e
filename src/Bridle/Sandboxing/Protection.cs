using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>A protected path while a program runs.</summary>
/// <param name="Path">The path.</param>
/// <param name="Root">The writable folder it lies in.</param>
/// <param name="IsGhostFile">It is an empty file that was made only to be mounted on.</param>
/// <param name="IsGhostFolder">It is an empty folder that was made only to be mounted on.</param>
/// <param name="Pinned">It may be changed inside but not be moved away itself.</param>
internal sealed record HeldPath(string Path, string Root, bool IsGhostFile = false, bool IsGhostFolder = false, bool Pinned = false);

/// <summary>
/// The protected paths of one confined program: what exists is mounted read-only; what does not is made as an empty ghost to mount on, and taken away again after
/// the last program that needs it, here or in another Bridle. What a mount cannot hold (a link) is looked at again when the program has ended. Dispose when it has.
/// </summary>
internal sealed class Protection : IDisposable
{
    private readonly List<HeldPath> _held = [];
    private readonly List<string> _ghosts = [];
    private readonly List<(string Path, string Target)> _links = [];
    private readonly List<GitPlanting> _git = [];
    private readonly UnwantedFiles? _unwanted;
    private readonly string? _spareFolder;

    private Protection(SandboxProfile profile)
    {
        _unwanted = profile.Unwanted;
        _spareFolder = profile.SpareFolder;
        var roots = profile.Writable.Concat(profile.Mounts.Where(mount => mount.Writable).Select(mount => mount.Target)).ToList();
        if (!profile.WorkspaceReadOnly)
        {
            roots.Add(profile.Workspace);
        }

        var git = profile.GitWrite && !profile.WorkspaceReadOnly ? Path.Combine(profile.Workspace, ".git") : null;
        var opened = Directory.Exists(git) ? git : null;
        foreach (var one in profile.Protected)
        {
            // The innermost writable folder around it; where there is none it is read-only as it is.
            if (one.Path != opened && roots.Where(root => one.Path != root && MountPlan.IsWithin(one.Path, root)).MaxBy(root => root.Length) is { } root)
            {
                Hold(one, root, roots);
            }
        }

        // The pointer of a linked worktree stays as it is; what it leads to is opened and held by WorktreeGit.
        if (git is not null && LinkedWorktree.Of(profile.Workspace) is { } linked)
        {
            _git.AddRange([GitPlanting.Before(linked.CommonFolder), GitPlanting.Before(linked.GitFolder, WorktreeGit.KeptOwn)]);
        }

        if (opened is not null)
        {
            _held.Add(new HeldPath(opened, profile.Workspace, Pinned: true));
            foreach (var part in GitPlanting.ReadOnlyParts)
            {
                Hold(PartOf(opened, part), profile.Workspace, roots);
            }

            _git.Add(GitPlanting.Before(opened));
        }
    }

    /// <summary>What is mounted.</summary>
    public IReadOnlyList<HeldPath> Held => _held;

    /// <summary>Makes what has to be there. Throws <see cref="Messages.ToolException"/> when a ghost cannot be made.</summary>
    public static Protection Of(SandboxProfile profile)
    {
        OwnFolders.Make(profile);
        var protection = new Protection(profile);
        GhostFiles.Shared.Acquire(protection._ghosts, profile.SpareFolder);
        return protection;
    }

    /// <summary>Removes the ghosts that a Bridle left behind which was killed while a program ran in that workspace. Looks only where they usually are, and so costs next to nothing.</summary>
    public static void RemoveLeft(string workspace)
    {
        var git = Path.Combine(workspace, ".git");
        GhostFiles.Shared.RemoveLeft(ProtectedPlaces.UsualGhosts(workspace).Concat(GitPlanting.ReadOnlyParts.Select(part => PartOf(git, part))));
    }

    /// <summary>Puts right what was planted where no mount could hold it, and says what it was; null when there is nothing. What cannot be put right is said, and keeps nothing else from it.</summary>
    public string? Check()
    {
        var wrong = new List<string>();
        foreach (var (path, target) in _links)
        {
            if (PathResolution.LinkTarget(path) != target)
            {
                Try(wrong, path, () =>
                {
                    if (Aside.Move(path, out var problem) is null)
                    {
                        throw new IOException(problem);
                    }

                    File.CreateSymbolicLink(path, target);
                    wrong.Add($"{path} was replaced and is again the link it was");
                });
            }
        }

        foreach (var one in _git)
        {
            Try(wrong, one.Folder, () => wrong.AddRange(one.RemoveWhatWasPlanted()));
        }

        if (_unwanted is not null)
        {
            Try(wrong, "What the command made", () => wrong.AddRange(TakeAway(_unwanted)));
        }

        return wrong.Count == 0 ? null : string.Join("; ", wrong);
    }

    /// <inheritdoc/>
    public void Dispose() => GhostFiles.Shared.Release(_ghosts, _spareFolder);

    private static ProtectedPath PartOf(string git, string part) => new(Path.Combine(git, part), IsFolder: part is not "config");

    // Whatever a program made there to be in our way: it must not keep the rest from being looked at.
    private static void Try(List<string> wrong, string what, Action action)
    {
        try
        {
            action();
        }
        catch (Exception failed) when (failed is not OutOfMemoryException)
        {
            wrong.Add($"{what} could not be put right ({failed.Message.TrimEnd('.')}): look at it before anything runs there");
        }
    }

    private List<string> TakeAway(UnwantedFiles unwanted)
    {
        var (made, problem) = unwanted.Made(one => _held.Any(held => held.Path == one.Path) || GhostFiles.Shared.IsGhost(one));
        var wrong = made.ConvertAll(path => Aside.Move(path, out var why) is { } aside
            ? $"{path} was made, and a person must be asked before that; it is moved to {Path.GetFileName(aside)}"
            : $"{path} was made, and a person must be asked before that; it is still there, because it could not be moved ({why}): remove it before anything runs there");
        if (problem is not null)
        {
            wrong.Add($"not all that was made could be looked at: {problem}");
        }

        return wrong;
    }

    private void Hold(ProtectedPath one, string root, List<string> roots)
    {
        if (PathResolution.LinkTarget(one.Path) is { } target)
        {
            // It may lead into another writable folder.
            _links.Add((one.Path, target));
            if (PathResolution.TryReal(one.Path, out var real) && Path.Exists(real) && roots.Where(around => real != around && MountPlan.IsWithin(real, around)).MaxBy(around => around.Length) is { } around)
            {
                _held.Add(new HeldPath(real, around));
            }
        }
        else if (!GhostFiles.Shared.IsGhost(one) && Path.Exists(one.Path))
        {
            _held.Add(new HeldPath(one.Path, root));
        }
        else if (Directory.Exists(Path.GetDirectoryName(one.Path)))
        {
            _ghosts.Add(GhostFiles.NameOf(one));
            _held.Add(new HeldPath(one.Path, root, IsGhostFile: !one.IsFolder, IsGhostFolder: one.IsFolder));
        }
    }
}
