using System.Buffers;
using System.Text.Json;
using Bridle.Models;

namespace Bridle.Context;

/// <summary>The tools on offer as JSON, an array of <c>name</c>, <c>description</c> and <c>parameters</c>: what the <c>tools</c> part of a request names by its hash.</summary>
internal static class ToolListText
{
    public static byte[] Write(IReadOnlyList<ToolSchema> tools)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            writer.WriteStartArray();
            foreach (var tool in tools)
            {
                writer.WriteStartObject();
                writer.WriteString("name", tool.Name);
                writer.WriteString("description", tool.Description);
                writer.WritePropertyName("parameters");
                tool.Parameters.WriteTo(writer);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The tools, or none where the text is of an earlier form.</summary>
    public static IReadOnlyList<ToolSchema> Read(byte[] text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return [.. document.RootElement.EnumerateArray().Select(tool =>
                new ToolSchema(tool.GetProperty("name").GetString()!, tool.GetProperty("description").GetString()!, tool.GetProperty("parameters").Clone()))];
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return [];
        }
    }
}
