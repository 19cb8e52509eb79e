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

    private static readonly JsonElement AnyObject = WireJson.Element("""{"type":"object"}""");

    private readonly BlockTurns _turns = new(AnthropicBlocks.Write);
    private readonly WireCache<IReadOnlyList<ToolSchema>> _tools = new();

    private static ReadOnlySpan<byte> Mark => ",\"cache_control\":{\"type\":\"ephemeral\"}"u8;

    public HttpContent Write(ModelInfo model, ModelRequest request, JsonElement? extra)
    {
        using var body = new RequestBody(extra);
        body.Add("model", model.Name);
        body.Add("max_tokens", MaxTokens(model, request));
        if (request.Stream)
        {
            body.Add("stream", true);
        }

        WriteEffort(body, request);
        WriteTools(body, request);
        WriteSystem(body, request.System);
        if (body.Begin("messages"))
        {
            WriteMessages(body.Writer, _turns.Of(request.Messages, model));
        }

        return body.Finish();
    }

    private static int MaxTokens(ModelInfo model, ModelRequest request)
    {
        var wanted = request.MaxOutputTokens ?? model.MaxOutputTokens ?? DefaultMaxTokens;
        return Math.Min(wanted, model.MaxOutputTokens ?? wanted);
    }

    private static void WriteEffort(RequestBody body, ModelRequest request)
    {
        var writer = body.Writer;
        if (request.Effort is not null && body.Begin("thinking"))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "adaptive");
            writer.WriteEndObject();
        }

        if ((request.Effort is null && request.AnswerSchema is null) || !body.Begin("output_config"))
        {
            return;
        }

        writer.WriteStartObject();
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

    private void WriteTools(RequestBody body, ModelRequest request)
    {
        // Without calling, the tools are still named when the history holds calls: the vendor wants that, and its cache of the prefix stays good.
        var offered = request.ToolCalling == ToolCalling.Native;
        var tools = offered ? request.Tools : NamedInHistory(request);
        if (tools.Count == 0)
        {
            return;
        }

        if (body.Begin("tools"))
        {
            var marked = string.IsNullOrWhiteSpace(request.System);
            body.Writer.WriteStartArray();
            body.Raw(_tools.Get(tools, marked ? "marked" : "", marked, WriteTools));
            body.Writer.WriteEndArray();
        }

        if (!offered && body.Begin("tool_choice"))
        {
            body.Writer.WriteStartObject();
            body.Writer.WriteString("type", "none");
            body.Writer.WriteEndObject();
        }
    }

    private static IReadOnlyList<ToolSchema> NamedInHistory(ModelRequest request)
    {
        var names = request.Messages.SelectMany(message => message.Parts).OfType<ToolCallPart>().Select(call => call.Name).Distinct().ToList();
        if (names.Count == 0)
        {
            return [];
        }

        return request.Tools.Count > 0 ? request.Tools : [.. names.Select(name => new ToolSchema(name, "Cannot be called now.", AnyObject))];
    }

    private static void WriteTools(Utf8JsonWriter writer, IReadOnlyList<ToolSchema> tools, bool marked)
    {
        for (var i = 0; i < tools.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("name", tools[i].Name);
            writer.WriteString("description", tools[i].Description);
            writer.WritePropertyName("input_schema");
            tools[i].Parameters.WriteTo(writer);
            if (marked && i == tools.Count - 1)
            {
                WriteMark(writer);
            }

            writer.WriteEndObject();
        }
    }

    private static void WriteSystem(RequestBody body, string system)
    {
        if (string.IsNullOrWhiteSpace(system) || !body.Begin("system"))
        {
            return;
        }

        var writer = body.Writer;
        writer.WriteStartArray();
        writer.WriteStartObject();
        writer.WriteString("type", "text");
        writer.WriteString("text", system);
        WriteMark(writer);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void WriteMessages(Utf8JsonWriter writer, List<BlockTurn> turns)
    {
        writer.WriteStartArray();
        for (var i = 0; i < turns.Count; i++)
        {
            var turn = turns[i];
            var marked = turn.Role == Role.User && i >= turns.Count - 3;
            writer.WriteStartObject();
            writer.WriteString("role", turn.Role == Role.User ? "user" : "assistant");
            writer.WriteStartArray("content");
            turn.Write(writer, marked ? Mark : default);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteMark(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("cache_control");
        writer.WriteString("type", "ephemeral");
        writer.WriteEndObject();
    }
}
