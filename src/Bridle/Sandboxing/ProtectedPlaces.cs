namespace Bridle.Sandboxing;

/// <summary>
/// What no confined program may change in a workspace, because something outside the sandbox would later read it as orders: repositories, the harness's own folders,
/// what editors and shells run by themselves. docs/sandbox.md shows the list.
/// </summary>
public static class ProtectedPlaces
{
    private const int Deepest = 4;
    private const int MostFolders = 4_000;

    private static readonly EnumerationOptions s_all = new() { IgnoreInaccessible = true, AttributesToSkip = 0 };

    // Held also where they do not exist.
    private static readonly string[] s_folders = [".git", ".bridle", ".claude", ".agents", ".vscode", ".idea", ".husky", ".devcontainer"];
    private static readonly string[] s_files = [".mcp.json", ".envrc"];

    // Held where they exist; in a home folder also where they do not.
    private static readonly string[] s_startUp = HomePlaces.StartFiles;

    private static readonly string[] s_whereTheyExist =
    [
        ".agent", ".gitmodules", ".claude.json", ".npmrc", ".yarnrc", ".yarnrc.yml", ".pnp.cjs", ".pnp.loader.mjs", ".pnpmfile.cjs", "bunfig.toml", ".bazelrc", ".bazeliskrc",
        ".bazelversion", ".pre-commit-config.yaml", "lefthook.yml", "lefthook.yaml", "lefthook.toml", "lefthook.json", "lefthook-local.yml", ".devcontainer.json", ".pnp.js",
        "pyrightconfig.json", ".gitattributes_global", ".emacs.d", ".bash_aliases", ".pam_environment", ".xprofile", ".xsession", ".xsessionrc", ".xinitrc", ".vimrc", ".gvimrc", ".exrc", ".nvimrc",
        ".nvim.lua", ".emacs", ".tmux.conf", ".screenrc", ".gdbinit", ".lldbinit", ".psqlrc", ".sqliterc", ".irbrc", ".pryrc", ".pdbrc", ".direnvrc", ".mailcap", "gradle-wrapper.properties", "maven-wrapper.properties", "gradle/wrapper/gradle-wrapper.properties", ".cargo", ".mvn",
        ".yarn/releases", ".yarn/plugins", ".yarn/sdks", ".lefthook", ".lefthook.yml", ".lefthook.yaml", ".lefthook.toml", ".lefthook.json", ".lefthook-local.yml", ".helix", ".cursor", ".codex", ".gemini", ".opencode", "opencode.json", "opencode.jsonc",
        ".zed", ".mise", ".config/mise", "mise.toml", ".mise.toml", "mise.local.toml", ".mise.local.toml", ".hg/hgrc",
    ];

    // Never looked into for nested repositories: they are large, and made by tools.
    private static readonly HashSet<string> s_passedOver = new(StringComparer.Ordinal) { "node_modules", "bin", "obj", "target", "dist", "build", "vendor", ".venv", "venv", "__pycache__" };

    /// <summary>The protected paths of a workspace as it is now, real and absolute. <paramref name="home"/> is the person's home folder.</summary>
    public static IReadOnlyList<ProtectedPath> Of(string workspace, string home)
    {
        var found = new List<ProtectedPath>();
        found.AddRange(s_folders.Select(name => new ProtectedPath(Path.Combine(workspace, name), IsFolder: true)));

        // A missing one is held as an empty folder: that costs less than a file, git never sees it, and nobody takes it for an empty file of that name.
        found.AddRange(s_files.Select(name => Path.Combine(workspace, name)).Select(path => new ProtectedPath(path, IsFolder: !File.Exists(path))));
        found.AddRange(s_startUp.Concat(s_whereTheyExist).Select(name => Path.Combine(workspace, name)).Where(Path.Exists).Select(path => new ProtectedPath(path, IsFolder: Directory.Exists(path))));
        found.AddRange(HomePlaces.In(workspace, home));
        AddNested(found, workspace);
        found.AddRange(SubmodulesOf(workspace));
        foreach (var repository in found.Where(one => Path.GetFileName(one.Path) == ".git").ToList())
        {
            found.AddRange(RepositoryOf(repository.Path).Select(path => new ProtectedPath(path, IsFolder: true)));
        }

        return [.. found.DistinctBy(one => one.Path)];
    }

    /// <summary>What is held at the top of a workspace although it is not there.</summary>
    internal static IEnumerable<ProtectedPath> UsualGhosts(string workspace) =>
        s_folders.Concat(s_files).Select(name => new ProtectedPath(Path.Combine(workspace, name), IsFolder: true))
            .Concat(HomePlaces.UsualGhosts(workspace));

    // Case makes no difference: on some disks .GIT is .git.
    private static void AddNested(List<ProtectedPath> found, string workspace)
    {
        var names = new HashSet<string>(s_folders.Concat(s_files), StringComparer.OrdinalIgnoreCase);
        var todo = new Queue<(string Folder, int Depth)>([(workspace, 0)]);
        for (var looked = 0; looked < MostFolders && todo.TryDequeue(out var at); looked++)
        {
            foreach (var entry in EntriesOf(at.Folder))
            {
                if (names.Contains(entry.Name))
                {
                    found.Add(new ProtectedPath(entry.FullName, entry is DirectoryInfo));
                }
                else if (entry is DirectoryInfo { LinkTarget: null } && at.Depth + 1 < Deepest && !s_passedOver.Contains(entry.Name))
                {
                    todo.Enqueue((entry.FullName, at.Depth + 1));
                }
            }
        }
    }

    // A build or a test may remove a folder between the look at the one around it and this: what is gone holds nothing.
    private static IEnumerable<FileSystemInfo> EntriesOf(string folder)
    {
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", s_all)];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // git in the repository around them goes into them by itself, however deep they lie and whatever the folder is called.
    private static IEnumerable<ProtectedPath> SubmodulesOf(string workspace)
    {
        var list = Path.Combine(workspace, ".gitmodules");
        try
        {
            if (new FileInfo(list) is not { Exists: true, Length: < 1024 * 1024 })
            {
                return [];
            }

            return [.. File.ReadLines(list).Select(line => line.Split('=', 2)).Where(parts => parts.Length == 2 && parts[0].Trim() == "path")
                .Select(parts => Path.GetFullPath(Path.Combine(workspace, parts[1].Trim().Trim('"').Replace("\0", "", StringComparison.Ordinal), ".git")))
                .Where(git => MountPlan.IsWithin(git, workspace) && Path.Exists(git)).Select(git => new ProtectedPath(git, Directory.Exists(git)))];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Where a <c>.git</c> file points to (worktrees, submodules), and what that repository shares with others.</summary>
    private static IEnumerable<string> RepositoryOf(string git)
    {
        if (!File.Exists(git) || Pointed(git, "gitdir: ") is not { } folder)
        {
            yield break;
        }

        yield return folder;
        if (Pointed(Path.Combine(folder, "commondir"), "") is { } common)
        {
            yield return common;
        }
    }

    private static string? Pointed(string file, string prefix)
    {
        try
        {
            if (new FileInfo(file) is not { Exists: true, Length: < 8192 })
            {
                return null;
            }

            var text = File.ReadAllText(file).Trim();
            return text.StartsWith(prefix, StringComparison.Ordinal) && text.Length > prefix.Length && !text.Contains('\0')
                ? Path.GetFullPath(text[prefix.Length..].Trim(), Path.GetDirectoryName(file)!).TrimEnd('/')
                : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
