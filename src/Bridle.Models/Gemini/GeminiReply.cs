using System.Text;
using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Gemini;

/// <summary>A reply as it grows, response object by response object. Not safe to use concurrently.</summary>
internal sealed class GeminiReply(ModelInfo model)
{
    private readonly List<MessagePart> _parts = [];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _run = new();
    private bool _runIsThought;
    private string? _finish;
    private string? _finishMessage;
    private string? _blocked;
    private string? _model;

    public Usage? Usage { get; private set; }

    /// <summary>Takes one response object in and gives what is to be shown; the reply is over at once when the last one is a <see cref="ReplyFailed"/>.</summary>
    public IEnumerable<ModelUpdate> Accept(JsonElement response)
    {
        if (VendorJson.Object(response, "error") is not null)
        {
            yield return new ReplyFailed(GeminiErrors.InStream(response), _text.ToString(), Usage);
            yield break;
        }

        _model = VendorJson.Text(response, "modelVersion") ?? _model;
        Usage = UsageOf(response) ?? Usage;
        if (VendorJson.Object(response, "promptFeedback") is { } feedback)
        {
            _blocked = VendorJson.Text(feedback, "blockReason") is { } reason ? $"{reason} {VendorJson.Text(feedback, "blockReasonMessage")}".TrimEnd() : _blocked;
        }

        // Only one candidate is ever asked for.
        if (VendorJson.Array(response, "candidates") is not { } candidates || candidates.GetArrayLength() == 0)
        {
            yield break;
        }

        var candidate = candidates[0];
        _finish = VendorJson.Text(candidate, "finishReason") is { } finish and not "FINISH_REASON_UNSPECIFIED" ? finish : _finish;
        _finishMessage = VendorJson.Text(candidate, "finishMessage") ?? _finishMessage;
        if (VendorJson.Object(candidate, "content") is { } content && VendorJson.Array(content, "parts") is { } parts)
        {
            foreach (var part in parts.EnumerateArray())
            {
                if (Add(part) is { } update)
                {
                    yield return update;
                }
            }
        }
    }

    /// <summary>The end of the body. The vendor has no other end; a reply that never said why it stopped was cut.</summary>
    public ModelUpdate Finish()
    {
        EndRun();
        if (_blocked is not null && _parts.Count == 0)
        {
            return new ReplyFailed(VendorErrors.Refused($"the prompt was blocked ({_blocked})"), "", Usage);
        }

        switch (_finish)
        {
            case null:
                return new ReplyFailed(VendorErrors.Cut("a finishReason"), _text.ToString(), Usage);
            case "MALFORMED_FUNCTION_CALL" or "UNEXPECTED_TOOL_CALL":
                return new ReplyFailed(GeminiErrors.BadCall(_finish, _finishMessage), _text.ToString(), Usage);
            case "MAX_TOKENS" when _parts.Count == 0 && Usage is { Reasoning: 0 }:
                return new ReplyFailed(VendorErrors.ContextFull(), "", Usage);
        }

        var stop = Reason(_finish);
        if (stop == StopReason.Refusal && _parts.Count == 0)
        {
            return new ReplyFailed(VendorErrors.Refused($"{_finishMessage} ({_finish})".TrimStart()), "", Usage);
        }

        return new ReplyFinished(new ModelReply(_parts, _parts.Any(part => part is ToolCallPart) ? StopReason.ToolUse : stop, Usage, _model));
    }

    private ModelUpdate? Add(JsonElement part)
    {
        if (part.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (VendorJson.Object(part, "functionCall") is { } call)
        {
            return AddCall(part, call);
        }

        if (VendorJson.Text(part, "text") is not { } text)
        {
            // Kinds that are not known (executableCode, inlineData …) go back as they came.
            EndRun();
            _parts.Add(new ReasoningPart("") { Vendor = new VendorData(model.Origin, part.Clone()) });
            return null;
        }

        if (part.TryGetProperty("thought", out var thought) && thought.ValueKind == JsonValueKind.True)
        {
            AddThought(part, text);
            return text.Length > 0 ? new ReasoningArrived(text) : null;
        }

        AddText(Extras(part, "text"), text);
        _text.Append(text);
        return text.Length > 0 ? new TextArrived(text) : null;
    }

    private CallArriving AddCall(JsonElement part, JsonElement call)
    {
        EndRun();
        var name = VendorJson.Text(call, "name") ?? "";
        var id = VendorJson.Text(call, "id");
        var arguments = VendorJson.Object(call, "args") is { } args ? args.GetRawText() : "";
        // Always marked as the vendor's own: a call without the mark was made by another model.
        var vendor = Extras(part, "functionCall") ?? new VendorData(model.Origin, VendorJson.Element(static writer =>
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
        }));
        _parts.Add(new ToolCallPart(new CallId(!string.IsNullOrEmpty(id) && _ids.Add(id) ? id : CallIds.New()), name, arguments) { Vendor = vendor });
        return new CallArriving(name);
    }

    // A part with a signature is never joined with another: the signature belongs to exactly that text.
    private void AddText(VendorData? vendor, string text)
    {
        if (vendor is null)
        {
            Continue(text, thought: false);
            return;
        }

        EndRun();
        _parts.Add(new TextPart(text) { Vendor = vendor });
    }

    private void AddThought(JsonElement part, string text)
    {
        if (!part.TryGetProperty("thoughtSignature", out _))
        {
            Continue(text, thought: true);
            return;
        }

        EndRun();
        _parts.Add(new ReasoningPart(text) { Vendor = new VendorData(model.Origin, part.Clone()) });
    }

    private void Continue(string text, bool thought)
    {
        if (_runIsThought != thought)
        {
            EndRun();
            _runIsThought = thought;
        }

        _run.Append(text);
    }

    private void EndRun()
    {
        if (_run.Length > 0)
        {
            _parts.Add(_runIsThought ? new ReasoningPart(_run.ToString()) : new TextPart(_run.ToString()));
            _run.Clear();
        }
    }

    private VendorData? Extras(JsonElement part, string known)
    {
        var fields = part.EnumerateObject().Where(field => field.Name != known && field.Name != "thought").ToList();
        return fields.Count == 0 ? null : new VendorData(model.Origin, VendorJson.Element(writer =>
        {
            writer.WriteStartObject();
            foreach (var field in fields)
            {
                field.WriteTo(writer);
            }

            writer.WriteEndObject();
        }));
    }

    private static Usage? UsageOf(JsonElement response)
    {
        if (VendorJson.Object(response, "usageMetadata") is not { } usage)
        {
            return null;
        }

        var cached = VendorJson.Number(usage, "cachedContentTokenCount") ?? 0;
        var thoughts = VendorJson.Number(usage, "thoughtsTokenCount") ?? 0;
        var prompt = (VendorJson.Number(usage, "promptTokenCount") ?? 0) + (VendorJson.Number(usage, "toolUsePromptTokenCount") ?? 0);
        return new Usage(Math.Max(0, prompt - cached), cached, 0, (VendorJson.Number(usage, "candidatesTokenCount") ?? 0) + thoughts, thoughts);
    }

    private static StopReason Reason(string finish) => finish switch
    {
        "STOP" => StopReason.EndTurn,
        "MAX_TOKENS" => StopReason.MaxTokens,
        "SAFETY" or "RECITATION" or "LANGUAGE" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "IMAGE_SAFETY" or "IMAGE_PROHIBITED_CONTENT" or "IMAGE_RECITATION" => StopReason.Refusal,
        _ => StopReason.Other,
    };
}
