using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;
using Microsoft.Extensions.AI;

namespace Bridle.Models.Extensions;

/// <summary>The contents of a chat response as the parts of a reply.</summary>
internal static class ChatReply
{
    /// <summary>Where opaque data of this origin holds the client's protected reasoning.</summary>
    public const string Protected = "protected_data";

    public static List<MessagePart> Parts(IEnumerable<AIContent> contents, ModelInfo model, ModelRequest request)
    {
        var ids = new CallIds(request);
        var parts = new List<MessagePart>();
        foreach (var content in contents)
        {
            switch (content)
            {
                case TextReasoningContent reasoning when reasoning.Text.Length > 0 || reasoning.ProtectedData is not null:
                    parts.Add(new ReasoningPart(reasoning.Text) { Vendor = new VendorData(model.Origin, OpaqueOf(reasoning)) });
                    break;
                case FunctionCallContent { InformationalOnly: false } call:
                    parts.Add(new ToolCallPart(ids.Take(call.CallId), call.Name, ChatArguments.Text(call)) { Vendor = PropertiesOf(call, model) });
                    break;
                case TextContent { Text.Length: > 0 } text:
                    parts.Add(new TextPart(text.Text));
                    break;
            }
        }

        return parts;
    }

    /// <summary>Gives a call back the properties that its client had put on it.</summary>
    public static FunctionCallContent WithProperties(FunctionCallContent call, JsonElement? own)
    {
        foreach (var field in own is { ValueKind: JsonValueKind.Object } fields ? fields.EnumerateObject() : default)
        {
            (call.AdditionalProperties ??= [])[field.Name] = field.Value.ValueKind == JsonValueKind.String ? field.Value.Text() : field.Value;
        }

        return call;
    }

    private static JsonElement OpaqueOf(TextReasoningContent reasoning) => WireJson.Element(writer =>
    {
        writer.WriteStartObject();
        if (reasoning.ProtectedData is { } data)
        {
            writer.WriteString(Protected, data);
        }

        writer.WriteEndObject();
    });

    /// <summary>Only texts and JSON can be kept; objects of the client's own types cannot.</summary>
    private static VendorData? PropertiesOf(FunctionCallContent call, ModelInfo model)
    {
        var kept = call.AdditionalProperties?.Where(property => property.Value is string or JsonElement).ToList();
        return kept is not { Count: > 0 } ? null : new VendorData(model.Origin, WireJson.Element(writer =>
        {
            writer.WriteStartObject();
            foreach (var (name, value) in kept)
            {
                writer.WritePropertyName(name);
                if (value is JsonElement json)
                {
                    json.WriteTo(writer);
                }
                else
                {
                    writer.WriteStringValue((string)value!);
                }
            }

            writer.WriteEndObject();
        }));
    }
}
