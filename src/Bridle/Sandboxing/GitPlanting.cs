namespace Bridle.Sandboxing;

/// <summary>
/// What must not appear or change in a repository that a confined program may write to: files by which the next git outside would be led to a configuration
/// or a program of somebody else. They cannot all be mounts, because git takes their mere presence for an order.
/// </summary>
internal sealed class GitPlanting
{
    /// <summary>What is mounted read-only, existing or not.</summary>
    public static readonly string[] ReadOnlyParts = ["config", "hooks", "modules"];

    private static readonly string[] s_watched = ["commondir", "gitdir", "config.worktree", "info/attributes", "info/sparse-checkout"];

    private readonly string _git;
    private readonly Dictionary<string, byte[]?> _before;

    private GitPlanting(string git, Dictionary<string, byte[]?> before) => (_git, _before) = (git, before);

    /// <summary>Remembers how it is. <paramref name="held"/>: names that a mount holds and that need no look.</summary>
    public static GitPlanting Before(string git, params IEnumerable<string> held) => new(git, s_watched.Except(held).Append("HEAD").ToDictionary(name => name, name => GitFile.Read(Path.Combine(git, name))));

    /// <summary>The repository.</summary>
    public string Folder => _git;

    /// <summary>Puts back what differs; what each was, in words.</summary>
    public List<string> RemoveWhatWasPlanted()
    {
        var wrong = new List<string>();
        foreach (var (name, before) in _before)
        {
            var path = Path.Combine(_git, name);
            var link = new FileInfo(path).LinkTarget is not null;
            var now = link ? null : GitFile.Read(path);
            if (name == "HEAD" ? !link && IsReference(now) : !link && !Directory.Exists(path) && Same(before, now))
            {
                continue;
            }

            Remove(path);
            if (before is not null)
            {
                File.WriteAllBytes(path, before);
            }

            wrong.Add(before is null ? $"{path} was planted and is removed" : $"{path} was changed and is as before");
        }

        return wrong;
    }

    // A branch or a commit, never a path out of the repository.
    private static bool IsReference(byte[]? head)
    {
        var text = System.Text.Encoding.UTF8.GetString(head ?? []).TrimEnd('\n');
        return text.StartsWith("ref: refs/", StringComparison.Ordinal) ? !text.Contains("..", StringComparison.Ordinal) : text.Length is 40 or 64 && text.All(char.IsAsciiHexDigit);
    }

    private static bool Same(byte[]? one, byte[]? other) => one is null || other is null ? one is null && other is null : one.AsSpan().SequenceEqual(other);

    private static void Remove(string path)
    {
        if (Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is null)
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }
}
