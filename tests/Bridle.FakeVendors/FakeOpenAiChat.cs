using System.Text.Json;

namespace Bridle.FakeVendors;

/// <summary>
/// OpenAI Chat Completions. Strict as OpenAI is; with <see cref="Compatible"/> it behaves like the servers that speak it with reasoning and extra fields,
/// and then insists on getting those back.
/// </summary>
public sealed class FakeOpenAiChat(params IEnumerable<FakeTurn> script) : FakeVendor(script)
{
    /// <inheritdoc/>
    public override Uri Url => new(Server.Url, Root);

    /// <summary>Where its protocol begins.</summary>
    public string Root { get; init; } = "/v1";

    /// <summary>The property that reasoning is sent under by a compatible server; null for OpenAI itself, which shows none.</summary>
    public string? Compatible { get; init; }

    /// <summary>Whether a call comes in one chunk with all of its arguments.</summary>
    public bool WholeCalls { get; init; }

    /// <summary>What is done to the calls' fragments before they are sent: leave out the index, send it as 0, leave out the id.</summary>
    public FakeCallStyle CallStyle { get; init; }

    protected override FakeRefusal? Check(FakeRequest request)
    {
        if (request.Method != "POST" || request.Path != Root + "/chat/completions")
        {
            return new(404, $"Invalid URL ({request.Method} {request.Path})", null);
        }

        var body = request.Json;
        if (body.Unknown("model", "messages", "tools", "tool_choice", "parallel_tool_calls", "stream", "stream_options", "max_tokens", "max_completion_tokens",
            "reasoning_effort", "response_format", "prompt_cache_key", "temperature", "top_p", "stop", "seed", "user", "service_tier", "metadata") is { } unknown)
        {
            return new(400, $"Unknown parameter: '{unknown}'.", "unknown_parameter", unknown);
        }

        if (body.TextAt("model") is not { Length: > 0 } model)
        {
            return new(400, "you must provide a model parameter");
        }

        return Limit(body, model) ?? Options(body) ?? Tools(body) ?? new ChatHistoryCheck(Compatible).Check(body);
    }

    protected override bool Streams(FakeRequest request) => request.Json.At("stream") is { ValueKind: JsonValueKind.True };

    protected override IReadOnlyList<string> Stream(FakeTurn turn, JsonElement request)
    {
        var events = new List<string> { Chunk(request, writer => Delta(writer, delta => delta.WriteString("role", "assistant"), null)) };
        if (Compatible is not null)
        {
            events.AddRange(JsonChecks.Pieces(turn.Reasoning ?? "", 2).Select(piece => Chunk(request, writer => Delta(writer, delta => delta.WriteString(Compatible, piece), null))));
        }

        events.AddRange(turn.Text.Select(piece => Chunk(request, writer => Delta(writer, delta => delta.WriteString("content", piece), null))));
        for (var i = 0; i < turn.Calls.Count; i++)
        {
            events.AddRange(CallFragments(turn.Calls[i], i).Select(write => Chunk(request, writer => Delta(writer, delta => Calls(delta, write), null))));
        }

        events.Add(Chunk(request, writer => Delta(writer, static _ => { }, turn.Stop ?? (turn.Calls.Count > 0 ? "tool_calls" : "stop"))));
        if (request.At("stream_options") is { } options && options.At("include_usage") is { ValueKind: JsonValueKind.True })
        {
            events.Add(Chunk(request, writer =>
            {
                writer.WriteStartArray("choices");
                writer.WriteEndArray();
                Usage(writer, turn);
            }));
        }

        events.Add("data: [DONE]\n\n");
        return events;
    }

    protected override string Whole(FakeTurn turn, JsonElement request) => Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id", "chatcmpl-1");
        writer.WriteString("object", "chat.completion");
        writer.WriteString("model", request.TextAt("model") + "-2026");
        writer.WriteStartArray("choices");
        writer.WriteStartObject();
        writer.WriteNumber("index", 0);
        writer.WriteStartObject("message");
        writer.WriteString("role", "assistant");
        writer.WriteString("content", turn.Text.Count > 0 ? string.Concat(turn.Text) : null);
        if (Compatible is not null && turn.Reasoning is not null)
        {
            writer.WriteString(Compatible, turn.Reasoning);
        }

        if (turn.Calls.Count > 0)
        {
            writer.WriteStartArray("tool_calls");
            for (var i = 0; i < turn.Calls.Count; i++)
            {
                writer.WriteStartObject();
                CallHead(writer, turn.Calls[i], i, turn.Calls[i].Arguments);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }
        else
        {
            writer.WriteNull("tool_calls");
        }

        writer.WriteEndObject();
        writer.WriteString("finish_reason", turn.Stop ?? (turn.Calls.Count > 0 ? "tool_calls" : "stop"));
        writer.WriteEndObject();
        writer.WriteEndArray();
        Usage(writer, turn);
        writer.WriteEndObject();
    });

    protected override string Error(FakeRefusal refusal) => OpenAiErrors.Body(refusal);

    protected override string ErrorEvent(string message, string code) => $"data: {OpenAiErrors.Body(new(500, message, code))}\n\n";

    private static FakeRefusal? Limit(JsonElement body, string model)
    {
        var newName = model.StartsWith("gpt-5", StringComparison.Ordinal) || model.StartsWith("o3", StringComparison.Ordinal) || model.StartsWith("o4", StringComparison.Ordinal);
        if (newName && body.At("max_tokens") is not null)
        {
            return new(400, "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "unsupported_parameter", "max_tokens");
        }

        var asked = body.At("max_tokens") ?? body.At("max_completion_tokens");
        return asked is { } limit && limit.GetInt64() > 32_000
            ? new(400, $"max_tokens is too large: {limit}. This model supports at most 32000 completion tokens, whereas you provided {limit}.", "invalid_value", "max_tokens")
            : null;
    }

    private static FakeRefusal? Options(JsonElement body)
    {
        if (body.At("stream_options") is not null && body.At("stream") is not { ValueKind: JsonValueKind.True })
        {
            return new(400, "The 'stream_options' parameter is only allowed when 'stream' is enabled.", null, "stream_options");
        }

        if (body.At("response_format") is { } format && format.TextAt("type") is not ("text" or "json_object" or "json_schema"))
        {
            return new(400, "Invalid value for 'response_format.type'.", "invalid_value", "response_format");
        }

        return null;
    }

    private static FakeRefusal? Tools(JsonElement body)
    {
        if (body.At("tools") is not { } tools)
        {
            return null;
        }

        if (tools.ValueKind != JsonValueKind.Array || tools.GetArrayLength() == 0)
        {
            return new(400, "Invalid 'tools': empty array. Expected an array with minimum length 1, but got an empty array instead.", "empty_array", "tools");
        }

        foreach (var tool in tools.EnumerateArray())
        {
            if (tool.Unknown("type", "function") is { } field || tool.TextAt("type") != "function" || tool.At("function")?.TextAt("name") is null)
            {
                return new(400, "Invalid 'tools[0]'.", "invalid_type", "tools[0]");
            }

            if (tool.At("function")?.At("parameters")?.TextAt("type") != "object")
            {
                return new(400, "Invalid schema for function: schema must be a JSON Schema of 'type: \"object\"'.", "invalid_function_parameters", "tools[0].function.parameters");
            }
        }

        return null;
    }

    private static void Delta(Utf8JsonWriter writer, Action<Utf8JsonWriter> fields, string? finish)
    {
        writer.WriteStartArray("choices");
        writer.WriteStartObject();
        writer.WriteNumber("index", 0);
        writer.WriteStartObject("delta");
        fields(writer);
        writer.WriteEndObject();
        writer.WriteString("finish_reason", finish);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void Calls(Utf8JsonWriter writer, Action<Utf8JsonWriter> fragment)
    {
        writer.WriteStartArray("tool_calls");
        writer.WriteStartObject();
        fragment(writer);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void Usage(Utf8JsonWriter writer, FakeTurn turn)
    {
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", turn.InputTokens);
        writer.WriteNumber("completion_tokens", turn.OutputTokens);
        writer.WriteNumber("total_tokens", turn.InputTokens + turn.OutputTokens);
        writer.WriteStartObject("prompt_tokens_details");
        writer.WriteNumber("cached_tokens", turn.CachedTokens);
        writer.WriteEndObject();
        writer.WriteStartObject("completion_tokens_details");
        writer.WriteNumber("reasoning_tokens", turn.ReasoningTokens);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string Chunk(JsonElement request, Action<Utf8JsonWriter> fields) => "data: " + Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id", "chatcmpl-1");
        writer.WriteString("object", "chat.completion.chunk");
        writer.WriteString("model", request.TextAt("model") + "-2026");
        writer.WriteString("a_field_of_tomorrow", "x");
        fields(writer);
        writer.WriteEndObject();
    }) + "\n\n";

    private IEnumerable<Action<Utf8JsonWriter>> CallFragments(FakeCall call, int index)
    {
        if (WholeCalls)
        {
            yield return writer => CallHead(writer, call, index, call.Arguments);
            yield break;
        }

        yield return writer => CallHead(writer, call, index, "");
        foreach (var piece in JsonChecks.Pieces(call.Arguments, 4))
        {
            yield return writer =>
            {
                Index(writer, index);
                writer.WriteStartObject("function");
                writer.WriteString("arguments", piece);
                writer.WriteEndObject();
            };
        }
    }

    private void CallHead(Utf8JsonWriter writer, FakeCall call, int index, string arguments)
    {
        Index(writer, index);
        if (!CallStyle.HasFlag(FakeCallStyle.NoId))
        {
            writer.WriteString("id", call.Id ?? $"call_{Server.Requests.Count}_{index}");
        }

        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteString("name", call.Name);
        writer.WriteString("arguments", arguments);
        writer.WriteEndObject();
        if (Compatible is not null)
        {
            writer.WriteStartObject("extra_content");
            writer.WriteString("thought_signature", $"signature of {call.Name}");
            writer.WriteEndObject();
        }
    }

    private void Index(Utf8JsonWriter writer, int index)
    {
        if (!CallStyle.HasFlag(FakeCallStyle.NoIndex))
        {
            writer.WriteNumber("index", CallStyle.HasFlag(FakeCallStyle.ZeroIndex) ? 0 : index);
        }
    }
}

/// <summary>How compatible servers send calls.</summary>
[Flags]
public enum FakeCallStyle
{
    /// <summary>As OpenAI does.</summary>
    Normal = 0,

    /// <summary>Without <c>index</c>.</summary>
    NoIndex = 1,

    /// <summary>With <c>index</c> 0 for every call.</summary>
    ZeroIndex = 2,

    /// <summary>Without <c>id</c>.</summary>
    NoId = 4,
}
