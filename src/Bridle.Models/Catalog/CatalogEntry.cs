using System.Text.Json.Serialization;

namespace Bridle.Models.Catalog;

/// <summary>One line of <c>models.jsonl</c>: what a provider said about a model when the list was refreshed.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Model">The name its server knows it by.</param>
public sealed record CatalogEntry(string Provider, string Model)
{
    /// <summary>Tokens that input and output may take together, or null.</summary>
    public int? ContextWindow { get; init; }

    /// <summary>Tokens that one reply may take, or null.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Whether it calls tools natively, as the list says. (Files of older versions also have here what was found out in use.)</summary>
    public Known Tools { get; init; }

    /// <summary>The addresses at which it was found out in use that it takes none, or null.</summary>
    public IReadOnlyList<string>? RefusesToolsAt { get; init; }

    /// <summary>Whether it sees images.</summary>
    public Known Images { get; init; }

    /// <summary>The price the provider stated, or null.</summary>
    public Price? Price { get; init; }

    /// <summary>When this was fetched or found out.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Whether it calls tools natively at an address: what the list says, else what was found out there.</summary>
    public Known ToolsAt(string? server) => Tools is Known.Unknown && RefusesToolsAt?.Contains(server ?? "") is true ? Known.No : Tools;
}

/// <summary>The outcome of asking a provider for its models: either the entries or why there are none.</summary>
public sealed record ListedModels(IReadOnlyList<CatalogEntry> Entries, string? Problem = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CatalogEntry))]
internal sealed partial class CatalogJson : JsonSerializerContext;
