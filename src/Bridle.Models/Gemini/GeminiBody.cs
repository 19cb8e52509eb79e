using System.Globalization;
using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Gemini;

/// <summary>Writes request bodies. What was sent before is sent again byte for byte, so that the vendor's implicit cache finds it.</summary>
internal sealed class GeminiBody(bool grounding = false)
{
    private readonly BlockTurns _turns = new(GeminiParts.Write);
    private readonly WireCache<IReadOnlyList<ToolSchema>> _tools = new();

    public HttpContent Write(ModelInfo model, ModelRequest request, JsonElement? extra)
    {
        using var body = new RequestBody(extra);
        if (!string.IsNullOrWhiteSpace(request.System) && body.Begin("systemInstruction"))
        {
            var writer = body.Writer;
            writer.WriteStartObject();
            writer.WriteStartArray("parts");
            writer.WriteStartObject();
            writer.WriteString("text", request.System);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        WriteTools(body, model, request);
        WriteGeneration(body, model, request);
        if (body.Begin("contents"))
        {
            WriteContents(body.Writer, _turns.Of(request.Messages, model));
        }

        return body.Finish();
    }

    private void WriteTools(RequestBody body, ModelInfo model, ModelRequest request)
    {
        var offered = request.ToolCalling == ToolCalling.Native;
        var named = offered || (request.ToolCalling == ToolCalling.None && request.Messages.Any(message => message.Parts.Any(part => part is ToolCallPart)));
        named = named && request.Tools.Count > 0;

        // Only newer generations take the vendor's own search beside functions.
        var searches = grounding && (!named || GeminiParts.WantsSignatures(model));
        if (!named && !searches)
        {
            return;
        }

        if (body.Begin("tools"))
        {
            body.Writer.WriteStartArray();
            if (named)
            {
                body.Raw(_tools.Get(request.Tools, "", 0, static (writer, tools, _) => WriteDeclarations(writer, tools)));
            }

            if (searches)
            {
                body.Writer.WriteStartObject();
                body.Writer.WriteStartObject("googleSearch");
                body.Writer.WriteEndObject();
                body.Writer.WriteEndObject();
            }

            body.Writer.WriteEndArray();
        }

        WriteToolConfig(body, calling: offered || !named, mixed: named && searches);
    }

    private static void WriteToolConfig(RequestBody body, bool calling, bool mixed)
    {
        if ((calling && !mixed) || !body.Begin("toolConfig"))
        {
            return;
        }

        var writer = body.Writer;
        writer.WriteStartObject();
        if (!calling)
        {
            writer.WriteStartObject("functionCallingConfig");
            writer.WriteString("mode", "NONE");
            writer.WriteEndObject();
        }

        if (mixed)
        {
            writer.WriteBoolean("includeServerSideToolInvocations", true);
        }

        writer.WriteEndObject();
    }

    private static void WriteDeclarations(Utf8JsonWriter writer, IReadOnlyList<ToolSchema> tools)
    {
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
    }

    private static void WriteGeneration(RequestBody body, ModelInfo model, ModelRequest request)
    {
        var limit = request.MaxOutputTokens is { } wanted ? Math.Min(wanted, model.MaxOutputTokens ?? wanted) : model.MaxOutputTokens;
        if ((limit is null && request.Effort is null && request.AnswerSchema is null) || !body.Begin("generationConfig"))
        {
            return;
        }

        var writer = body.Writer;
        writer.WriteStartObject();
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

    private static void WriteContents(Utf8JsonWriter writer, List<BlockTurn> turns)
    {
        writer.WriteStartArray();
        foreach (var turn in turns)
        {
            writer.WriteStartObject();
            writer.WriteString("role", turn.Role == Role.User ? "user" : "model");
            writer.WriteStartArray("parts");
            turn.Write(writer);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
