using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Gemini;

/// <summary>A reply as it grows, response object by response object. Not safe to use concurrently.</summary>
internal sealed class GeminiReply(ModelInfo model, ModelRequest request)
{
    private readonly List<MessagePart> _parts = [];
    private readonly CallIds _ids = new(request);
    private TextPieces _run = new();
    private bool _runIsThought;
    private readonly List<string> _sources = [];
    private string? _finish;
    private string? _finishMessage;
    private string? _blocked;
    private string? _model;

    public Usage? Usage { get; private set; }

    /// <summary>The pages that the vendor's own search rests the answer on, as text that follows it; empty when there are none or the turn goes on.</summary>
    public string Sources => _sources.Count == 0 || _finish is null || _parts.Any(part => part is ToolCallPart) ? ""
        : "\n\nSources:\n" + string.Join('\n', _sources.Select((source, i) => $"{i + 1}. {source}"));

    /// <summary>Takes one response object in and gives what is to be shown; the reply is over at once when the last one is a <see cref="ReplyFailed"/>.</summary>
    public IEnumerable<ModelUpdate> Accept(JsonElement response)
    {
        if (response.At("error") is { } error)
        {
            yield return new ReplyFailed(GeminiErrors.Of(error, null, null));
            yield break;
        }

        _model = response.TextAt("modelVersion") ?? _model;
        Usage = UsageOf(response) ?? Usage;
        var feedback = response.At("promptFeedback");
        _blocked = feedback.TextAt("blockReason") is { } reason ? $"{reason} {feedback.TextAt("blockReasonMessage")}".TrimEnd() : _blocked;

        // Only one candidate is ever asked for; a blocked prompt has none.
        var candidate = response.ItemsAt("candidates").FirstOrDefault();
        _finish = candidate.TextAt("finishReason") is { } finish and not "FINISH_REASON_UNSPECIFIED" ? finish : _finish;
        _finishMessage = candidate.TextAt("finishMessage") ?? _finishMessage;
        foreach (var web in candidate.At("groundingMetadata").ItemsAt("groundingChunks").Select(chunk => chunk.At("web")))
        {
            if (web.TextAt("uri") is { } address && $"{web.TextAt("title")} {address}".TrimStart() is var source && !_sources.Contains(source))
            {
                _sources.Add(source);
            }
        }

        foreach (var part in candidate.At("content").ItemsAt("parts"))
        {
            if (part.ValueKind == JsonValueKind.Object && Add(part) is { } update)
            {
                yield return update;
            }
        }
    }

    /// <summary>The end of the body. The vendor has no other end; a reply that never said why it stopped was cut.</summary>
    public ModelUpdate Finish()
    {
        EndRun();
        if (_blocked is not null && _parts.Count == 0)
        {
            return new ReplyFailed(ReplyErrors.Refused($"the prompt was blocked ({_blocked})"));
        }

        switch (_finish)
        {
            case null:
                throw new EndOfStreamException("the body ended without a finishReason");
            case "MALFORMED_FUNCTION_CALL" or "UNEXPECTED_TOOL_CALL":
                return new ReplyFailed(GeminiErrors.BadCall(_finish, _finishMessage));
            case "MAX_TOKENS" when _parts.Count == 0 && Usage is { Reasoning: 0 }:
                return new ReplyFailed(ReplyErrors.ContextFull());
        }

        var stop = Reason(_finish);
        if (stop == StopReason.Refusal && _parts.Count == 0)
        {
            return new ReplyFailed(ReplyErrors.Refused($"{_finishMessage} ({_finish})".TrimStart()));
        }

        if (Sources is { Length: > 0 } sources)
        {
            _parts.Add(new TextPart(sources));
        }

        return new ReplyFinished(new ModelReply(_parts, _parts.Any(part => part is ToolCallPart) ? StopReason.ToolUse : stop, Usage, _model));
    }

    private ModelUpdate? Add(JsonElement part)
    {
        if (part.At("functionCall") is { } call)
        {
            return AddCall(part, call);
        }

        if (part.TextAt("text") is not { } text)
        {
            // Kinds that are not known (executableCode, inlineData …) go back as they came.
            EndRun();
            _parts.Add(new ReasoningPart("") { Vendor = new VendorData(model.Origin, part.Clone()) });
            return null;
        }

        if (part.At("thought") is { ValueKind: JsonValueKind.True })
        {
            var whole = part.At("thoughtSignature") is null ? null : new VendorData(model.Origin, part.Clone());
            return AddText(text, whole, thought: true) is { Length: > 0 } shown ? new ReasoningArrived(shown) : null;
        }

        return AddText(text, VendorParts.Unknown(part, model, "text", "thought"), thought: false) is { Length: > 0 } visible ? new TextArrived(visible) : null;
    }

    private CallArriving AddCall(JsonElement part, JsonElement call)
    {
        EndRun();
        var name = call.TextAt("name") ?? "";
        var given = call.TextAt("id");
        var id = _ids.Take(given);
        var arguments = call.At("args") is { ValueKind: JsonValueKind.Object } args ? args.GetRawText() : "";
        var unknown = VendorParts.Unknown(part, model, "functionCall");
        var vendor = new VendorData(model.Origin, WireJson.Element(writer =>
        {
            writer.WriteStartObject();
            if (id.Value == given)
            {
                writer.WriteBoolean(GeminiParts.GivenId, true);
            }

            VendorParts.WriteFields(writer, unknown?.Data);
            writer.WriteEndObject();
        }));
        _parts.Add(new ToolCallPart(id, name, arguments) { Vendor = vendor });
        return new CallArriving(name);
    }

    // A part with a signature is never joined with another: the signature belongs to exactly that text.
    private string AddText(string text, VendorData? vendor, bool thought)
    {
        if (vendor is not null)
        {
            EndRun();
            _parts.Add(thought ? new ReasoningPart(text) { Vendor = vendor } : new TextPart(text) { Vendor = vendor });
            return text;
        }

        if (_runIsThought != thought)
        {
            EndRun();
            _runIsThought = thought;
        }

        return _run.Add(text);
    }

    private void EndRun()
    {
        if (!_run.IsEmpty)
        {
            _parts.Add(_runIsThought ? new ReasoningPart(_run.ToString()) : new TextPart(_run.ToString()));
            _run = new();
        }
    }

    private static Usage? UsageOf(JsonElement response)
    {
        if (response.At("usageMetadata") is not { } usage)
        {
            return null;
        }

        var cached = usage.NumberAt("cachedContentTokenCount") ?? 0;
        var thoughts = usage.NumberAt("thoughtsTokenCount") ?? 0;
        var prompt = (usage.NumberAt("promptTokenCount") ?? 0) + (usage.NumberAt("toolUsePromptTokenCount") ?? 0);
        return new Usage(Math.Max(0, prompt - cached), cached, 0, (usage.NumberAt("candidatesTokenCount") ?? 0) + thoughts, thoughts);
    }

    private static StopReason Reason(string finish) => finish switch
    {
        "STOP" => StopReason.EndTurn,
        "MAX_TOKENS" => StopReason.MaxTokens,
        "SAFETY" or "RECITATION" or "LANGUAGE" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "IMAGE_SAFETY" or "IMAGE_PROHIBITED_CONTENT" or "IMAGE_RECITATION" => StopReason.Refusal,
        _ => StopReason.Other,
    };
}
