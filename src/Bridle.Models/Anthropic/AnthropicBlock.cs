using System.Text;
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
        Type = VendorJson.Text(start, "type") ?? "";
        Text.Append(VendorJson.Text(start, Type == "thinking" ? "thinking" : "text"));
        Signature = VendorJson.Text(start, "signature");
        if (VendorJson.Array(start, "citations") is { } citations)
        {
            Citations.AddRange(citations.EnumerateArray());
        }
    }

    public string Type { get; }

    public string Name => VendorJson.Text(_start, "name") ?? "";

    public StringBuilder Text { get; } = new();

    public StringBuilder Input { get; } = new();

    public string? Signature { get; set; }

    public List<JsonElement> Citations { get; } = [];

    /// <summary>The part this block became, or null for an empty text. <paramref name="cut"/>: the output limit ended the reply inside this block.</summary>
    public MessagePart? ToPart(ModelInfo model, bool cut, HashSet<string> ids) => Type switch
    {
        "text" => Text.Length == 0 ? null : new TextPart(Text.ToString()) { Vendor = Extras(model) },
        "tool_use" => new ToolCallPart(Id(ids), Name, Arguments(cut)) { Vendor = Extras(model) },
        "thinking" => new ReasoningPart(Text.ToString()) { Vendor = new VendorData(model.Origin, VendorJson.Element(WriteWhole)) },
        _ => new ReasoningPart("") { Vendor = new VendorData(model.Origin, VendorJson.Element(WriteWhole)) },
    };

    private CallId Id(HashSet<string> ids)
    {
        var id = VendorJson.Text(_start, "id");
        return new CallId(!string.IsNullOrEmpty(id) && ids.Add(id) ? id : CallIds.New());
    }

    private string Arguments(bool cut)
    {
        var text = Input.ToString();
        if (!string.IsNullOrWhiteSpace(text))
        {
            return text;
        }

        if (_start.TryGetProperty("input", out var input) && input.ValueKind == JsonValueKind.Object && input.EnumerateObject().Any())
        {
            return input.GetRawText();
        }

        // Cut before the first argument is not the same as no arguments: what was asked for is unknown, and binding must say so.
        return cut ? "{" : "";
    }

    private VendorData? Extras(ModelInfo model)
    {
        var fields = _start.EnumerateObject().Where(field => field.Name is not ("type" or "text" or "id" or "name" or "input" or "citations")).ToList();
        if (fields.Count == 0 && Citations.Count == 0)
        {
            return null;
        }

        return new VendorData(model.Origin, VendorJson.Element(writer =>
        {
            writer.WriteStartObject();
            foreach (var field in fields)
            {
                field.WriteTo(writer);
            }

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
            else if (field.Name is "input" && Input.Length > 0)
            {
                writer.WritePropertyName("input");
                VendorJson.WriteArguments(writer, Input.ToString());
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
