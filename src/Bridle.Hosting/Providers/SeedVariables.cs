namespace Bridle.Hosting.Providers;

/// <summary>The variables of llm-agent-harness that say which server is asked and where it is. They hold for its three servers and for nothing else.</summary>
public static class SeedVariables
{
    /// <summary>Names the provider.</summary>
    public const string Provider = "HARNESS_INFERENCE_PROVIDER";

    /// <summary>Where that provider is, whichever it is; Ollama where <see cref="Provider"/> is not set.</summary>
    public const string Address = "OLLAMA_API_URL";

    /// <summary>The provider when nothing names one.</summary>
    public const string DefaultProvider = "ollama";

    /// <summary>The values of <see cref="Provider"/>.</summary>
    public static IReadOnlyList<string> Providers { get; } = ["ollama", "lm-studio", "lemonade"];

    /// <summary>The first of the variables, the folders' and the container's included, whose value cannot be used: which, and what it may be. Null when all can.</summary>
    public static (string Message, string Advice)? Problem(HostEnvironment environment)
    {
        (string Name, Func<string, bool> May, string Allowed)[] all =
        [
            (Provider, Providers.Contains, string.Join(" or ", Providers)),
            (Address, text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https", "an address that begins with http:// or https://"),
            (BridleFolders.RootVariable, text => text is not ("." or "..") && text.IndexOfAny(['/', '\\', '\0']) < 0, "the name of one folder"),
            ("XDG_STATE_HOME", Path.IsPathFullyQualified, "an absolute path"),
            ("XDG_DATA_HOME", Path.IsPathFullyQualified, "an absolute path"),
            ("SANDBOX_CONTAINER_RUNTIME_EXECUTABLE", text => Path.GetFileNameWithoutExtension(text) is "podman" or "docker", "podman or docker, or the path of one"),
            ("SANDBOX_CONTAINER_IMAGE", IsWord, "the name of an image, such as alpine"),
            ("SANDBOX_CONTAINER_WORKSPACE_VOLUME_NAME", IsWord, "the name of a volume that exists"),
        ];
        var wrong = all.FirstOrDefault(one => environment[one.Name] is { } value && !one.May(value));
        return wrong.Name is null ? null : ($"{wrong.Name} is '{environment[wrong.Name]}', but must be {wrong.Allowed}.", $"Correct it, or unset {wrong.Name}.");
    }

    /// <summary>The variable that moves a provider, as things are set, or null.</summary>
    internal static string? AddressVariable(KnownProvider known, HostEnvironment environment) =>
        environment[Provider] is { } named && Providers.Contains(named) && Providers.Contains(known.Name) ? (known.Name == named ? Address : null) : known.BaseUrlVariable;

    // A word that the engine cannot take for a flag or for two.
    private static bool IsWord(string text) => text[0] != '-' && !text.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter));
}
