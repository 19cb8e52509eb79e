using System.Text.Json;

namespace Bridle.FakeVendors;

/// <summary>Ollama's own chat: lines of JSON, arguments as objects, no ids for calls. Beside the real server's checks it insists on <c>num_ctx</c>.</summary>
public sealed class FakeOllama(params IEnumerable<FakeTurn> script) : FakeVendor(script)
{
    /// <summary>Whether the model takes tools; if not, they are refused in the server's own words.</summary>
    public bool TakesTools { get; init; } = true;

    protected override string Garbage => "{\"broken\": tru\n";

    protected override string StreamType => "application/x-ndjson";

    protected override FakeRefusal? Check(FakeRequest request)
    {
        if (request.Method != "POST" || request.Path != "/api/chat")
        {
            return new(404, "404 page not found");
        }

        var body = request.Json;
        if (body.Unknown("model", "messages", "tools", "stream", "think", "format", "options", "keep_alive") is { } unknown)
        {
            return new(400, $"json: unknown field \"{unknown}\"");
        }

        if (body.At("tools") is not null && !TakesTools)
        {
            return new(400, $"registry.ollama.ai/library/{body.TextAt("model")} does not support tools");
        }

        if (body.At("options")?.At("num_ctx") is not { ValueKind: JsonValueKind.Number })
        {
            return new(400, "this fake wants options.num_ctx: without it a prompt is cut silently");
        }

        return Messages(body);
    }

    protected override bool Streams(FakeRequest request) => request.Json.At("stream") is not { ValueKind: JsonValueKind.False };

    protected override IReadOnlyList<string> Stream(FakeTurn turn, JsonElement request)
    {
        var lines = new List<string>();
        if (turn.Reasoning is { } reasoning)
        {
            lines.AddRange(JsonChecks.Pieces(reasoning, 2).Select(piece => Line(request, message => message.WriteString("thinking", piece), "")));
        }

        lines.AddRange(turn.Text.Select(piece => Line(request, static _ => { }, piece)));
        lines.AddRange(turn.Calls.Select(call => Line(request, message => Calls(message, [call]), "")));
        lines.Add(Line(request, static _ => { }, "", turn));
        return lines;
    }

    protected override string Whole(FakeTurn turn, JsonElement request) => Line(
        request,
        message =>
        {
            if (turn.Reasoning is not null)
            {
                message.WriteString("thinking", turn.Reasoning);
            }

            if (turn.Calls.Count > 0)
            {
                Calls(message, turn.Calls);
            }
        },
        string.Concat(turn.Text),
        turn);

    protected override string Error(FakeRefusal refusal) => Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("error", refusal.Message);
        writer.WriteEndObject();
    });

    protected override string ErrorEvent(string message, string code) => Error(new(500, message)) + "\n";

    private static FakeRefusal? Messages(JsonElement body)
    {
        if (body.At("messages") is not { ValueKind: JsonValueKind.Array } messages)
        {
            return new(400, "missing request body");
        }

        var open = new List<string>();
        foreach (var message in messages.EnumerateArray())
        {
            if (message.Unknown("role", "content", "thinking", "images", "tool_calls", "tool_name") is { } unknown)
            {
                return new(400, $"json: unknown field \"{unknown}\"");
            }

            if (message.At("content") is not { ValueKind: JsonValueKind.String })
            {
                return new(400, "json: cannot unmarshal object into Go struct field Message.messages.content of type string");
            }

            var role = message.TextAt("role");
            if (role == "tool")
            {
                if (message.TextAt("tool_name") is not { } name || !open.Remove(name))
                {
                    return new(400, "a tool message answers no call");
                }
            }
            else if (open.Count > 0)
            {
                return new(400, $"unanswered calls: {string.Join(", ", open)}");
            }

            foreach (var call in message.At("tool_calls")?.EnumerateArray() ?? default)
            {
                if (call.At("function")?.At("arguments") is not { ValueKind: JsonValueKind.Object } || call.At("function")?.TextAt("name") is not { } called)
                {
                    return new(400, "json: cannot unmarshal string into Go struct field ToolCallFunction.messages.tool_calls.function.arguments of type api.ToolCallFunctionArguments");
                }

                open.Add(called);
            }
        }

        return open.Count > 0 ? new(400, $"unanswered calls: {string.Join(", ", open)}") : null;
    }

    private static void Calls(Utf8JsonWriter writer, IReadOnlyList<FakeCall> calls)
    {
        writer.WriteStartArray("tool_calls");
        foreach (var call in calls)
        {
            writer.WriteStartObject();
            writer.WriteStartObject("function");
            writer.WriteString("name", call.Name);
            writer.WritePropertyName("arguments");
            writer.WriteRawValue(call.Arguments);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Line(JsonElement request, Action<Utf8JsonWriter> message, string content, FakeTurn? done = null) => Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("model", request.TextAt("model"));
        writer.WriteString("created_at", "2026-11-01T12:00:00Z");
        writer.WriteStartObject("message");
        writer.WriteString("role", "assistant");
        writer.WriteString("content", content);
        message(writer);
        writer.WriteEndObject();
        writer.WriteBoolean("done", done is not null);
        if (done is not null)
        {
            writer.WriteString("done_reason", done.Stop ?? "stop");
            writer.WriteNumber("prompt_eval_count", done.InputTokens);
            writer.WriteNumber("eval_count", done.OutputTokens);
        }

        writer.WriteEndObject();
    }) + "\n";
}
