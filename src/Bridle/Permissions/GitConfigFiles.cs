using System.Text;
using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>One setting of git's.</summary>
/// <param name="Name">Its name as <c>section.name</c> or <c>section.subsection.name</c>, in small letters.</param>
/// <param name="Value">Its value; null where the name stands alone, which means yes.</param>
/// <param name="OfRepository">It comes with the repository, from whoever wrote that.</param>
/// <param name="Perhaps">It counts under a condition only.</param>
public sealed record GitSetting(string Name, string? Value, bool OfRepository, bool Perhaps);

/// <summary>
/// The one reader of git's own files of settings: those of the machine, the person and the repositories, with the files that they include. It reads text and runs nothing; what has not changed since
/// the last time is not read again.
/// </summary>
public static class GitConfigFiles
{
    private const int MostBytes = 512 * 1024;
    private const int MostDeep = 10;

    private static readonly ReadFiles<IReadOnlyList<(string Name, string? Value)>?> s_known = new();

    /// <summary>What the settings for work in a folder say, the strongest last.</summary>
    /// <param name="folder">An absolute path.</param>
    /// <param name="files">The files.</param>
    /// <param name="home">The person's home folder.</param>
    /// <param name="configHome">The variable <c>XDG_CONFIG_HOME</c>.</param>
    public static IReadOnlyList<GitSetting> For(string folder, IFiles files, string home, string? configHome) => Read(OfPerson(configHome, home), [folder], files, files.ResolvingMany()).Settings;

    /// <summary>The settings for work in the folders, the strongest last, and whether that is all of them: false where a file cannot be read or is none that git takes.</summary>
    /// <param name="folders">Where git may work.</param>
    /// <param name="door">The files.</param>
    /// <param name="files">What resolves paths of this question.</param>
    internal static (IReadOnlyList<GitSetting> Settings, bool IsWhole) Read(IReadOnlyList<string> folders, IFiles door, Func<string, string, ResolvedPath> files) =>
        Read(OfPerson(Environment.GetEnvironmentVariable("XDG_CONFIG_HOME")), folders, door, files);

    private static (IReadOnlyList<GitSetting> Settings, bool IsWhole) Read(IReadOnlyList<string> persons, IReadOnlyList<string> folders, IFiles door, Func<string, string, ResolvedPath> files)
    {
        var reading = new Reading(door, files);
        foreach (var file in persons)
        {
            reading.Take(reading.Resolve(file, door.Root), ofRepository: false, perhaps: false, deep: 0);
        }

        foreach (var git in folders.Distinct(StringComparer.Ordinal).SelectMany(reading.RepositoriesOf).Distinct(StringComparer.Ordinal))
        {
            reading.Take(reading.Resolve("config", git), ofRepository: true, perhaps: false, deep: 0);
            reading.Take(reading.Resolve("config.worktree", git), ofRepository: true, perhaps: false, deep: 0);
        }

        return (reading.Found, reading.IsWhole);
    }

    /// <summary>The files of the machine and the person, as a git finds them that is started here: it gets the variable <c>XDG_CONFIG_HOME</c>. A relative path there counts for nobody.</summary>
    internal static IReadOnlyList<string> OfPerson(string? configHome, string home = "~") =>
        ["/etc/gitconfig", configHome is ['/', ..] ? $"{configHome.TrimEnd('/')}/git/config" : $"{home}/.config/git/config", $"{home}/.gitconfig"];

    private sealed class Reading(IFiles door, Func<string, string, ResolvedPath> files)
    {
        public List<GitSetting> Found { get; } = [];

        public bool IsWhole { get; private set; } = true;

        public ResolvedPath Resolve(string path, string folder) => files(path, folder);

        // Where the repository keeps its settings: with a worktree, what is its own and what it shares.
        public IEnumerable<string> RepositoriesOf(string folder)
        {
            for (var above = folder; above is not null; above = Path.GetDirectoryName(above))
            {
                var git = files(".git", above);
                if (git.Kind is FileKind.Directory)
                {
                    return [git.Normalised];
                }

                if (git.Kind is not FileKind.Missing)
                {
                    return Linked(git, above);
                }

                if (files("HEAD", above).Kind is not FileKind.Missing && files("config", above).Kind is not FileKind.Missing)
                {
                    return [above];
                }
            }

            return [];
        }

        private IEnumerable<string> Linked(ResolvedPath git, string above)
        {
            if (Text(git)?.Trim() is not { } line || !line.StartsWith("gitdir: ", StringComparison.Ordinal) || line.Contains('\n'))
            {
                IsWhole = false;
                return [];
            }

            var own = files(line["gitdir: ".Length..], above).Normalised;
            var shared = files("commondir", own);
            return shared.Kind is FileKind.Missing ? [own] : Text(shared)?.Trim() is { Length: > 0 } common && !common.Contains('\n') ? [files(common, own).Normalised, own] : [own];
        }

        public void Take(ResolvedPath file, bool ofRepository, bool perhaps, int deep)
        {
            if (file.Kind is FileKind.Missing or FileKind.Directory || !IsWhole)
            {
                return;
            }

            if (deep > MostDeep || Said(file) is not { } said)
            {
                IsWhole = false;
                return;
            }

            foreach (var (name, value) in said)
            {
                var isIf = name.StartsWith("includeif.", StringComparison.Ordinal) && name.EndsWith(".path", StringComparison.Ordinal);
                if (name is not "include.path" && !isIf)
                {
                    Found.Add(new(name, value, ofRepository, perhaps));
                }
                else if (value is { Length: > 0 } path)
                {
                    var readable = path[0] is not ('~' or '%') || path.StartsWith("~/", StringComparison.Ordinal);
                    Take(readable ? files(path, Path.GetDirectoryName(file.Normalised) ?? "/") : file with { Kind = FileKind.Other }, ofRepository, perhaps || isIf, readable ? deep + 1 : MostDeep + 1);
                }
            }
        }

        private IReadOnlyList<(string Name, string? Value)>? Said(ResolvedPath file) => s_known.Of(file.Real, door, () => Text(file) is { } text ? GitConfigText.Read(text) : null);

        private string? Text(ResolvedPath file)
        {
            try
            {
                using var reader = new StreamReader(door.OpenRead(file), Encoding.UTF8);
                var text = new char[MostBytes + 1];
                var length = reader.ReadBlock(text);
                return length > MostBytes ? null : new string(text, 0, length);
            }
            catch (Exception closed) when (closed is ToolException or IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }
}
