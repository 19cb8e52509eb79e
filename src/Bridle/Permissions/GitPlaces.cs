using System.Text;
using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>The repositories that a command of git may work in, and what their settings and those of the person say. Files that these include are read with them.</summary>
/// <param name="Tops">The repositories.</param>
/// <param name="Settings">The settings.</param>
internal sealed record GitPlaces(RepositoryTops Tops, GitSettings Settings)
{
    private const int MostBytes = 512 * 1024;
    private const int MostDeep = 10;

    private static readonly string[] s_persons = ["/etc/gitconfig", "~/.config/git/config", "~/.gitconfig"];
    private static readonly ReadFiles<IReadOnlyList<(string Name, string? Value)>?> s_known = new();

    private Func<string, string, ResolvedPath> _resolve = (path, _) => new(path, path, path, false, FileKind.Missing);

    /// <summary>Nowhere.</summary>
    public static GitPlaces None { get; } = new(RepositoryTops.None, GitSettings.None);

    /// <summary>Looks from the folders upwards. What cannot be read says what nobody knows.</summary>
    /// <param name="folders">Where the command may work.</param>
    /// <param name="known">The repositories, where they were found already.</param>
    /// <param name="door">The files.</param>
    /// <param name="files">What resolves paths of this question.</param>
    public static GitPlaces Of(IReadOnlyList<string> folders, RepositoryTops known, IFiles door, Func<string, string, ResolvedPath> files)
    {
        var reading = new Reading(door, files);
        foreach (var file in s_persons)
        {
            reading.Take(reading.Resolve(file, door.Root), ofRepository: false, perhaps: false, deep: 0);
        }

        foreach (var git in folders.Distinct(StringComparer.Ordinal).SelectMany(reading.RepositoriesOf).Distinct(StringComparer.Ordinal))
        {
            reading.Take(reading.Resolve("config", git), ofRepository: true, perhaps: false, deep: 0);
            reading.Take(reading.Resolve("config.worktree", git), ofRepository: true, perhaps: false, deep: 0);
        }

        return new(known == RepositoryTops.None ? RepositoryTops.Among(folders, door, files) : known, reading.Settings) { _resolve = door.Resolve };
    }

    /// <summary>The files that a setting names, from the top of each repository.</summary>
    public IEnumerable<ResolvedPath> FilesNamed(string path) => Tops.Folders.Select(top => _resolve(path, top.Normalised));

    private sealed class Reading(IFiles door, Func<string, string, ResolvedPath> files)
    {
        public Func<string, string, ResolvedPath> Resolve => files;

        public GitSettings Settings { get; private set; } = GitSettings.None;

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
                Settings = GitSettings.Unknown;
                return [];
            }

            var own = files(line["gitdir: ".Length..], above).Normalised;
            var shared = files("commondir", own);
            return shared.Kind is FileKind.Missing ? [own] : Text(shared)?.Trim() is { Length: > 0 } common && !common.Contains('\n') ? [files(common, own).Normalised, own] : [own];
        }

        public void Take(ResolvedPath file, bool ofRepository, bool perhaps, int deep)
        {
            if (file.Kind is FileKind.Missing or FileKind.Directory || Settings.IsUnknown)
            {
                return;
            }

            if (deep > MostDeep || Said(file) is not { } said)
            {
                Settings = GitSettings.Unknown;
                return;
            }

            foreach (var (name, value) in said)
            {
                var isIf = name.StartsWith("includeif.", StringComparison.Ordinal) && name.EndsWith(".path", StringComparison.Ordinal);
                if (name is not "include.path" && !isIf)
                {
                    Settings = Settings.With(name, value, ofRepository, perhaps);
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
