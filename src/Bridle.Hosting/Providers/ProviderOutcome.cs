namespace Bridle.Hosting.Providers;

/// <summary>What the command line says about the model. Null means that it is silent.</summary>
public sealed record ModelWish
{
    /// <summary><c>--model</c>: <c>provider/model</c> or a bare name.</summary>
    public string? Model { get; init; }

    /// <summary>The provider that a bare name belongs to; null for the one that is configured.</summary>
    public string? Current { get; init; }

    /// <summary><c>--base-url</c>.</summary>
    public string? BaseUrl { get; init; }

    /// <summary><c>--api</c>.</summary>
    public string? Api { get; init; }

    /// <summary><c>--local</c>.</summary>
    public bool Local { get; init; }

    /// <summary><c>--local-url</c>; implies <see cref="Local"/>.</summary>
    public string? LocalUrl { get; init; }

    /// <summary><c>--local-model</c>; implies <see cref="Local"/>.</summary>
    public string? LocalModel { get; init; }
}

/// <summary>Where the model of a session comes from.</summary>
public abstract record ProviderOutcome;

/// <summary>A provider was picked; it is used or it fails, and nothing takes its place.</summary>
public sealed record ProviderChosen(ProviderChoice Choice) : ProviderOutcome;

/// <summary>Nobody configured anything and no local server with a model answers.</summary>
/// <param name="Seen">Local servers that answered without having a model, each with what to do.</param>
public sealed record NothingConfigured(IReadOnlyList<string> Seen) : ProviderOutcome;

/// <summary>What was asked for cannot be used.</summary>
/// <param name="Message">What is wrong.</param>
/// <param name="Advice">What to do next.</param>
public sealed record ProviderProblem(string Message, string Advice) : ProviderOutcome;

/// <summary>Everything needed to talk to a model.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Api">The wire protocol; <c>rehearsal</c> for the built-in model.</param>
/// <param name="BaseUrl">Where it is served, without a trailing slash; null for the rehearsal model.</param>
/// <param name="Model">The name its server knows it by.</param>
/// <param name="Key">The key, or null for none.</param>
/// <param name="Because">Why this provider, in words.</param>
public sealed record ProviderChoice(string Provider, string Api, Uri? BaseUrl, string Model, string? Key, string Because)
{
    /// <summary>Where the key came from, in words; never the key.</summary>
    public string? KeyFrom { get; init; }

    /// <summary>HTTP headers beside the protocol's own.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Tokens that input and output may take together, where settings say.</summary>
    public int? ContextWindow { get; init; }

    /// <summary>Tokens that one reply may take, where settings say.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary><c>native</c>, <c>prompted</c>, or null to find out.</summary>
    public string? Tools { get; init; }

    /// <summary>Whether the vendor's own search may be used.</summary>
    public bool WebGrounding { get; init; }

    /// <summary>Whether a flag moved a known provider to another host than its own: nobody says that the vendor's prices hold there.</summary>
    public bool IsElsewhere { get; init; }

    /// <summary><c>provider/model</c>.</summary>
    public string FullName => $"{Provider}/{Model}";

    /// <summary><see cref="BaseUrl"/> for people: without a password or a key that stands in it.</summary>
    public string Address => BaseUrl?.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) ?? "";

    /// <summary>Keeps the key out of anything that prints the record.</summary>
    public override string ToString() => $"{FullName} ({Api} at {Address}, key from {KeyFrom ?? "nowhere"})";
}
