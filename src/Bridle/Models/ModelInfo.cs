using System.Text.Json.Serialization;
using Bridle.Messages;

namespace Bridle.Models;

/// <summary>What is known about a model. Unknown stays unknown: nothing here is guessed silently.</summary>
/// <param name="Provider">The configured provider's name.</param>
/// <param name="Name">The name the server knows it by; may contain slashes.</param>
/// <param name="Api">The wire protocol: <c>openai</c>, <c>openai-responses</c>, <c>anthropic</c>, <c>gemini</c>, <c>ollama</c>, <c>rehearsal</c>.</param>
public sealed record ModelInfo(string Provider, string Name, string Api)
{
    /// <summary>Tokens that input and output may take together, or null.</summary>
    public int? ContextWindow { get; init; }

    /// <summary>Tokens that one reply may take, or null.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Whether it calls tools natively.</summary>
    public Known Tools { get; init; }

    /// <summary>Whether it sees images.</summary>
    public Known Images { get; init; }

    /// <summary>Its price, or null when unknown.</summary>
    public Price? Price { get; init; }

    /// <summary>Where it is served, without a password or a key that stands in the address; null where nobody says. What is learned from a server holds there only.</summary>
    [JsonIgnore]
    public string? Server { get; init; }

    /// <summary>True for the rehearsal model: nothing it says comes from a language model.</summary>
    public bool Simulated { get; init; }

    /// <summary>The full name, <c>provider/model</c>.</summary>
    [JsonIgnore]
    public string FullName => $"{Provider}/{Name}";

    /// <summary>Names the maker of opaque data: <c>api/model</c>. Data of another origin is left out of requests.</summary>
    [JsonIgnore]
    public string Origin => $"{Api}/{Name}";
}

/// <summary>A yes, a no, or not known.</summary>
[JsonConverter(typeof(SnakeCaseEnum<Known>))]
public enum Known
{
    /// <summary>Nobody said.</summary>
    Unknown,

    /// <summary>Yes.</summary>
    Yes,

    /// <summary>No.</summary>
    No,
}

/// <summary>US dollars for a million tokens. Missing cache prices are taken as the input price.</summary>
/// <param name="Input">Uncached input.</param>
/// <param name="Output">Output, reasoning included.</param>
/// <param name="CacheRead">Input read from the vendor's cache, or null.</param>
/// <param name="CacheWrite">Input written to the vendor's cache, or null.</param>
public sealed record Price(decimal Input, decimal Output, decimal? CacheRead = null, decimal? CacheWrite = null)
{
    /// <summary>What the given tokens cost.</summary>
    public decimal Of(Usage usage) =>
        ((usage.Input * Input) + (usage.CacheRead * (CacheRead ?? Input)) + (usage.CacheWrite * (CacheWrite ?? Input)) + (usage.Output * Output)) / 1_000_000m;
}
