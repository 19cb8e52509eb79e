using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;
using Microsoft.Extensions.AI;

namespace Bridle.Models.Extensions;

/// <summary>
/// Carries the opaque data of a reply's parts through chat messages, in the one place that such messages have for it and keep when they are stored: protected data of
/// a reasoning content. It says which part it belongs to, because streamed contents arrive and are joined in an order of their own.
/// </summary>
internal static class ChatVendorData
{
    /// <summary>The carriers for all parts of a reply that have opaque data.</summary>
    public static IEnumerable<TextReasoningContent> Of(ModelReply reply)
    {
        for (var i = 0; i < reply.Parts.Count; i++)
        {
            if (reply.Parts[i] is { Vendor: { } vendor } part)
            {
                yield return new TextReasoningContent("") { ProtectedData = Write(i, part, vendor) };
            }
        }
    }

    /// <summary>Puts the opaque data back where it was. Data of parts that are no longer there is left out.</summary>
    public static void Restore(List<MessagePart> parts, IEnumerable<string> carriers)
    {
        var found = carriers.Select(Read).OfType<Carried>().OrderBy(carried => carried.At).ToList();
        if (found.Exists(carried => carried.Kind == "reasoning"))
        {
            // What was shown while it streamed comes back in its full form.
            parts.RemoveAll(part => part is ReasoningPart { Vendor: null });
        }

        foreach (var carried in found)
        {
            var at = Math.Min(carried.At, parts.Count);
            var there = at < parts.Count ? parts[at] : null;
            switch (carried.Kind)
            {
                case "reasoning":
                    parts.Insert(at, new ReasoningPart(carried.Key) { Vendor = carried.Data });
                    break;
                case "text" when there is TextPart text && text.Text == carried.Key:
                    parts[at] = text with { Vendor = carried.Data };
                    break;
                case "text" when carried.Key.Length == 0:
                    parts.Insert(at, new TextPart("") { Vendor = carried.Data });
                    break;
                case "call" when parts.FindIndex(part => part is ToolCallPart call && call.Id.Value == carried.Key) is >= 0 and var index:
                    parts[index] = parts[index] with { Vendor = carried.Data };
                    break;
            }
        }
    }

    private static string Write(int at, MessagePart part, VendorData vendor)
    {
        var (kind, key) = part switch
        {
            ReasoningPart reasoning => ("reasoning", reasoning.Text),
            ToolCallPart call => ("call", call.Id.Value),
            TextPart text => ("text", text.Text),
            _ => ("", ""),
        };
        return System.Text.Encoding.UTF8.GetString(WireJson.Bytes(vendor, (writer, data) =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("bridle_part", at);
            writer.WriteString("kind", kind);
            writer.WriteString("key", key);
            writer.WriteString("origin", data.Origin);
            writer.WritePropertyName("data");
            data.Data.WriteTo(writer);
            writer.WriteEndObject();
        }));
    }

    private static Carried? Read(string text)
    {
        try
        {
            var json = WireJson.Element(text);
            return json.NumberAt("bridle_part") is >= 0 and <= int.MaxValue and var at && json.At("data") is { } data
                ? new Carried((int)at, json.TextAt("kind") ?? "", json.TextAt("key") ?? "", new VendorData(json.TextAt("origin") ?? "", data))
                : null;
        }
        catch (JsonException)
        {
            // Another client's own.
            return null;
        }
    }

    private sealed record Carried(int At, string Kind, string Key, VendorData Data);
}
