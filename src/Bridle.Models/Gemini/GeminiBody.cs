using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Gemini;

/// <summary>Writes request bodies. What was sent before is sent again byte for byte, so that the vendor's implicit cache finds it.</summary>
internal sealed class GeminiBody
{
    private readonly WireBlockCache _messages = new();
    private readonly ConditionalWeakTable<IReadOnlyList<ToolSchema>, byte[]> _tools = new();

    public ReadOnlyMemory<byte> Write(ModelInfo model, ModelRequest request)
    {
        var turns = _messages.Turns(request.Messages, model, GeminiParts.Of);
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        using (var writer = new Utf8JsonWriter(buffer, VendorJson.Options))
        {
            writer.WriteStartObject();
            if (!string.IsNullOrWhiteSpace(request.System))
            {
                writer.WriteStartObject("systemInstruction");
                writer.WriteStartArray("parts");
                writer.WriteStartObject();
                writer.WriteString("text", request.System);
                writer.WriteEndObject();
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            WriteTools(writer, request);
            WriteGeneration(writer, model, request);
            WriteContents(writer, turns);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private void WriteTools(Utf8JsonWriter writer, ModelRequest request)
    {
        var offered = request.ToolCalling == ToolCalling.Native;
        var named = offered || (request.ToolCalling == ToolCalling.None && request.Messages.Any(message => message.Parts.Any(part => part is ToolCallPart)));
        if (!named || request.Tools.Count == 0)
        {
            return;
        }

        writer.WritePropertyName("tools");
        writer.WriteRawValue(_tools.GetValue(request.Tools, static tools => VendorJson.Bytes(json => WriteDeclarations(json, tools))), skipInputValidation: true);
        if (!offered)
        {
            writer.WriteStartObject("toolConfig");
            writer.WriteStartObject("functionCallingConfig");
            writer.WriteString("mode", "NONE");
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
    }

    private static void WriteDeclarations(Utf8JsonWriter writer, IReadOnlyList<ToolSchema> tools)
    {
        writer.WriteStartArray();
        writer.WriteStartObject();
        writer.WriteStartArray("functionDeclarations");
        foreach (var tool in tools)
        {
            writer.WriteStartObject();
            writer.WriteString("name", tool.Name);
            writer.WriteString("description", tool.Description);
            writer.WritePropertyName("parametersJsonSchema");
            tool.Parameters.WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void WriteGeneration(Utf8JsonWriter writer, ModelInfo model, ModelRequest request)
    {
        var limit = request.MaxOutputTokens is { } wanted ? Math.Min(wanted, model.MaxOutputTokens ?? wanted) : model.MaxOutputTokens;
        if (limit is null && request.Effort is null && request.AnswerSchema is null)
        {
            return;
        }

        writer.WriteStartObject("generationConfig");
        if (limit is { } tokens)
        {
            writer.WriteNumber("maxOutputTokens", tokens);
        }

        if (request.AnswerSchema is { } schema)
        {
            writer.WriteString("responseMimeType", "application/json");
            writer.WritePropertyName("responseJsonSchema");
            schema.WriteTo(writer);
        }

        if (request.Effort is { } effort)
        {
            writer.WriteStartObject("thinkingConfig");
            writer.WriteBoolean("includeThoughts", true);
            if (int.TryParse(effort, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var budget))
            {
                writer.WriteNumber("thinkingBudget", budget);
            }
            else
            {
                writer.WriteString("thinkingLevel", effort);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteContents(Utf8JsonWriter writer, List<WireTurn> turns)
    {
        writer.WriteStartArray("contents");
        foreach (var turn in turns)
        {
            writer.WriteStartObject();
            writer.WriteString("role", turn.Role == Role.User ? "user" : "model");
            writer.WriteStartArray("parts");
            for (var i = 0; i < turn.Count; i++)
            {
                writer.WriteRawValue(turn[i], skipInputValidation: true);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
