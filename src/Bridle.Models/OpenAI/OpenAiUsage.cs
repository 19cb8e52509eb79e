using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.OpenAI;

/// <summary>Tokens as OpenAI counts them: the prompt's number includes what came from the cache and what was written to it.</summary>
internal static class OpenAiUsage
{
    /// <summary>The <c>usage</c> object of Chat Completions (prompt, completion) or of Responses (input, output); null when there is none.</summary>
    public static Usage? Read(JsonElement? usage)
    {
        var prompt = usage.NumberAt("prompt_tokens") ?? usage.NumberAt("input_tokens");
        var output = usage.NumberAt("completion_tokens") ?? usage.NumberAt("output_tokens");
        if (prompt is null && output is null)
        {
            return null;
        }

        var input = usage.At("prompt_tokens_details") ?? usage.At("input_tokens_details");
        var cached = input.NumberAt("cached_tokens") ?? usage.NumberAt("prompt_cache_hit_tokens") ?? 0;
        var written = input.NumberAt("cache_write_tokens") ?? 0;
        var reasoning = (usage.At("completion_tokens_details") ?? usage.At("output_tokens_details")).NumberAt("reasoning_tokens") ?? 0;
        return new(Math.Max(0, (prompt ?? 0) - cached - written), cached, written, output ?? 0, reasoning);
    }
}
