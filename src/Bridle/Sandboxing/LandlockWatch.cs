using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>
/// What a git that writes the repository must leave as it is: Landlock cannot take single files out of a folder that may be written, so hooks and configuration
/// are compared when it has ended, and put back.
/// </summary>
internal sealed class LandlockWatch
{
    private readonly List<GitPlanting> _planting;
    private readonly string? _pointer;
    private readonly string _git;
    private readonly string _hooks;
    private readonly string? _hooksLink;
    private readonly Dictionary<string, Held> _before = new(StringComparer.Ordinal);

    private LandlockWatch(string git, LinkedWorktree? linked)
    {
        (_git, _hooks) = (git, Path.Combine(git, "hooks"));
        _hooksLink = new FileInfo(_hooks).LinkTarget;
        _pointer = linked is null ? null : Path.Combine(linked.Root, ".git");
        _planting = [GitPlanting.Before(git), .. linked is null ? Array.Empty<GitPlanting>() : [GitPlanting.Before(linked.GitFolder)]];
        foreach (var path in Kept())
        {
            if (Held.Look(path) is { } held)
            {
                _before[path] = held;
            }
        }
    }

    /// <summary>Remembers how it is; null where nothing has to be watched.</summary>
    public static LandlockWatch? Before(SandboxProfile profile)
    {
        var linked = LinkedWorktree.Of(profile.Workspace);
        var git = linked?.CommonFolder ?? Path.Combine(profile.Workspace, ".git");
        return profile.GitWrite && !profile.WorkspaceReadOnly && Directory.Exists(git) ? new(git, linked) : null;
    }

    /// <summary>Puts back what differs; what it was in words, or null. What cannot be put back is said as well, and keeps nothing else from being put back.</summary>
    public string? PutBack()
    {
        var wrong = new List<string>();
        Try(_hooks, wrong, () =>
        {
            // Through a link, or a file in its place, hooks could come from anywhere later on.
            if (new FileInfo(_hooks).LinkTarget != _hooksLink || File.Exists(_hooks))
            {
                Held.PutBack(_hooks, _hooksLink);
                wrong.Add($"{_hooks} was changed and is as before");
            }

            foreach (var path in Kept().Where(path => !_before.ContainsKey(path)))
            {
                Try(path, wrong, () =>
                {
                    File.Delete(path);
                    wrong.Add($"{path} was planted and is removed");
                });
            }
        });

        foreach (var (path, held) in _before)
        {
            Try(path, wrong, () =>
            {
                if (Held.Look(path) is not { } now || !held.IsSame(now))
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                    held.PutBack(path);
                    wrong.Add($"{path} was changed and is as before");
                }
            });
        }

        // After the pointer, by which the folders are found, and before anything else runs git.
        foreach (var one in _planting)
        {
            Try(_git, wrong, () => wrong.AddRange(one.RemoveWhatWasPlanted()));
        }

        return wrong.Count == 0 ? null : string.Join("; ", wrong);
    }

    private static void Try(string path, List<string> wrong, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            wrong.Add($"{path} could not be put back as it was ({e.Message}): look at it before git runs there");
        }
    }

    private List<string> Kept()
    {
        List<string> hooks;
        try
        {
            hooks = [.. Directory.EnumerateFiles(_hooks)];
        }
        catch (DirectoryNotFoundException)
        {
            hooks = [];
        }

        // A file that is gone when it is looked at is none; a link to nothing is one.
        return [.. hooks.Append(Path.Combine(_git, "config")).Concat(_pointer is null ? [] : [_pointer]).Where(path => new FileInfo(path) is var info && (info.Exists || info.LinkTarget is not null))];
    }

    /// <summary>A file as it was.</summary>
    private sealed record Held(string? Link, byte[]? Bytes, UnixFileMode Mode)
    {
        /// <summary>How it is now; null when nothing is there.</summary>
        public static Held? Look(string path)
        {
            try
            {
                var (link, bytes) = (new FileInfo(path).LinkTarget, GitFile.Read(path));
                return link is null && bytes is null ? null : new(link, bytes, bytes is null || OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path));
            }
            catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
        }

        public bool IsSame(Held now) => Link == now.Link && (Bytes is null || now.Bytes is null ? Bytes is null && now.Bytes is null : Bytes.AsSpan().SequenceEqual(now.Bytes));

        public void PutBack(string path)
        {
            // What a link led to is not ours to write: the text is kept in its place.
            PutBack(path, Bytes is null ? Link : null);
            if (Bytes is not null)
            {
                File.WriteAllBytes(path, Bytes);
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(path, Mode);
                }
            }
        }

        /// <summary>Removes what is there, and makes the link that was.</summary>
        public static void PutBack(string path, string? link)
        {
            if (Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is null)
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }

            if (link is not null)
            {
                File.CreateSymbolicLink(path, link);
            }
        }
    }
}
