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

        _input = VendorJson.Number(fields, "input_tokens") ?? _input;
        _cacheRead = VendorJson.Number(fields, "cache_read_input_tokens") ?? _cacheRead;
        _cacheWrite = VendorJson.Number(fields, "cache_creation_input_tokens") ?? _cacheWrite;
        _output = VendorJson.Number(fields, "output_tokens") ?? _output;
        if (VendorJson.Object(fields, "output_tokens_details") is { } details)
        {
            _thinking = VendorJson.Number(details, "thinking_tokens") ?? _thinking;
        }
    }
}
