using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>The repositories that a command of git may work in, and what their settings and those of the person say. Files that these include are read with them.</summary>
/// <param name="Tops">The repositories.</param>
/// <param name="Settings">The settings.</param>
internal sealed record GitPlaces(RepositoryTops Tops, GitSettings Settings)
{
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
        var (found, isWhole) = GitConfigFiles.Read(folders, door, files);
        var settings = isWhole ? found.Aggregate(GitSettings.None, (all, one) => all.With(one.Name, one.Value, one.OfRepository, one.Perhaps)) : GitSettings.Unknown;
        return new(known == RepositoryTops.None ? RepositoryTops.Among(folders, door, files) : known, settings) { _resolve = door.Resolve };
    }

    /// <summary>The files that a setting names, from the top of each repository.</summary>
    public IEnumerable<ResolvedPath> FilesNamed(string path) => Tops.Folders.Select(top => _resolve(path, top.Normalised));
}
