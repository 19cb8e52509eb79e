using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Anthropic;

/// <summary>The vendor's running count: each report replaces the fields it names.</summary>
internal sealed class AnthropicUsage
{
    private long? _input;
    private long? _cacheRead;
    private long? _cacheWrite;
    private long? _output;
    private long? _thinking;

    /// <summary>What was reported last, or null when nothing was. The vendor counts cached input apart and thinking as output, as Bridle does.</summary>
    public Usage? Total =>
        _input is null && _output is null ? null : new Usage(_input ?? 0, _cacheRead ?? 0, _cacheWrite ?? 0, _output ?? 0, _thinking ?? 0);

    public void Replace(JsonElement? usage)
    {
        if (usage is not { } fields)
        {
            return;
        }

        _input = fields.NumberAt("input_tokens") ?? _input;
        _cacheRead = fields.NumberAt("cache_read_input_tokens") ?? _cacheRead;
        _cacheWrite = fields.NumberAt("cache_creation_input_tokens") ?? _cacheWrite;
        _output = fields.NumberAt("output_tokens") ?? _output;
        _thinking = fields.At("output_tokens_details").NumberAt("thinking_tokens") ?? _thinking;
    }
}
