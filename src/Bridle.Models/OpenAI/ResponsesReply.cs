using System.Text;
using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.OpenAI;

/// <summary>
/// Builds a reply from the events of Responses. What is shown comes from the deltas; what is kept comes from the finished items, which the vendor calls authoritative.
/// </summary>
internal sealed class ResponsesReply(ModelInfo model, ModelRequest request)
{
    private readonly SortedDictionary<long, JsonElement> _items = [];
    private readonly Dictionary<long, StringBuilder> _arguments = [];
    private readonly TextPieces _text = new();
    private readonly TextPieces _reasoning = new();

    /// <summary>Whether the last update was given out.</summary>
    public bool Ended { get; private set; }

    /// <summary>Takes one event; unknown ones are passed over.</summary>
    public void Add(string type, JsonElement data, List<ModelUpdate> shown)
    {
        switch (type)
        {
            case "response.output_text.delta" or "response.refusal.delta":
                Show(_text, data, shown, static text => new TextArrived(text));
                break;
            case "response.reasoning_summary_text.delta" or "response.reasoning_text.delta":
                Show(_reasoning, data, shown, static text => new ReasoningArrived(text));
                break;
            case "response.reasoning_summary_part.added" when !_reasoning.IsEmpty:
                shown.Add(new ReasoningArrived(_reasoning.Add("\n\n")));
                break;
            case "response.output_item.added":
                Begin(data, shown);
                break;
            case "response.function_call_arguments.delta":
                Arguments(data).Append(data.TextAt("delta"));
                break;
            case "response.output_item.done":
                Keep(data);
                break;
            case "response.completed" or "response.incomplete" or "response.failed" or "response.cancelled" or "response.done":
                Ended = true;
                shown.Add(End(data.At("response") ?? data));
                break;
            case "error":
                Ended = true;
                shown.Add(Failed(data, null));
                break;
            default:
                if (type.Length == 0 && data.At("error") is not null)
                {
                    Ended = true;
                    shown.Add(Failed(data, null));
                }

                break;
        }
    }

    /// <summary>A reply that was not streamed.</summary>
    public ModelUpdate Whole(JsonElement response) => End(response);

    private static void Show(TextPieces pieces, JsonElement data, List<ModelUpdate> shown, Func<string, ModelUpdate> update)
    {
        if (data.TextAt("delta") is { Length: > 0 } delta && pieces.Add(delta) is { Length: > 0 } text)
        {
            shown.Add(update(text));
        }
    }

    private void Begin(JsonElement data, List<ModelUpdate> shown)
    {
        if (data.At("item") is not { } item)
        {
            return;
        }

        Keep(data);
        if (item.TextAt("type") == "function_call" && item.TextAt("name") is { Length: > 0 } name)
        {
            shown.Add(new CallArriving(name));
        }
    }

    private void Keep(JsonElement data)
    {
        if (data.At("item") is { } item)
        {
            _items[data.NumberAt("output_index") ?? IndexOf(item.TextAt("id")) ?? _items.Count] = item.Clone();
        }
    }

    /// <summary>Where the item with that id is; null when there is none, or no id.</summary>
    private long? IndexOf(string? id)
    {
        foreach (var (index, item) in _items)
        {
            if (id is not null && item.TextAt("id") == id)
            {
                return index;
            }
        }

        return null;
    }

    private StringBuilder Arguments(JsonElement data)
    {
        var index = data.NumberAt("output_index") ?? IndexOf(data.TextAt("item_id")) ?? Math.Max(0, _items.Count - 1);
        return _arguments.TryGetValue(index, out var text) ? text : _arguments[index] = new();
    }

    private ModelUpdate End(JsonElement response)
    {
        var usage = OpenAiUsage.Read(response.At("usage"));
        var status = response.TextAt("status");
        if (status is "failed" or "cancelled" || response.At("error") is not null)
        {
            return Failed(response, usage);
        }

        var index = 0;
        foreach (var item in response.ItemsAt("output"))
        {
            // Items that came as events are complete already; some servers leave output empty here, others send no events.
            _items.TryAdd(index, item.Clone());
            index++;
        }

        var parts = Parts(out var refused);
        if (parts.Count == 0 && status is null && usage is null)
        {
            return new ReplyFailed(new(ModelErrorKind.Malformed, "The server sent an empty reply: no output in it.", "Check that the address and the protocol (--api) belong together."), "", usage);
        }

        return ReplyErrors.EndOf(new(parts, Stop(response, parts, refused, usage), usage, response.TextAt("model")));
    }

    private List<MessagePart> Parts(out bool refused)
    {
        refused = false;
        var parts = new List<MessagePart>();
        var ids = new CallIds(request);
        foreach (var (index, item) in _items)
        {
            switch (item.TextAt("type"))
            {
                case "message":
                    refused |= AddMessage(item, parts);
                    break;
                case "reasoning":
                    parts.Add(new ReasoningPart(Reasoning(item)) { Vendor = Opaque(item) });
                    break;
                case "function_call":
                    var arguments = item.TextAt("arguments") is { Length: > 0 } whole ? whole : _arguments.GetValueOrDefault(index)?.ToString() ?? "";
                    parts.Add(new ToolCallPart(ids.Take(item.TextAt("call_id") ?? item.TextAt("id")), item.TextAt("name") ?? "", arguments)
                    {
                        Vendor = Extras(item, "type", "call_id", "name", "arguments"),
                    });
                    break;
            }
        }

        // A server that sends text without finished items still said something.
        if (!_text.IsEmpty && !parts.Exists(part => part is TextPart))
        {
            parts.Add(new TextPart(_text.ToString()));
        }

        return parts;
    }

    /// <summary>Adds the texts of a message; true when one of them is a refusal.</summary>
    private bool AddMessage(JsonElement item, List<MessagePart> parts)
    {
        var refused = false;
        var text = new StringBuilder();
        foreach (var content in item.ItemsAt("content"))
        {
            refused |= content.TextAt("type") == "refusal";
            text.Append(content.TextAt("text") ?? content.TextAt("refusal"));
        }

        if (text.Length > 0)
        {
            parts.Add(new TextPart(text.ToString()) { Vendor = Extras(item, "type", "role", "content") });
        }

        return refused;
    }

    private static string Reasoning(JsonElement item)
    {
        var summary = string.Join("\n\n", item.ItemsAt("summary").Select(part => part.TextAt("text")).Where(text => !string.IsNullOrEmpty(text)));
        return summary.Length > 0 ? summary : string.Concat(item.ItemsAt("content").Select(part => part.TextAt("text")));
    }

    /// <summary>A reasoning item as it came. Without its encrypted form the vendor, which keeps nothing, could not make anything of it.</summary>
    private VendorData? Opaque(JsonElement item) => item.TextAt("encrypted_content") is null ? null : new(model.Origin, item);

    /// <summary>The fields of an item that we do not write ourselves; they go back with it. Its status says nothing to the vendor.</summary>
    private VendorData? Extras(JsonElement item, params ReadOnlySpan<string> known)
    {
        var extras = new List<JsonProperty>();
        foreach (var property in item.EnumerateObject())
        {
            if (!known.Contains(property.Name) && property.Name != "status" && property.Value.ValueKind != JsonValueKind.Null)
            {
                extras.Add(property);
            }
        }

        return extras.Count == 0 ? null : new(model.Origin, WireJson.Element(writer =>
        {
            writer.WriteStartObject();
            extras.ForEach(property => property.WriteTo(writer));
            writer.WriteEndObject();
        }));
    }

    private static StopReason Stop(JsonElement response, List<MessagePart> parts, bool refused, Usage? usage) => response.At("incomplete_details").TextAt("reason") switch
    {
        _ when parts.Exists(part => part is ToolCallPart) => StopReason.ToolUse,
        _ when refused => StopReason.Refusal,
        "content_filter" => StopReason.Refusal,
        "max_output_tokens" when parts.Count == 0 && usage is null or { Output: 0 } => StopReason.ContextFull,
        "max_output_tokens" => StopReason.MaxTokens,
        null => response.TextAt("status") is null or "completed" ? StopReason.EndTurn : StopReason.Other,
        _ => StopReason.Other,
    };

    private static ReplyFailed Failed(JsonElement data, Usage? usage)
    {
        var words = ErrorWords.Read(data);
        if (data.TextAt("status") == "cancelled" && words.Code is null)
        {
            words = new("The server cancelled the reply.", null);
        }

        return new(WireErrors.InStream(words), "", usage);
    }
}
