using Bridle.Messages;
using Microsoft.Extensions.AI;

namespace Bridle.Models.Extensions;

/// <summary>Tokens in both ways of counting: there, input includes what came from the cache or was written to it.</summary>
internal static class ChatUsage
{
    private const string CacheWrite = "cache_write_input_tokens";

    public static UsageDetails Of(Usage usage) => new()
    {
        InputTokenCount = usage.Input + usage.CacheRead + usage.CacheWrite,
        CachedInputTokenCount = usage.CacheRead,
        OutputTokenCount = usage.Output,
        ReasoningTokenCount = usage.Reasoning,
        TotalTokenCount = usage.Total,
        AdditionalCounts = usage.CacheWrite == 0 ? null : new() { [CacheWrite] = usage.CacheWrite },
    };

    public static Usage? Of(UsageDetails? details)
    {
        if (details is null || (details.InputTokenCount is null && details.OutputTokenCount is null))
        {
            return null;
        }

        var read = details.CachedInputTokenCount ?? 0;
        var written = details.AdditionalCounts is { } counts && counts.TryGetValue(CacheWrite, out var count) ? count : 0;
        return new Usage(Math.Max(0, (details.InputTokenCount ?? 0) - read - written), read, written, details.OutputTokenCount ?? 0, details.ReasoningTokenCount ?? 0);
    }

    public static ChatFinishReason Of(StopReason stop) => stop switch
    {
        StopReason.ToolUse => ChatFinishReason.ToolCalls,
        StopReason.MaxTokens or StopReason.ContextFull => ChatFinishReason.Length,
        StopReason.Refusal => ChatFinishReason.ContentFilter,
        StopReason.EndTurn or StopReason.StopSequence => ChatFinishReason.Stop,
        StopReason.Pause => new ChatFinishReason("pause"),
        _ => new ChatFinishReason("other"),
    };

    public static StopReason Of(ChatFinishReason? finish) => finish switch
    {
        null => StopReason.EndTurn,
        { } reason when reason == ChatFinishReason.Stop => StopReason.EndTurn,
        { } reason when reason == ChatFinishReason.ToolCalls => StopReason.ToolUse,
        { } reason when reason == ChatFinishReason.Length => StopReason.MaxTokens,
        { } reason when reason == ChatFinishReason.ContentFilter => StopReason.Refusal,
        { Value: "pause" } => StopReason.Pause,
        _ => StopReason.Other,
    };

    public static ReasoningOptions? Effort(string? effort) => effort?.ToLowerInvariant() switch
    {
        "none" => new() { Effort = ReasoningEffort.None },
        "low" or "minimal" => new() { Effort = ReasoningEffort.Low },
        "medium" => new() { Effort = ReasoningEffort.Medium },
        "high" => new() { Effort = ReasoningEffort.High },
        "xhigh" or "max" => new() { Effort = ReasoningEffort.ExtraHigh },
        _ => null,
    };

    public static string? Effort(ReasoningOptions? options) => options?.Effort switch
    {
        ReasoningEffort.None => "none",
        ReasoningEffort.Low => "low",
        ReasoningEffort.Medium => "medium",
        ReasoningEffort.High => "high",
        ReasoningEffort.ExtraHigh => "xhigh",
        _ => null,
    };
}
