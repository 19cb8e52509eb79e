using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Anthropic;

/// <summary>
/// Writes request bodies. What was sent before is sent again byte for byte, apart from the cache marks, which move to the end of the history: one at the end of the
/// static prefix, one where the last request ended, one where this request ends; the vendor allows four.
/// </summary>
internal sealed class AnthropicBody
{
    private const int DefaultMaxTokens = 8192;
    private static readonly byte[] Mark = ",\"cache_control\":{\"type\":\"ephemeral\"}}"u8.ToArray();

    private readonly WireBlockCache _messages = new();
    private readonly ConditionalWeakTable<IReadOnlyList<ToolSchema>, byte[][]> _tools = new();

    public ReadOnlyMemory<byte> Write(ModelInfo model, ModelRequest request)
    {
        var turns = _messages.Turns(request.Messages, model, AnthropicBlocks.Of);
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        using (var writer = new Utf8JsonWriter(buffer, VendorJson.Options))
        {
            writer.WriteStartObject();
            writer.WriteString("model", model.Name);
            writer.WriteNumber("max_tokens", MaxTokens(model, request));
            if (request.Stream)
            {
                writer.WriteBoolean("stream", true);
            }

            WriteEffort(writer, request);
            WriteTools(writer, request);
            WriteSystem(writer, request.System);
            WriteMessages(writer, turns);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static int MaxTokens(ModelInfo model, ModelRequest request)
    {
        var wanted = request.MaxOutputTokens ?? model.MaxOutputTokens ?? DefaultMaxTokens;
        return Math.Min(wanted, model.MaxOutputTokens ?? wanted);
    }

    private static void WriteEffort(Utf8JsonWriter writer, ModelRequest request)
    {
        if (request.Effort is not null)
        {
            writer.WriteStartObject("thinking");
            writer.WriteString("type", "adaptive");
            writer.WriteEndObject();
        }

        if (request.Effort is null && request.AnswerSchema is null)
        {
            return;
        }

        writer.WriteStartObject("output_config");
        if (request.Effort is { } effort)
        {
            writer.WriteString("effort", effort);
        }

        if (request.AnswerSchema is { } schema)
        {
            writer.WriteStartObject("format");
            writer.WriteString("type", "json_schema");
            writer.WritePropertyName("schema");
            schema.WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private void WriteTools(Utf8JsonWriter writer, ModelRequest request)
    {
        // Without calling, the tools are still named when the history holds calls: the vendor wants that, and its cache of the prefix stays good.
        var offered = request.ToolCalling == ToolCalling.Native;
        var named = offered || (request.ToolCalling == ToolCalling.None && request.Messages.Any(message => message.Parts.Any(part => part is ToolCallPart)));
        if (!named || request.Tools.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("tools");
        var tools = _tools.GetValue(request.Tools, static tools => [.. tools.Select(Tool)]);
        for (var i = 0; i < tools.Length; i++)
        {
            WriteBlock(writer, tools[i], marked: i == tools.Length - 1 && string.IsNullOrWhiteSpace(request.System));
        }

        writer.WriteEndArray();
        if (!offered)
        {
            writer.WriteStartObject("tool_choice");
            writer.WriteString("type", "none");
            writer.WriteEndObject();
        }
    }

    private static byte[] Tool(ToolSchema tool) => VendorJson.Bytes(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("name", tool.Name);
        writer.WriteString("description", tool.Description);
        writer.WritePropertyName("input_schema");
        tool.Parameters.WriteTo(writer);
        writer.WriteEndObject();
    });

    private static void WriteSystem(Utf8JsonWriter writer, string system)
    {
        if (string.IsNullOrWhiteSpace(system))
        {
            return;
        }

        writer.WriteStartArray("system");
        writer.WriteStartObject();
        writer.WriteString("type", "text");
        writer.WriteString("text", system);
        writer.WriteStartObject("cache_control");
        writer.WriteString("type", "ephemeral");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void WriteMessages(Utf8JsonWriter writer, List<WireTurn> turns)
    {
        writer.WriteStartArray("messages");
        for (var i = 0; i < turns.Count; i++)
        {
            var turn = turns[i];
            var marked = turn.Role == Role.User && i >= turns.Count - 3;
            writer.WriteStartObject();
            writer.WriteString("role", turn.Role == Role.User ? "user" : "assistant");
            writer.WriteStartArray("content");
            for (var j = 0; j < turn.Count; j++)
            {
                WriteBlock(writer, turn[j], marked && j == turn.Count - 1);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    // A mark goes in before the closing brace, so that a marked block is not written anew either.
    private static void WriteBlock(Utf8JsonWriter writer, byte[] block, bool marked) =>
        writer.WriteRawValue(marked ? [.. block.AsSpan(0, block.Length - 1), .. Mark] : block, skipInputValidation: true);
}
