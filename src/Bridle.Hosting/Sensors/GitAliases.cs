using System.Collections.Concurrent;

namespace Bridle.Hosting.Sensors;

/// <summary>
/// The names that git's own files give to commands (<c>alias.ci = commit</c>): those of the repository, the person and the system. Read as text and again only when a file changes; files
/// that they include are not followed, so a name may be missing, and what it commits is seen afterwards.
/// </summary>
internal sealed class GitAliases(HostEnvironment environment)
{
    private const int MostFile = 512 * 1024;

    private readonly ConcurrentDictionary<string, (long Length, DateTime Written, IReadOnlyList<(string Name, string Value)> Found)> _known = new(StringComparer.Ordinal);

    /// <summary>All names for work in a folder; what is narrower counts.</summary>
    public IReadOnlyDictionary<string, string> For(string folder)
    {
        var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in Files(folder))
        {
            foreach (var (name, value) in Read(file))
            {
                all[name] = value;
            }
        }

        return all;
    }

    private IEnumerable<string> Files(string folder)
    {
        yield return "/etc/gitconfig";
        yield return Path.Combine(environment["XDG_CONFIG_HOME"] is { Length: > 0 } moved ? moved : Path.Combine(environment.Home, ".config"), "git", "config");
        yield return Path.Combine(environment.Home, ".gitconfig");
        if (RepositoryHead.Of(folder) is { GitFolder: var git })
        {
            yield return Path.Combine(git, "config");
            yield return Path.Combine(git, "..", "..", "config");
            yield return Path.Combine(git, "config.worktree");
        }
    }

    private IReadOnlyList<(string Name, string Value)> Read(string file)
    {
        try
        {
            var length = SmallFile.Length(file);
            if (length is 0 or > MostFile)
            {
                return [];
            }

            var written = File.GetLastWriteTimeUtc(file);
            if (_known.TryGetValue(file, out var known) && known.Length == length && known.Written == written)
            {
                return known.Found;
            }

            var found = Parse(System.Text.Encoding.UTF8.GetString(SmallFile.Read(file, MostFile)));
            _known[file] = (length, written, found);
            return found;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static List<(string Name, string Value)> Parse(string text)
    {
        var found = new List<(string, string)>();
        var section = "";
        foreach (var line in text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
        {
            var said = line.Trim();
            if (said.StartsWith('[') && said.IndexOf(']') is > 0 and var end)
            {
                section = said[1..end].Trim();
                said = said[(end + 1)..].Trim();
            }

            // The old way to write a name: [alias "ci"] has no meaning to git, so only plain sections count.
            if (section.Equals("alias", StringComparison.OrdinalIgnoreCase) && said.Length > 0 && said[0] is not ('#' or ';') && said.IndexOf('=') is > 0 and var at)
            {
                found.Add((said[..at].Trim(), said[(at + 1)..].Trim().Replace("\"", "", StringComparison.Ordinal)));
            }
        }

        return found;
    }
}
