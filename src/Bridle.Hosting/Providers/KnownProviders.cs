using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bridle.Hosting.Providers;

/// <summary>The providers and local servers that Bridle knows without being told. Data, in <c>providers.json</c>; settings may change or add any.</summary>
public sealed record KnownProviders(IReadOnlyList<KnownProvider> Providers, IReadOnlyList<LocalServer> LocalServers)
{
    private static readonly Lazy<KnownProviders> Shipped = new(() =>
    {
        using var stream = typeof(KnownProviders).Assembly.GetManifestResourceStream("providers.json")
            ?? throw new InvalidOperationException("providers.json is not embedded.");
        return JsonSerializer.Deserialize(stream, ProvidersJson.Default.KnownProviders)!;
    });

    /// <summary>The list that comes with the program.</summary>
    public static KnownProviders Default => Shipped.Value;

    /// <summary>The provider of that name, or null.</summary>
    public KnownProvider? Find(string name) => Providers.FirstOrDefault(provider => provider.Name == name);
}

/// <summary>A provider that is known by name.</summary>
/// <param name="Name">The left part of <c>provider/model</c>.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Api">The wire protocol.</param>
/// <param name="KeyVariables">Where its key may be, the first that is set wins.</param>
public sealed record KnownProvider(string Name, string Title, string Api, IReadOnlyList<string> KeyVariables)
{
    /// <summary>Where it is served unless told otherwise.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>The variable that moves it.</summary>
    public string? BaseUrlVariable { get; init; }

    /// <summary>The variable that names its model.</summary>
    public string? ModelVariable { get; init; }

    /// <summary>The model to use when nobody names one.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>Whether it works without a key.</summary>
    public bool Keyless { get; init; }

    /// <summary>Whether its own model names contain slashes, so that the left part of a name may be no provider.</summary>
    public bool SlashNames { get; init; }

    /// <summary>Where a person gets a key.</summary>
    public string? KeysAt { get; init; }
}

/// <summary>A server that may be running on this machine.</summary>
/// <param name="Provider">Which provider it is when it answers.</param>
/// <param name="Root">Scheme, host and port.</param>
/// <param name="Identify">The path that says what is listening.</param>
/// <param name="Sign">How its answer is told from another program's.</param>
/// <param name="Models">The path that lists its models.</param>
/// <param name="BaseUrl">Where its model protocol is.</param>
/// <param name="Pull">What a person does when it has no model.</param>
public sealed record LocalServer(string Provider, string Root, string Identify, string Sign, string Models, string BaseUrl, string Pull)
{
    /// <summary>The path by which newer versions identify themselves and list their models, where it is another one.</summary>
    public string? Newer { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KnownProviders))]
internal sealed partial class ProvidersJson : JsonSerializerContext;
