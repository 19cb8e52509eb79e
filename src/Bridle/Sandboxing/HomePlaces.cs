using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>
/// What shells, desktops and programs of a person's home folder run by themselves: held where a workspace holds the home folder or a part of it, whether it exists or not. Elsewhere
/// it lies outside of everything that may be written.
/// </summary>
internal static class HomePlaces
{
    /// <summary>Start files of shells and their kin: a missing one is held as an empty file, because shells read it meanwhile.</summary>
    public static readonly string[] StartFiles =
    [
        ".bashrc", ".bash_profile", ".bash_login", ".bash_logout", ".profile", ".zshrc", ".zprofile", ".zshenv", ".zlogin", ".zlogout", ".kshrc", ".inputrc",
        ".gitconfig", ".ripgreprc",
    ];

    // A missing one is held as an empty folder, which costs less.
    private static readonly string[] s_others =
    [
        ".ssh", ".claude", ".bash_aliases", ".pam_environment", ".xprofile", ".xsession", ".xsessionrc", ".xinitrc", ".vimrc", "bin", ".local/bin",
        ".config/git", ".config/fish", ".config/autostart", ".config/systemd", ".config/environment.d", ".config/nvim",
    ];

    /// <summary>Those in a workspace, real and absolute.</summary>
    public static IEnumerable<ProtectedPath> In(string workspace, string home)
    {
        var (root, around) = (workspace.TrimEnd('/'), (PathResolution.TryReal(home, out var real) ? real : home).TrimEnd('/'));
        return around.Length == 0 ? [] : StartFiles.Concat(s_others).Select(name => $"{around}/{name}").Where(path => path != root && MountPlan.IsWithin(path, root.Length == 0 ? "/" : root))
            .Select(path => Path.Exists(path) ? new ProtectedPath(path, Directory.Exists(path)) : Missing(path, root)).DistinctBy(one => one.Path);
    }

    /// <summary>Where the ghosts of those are that a Bridle may have left which was killed.</summary>
    public static IEnumerable<ProtectedPath> UsualGhosts(string workspace) =>
        StartFiles.Select(name => new ProtectedPath(Path.Combine(workspace, name), IsFolder: false))
            .Concat(s_others.Concat([".config", ".local"]).Select(name => new ProtectedPath(Path.Combine(workspace, name), IsFolder: true)));

    // Where the folder around it is missing as well, that is what a program would have to make first.
    private static ProtectedPath Missing(string path, string root)
    {
        var isFile = StartFiles.Contains(Path.GetFileName(path));
        while (Path.GetDirectoryName(path) is { } around && around.Length > root.Length && !Path.Exists(around))
        {
            (path, isFile) = (around, false);
        }

        return new ProtectedPath(path, IsFolder: !isFile);
    }
}
