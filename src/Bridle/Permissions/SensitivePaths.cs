using System.Collections.Frozen;

namespace Bridle.Permissions;

/// <summary>How careful the table is about a path.</summary>
internal enum Sensitivity
{
    /// <summary>Nothing special.</summary>
    None,

    /// <summary>Writing it is asked, whatever rules allow.</summary>
    Protected,

    /// <summary>Reading and writing it is asked.</summary>
    Ask,

    /// <summary>Refused.</summary>
    Deny,
}

/// <summary>
/// The table of paths that hold secrets or decide what runs later; docs/permissions.md shows it. Names are compared without case. Source code whose name merely
/// starts with <c>id_</c> or speaks of credentials is code.
/// </summary>
public static class SensitivePaths
{
    /// <summary>Stands for any file in a folder.</summary>
    internal const string InFolder = "_";

    private static readonly FrozenSet<string> DenyFolders = Names(".ssh", ".gnupg", ".aws", ".azure");

    private static readonly FrozenSet<string> DenyNames = Names(".netrc", "_netrc");

    private static readonly FrozenSet<string> KeyNames = Names("id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "id_ecdsa_sk", "id_ed25519_sk", "id_xmss");

    private static readonly (string Folder, string Name)[] DenyPairs = [(".config", "gcloud"), (".kube", "config"), (".docker", "config.json")];

    private static readonly FrozenSet<string> ProtectedFolders = Names(
        ".git", ".vscode", ".idea", ".husky", ".cargo", ".devcontainer", ".yarn", ".mvn", ".claude", ".bridle", ".agent", ".agents", ".emacs.d",
        ".lefthook", ".helix", ".cursor", ".codex", ".gemini", ".opencode", ".zed", ".mise");

    // What a desktop, a shell or an editor runs by itself; the folder may hold anything else.
    private static readonly (string Folder, string Name)[] ProtectedPairs =
    [
        (".config", "git"), (".config", "bridle"), (".config", "autostart"), (".config", "systemd"), (".config", "environment.d"), (".config", "fish"), (".config", "nvim"),
        (".config", "emacs"), (".config", "helix"), (".config", "direnv"), (".config", "plasma-workspace"), (".local", "bin"), ("Code", "User"),
        (".config", "mise"), (".hg", "hgrc"),
    ];

    private static readonly FrozenSet<string> ProtectedNames = Names(
        ".bashrc", ".bash_profile", ".bash_login", ".bash_logout", ".profile", ".zshrc", ".zprofile", ".zshenv", ".zlogin", ".zlogout", ".kshrc", ".inputrc", ".gitconfig", ".gitmodules",
        ".gitattributes_global", ".envrc", ".npmrc", ".yarnrc", ".yarnrc.yml", ".pnp.cjs", ".pnp.loader.mjs", ".pnp.js", ".pnpmfile.cjs", "bunfig.toml", ".bazelrc", ".bazelversion", ".bazeliskrc",
        ".pre-commit-config.yaml", "lefthook.yml", "lefthook.yaml", "lefthook.toml", "lefthook.json", "lefthook-local.yml", ".lefthook.yml", ".lefthook.yaml", ".lefthook.toml", ".lefthook.json", ".lefthook-local.yml",
        "mise.toml", ".mise.toml", "mise.local.toml", ".mise.local.toml", "opencode.json", "opencode.jsonc", "gradle-wrapper.properties", "maven-wrapper.properties",
        ".devcontainer.json", ".ripgreprc", "pyrightconfig.json", ".mcp.json", ".claude.json", ".bash_aliases", ".pam_environment", ".xprofile", ".xsession", ".xsessionrc", ".xinitrc", ".vimrc",
        ".gvimrc", ".exrc", ".nvimrc", ".nvim.lua", ".emacs", ".tmux.conf", ".screenrc", ".gdbinit", ".lldbinit", ".psqlrc", ".sqliterc", ".irbrc", ".pryrc", ".pdbrc", ".direnvrc", ".mailcap");

    private static readonly FrozenSet<string> CodeEndings = Names(
        "cs", "fs", "vb", "py", "js", "mjs", "cjs", "ts", "tsx", "jsx", "go", "rs", "java", "kt", "c", "h", "cc", "cpp", "hpp", "m", "swift", "rb", "php", "scala", "md", "html", "css", "proto", "razor");

    // The first letters of all that counts as a folder: most folders of most paths begin otherwise and are done with.
    private static readonly FrozenSet<char> FolderStarts = DenyFolders.Concat(DenyNames).Concat(ProtectedFolders).Concat(DenyPairs.Concat(ProtectedPairs).Select(pair => pair.Name)).Append("secrets")
        .SelectMany(name => new[] { char.ToLowerInvariant(name[0]), char.ToUpperInvariant(name[0]) }).ToFrozenSet();

    /// <summary>
    /// What the table says about an absolute path, with the part of it that decided. A <paramref name="bareWord"/> is a shell word that names no existing file:
    /// a branch called <c>id_fix</c> or <c>secrets</c> is not a secret.
    /// </summary>
    internal static (Sensitivity Level, string What) Look(string path, bool bareWord = false)
    {
        var names = PathPattern.Split(path);
        var found = (Level: Sensitivity.None, What: "");
        for (var i = 0; i < names.Length; i++)
        {
            var one = LookAt(names, i, bareWord && i == names.Length - 1);
            if (one > found.Level)
            {
                found = (one, names[i]);
            }
        }

        return found;
    }

    /// <summary>What the table says about a name in a folder of that name, by these two alone.</summary>
    internal static Sensitivity LookAt(string folder, string name, bool isFolder) => LookAt(isFolder ? [folder, name, InFolder] : [folder, name], 1, bareWord: false);

    /// <summary>
    /// Whether the name decides what runs later, in a folder of that name. Of the folder of Yarn only some parts do: it is also where its packages lie. What may hold secrets as well,
    /// such as <c>.envrc</c>, decides all the same.
    /// </summary>
    internal static bool DecidesWhatRuns(string folder, string name, bool isFolder) =>
        Same(folder, ".yarn") ? name is "releases" or "plugins" or "sdks" : (!isFolder && ProtectedNames.Contains(name)) || (!Same(name, ".yarn") && LookAt(folder, name, isFolder) is Sensitivity.Protected);

    /// <summary>Whether reading an absolute path without links is refused or asked about, because what lies there may be a secret.</summary>
    public static bool HoldsSecrets(string path) => Look(path).Level is Sensitivity.Deny or Sensitivity.Ask;

    /// <summary>Every name of the table whose writing is asked about, and whether it is a folder's. The sandbox has its own list of them.</summary>
    internal static IEnumerable<(string Name, bool IsFolder)> Protected => ProtectedFolders.ToList().ConvertAll(name => (name, true)).Concat(ProtectedNames.ToList().ConvertAll(name => (name, false)));

    /// <summary>Whether the name is a folder that decides what runs later.</summary>
    internal static bool IsProtectedFolder(string name) => ProtectedFolders.Contains(name);

    /// <summary>Whether the bytes begin a private key file.</summary>
    internal static bool IsPrivateKey(ReadOnlySpan<byte> start)
    {
        start = start[..Math.Min(start.Length, 4096)];
        var begin = start.IndexOf("-----BEGIN "u8);
        if (begin < 0)
        {
            return start.StartsWith("PuTTY-User-Key-File"u8);
        }

        var line = start[begin..];
        var end = line.IndexOf((byte)'\n');
        return (end < 0 ? line : line[..end]).IndexOf("PRIVATE KEY"u8) >= 0;
    }

    private static Sensitivity LookAt(string[] names, int at, bool bareWord)
    {
        var name = names[at];
        var last = at == names.Length - 1;
        if (!last && char.IsAscii(name[0]) && !FolderStarts.Contains(name[0]))
        {
            return Sensitivity.None;
        }

        if (DenyFolders.Contains(name) || DenyNames.Contains(name) || (last && (bareWord ? KeyNames.Contains(name) : IsKeyName(name))) || DenyPairs.Any(pair => Same(pair.Name, name) && at > 0 && Same(pair.Folder, names[at - 1])))
        {
            return Sensitivity.Deny;
        }

        if ((Same(name, "secrets") && !bareWord) || (last && (IsEnvironment(name) || (IsCredentials(name) && !bareWord) || name.EndsWith(".pem", StringComparison.OrdinalIgnoreCase))))
        {
            return Sensitivity.Ask;
        }

        var worktree = at + 1 < names.Length && Same(names[at + 1], "worktrees") && (Same(name, ".claude") || Same(name, ".bridle"));
        return (ProtectedFolders.Contains(name) && !worktree) || (last && ProtectedNames.Contains(name)) || (at > 0 && ProtectedPairs.Any(pair => Same(pair.Name, name) && Same(pair.Folder, names[at - 1])))
            ? Sensitivity.Protected
            : Sensitivity.None;
    }

    private static bool IsKeyName(string name) =>
        name.StartsWith("id_", StringComparison.OrdinalIgnoreCase) && !name.EndsWith(".pub", StringComparison.OrdinalIgnoreCase) && !IsCode(name);

    private static bool IsEnvironment(string name) => name.StartsWith(".env", StringComparison.OrdinalIgnoreCase) && !Same(name, ".env.example");

    private static bool IsCredentials(string name) => name.Contains("credentials", StringComparison.OrdinalIgnoreCase) && !IsCode(name);

    private static bool IsCode(string name) => CodeEndings.Contains(name[(name.LastIndexOf('.') + 1)..]) && name.Contains('.');

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    private static FrozenSet<string> Names(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
