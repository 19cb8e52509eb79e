using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Anthropic;

/// <summary>One content block as it grows. Kinds that are not known are kept whole, because the vendor may want them back.</summary>
internal sealed class AnthropicBlock
{
    private readonly JsonElement _start;

    public AnthropicBlock(JsonElement start)
    {
        _start = start;
        Type = start.TextAt("type") ?? "";
        Text.Add(start.TextAt(Type == "thinking" ? "thinking" : "text") ?? "");
        Signature = start.TextAt("signature");
        Citations.AddRange(start.ItemsAt("citations"));
    }

    public string Type { get; }

    public string Name => _start.TextAt("name") ?? "";

    public TextPieces Text { get; } = new();

    public TextPieces Input { get; } = new();

    public string? Signature { get; set; }

    public List<JsonElement> Citations { get; } = [];

    /// <summary>The part this block became, or null for an empty text. <paramref name="cut"/>: the output limit ended the reply inside this block.</summary>
    public MessagePart? ToPart(ModelInfo model, bool cut, CallIds ids) => Type switch
    {
        "text" => Text.IsEmpty ? null : new TextPart(Text.ToString()) { Vendor = Extras(model) },
        "tool_use" => new ToolCallPart(ids.Take(_start.TextAt("id")), Name, Arguments(cut)) { Vendor = Extras(model) },
        "thinking" => new ReasoningPart(Text.ToString()) { Vendor = new VendorData(model.Origin, WireJson.Element(WriteWhole)) },
        _ => new ReasoningPart("") { Vendor = new VendorData(model.Origin, WireJson.Element(WriteWhole)) },
    };

    private string Arguments(bool cut)
    {
        var text = Input.ToString();
        if (!string.IsNullOrWhiteSpace(text))
        {
            return text;
        }

        if (_start.At("input") is { ValueKind: JsonValueKind.Object } input && input.EnumerateObject().Any())
        {
            return input.GetRawText();
        }

        // Cut before the first argument is not the same as no arguments: what was asked for is unknown, and binding must say so.
        return cut ? "{" : "";
    }

    private VendorData? Extras(ModelInfo model)
    {
        var unknown = VendorParts.Unknown(_start, model, "type", "text", "id", "name", "input", "citations");
        return Citations.Count == 0 ? unknown : new VendorData(model.Origin, WireJson.Element(writer =>
        {
            writer.WriteStartObject();
            VendorParts.WriteFields(writer, unknown?.Data);
            WriteCitations(writer);
            writer.WriteEndObject();
        }));
    }

    private void WriteWhole(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var field in _start.EnumerateObject())
        {
            if (field.Name is "thinking" && Type is "thinking")
            {
                writer.WriteString("thinking", Text.ToString());
            }
            else if (field.Name is "input" && !Input.IsEmpty)
            {
                writer.WritePropertyName("input");
                WireJson.WriteArguments(writer, Input.ToString());
            }
            else if (field.Name is not ("signature" or "citations"))
            {
                field.WriteTo(writer);
            }
        }

        if (Signature is not null)
        {
            writer.WriteString("signature", Signature);
        }

        WriteCitations(writer);
        writer.WriteEndObject();
    }

    private void WriteCitations(Utf8JsonWriter writer)
    {
        if (Citations.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("citations");
        foreach (var citation in Citations)
        {
            citation.WriteTo(writer);
        }

        writer.WriteEndArray();
    }
}
