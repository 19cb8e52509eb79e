using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>
/// What a git that writes the repository must leave as it is: Landlock cannot take single files out of a folder that may be written, so hooks and configuration
/// are compared when it has ended, and put back.
/// </summary>
internal sealed class LandlockWatch
{
    private const long MostBytes = 1 << 20;
    private readonly List<GitPlanting> _planting;
    private readonly string? _pointer;
    private readonly string _git;
    private readonly Dictionary<string, (byte[] Bytes, UnixFileMode Mode)> _before;

    private LandlockWatch(string git, LinkedWorktree? linked)
    {
        _git = git;
        _pointer = linked is null ? null : Path.Combine(linked.Root, ".git");
        _planting = [GitPlanting.Before(git), .. linked is null ? Array.Empty<GitPlanting>() : [GitPlanting.Before(linked.GitFolder)]];
        _before = Kept().ToDictionary(path => path, path => (File.ReadAllBytes(path), OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path)));
    }

    /// <summary>Remembers how it is; null where nothing has to be watched.</summary>
    public static LandlockWatch? Before(SandboxProfile profile)
    {
        var linked = LinkedWorktree.Of(profile.Workspace);
        var git = linked?.CommonFolder ?? Path.Combine(profile.Workspace, ".git");
        return profile.GitWrite && !profile.WorkspaceReadOnly && Directory.Exists(git) ? new(git, linked) : null;
    }

    /// <summary>Puts back what differs; what it was in words, or null.</summary>
    public string? PutBack()
    {
        var wrong = new List<string>();
        foreach (var path in Kept().Where(path => !_before.ContainsKey(path)).ToList())
        {
            File.Delete(path);
            wrong.Add($"{path} was planted and is removed");
        }

        foreach (var (path, (bytes, mode)) in _before)
        {
            if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.Delete(path);
                File.WriteAllBytes(path, bytes);
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(path, mode);
                }

                wrong.Add($"{path} was changed and is as before");
            }
        }

        // After the pointer, by which the folders are found, and before anything else runs git.
        wrong.AddRange(_planting.SelectMany(one => one.RemoveWhatWasPlanted()));
        return wrong.Count == 0 ? null : string.Join("; ", wrong);
    }

    private IEnumerable<string> Kept()
    {
        var hooks = Path.Combine(_git, "hooks");
        var files = Directory.Exists(hooks) ? Directory.EnumerateFiles(hooks) : [];
        return files.Append(Path.Combine(_git, "config")).Concat(_pointer is null ? [] : [_pointer]).Where(path => new FileInfo(path) is { Exists: true, Length: < MostBytes });
    }
}
