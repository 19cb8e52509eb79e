using System.Text.Json;

namespace Bridle.FakeVendors;

/// <summary>
/// OpenAI Responses with nothing stored. It makes encrypted reasoning for every turn that thinks, and refuses a request that brings it changed,
/// drops it before the call it led to, or leaves a call unanswered.
/// </summary>
public sealed class FakeOpenAiResponses(params IEnumerable<FakeTurn> script) : FakeVendor(script)
{
    private readonly Dictionary<string, string> _sealed = [];
    private readonly Lock _lock = new();
    private int _items;

    /// <inheritdoc/>
    public override Uri Url => new(Server.Url, "/v1");

    /// <summary>Behaves as a model that does not reason: refuses to include encrypted reasoning.</summary>
    public bool NoReasoning { get; init; }

    /// <summary>Takes reasoning back that was written anew with the same meaning, for clients in languages that keep no spelling of numbers.</summary>
    public bool ComparesMeaning { get; init; }

    /// <summary>How the final event calls the reply; null for <c>completed</c>, or <c>incomplete</c> when the turn says why it stops.</summary>
    public string? FinalStatus { get; init; }

    protected override FakeRefusal? Check(FakeRequest request)
    {
        if (request.Method != "POST" || request.Path != "/v1/responses")
        {
            return new(404, $"Invalid URL ({request.Method} {request.Path})");
        }

        var body = request.Json;
        if (body.Unknown("model", "instructions", "input", "tools", "tool_choice", "parallel_tool_calls", "max_output_tokens", "reasoning", "text", "include", "store",
            "stream", "prompt_cache_key", "previous_response_id", "temperature", "top_p", "truncation", "metadata", "service_tier") is { } unknown)
        {
            return new(400, $"Unknown parameter: '{unknown}'.", "unknown_parameter", unknown);
        }

        if (NoReasoning && body.At("include") is not null)
        {
            return new(400, "Encrypted content is not supported with this model.", null, "include");
        }

        return Tools(body) ?? History(body);
    }

    protected override bool Streams(FakeRequest request) => request.Json.At("stream") is { ValueKind: JsonValueKind.True };

    protected override IReadOnlyList<string> Stream(FakeTurn turn, JsonElement request)
    {
        var items = Items(turn);
        var events = new List<string> { Event("response.created", writer => Response(writer, turn, request, "in_progress", null)), Event("response.tomorrow", static _ => { }) };
        for (var i = 0; i < items.Count; i++)
        {
            var (item, begun, deltas) = items[i];
            var index = i;
            events.Add(Event("response.output_item.added", writer => Item(writer, index, begun)));
            events.AddRange(deltas.Select(delta => Event(delta.Type, writer =>
            {
                writer.WriteNumber("output_index", index);
                writer.WriteString("delta", delta.Text);
            })));
            events.Add(Event("response.output_item.done", writer => Item(writer, index, item)));
        }

        var status = Status(turn);
        events.Add(Event("response." + status, writer => Response(writer, turn, request, status, [.. items.Select(item => item.Item)])));
        return events;
    }

    protected override string Whole(FakeTurn turn, JsonElement request) =>
        Json(writer => WriteResponse(writer, turn, request, Status(turn), [.. Items(turn).Select(item => item.Item)]));

    protected override string Error(FakeRefusal refusal) => OpenAiErrors.Body(refusal);

    protected override string ErrorEvent(string message, string code) => Event("error", writer =>
    {
        writer.WriteString("code", code);
        writer.WriteString("message", message);
        writer.WriteNull("param");
    });

    private static FakeRefusal? Tools(JsonElement body)
    {
        if (body.At("tools") is not { } tools)
        {
            return null;
        }

        var good = tools.ValueKind == JsonValueKind.Array && tools.EnumerateArray().All(tool =>
            tool.Unknown("type", "name", "description", "parameters", "strict") is null && tool.TextAt("type") == "function" && tool.TextAt("name") is not null && tool.At("parameters")?.TextAt("type") == "object");
        return good ? null : new(400, "Invalid value: 'tools'.", "invalid_value", "tools");
    }

    private FakeRefusal? History(JsonElement body)
    {
        if (body.At("input") is not { ValueKind: JsonValueKind.Array } input || input.GetArrayLength() == 0)
        {
            return new(400, "Missing required parameter: 'input'.", "missing_required_parameter", "input");
        }

        var open = new HashSet<string>();
        var made = new HashSet<string>();
        var before = "";
        var index = 0;
        foreach (var item in input.EnumerateArray())
        {
            if (Check(item, index++, open, made, before) is { } refusal)
            {
                return refusal;
            }

            before = item.TextAt("role") is "user" ? "user" : item.TextAt("type") ?? "message";
        }

        return open.Count > 0 ? new(400, $"No tool output found for function call {open.First()}.", null, "input")
            : before == "reasoning" ? new(400, "Item of type 'reasoning' was provided without its required following item.", null, "input")
            : null;
    }

    private FakeRefusal? Check(JsonElement item, int index, HashSet<string> open, HashSet<string> made, string before)
    {
        var type = item.TextAt("type") ?? "message";
        if (before == "reasoning" && type is not ("function_call" or "message" or "reasoning"))
        {
            return new(400, "Item of type 'reasoning' was provided without its required following item.", null, $"input[{index}]");
        }

        switch (type)
        {
            case "message":
                return Message(item, index, open);
            case "reasoning":
                return Reasoning(item, index);
            case "function_call":
                if (item.Unknown("type", "id", "call_id", "name", "arguments", "status") is { } field)
                {
                    return new(400, $"Unknown parameter: 'input[{index}].{field}'.", "unknown_parameter", $"input[{index}]");
                }

                if (item.TextAt("call_id") is not { } id || item.TextAt("name") is null || !JsonChecks.IsObject(item.TextAt("arguments")) || !made.Add(id) || !open.Add(id))
                {
                    return new(400, $"Invalid value: 'input[{index}]'.", "invalid_value", $"input[{index}]");
                }

                if (!JsonChecks.IsName(item.TextAt("name")!, 64))
                {
                    return new(400, $"Invalid 'input[{index}].name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.", "invalid_value", $"input[{index}].name");
                }

                return Thought(id, before);
            case "function_call_output":
                var output = item.At("output");
                if (item.Unknown("type", "call_id", "output", "id", "status") is not null || output is null || output.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Array))
                {
                    return new(400, $"Invalid type for 'input[{index}].output'.", "invalid_type", $"input[{index}].output");
                }

                return item.TextAt("call_id") is { } answered && open.Remove(answered) ? null : new(400, $"No tool call found for function call output with call_id {item.TextAt("call_id")}.", null, "input");
            default:
                return new(400, $"Invalid value: '{type}'.", "invalid_value", $"input[{index}].type");
        }
    }

    /// <summary>A call that came with reasoning must be preceded by it, or by another call of the same turn.</summary>
    private FakeRefusal? Thought(string call, string before)
    {
        lock (_lock)
        {
            return _sealed.ContainsKey("call " + call) && before is not ("reasoning" or "function_call" or "message")
                ? new(400, $"Item '{call}' of type 'function_call' was provided without its required 'reasoning' item.", null, "input")
                : null;
        }
    }

    private static FakeRefusal? Message(JsonElement item, int index, HashSet<string> open)
    {
        if (open.Count > 0)
        {
            return new(400, $"No tool output found for function call {open.First()}.", null, "input");
        }

        var role = item.TextAt("role");
        var wanted = role == "assistant" ? (string[])["output_text", "refusal"] : ["input_text", "input_image"];
        var content = item.At("content");
        var good = role is "user" or "assistant" or "system" or "developer" && item.Unknown("type", "id", "role", "content", "status", "phase") is null
            && content is { } some && (some.ValueKind == JsonValueKind.String || some.EnumerateArray().All(part => wanted.Contains(part.TextAt("type"))));
        return good ? null : new(400, $"Invalid value: 'input[{index}].content'. Supported values are: {string.Join(", ", wanted)}.", "invalid_value", $"input[{index}].content");
    }

    private FakeRefusal? Reasoning(JsonElement item, int index)
    {
        lock (_lock)
        {
            return item.TextAt("id") is { } id && _sealed.TryGetValue(id, out var made) && (made == item.GetRawText() || (ComparesMeaning && Same(made, item)))
                ? null
                : new(400, "The encrypted content for item could not be verified. Reason: Encrypted content could not be decrypted or parsed.", "invalid_encrypted_content", $"input[{index}]");
        }
    }

    private static bool Same(string made, JsonElement item)
    {
        using var document = JsonDocument.Parse(made);
        return JsonElement.DeepEquals(document.RootElement, item);
    }

    private string Status(FakeTurn turn) => FinalStatus ?? (turn.Stop is null ? "completed" : "incomplete");

    private List<(string Item, string Begun, List<(string Type, string Text)> Deltas)> Items(FakeTurn turn)
    {
        var items = new List<(string, string, List<(string, string)>)>();
        if (turn.Reasoning is { } reasoning && !NoReasoning)
        {
            var id = $"rs_{Interlocked.Increment(ref _items)}";
            string Make(string summary) => $$"""{"id":"{{id}}","type":"reasoning","summary":[{{summary}}],"encrypted_content":"gAAAA+{{id}}/==","odd":[1,2.50]}""";
            var whole = Make($$"""{"type":"summary_text","text":{{Text(reasoning)}}}""");
            lock (_lock)
            {
                _sealed[id] = whole;
            }

            items.Add((whole, Make(""), [.. JsonChecks.Pieces(reasoning, 2).Select(piece => ("response.reasoning_summary_text.delta", piece))]));
        }

        if (turn.Text.Count > 0)
        {
            var id = $"msg_{Interlocked.Increment(ref _items)}";
            items.Add((
                $$"""{"id":"{{id}}","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":{{Text(string.Concat(turn.Text))}},"annotations":[]}]}""",
                $$"""{"id":"{{id}}","type":"message","status":"in_progress","role":"assistant","content":[]}""",
                [.. turn.Text.Select(piece => ("response.output_text.delta", piece))]));
        }

        foreach (var call in turn.Calls)
        {
            var number = Interlocked.Increment(ref _items);
            var callId = call.Id ?? $"call_{number}";
            if (turn.Reasoning is not null && !NoReasoning)
            {
                lock (_lock)
                {
                    _sealed["call " + callId] = "";
                }
            }

            string Make(string arguments) => $$"""{"id":"fc_{{number}}","type":"function_call","status":"completed","call_id":"{{callId}}","name":"{{call.Name}}","arguments":{{Text(arguments)}}}""";
            items.Add((Make(call.Arguments), Make(""), [.. JsonChecks.Pieces(call.Arguments, 4).Select(piece => ("response.function_call_arguments.delta", piece))]));
        }

        return items;
    }

    private static string Text(string text) => Json(writer => writer.WriteStringValue(text));

    private string Event(string type, Action<Utf8JsonWriter> fields) => $"event: {type}\ndata: " + Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("type", type);
        writer.WriteNumber("sequence_number", 0);
        fields(writer);
        writer.WriteEndObject();
    }) + "\n\n";

    private static void Item(Utf8JsonWriter writer, int index, string item)
    {
        writer.WriteNumber("output_index", index);
        writer.WritePropertyName("item");
        writer.WriteRawValue(item);
    }

    private static void Response(Utf8JsonWriter writer, FakeTurn turn, JsonElement request, string status, IReadOnlyList<string>? items)
    {
        writer.WritePropertyName("response");
        WriteResponse(writer, turn, request, status, items);
    }

    private static void WriteResponse(Utf8JsonWriter writer, FakeTurn turn, JsonElement request, string status, IReadOnlyList<string>? items)
    {
        writer.WriteStartObject();
        writer.WriteString("id", "resp_1");
        writer.WriteString("object", "response");
        writer.WriteString("status", status);
        writer.WriteString("model", request.TextAt("model") + "-2026");
        if (status == "failed")
        {
            writer.WriteStartObject("error");
            writer.WriteString("code", "server_error");
            writer.WriteString("message", "The model failed in the middle.");
            writer.WriteEndObject();
        }

        if (status == "incomplete")
        {
            writer.WriteStartObject("incomplete_details");
            writer.WriteString("reason", turn.Stop);
            writer.WriteEndObject();
        }

        writer.WriteStartArray("output");
        foreach (var item in items ?? [])
        {
            writer.WriteRawValue(item);
        }

        writer.WriteEndArray();
        if (items is not null)
        {
            writer.WriteStartObject("usage");
            writer.WriteNumber("input_tokens", turn.InputTokens);
            writer.WriteStartObject("input_tokens_details");
            writer.WriteNumber("cached_tokens", turn.CachedTokens);
            writer.WriteEndObject();
            writer.WriteNumber("output_tokens", turn.OutputTokens);
            writer.WriteStartObject("output_tokens_details");
            writer.WriteNumber("reasoning_tokens", turn.ReasoningTokens);
            writer.WriteEndObject();
            writer.WriteNumber("total_tokens", turn.InputTokens + turn.OutputTokens);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
