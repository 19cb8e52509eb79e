using System.Text.Json.Nodes;
using Bridle.Models;

namespace Bridle.Hooks;

/// <summary>That one model answers in place of another, as hooks hear of it.</summary>
/// <param name="From">The full name of the model that answered so far.</param>
/// <param name="To">The model that answers from here on.</param>
/// <param name="Requested">The name that was asked for.</param>
/// <param name="Source">Who asks: <c>command</c>, <c>sdk</c>, <c>auto</c> or <c>resume</c>.</param>
/// <param name="Tokens">How long the conversation is, in tokens, as far as it can be told.</param>
public sealed record ModelSwitch(string From, ModelInfo To, string Requested, string Source, long Tokens)
{
    /// <summary>What hooks of that event hear. What nobody knows, such as whether a vendor's cache is still warm, is null.</summary>
    public HookOccasion Occasion(string name) => new(name)
    {
        Facts = new JsonObject
        {
            ["from_model"] = From, ["to_model"] = To.FullName, ["requested_model"] = Requested, ["source"] = Source, ["context_tokens"] = Tokens,
            ["prompt_cache_warm"] = null, ["cache_ttl"] = null,
            ["estimated_cache_write_usd"] = To.Price is { } price ? Tokens * (price.CacheWrite ?? price.Input) / 1_000_000m : null,
            ["pricing"] = To.Price is { } known ? new JsonObject { ["input"] = known.Input, ["output"] = known.Output, ["cache_read"] = known.CacheRead, ["cache_write"] = known.CacheWrite } : null,
        },
    };
}
