using System.Collections.Concurrent;
using System.Text.Json;

namespace Bridle.FakeVendors;

/// <summary>Anthropic Messages. Thinking of <see cref="Redacted"/> is sent as a redacted block.</summary>
public sealed class FakeAnthropic(params FakeTurn[] script) : FakeVendor(script)
{
    /// <summary>Reasoning of a turn that comes as an opaque block.</summary>
    public const string Redacted = "[redacted]";

    private readonly AnthropicIssued _issued = new();
    private int _replies;

    protected override FakeRefusal? Check(FakeRequest request)
    {
        if (request is not { Method: "POST", Path: "/v1/messages" })
        {
            return new(404, "Not Found");
        }

        if (!request.Headers.TryGetValue("anthropic-version", out var version))
        {
            return new(400, "anthropic-version: header is required");
        }

        if (version is not ("2023-06-01" or "2026-10-21"))
        {
            return new(400, $"anthropic-version: \"{version}\" is not a valid version");
        }

        try
        {
            return new AnthropicChecks(_issued, version).Check(request.Json) is { } wrong ? new(400, wrong) : null;
        }
        catch (JsonException e)
        {
            return new(400, "The request body is not valid JSON: " + e.Message);
        }
    }

    protected override bool Streams(FakeRequest request) => request.Json.At("stream") is { ValueKind: JsonValueKind.True };

    protected override IReadOnlyList<string> Stream(FakeTurn turn, JsonElement request)
    {
        var blocks = Blocks(turn, request.TextAt("model"));
        var events = new List<string>
        {
            Event("message_start", $$"""{"type":"message_start","message":{{Message(turn, request, [], "null", 1)}} }"""),
            Event("ping", """{"type":"ping"}"""),
        };
        for (var i = 0; i < blocks.Count; i++)
        {
            var index = i;
            events.Add(Event("content_block_start", $$"""{"type":"content_block_start","index":{{i}},"content_block":{{blocks[i].Start}} }"""));
            events.AddRange(blocks[i].Deltas.Select(delta => Event("content_block_delta", $$"""{"type":"content_block_delta","index":{{index}},"delta":{{delta}} }""")));
            events.Add(Event("content_block_stop", $$"""{"type":"content_block_stop","index":{{i}} }"""));
        }

        // Usage counts up: what comes last replaces what came before.
        events.Add(Event("message_delta", $$"""{"type":"message_delta","delta":{"stop_reason":"{{Stop(turn)}}","stop_sequence":null},"usage":{{Usage(turn, turn.OutputTokens)}} }"""));
        events.Add(Event("message_stop", """{"type":"message_stop"}"""));
        return events;
    }

    protected override string Whole(FakeTurn turn, JsonElement request) => Message(turn, request, Blocks(turn, request.TextAt("model")).Select(block => block.Whole), $"\"{Stop(turn)}\"", turn.OutputTokens);

    protected override string Error(FakeRefusal refusal) => Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("type", "error");
        writer.WriteStartObject("error");
        writer.WriteString("type", refusal.Code is { } code && code.EndsWith("_error", StringComparison.Ordinal) ? code : TypeOf(refusal.Status));
        writer.WriteString("message", refusal.Message);
        writer.WriteEndObject();
        writer.WriteString("request_id", "req_fake");
        writer.WriteEndObject();
    });

    protected override string ErrorEvent(string message, string code) => Event("error", Error(new(0, message, code)));

    protected override string Garbage => "event: content_block_delta\ndata: {\"type\": \"content_block_delta\", \"ind\n\n";

    private static string TypeOf(int status) => status switch
    {
        400 or 422 => "invalid_request_error",
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        409 => "conflict_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        504 => "timeout_error",
        529 => "overloaded_error",
        _ => "api_error",
    };

    private static string Event(string name, string data) => $"event: {name}\ndata: {data}\n\n";

    private static string Stop(FakeTurn turn) => turn.Stop ?? (turn.Calls.Count > 0 ? "tool_use" : "end_turn");

    private static string Usage(FakeTurn turn, int output) =>
        $$"""{"input_tokens":{{turn.InputTokens - turn.CachedTokens - turn.CacheWrittenTokens}},"cache_creation_input_tokens":{{turn.CacheWrittenTokens}},"cache_read_input_tokens":{{turn.CachedTokens}},"output_tokens":{{output}},"output_tokens_details":{"thinking_tokens":{{Math.Min(output, turn.ReasoningTokens)}} } }""";

    private static string Message(FakeTurn turn, JsonElement request, IEnumerable<string> blocks, string stop, int output) =>
        $$"""{"id":"msg_fake","type":"message","role":"assistant","model":{{request.At("model")?.GetRawText()}},"content":[{{string.Join(',', blocks)}}],"stop_reason":{{stop}},"stop_sequence":null,"usage":{{Usage(turn, output)}} }""";

    private List<Block> Blocks(FakeTurn turn, string? model)
    {
        var reply = Interlocked.Increment(ref _replies);
        var blocks = new List<Block>();
        var thinking = new List<string>();
        if (turn.Reasoning == Redacted)
        {
            blocks.Add(Whole($$"""{"type":"redacted_thinking","data":"opaque+{{reply}}/=="}"""));
        }
        else if (turn.Reasoning is { } text)
        {
            var signature = $"sig+{reply}/{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))[..16]}==";
            var deltas = JsonChecks.Pieces(text, 3).Select(piece => $$"""{"type":"thinking_delta","thinking":{{Quote(piece)}} }""").Append($$"""{"type":"signature_delta","signature":"{{signature}}"}""");
            blocks.Add(new("""{"type":"thinking","thinking":"","signature":""}""", [.. deltas], $$"""{"type":"thinking","thinking":{{Quote(text)}},"signature":"{{signature}}"}"""));
        }

        thinking.AddRange(blocks.Select(block => Canonical(block.Whole)));
        blocks.AddRange(turn.Blocks.Select(VendorBlock));
        if (turn.Text.Count > 0)
        {
            blocks.Add(new("""{"type":"text","text":""}""", [.. turn.Text.Select(piece => $$"""{"type":"text_delta","text":{{Quote(piece)}} }""")], $$"""{"type":"text","text":{{Quote(string.Concat(turn.Text))}} }"""));
        }

        for (var i = 0; i < turn.Calls.Count; i++)
        {
            var call = turn.Calls[i];
            var id = call.Id ?? $"toolu_{reply}_{i}";
            var start = $$"""{"input":{},"type":"tool_use","id":"{{id}}","name":"{{call.Name}}"}""";
            var pieces = JsonChecks.Pieces(call.Arguments, 3).Prepend("");
            blocks.Add(new(start, [.. pieces.Select(piece => $$"""{"type":"input_json_delta","partial_json":{{Quote(piece)}} }""")], start.Replace("\"input\":{}", $"\"input\":{(JsonChecks.IsObject(call.Arguments) ? call.Arguments : "{}")}", StringComparison.Ordinal)));
            _issued.Calls[(model, id)] = thinking;
        }

        foreach (var block in thinking)
        {
            _issued.Thinking[block] = true;
        }

        return blocks;
    }

    private Block VendorBlock(string json)
    {
        using var document = JsonDocument.Parse(json);
        var block = document.RootElement.Clone();
        _issued.Server.Add(block);
        return block.TextAt("type") switch
        {
            "text" => new(
                """{"type":"text","text":""}""",
                [$$"""{"type":"text_delta","text":{{Quote(block.TextAt("text")!)}} }""", .. block.At("citations")!.Value.EnumerateArray().Select(citation => $$"""{"type":"citations_delta","citation":{{citation.GetRawText()}} }""")],
                json),
            "server_tool_use" => new(
                Json(writer =>
                {
                    writer.WriteStartObject();
                    foreach (var field in block.EnumerateObject().Where(field => field.Name != "input"))
                    {
                        field.WriteTo(writer);
                    }

                    writer.WriteStartObject("input");
                    writer.WriteEndObject();
                    writer.WriteEndObject();
                }),
                [.. JsonChecks.Pieces(block.At("input")!.Value.GetRawText(), 3).Prepend("").Select(piece => $$"""{"type":"input_json_delta","partial_json":{{Quote(piece)}} }""")],
                json),
            _ => Whole(json),
        };
    }

    private static string Canonical(string block)
    {
        using var document = JsonDocument.Parse(block);
        return AnthropicIssued.Canonical(document.RootElement);
    }

    private static Block Whole(string json) => new(json, [], json);

    private static string Quote(string text) => Json(writer => writer.WriteStringValue(text));

    private sealed record Block(string Start, IReadOnlyList<string> Deltas, string Whole);
}

/// <summary>What the fake handed out and wants back unchanged.</summary>
internal sealed class AnthropicIssued
{
    /// <summary>What of a thinking block must not change.</summary>
    public static string Canonical(JsonElement block) => string.Join('\n', block.TextAt("type"), block.TextAt("thinking"), block.TextAt("signature"), block.TextAt("data"));

    /// <summary>Thinking blocks as they were sent.</summary>
    public ConcurrentDictionary<string, bool> Thinking { get; } = new();

    /// <summary>Blocks in the vendor's own form: server tools, citations, documents.</summary>
    public ConcurrentBag<JsonElement> Server { get; } = [];

    /// <summary>For each call of a model the thinking blocks that led to it. Another model is not asked for them.</summary>
    public ConcurrentDictionary<(string? Model, string Id), List<string>> Calls { get; } = new();
}
