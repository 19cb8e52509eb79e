using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Anthropic;

/// <summary>A reply as it grows, event by event. Not safe to use concurrently.</summary>
internal sealed class AnthropicReply(ModelInfo model, ModelRequest request)
{
    private readonly List<AnthropicBlock> _blocks = [];
    private readonly Dictionary<long, AnthropicBlock> _open = [];
    private readonly AnthropicUsage _usage = new();
    private string? _model;
    private string? _stop;
    private string? _explanation;

    public Usage? Usage => _usage.Total;

    /// <summary>Takes one event in. Gives what is to be shown; the reply is over when that is the last update. Null for nothing.</summary>
    public ModelUpdate? Accept(string type, JsonElement data)
    {
        switch (type)
        {
            case "message_start":
                Message(data);
                return null;
            case "content_block_start" when data.At("content_block") is { ValueKind: JsonValueKind.Object } block:
                return Start(data.NumberAt("index") ?? _blocks.Count, block);
            case "content_block_delta" when data.At("delta") is { } delta:
                return Delta(data.NumberAt("index") ?? _blocks.Count - 1, delta);
            case "message_delta":
                Stop(data.At("delta"));
                _usage.Replace(data.At("usage"));
                return null;
            case "message_stop":
                return Finish();
            case "error":
                return new ReplyFailed(AnthropicErrors.InStream(data));
            default:
                return null;
        }
    }

    /// <summary>A reply that came as one message.</summary>
    public ModelUpdate Whole(JsonElement message)
    {
        if (message.At("content") is not { ValueKind: JsonValueKind.Array } content)
        {
            return message.TextAt("type") == "error"
                ? new ReplyFailed(AnthropicErrors.InStream(message))
                : throw new JsonException("a message without a list of content blocks");
        }

        Message(message);
        foreach (var block in content.EnumerateArray().Where(block => block.ValueKind == JsonValueKind.Object))
        {
            Start(_blocks.Count, block);
        }

        Stop(message);
        return Finish();
    }

    private void Message(JsonElement data)
    {
        var message = data.At("message") ?? data;
        _model = message.TextAt("model") ?? _model;
        _usage.Replace(message.At("usage"));
    }

    private ModelUpdate? Start(long index, JsonElement start)
    {
        var block = new AnthropicBlock(start.Clone());
        _blocks.Add(block);
        _open[index] = block;
        return block.Type switch
        {
            "tool_use" => new CallArriving(block.Name),
            "text" when !block.Text.IsEmpty => new TextArrived(block.Text.ToString()),
            "thinking" when !block.Text.IsEmpty => new ReasoningArrived(block.Text.ToString()),
            _ => null,
        };
    }

    private ModelUpdate? Delta(long index, JsonElement delta)
    {
        if (!_open.TryGetValue(index, out var block))
        {
            return null;
        }

        switch (delta.TextAt("type"))
        {
            case "text_delta":
                return block.Text.Add(delta.TextAt("text") ?? "") is { Length: > 0 } text ? new TextArrived(text) : null;
            case "thinking_delta":
                return block.Text.Add(delta.TextAt("thinking") ?? "") is { Length: > 0 } thinking ? new ReasoningArrived(thinking) : null;
            case "input_json_delta":
                block.Input.Add(delta.TextAt("partial_json") ?? "");
                return null;
            case "signature_delta":
                block.Signature = delta.TextAt("signature");
                return null;
            case "citations_delta" when delta.At("citation") is { } citation:
                block.Citations.Add(citation.Clone());
                return null;
            default:
                return null;
        }
    }

    private void Stop(JsonElement? delta)
    {
        _stop = delta.TextAt("stop_reason") ?? _stop;
        var details = delta.At("stop_details");
        _explanation = details.TextAt("explanation") ?? details.TextAt("category") ?? _explanation;
    }

    private ModelUpdate Finish()
    {
        var parts = new List<MessagePart>(_blocks.Count);
        var ids = new CallIds(request);
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
            return new ReplyFailed(ReplyErrors.Refused(_explanation));
        }

        if (parts.Count == 0 && _stop == "model_context_window_exceeded")
        {
            return new ReplyFailed(ReplyErrors.ContextFull());
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
