using System.Collections.Frozen;
using Bridle.Hosting.Providers;

namespace Bridle.Hosting.Settings;

/// <summary>
/// Which variables a trusted project may set. For Bridle itself a short list: the model, the provider, a local server, names of containers.
/// For the programs that the agent runs everything but what makes any program load code, moves where programs and settings are found, or says where requests go and with which key.
/// </summary>
internal static class ProjectVariables
{
    private static readonly FrozenSet<string> ForBridle = FrozenSet.Create(
        ProviderSelection.ModelVariable, "CLAUDE_MODEL", "LOCAL_LLM_MODEL", "HARNESS_INFERENCE_PROVIDER",
        "SANDBOX_CONTAINER_IMAGE", "SANDBOX_CONTAINER_WORKSPACE_VOLUME_NAME");

    private static readonly FrozenSet<string> LocalAddresses = FrozenSet.Create("LOCAL_LLM_URL", "OLLAMA_API_URL");

    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "PATH", "HOME", "SHELL", "IFS", "ENV", "BASH_ENV", "BASHOPTS", "SHELLOPTS", "PROMPT_COMMAND", "PS4", "CDPATH", "GLOBIGNORE", "USER", "LOGNAME", "TMPDIR", "TMP", "TEMP", "PWD", "ZDOTDIR",
        "PAGER", "MANPAGER", "LESSOPEN", "LESSCLOSE", "EDITOR", "VISUAL", "BROWSER", "SSH_ASKPASS", "SUDO_ASKPASS", "SSH_AUTH_SOCK", "TERMINFO", "TERMCAP",
        "NODE_OPTIONS", "NODE_PATH", "NODE_EXTRA_CA_CERTS", "PERL5OPT", "PERL5LIB", "PERLLIB", "RUBYOPT", "RUBYLIB", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH",
        "MAVEN_OPTS", "GRADLE_OPTS", "MSBUILDSDKSPATH", "RIPGREP_CONFIG_PATH", "LUA_INIT", "LUA_PATH", "GCONV_PATH", "LOCPATH", "HOSTALIASES", "RES_OPTIONS", "MAKEFLAGS", "RUSTC_WRAPPER", "RUSTFLAGS",
        "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "FTP_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "OPENSSL_CONF", "OPENSSL_MODULES", "NETRC", "CURL_HOME", "WGETRC",
        "DOCKER_HOST", "DOCKER_CONFIG", "KUBECONFIG", "CONTAINER_HOST", "CONTAINERS_CONF", "COMSPEC", "PATHEXT", "SYSTEMROOT", "NUGET_PACKAGES", "OTEL_EXPORTER_OTLP_ENDPOINT", "CLAUDE_CONFIG_DIR");

    private static readonly string[] Beginnings =
    [
        "LD_", "DYLD_", "DOTNET_", "CORECLR_", "COMPLUS_", "COR_", "PYTHON", "GIT_", "BASH_FUNC_", "BRIDLE_", "HARNESS_", "XDG_", "NPM_CONFIG_", "PIP_", "UV_", "CARGO_", "GOFLAGS", "GOPROXY", "GOTOOLCHAIN",
        "SANDBOX_", "MALLOC_", "GLIBC_", "ANTHROPIC_", "OPENAI_", "GEMINI_", "GOOGLE_", "AWS_", "AZURE_",
    ];

    private static readonly string[] Endings = ["_BASE_URL", "_API_URL", "_ENDPOINT", "_API_BASE", "_KEY", "_TOKEN", "_SECRET", "_PASSWORD", "_CREDENTIALS", "_PROXY"];

    // Harmless though their beginning is not.
    private static readonly FrozenSet<string> Harmless = FrozenSet.Create(
        "DOTNET_NOLOGO", "DOTNET_CLI_TELEMETRY_OPTOUT", "DOTNET_CLI_UI_LANGUAGE", "DOTNET_ENVIRONMENT", "DOTNET_SKIP_FIRST_TIME_EXPERIENCE", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PYTHONUTF8", "PYTHONIOENCODING",
        "CARGO_TERM_COLOR", "CARGO_INCREMENTAL", "AWS_REGION", "AWS_DEFAULT_REGION", "GIT_TERMINAL_PROMPT");

    /// <summary>Whether the programs that the agent runs may get it from a trusted project.</summary>
    public static bool MayReachPrograms(string name) =>
        Harmless.Contains(name)
        || ForBridle.Contains(name)
        || LocalAddresses.Contains(name)
        || (IsName(name)
            && !Names.Contains(name)
            && !Beginnings.Any(beginning => name.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))
            && !Endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Whether Bridle itself takes it from a trusted project: the address of a local server only when it is one.</summary>
    public static bool MayReachBridle(string name, string value) =>
        ForBridle.Contains(name) || (LocalAddresses.Contains(name) && Uri.TryCreate(value, UriKind.Absolute, out var address) && address.IsLoopback);

    private static bool IsName(string name) => name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') && !char.IsAsciiDigit(name[0]);
}
