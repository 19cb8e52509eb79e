using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Ollama;

/// <summary>Builds a reply from Ollama's lines, or from its one object when it was not streamed.</summary>
internal sealed class OllamaReply(ModelInfo model, ModelRequest request)
{
    private readonly TextPieces _text = new();
    private readonly TextPieces _thinking = new();
    private readonly ThinkTags _tags = new();
    private readonly List<MessagePart> _calls = [];
    private readonly CallIds _ids = new(request);
    private bool _thinkingField;

    /// <summary>Whether the last update was given out.</summary>
    public bool Ended { get; private set; }

    /// <summary>Takes one line and adds what it shows to <paramref name="shown"/>.</summary>
    public void Add(JsonElement line, List<ModelUpdate> shown)
    {
        if (line.At("error") is not null)
        {
            Ended = true;
            shown.Add(new ReplyFailed(WireErrors.InStream(ErrorWords.Read(line)), "", Tokens(line)));
            return;
        }

        var message = line.At("message");
        if (message.TextAt("thinking") is { Length: > 0 } thinking)
        {
            _thinkingField = true;
            Show(("", thinking), shown);
        }

        // A server that does not know how the model thinks leaves the thoughts in the answer, between tags.
        if (message.TextAt("content") is { Length: > 0 } content)
        {
            Show(_tags.Add(content), shown);
        }

        foreach (var call in message.ItemsAt("tool_calls"))
        {
            Call(call, shown);
        }

        if (line.At("done") is { ValueKind: JsonValueKind.True })
        {
            Ended = true;
            Show(_tags.Finish(), shown);
            shown.Add(Finish(line));
        }
    }

    private void Show((string Answer, string Thought) split, List<ModelUpdate> shown)
    {
        if (split.Thought.Length > 0 && _thinking.Add(split.Thought) is { Length: > 0 } thought)
        {
            shown.Add(new ReasoningArrived(thought));
        }

        if (split.Answer.Length > 0 && _text.Add(split.Answer) is { Length: > 0 } text)
        {
            shown.Add(new TextArrived(text));
        }
    }

    private void Call(JsonElement call, List<ModelUpdate> shown)
    {
        var function = call.At("function");
        var name = function.TextAt("name") ?? "";
        var arguments = function.At("arguments") switch
        {
            null => "",
            { ValueKind: JsonValueKind.String } text => text.Text(),
            { } value => value.GetRawText(),
        };
        _calls.Add(new ToolCallPart(_ids.Take(call.TextAt("id")), name, arguments));
        shown.Add(new CallArriving(name));
    }

    private ModelUpdate Finish(JsonElement line)
    {
        var parts = new List<MessagePart>();
        if (!_thinking.IsEmpty)
        {
            // It goes back in the field it came in; the mark says whose it is. What came between tags does not go back.
            parts.Add(new ReasoningPart(_thinking.ToString()) { Vendor = _thinkingField ? new(model.Origin, WireJson.EmptyObject) : null });
        }

        if (!_text.IsEmpty)
        {
            parts.Add(new TextPart(_text.ToString()));
        }

        parts.AddRange(_calls);
        var stop = line.TextAt("done_reason") switch
        {
            _ when _calls.Count > 0 => StopReason.ToolUse,
            "length" when parts.Count == 0 => StopReason.ContextFull,
            "length" => StopReason.MaxTokens,
            null or "stop" => StopReason.EndTurn,
            _ => StopReason.Other,
        };
        return ReplyErrors.EndOf(new(parts, stop, Tokens(line), line.TextAt("model")));
    }

    /// <summary>Prompt and reply; nothing is known of a cache. A prompt that is wholly in the server's cache is not counted at all.</summary>
    private static Usage? Tokens(JsonElement line)
    {
        var input = line.NumberAt("prompt_eval_count");
        var output = line.NumberAt("eval_count");
        return input is null && output is null ? null : new(input ?? 0, 0, 0, output ?? 0, 0);
    }
}
