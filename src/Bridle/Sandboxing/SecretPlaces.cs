namespace Bridle.Sandboxing;

/// <summary>Where people and systems keep secrets that no build needs: what a confined program finds empty. docs/sandbox.md shows the list.</summary>
public static class SecretPlaces
{
    private static readonly string[] s_home =
    [
        ".ssh", ".gnupg", ".pki", ".aws", ".azure", ".config/gcloud", ".kube", ".docker/config.json", ".docker/contexts", ".config/containers/auth.json",
        ".netrc", "_netrc", ".git-credentials", ".config/git/credentials", ".config/gh", ".config/hub", ".config/glab-cli", ".pypirc", ".gem/credentials",
        ".cargo/credentials", ".cargo/credentials.toml", ".config/op", ".config/rclone", ".config/doctl", ".config/heroku", ".config/fly", ".fly", ".vercel", ".netlify",
        ".terraform.d/credentials.tfrc.json", ".terraformrc", ".vault-token", ".boto", ".s3cfg", ".pgpass", ".my.cnf", ".mylogin.cnf", ".databrickscfg", ".snowflake",
        ".password-store", ".local/share/keyrings", ".local/share/kwalletd", ".config/Bitwarden", ".config/KeePass", ".config/keepassxc", ".electrum", ".bitcoin", ".ethereum",
        ".mozilla", ".config/google-chrome", ".config/chromium", ".config/BraveSoftware", ".config/microsoft-edge", ".thunderbird", ".config/Slack", ".config/discord",
        ".claude.json", ".claude/.credentials.json", ".codex/auth.json", ".gemini", ".config/anthropic", ".config/openai",
        ".bash_history", ".zsh_history", ".local/share/fish/fish_history", ".python_history", ".node_repl_history", ".psql_history", ".mysql_history", ".sqlite_history",
    ];

    private static readonly string[] s_system =
    [
        "/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-", "/etc/sudoers", "/etc/sudoers.d", "/etc/ssl/private", "/etc/krb5.keytab", "/etc/wireguard",
        "/etc/NetworkManager/system-connections", "/etc/kubernetes", "/var/lib/kubelet", "/var/lib/docker", "/var/lib/containers", "/var/lib/secrets", "/var/spool/cron",
    ];

    /// <summary>The absolute paths, whether they exist or not. <paramref name="homes"/>: the person's home folder, and others that hold the same.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<string> homes) =>
        [.. homes.SelectMany(home => s_home.Select(name => Path.Combine(home, name))).Concat(s_system).Concat(HostKeys()).Distinct()];

    private static IEnumerable<string> HostKeys()
    {
        try
        {
            return Directory.Exists("/etc/ssh") ? [.. Directory.EnumerateFiles("/etc/ssh", "ssh_host_*_key")] : [];
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
