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

    // What a person's own commands need, which are asked about or allowed.
    private static readonly (string Place, string? Toolchain)[] s_unasked =
    [
        (".nuget/NuGet", "dotnet"), (".config/NuGet", "dotnet"), (".npmrc", "npm"), (".yarnrc", "npm"), (".yarnrc.yml", "npm"), (".bunfig.toml", "npm"), (".config/pnpm/rc", "npm"),
        (".config/pip/pip.conf", "python"), (".pip/pip.conf", "python"), (".config/uv/uv.toml", "python"), (".config/pypoetry/auth.toml", "python"), (".local/share/uv/credentials", "python"),
        (".cargo/config.toml", "cargo"), (".cargo/config", "cargo"), (".config/go/env", "go"), (".m2/settings.xml", "maven"), (".m2/settings-security.xml", "maven"),
        (".gradle/gradle.properties", "gradle"), (".gradle/init.gradle", "gradle"),
        (".config/composer/auth.json", null), (".composer/auth.json", null), (".bundle/config", null), (".hex", null), (".config/sops/age", null), (".config/age", null),
        (".config/github-copilot", null), (".local/share/opencode/auth.json", null), (".pulumi/credentials.json", null), (".kaggle", null), (".config/kaggle", null),
        (".cache/huggingface/token", null), (".cache/huggingface/stored_tokens", null), (".huggingface/token", null), (".authinfo", null), (".authinfo.gpg", null), (".msmtprc", null),
        (".config/msmtp", null), (".mbsyncrc", null), (".fetchmailrc", null), (".config/fish/fish_variables", null), (".awsvault", null), (".aws-vault", null), (".env", null), (".env.local", null),
        (".config/configstore", null), (".wgetrc", null), (".curlrc", null), (".config/ngrok", null), (".ngrok2", null), (".config/stripe", null), (".config/wandb", null),
    ];

    /// <summary>What looks empty to a program that nobody was asked about. <paramref name="homes"/>: as above.</summary>
    public static IReadOnlyList<CredentialPlace> UnaskedOf(IEnumerable<string> homes) =>
        [.. homes.SelectMany(home => s_unasked.Select(one => new CredentialPlace(Path.Combine(home, one.Place), one.Toolchain))).DistinctBy(one => one.Path)];

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
