using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.OpenAI;

/// <summary>Builds a reply from the chunks of Chat Completions, or from the one message of a reply that was not streamed.</summary>
internal sealed class ChatReply(ModelInfo model, ModelRequest request)
{
    private readonly TextPieces _text = new();
    private readonly TextPieces _reasoning = new();
    private readonly ThinkTags _tags = new();
    private readonly ChatCalls _calls = new();
    private string? _reasoningField;
    private string? _model;
    private string? _finish;
    private bool _refused;
    private bool _spoken;

    /// <summary>The tokens reported last.</summary>
    public Usage? Usage { get; private set; }

    /// <summary>Whether the server said why the reply ended.</summary>
    public bool Ended => _finish is not null;

    /// <summary>Takes a chunk and adds what it shows to <paramref name="shown"/>.</summary>
    public void Add(JsonElement chunk, List<ModelUpdate> shown)
    {
        _model ??= chunk.TextAt("model");
        if (OpenAiUsage.Read(chunk.At("usage")) is { } usage)
        {
            Usage = usage;
            shown.Add(new UsageNoted(usage));
        }

        foreach (var choice in chunk.ItemsAt("choices"))
        {
            if (choice.NumberAt("index") is null or 0)
            {
                _spoken = true;
                Take(choice.At("delta") ?? choice.At("message") ?? WireJson.EmptyObject, shown);
                _finish = choice.TextAt("finish_reason") is { Length: > 0 } finish ? finish : _finish;
            }
        }
    }

    /// <summary>The last updates: what was held back, then the end.</summary>
    public void Finish(List<ModelUpdate> shown)
    {
        var (answer, thought) = _tags.Finish();
        Show(answer, thought, shown);
        if (!_spoken)
        {
            shown.Add(new ReplyFailed(new(ModelErrorKind.Malformed, "The server sent an empty reply: no choices in it.", "Look at the server's log; the model may have failed to load."), "", Usage));
            return;
        }

        var parts = new List<MessagePart>();
        if (!_reasoning.IsEmpty)
        {
            parts.Add(new ReasoningPart(_reasoning.ToString()) { Vendor = _reasoningField is null ? null : new(model.Origin, WireJson.Element(writer => writer.WriteStringValue(_reasoningField))) });
        }

        if (!_text.IsEmpty)
        {
            parts.Add(new TextPart(_text.ToString()));
        }

        parts.AddRange(_calls.Finish(model, new CallIds(request)));
        shown.Add(ReplyErrors.EndOf(new(parts, Stop(parts.Count == 0), Usage, _model)));
    }

    private void Take(JsonElement delta, List<ModelUpdate> shown)
    {
        foreach (var field in (ReadOnlySpan<string>)["reasoning_content", "reasoning"])
        {
            if (delta.TextAt(field) is { Length: > 0 } reasoning && (_reasoningField is null || _reasoningField == field))
            {
                _reasoningField = field;
                Show("", reasoning, shown);
            }
        }

        if (Content(delta) is { Length: > 0 } content)
        {
            var (answer, thought) = _tags.Add(content);
            Show(answer, thought, shown);
        }

        if (delta.TextAt("refusal") is { Length: > 0 } refusal)
        {
            _refused = true;
            Show(refusal, "", shown);
        }

        foreach (var fragment in delta.ItemsAt("tool_calls"))
        {
            Call(fragment, shown);
        }

        if (delta.At("function_call") is { ValueKind: JsonValueKind.Object } old)
        {
            Call(old, shown);
        }
    }

    private void Call(JsonElement fragment, List<ModelUpdate> shown)
    {
        if (_calls.Add(fragment) is { } name)
        {
            shown.Add(new CallArriving(name));
        }
    }

    /// <summary>The content, which some servers send as a list of parts even here.</summary>
    private static string? Content(JsonElement delta) => delta.At("content") switch
    {
        { ValueKind: JsonValueKind.String } text => text.Text(),
        { ValueKind: JsonValueKind.Array } parts => string.Concat(parts.EnumerateArray().Select(part => part.TextAt("text"))),
        _ => null,
    };

    private void Show(string answer, string thought, List<ModelUpdate> shown)
    {
        if (thought.Length > 0 && _reasoning.Add(thought) is { Length: > 0 } reasoning)
        {
            shown.Add(new ReasoningArrived(reasoning));
        }

        if (answer.Length > 0 && _text.Add(answer) is { Length: > 0 } text)
        {
            shown.Add(new TextArrived(text));
        }
    }

    private StopReason Stop(bool empty) => _finish switch
    {
        _ when _calls.Any => StopReason.ToolUse,
        _ when _refused => StopReason.Refusal,
        "content_filter" => StopReason.Refusal,
        "length" when empty && Usage is null or { Output: 0 } => StopReason.ContextFull,
        "model_context_window_exceeded" => StopReason.ContextFull,
        "length" or "max_tokens" => StopReason.MaxTokens,
        "stop" or "eos" or "end_turn" or "tool_calls" or "function_call" or null => StopReason.EndTurn,
        "stop_sequence" => StopReason.StopSequence,
        _ => StopReason.Other,
    };
}
