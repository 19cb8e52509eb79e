using System.Text;
using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Anthropic;

/// <summary>A reply as it grows, event by event. Not safe to use concurrently.</summary>
internal sealed class AnthropicReply(ModelInfo model)
{
    private readonly List<AnthropicBlock> _blocks = [];
    private readonly Dictionary<long, AnthropicBlock> _open = [];
    private readonly AnthropicUsage _usage = new();
    private string? _model;
    private string? _stop;
    private string? _explanation;

    public string PartialText => string.Concat(_blocks.Where(block => block.Type == "text").Select(block => block.Text.ToString()));

    public Usage? Usage => _usage.Total;

    /// <summary>Takes one event in. Gives what is to be shown; the reply is over when that is the last update. Null for nothing.</summary>
    public ModelUpdate? Accept(string type, JsonElement data)
    {
        switch (type)
        {
            case "message_start":
                Message(data);
                return null;
            case "content_block_start" when VendorJson.Object(data, "content_block") is { } block:
                return Start(VendorJson.Number(data, "index") ?? _blocks.Count, block);
            case "content_block_delta" when VendorJson.Object(data, "delta") is { } delta:
                return Delta(VendorJson.Number(data, "index") ?? _blocks.Count - 1, delta);
            case "message_delta":
                Stop(VendorJson.Object(data, "delta") ?? default);
                _usage.Replace(VendorJson.Object(data, "usage"));
                return null;
            case "message_stop":
                return Finish();
            case "error":
                return new ReplyFailed(AnthropicErrors.InStream(data), PartialText, Usage);
            default:
                return null;
        }
    }

    /// <summary>A reply that came as one message.</summary>
    public ModelUpdate Whole(JsonElement message)
    {
        if (VendorJson.Array(message, "content") is not { } content)
        {
            return VendorJson.Text(message, "type") == "error"
                ? new ReplyFailed(AnthropicErrors.InStream(message))
                : new ReplyFailed(VendorErrors.Malformed("The reply has no content list."));
        }

        Message(message);
        foreach (var block in content.EnumerateArray())
        {
            Start(_blocks.Count, block);
        }

        Stop(message);
        return Finish();
    }

    private void Message(JsonElement data)
    {
        var message = VendorJson.Object(data, "message") ?? data;
        _model = VendorJson.Text(message, "model") ?? _model;
        _usage.Replace(VendorJson.Object(message, "usage"));
    }

    private ModelUpdate? Start(long index, JsonElement start)
    {
        var block = new AnthropicBlock(start.Clone());
        _blocks.Add(block);
        _open[index] = block;
        return block.Type switch
        {
            "tool_use" => new CallArriving(block.Name),
            "text" when block.Text.Length > 0 => new TextArrived(block.Text.ToString()),
            "thinking" when block.Text.Length > 0 => new ReasoningArrived(block.Text.ToString()),
            _ => null,
        };
    }

    private ModelUpdate? Delta(long index, JsonElement delta)
    {
        if (!_open.TryGetValue(index, out var block))
        {
            return null;
        }

        switch (VendorJson.Text(delta, "type"))
        {
            case "text_delta" when VendorJson.Text(delta, "text") is { Length: > 0 } text:
                block.Text.Append(text);
                return new TextArrived(text);
            case "thinking_delta" when VendorJson.Text(delta, "thinking") is { Length: > 0 } thinking:
                block.Text.Append(thinking);
                return new ReasoningArrived(thinking);
            case "input_json_delta":
                block.Input.Append(VendorJson.Text(delta, "partial_json"));
                return null;
            case "signature_delta":
                block.Signature = VendorJson.Text(delta, "signature");
                return null;
            case "citations_delta" when VendorJson.Object(delta, "citation") is { } citation:
                block.Citations.Add(citation.Clone());
                return null;
            default:
                return null;
        }
    }

    private void Stop(JsonElement delta)
    {
        _stop = VendorJson.Text(delta, "stop_reason") ?? _stop;
        if (VendorJson.Object(delta, "stop_details") is { } details)
        {
            _explanation = VendorJson.Text(details, "explanation") ?? VendorJson.Text(details, "category");
        }
    }

    private ModelUpdate Finish()
    {
        var parts = new List<MessagePart>(_blocks.Count);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < _blocks.Count; i++)
        {
            var cut = _stop == "max_tokens" && i == _blocks.Count - 1;
            if (_blocks[i].ToPart(model, cut, ids) is { } part)
            {
                parts.Add(part);
            }
        }

        if (parts.Count == 0 && _stop == "refusal")
        {
            return new ReplyFailed(VendorErrors.Refused(_explanation), "", Usage);
        }

        if (parts.Count == 0 && _stop == "model_context_window_exceeded")
        {
            return new ReplyFailed(VendorErrors.ContextFull(), "", Usage);
        }

        return new ReplyFinished(new ModelReply(parts, parts.Any(part => part is ToolCallPart) ? StopReason.ToolUse : Reason(_stop), Usage, _model));
    }

    private static StopReason Reason(string? reason) => reason switch
    {
        "end_turn" => StopReason.EndTurn,
        "tool_use" => StopReason.ToolUse,
        "max_tokens" => StopReason.MaxTokens,
        "stop_sequence" => StopReason.StopSequence,
        "pause_turn" => StopReason.Pause,
        "refusal" => StopReason.Refusal,
        "model_context_window_exceeded" => StopReason.ContextFull,
        _ => StopReason.Other,
    };
}
