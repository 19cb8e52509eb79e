using System.Collections.Concurrent;
using System.Text.Json;

namespace Bridle.FakeVendors;

/// <summary>Gemini generateContent. Models of the third generation and later sign calls and want the signatures back.</summary>
public sealed class FakeGemini(params FakeTurn[] script) : FakeVendor(script)
{
    private readonly ConcurrentDictionary<string, bool> _signatures = new();
    private int _replies;

    /// <summary>What a reply says beside its text and calls, as the JSON of whole response objects that come first.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    protected override FakeRefusal? Check(FakeRequest request)
    {
        var (model, method) = Resource(request.Path);
        if (request.Method != "POST" || model is null || method is not ("generateContent" or "streamGenerateContent"))
        {
            return new(404, $"Requested entity was not found: {request.Path}");
        }

        try
        {
            return new GeminiChecks(_signatures, Signs(model)).Check(request.Json) is { } wrong ? new(400, wrong) : null;
        }
        catch (JsonException e)
        {
            return new(400, "Invalid JSON payload received. " + e.Message);
        }
    }

    protected override bool Streams(FakeRequest request) => Resource(request.Path).Method == "streamGenerateContent" && request.Query.Contains("alt=sse", StringComparison.Ordinal);

    protected override IReadOnlyList<string> Stream(FakeTurn turn, JsonElement request) => [.. Responses(turn, Signs(ModelOf())).Select(response => $"data: {response}\r\n\r\n")];

    protected override string Whole(FakeTurn turn, JsonElement request)
    {
        // Without alt=sse a stream is an array of the same objects.
        if (LastPath().EndsWith(":streamGenerateContent", StringComparison.Ordinal))
        {
            return $"[{string.Join(",\n", Responses(turn, Signs(ModelOf())))}]";
        }

        var parts = Parts(turn, Signs(ModelOf()));
        if (turn.Blocks is [var grounding, ..])
        {
            return Response(turn, parts, Finish(turn)).Replace("\"index\":0", $"\"index\":0,\"groundingMetadata\":{grounding}", StringComparison.Ordinal);
        }

        return turn.Stop?.StartsWith("BLOCKED:", StringComparison.Ordinal) == true ? Blocked(turn) : Response(turn, parts, Finish(turn));
    }

    protected override string Error(FakeRefusal refusal) => Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("error");
        writer.WriteNumber("code", refusal.Status);
        writer.WriteString("message", refusal.Message);
        writer.WriteString("status", refusal.Code is { } code && code.All(c => char.IsAsciiLetterUpper(c) || c == '_') ? code : StatusOf(refusal.Status));
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    protected override string ErrorEvent(string message, string code) => $"data: {Error(new(code == "UNAVAILABLE" ? 503 : 500, message, code))}\r\n\r\n";

    private static bool Signs(string? model) => model is not null && model.StartsWith("gemini-", StringComparison.Ordinal) && model[7] >= '3';

    private static (string? Model, string? Method) Resource(string path)
    {
        const string start = "/v1beta/models/";
        var colon = path.LastIndexOf(':');
        return path.StartsWith(start, StringComparison.Ordinal) && colon > start.Length ? (path[start.Length..colon], path[(colon + 1)..]) : (null, null);
    }

    private static string StatusOf(int status) => status switch
    {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        429 => "RESOURCE_EXHAUSTED",
        503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        _ => "INTERNAL",
    };

    private static string Finish(FakeTurn turn) => turn.Stop ?? "STOP";

    private static string Blocked(FakeTurn turn) =>
        $$"""{"promptFeedback":{"blockReason":"{{turn.Stop!["BLOCKED:".Length..]}}"},"usageMetadata":{"promptTokenCount":{{turn.InputTokens}},"totalTokenCount":{{turn.InputTokens}} },"modelVersion":"fake"}""";

    private static string Quote(string text) => Json(writer => writer.WriteStringValue(text));

    private static string Response(FakeTurn turn, IEnumerable<string> parts, string? finish) => Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("candidates");
        writer.WriteStartObject();
        writer.WriteStartObject("content");
        writer.WriteStartArray("parts");
        foreach (var part in parts)
        {
            writer.WriteRawValue(part);
        }

        writer.WriteEndArray();
        writer.WriteString("role", "model");
        writer.WriteEndObject();
        if (finish is not null)
        {
            writer.WriteString("finishReason", finish);
        }

        writer.WriteNumber("index", 0);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteStartObject("usageMetadata");
        writer.WriteNumber("promptTokenCount", turn.InputTokens);
        writer.WriteNumber("cachedContentTokenCount", turn.CachedTokens);
        // Counts up from response to response; thoughts are counted beside the candidates.
        writer.WriteNumber("candidatesTokenCount", finish is null ? 1 : turn.OutputTokens - turn.ReasoningTokens);
        writer.WriteNumber("thoughtsTokenCount", turn.ReasoningTokens);
        writer.WriteNumber("totalTokenCount", turn.InputTokens + turn.OutputTokens);
        writer.WriteEndObject();
        writer.WriteString("modelVersion", "fake");
        writer.WriteString("responseId", "response-fake");
        writer.WriteEndObject();
    });

    private string LastPath() => Server.Requests[^1].Path;

    private string? ModelOf() => Resource(LastPath()).Model;

    private List<string> Responses(FakeTurn turn, bool signs)
    {
        if (turn.Stop?.StartsWith("BLOCKED:", StringComparison.Ordinal) == true)
        {
            return [Blocked(turn)];
        }

        var parts = Parts(turn, signs);
        var responses = Before.Concat(parts.Select(part => Response(turn, [part], null))).ToList();
        responses.AddRange(turn.Blocks.Select(block => $$"""{"candidates":[{"content":{"parts":[],"role":"model"},"index":0,"groundingMetadata":{{block.ReplaceLineEndings("")}} }]}"""));
        responses.Add(Response(turn, signs && turn.Calls.Count == 0 ? [$$"""{"text":"","thoughtSignature":"{{Sign()}}"}"""] : [], Finish(turn)));
        return responses;
    }

    private List<string> Parts(FakeTurn turn, bool signs)
    {
        var parts = new List<string>();
        if (turn.Reasoning is { } reasoning)
        {
            parts.AddRange(JsonChecks.Pieces(reasoning, 2).Select(piece => $$"""{"text":{{Quote(piece)}},"thought":true}"""));
        }

        parts.AddRange(turn.Text.Select(piece => $$"""{"text":{{Quote(piece)}} }"""));
        for (var i = 0; i < turn.Calls.Count; i++)
        {
            var call = turn.Calls[i];
            var id = call.Id is null ? "" : $"\"id\":\"{call.Id}\",";
            var args = JsonChecks.IsObject(call.Arguments) ? call.Arguments : "{}";
            // Of parallel calls only the first carries a signature.
            var signature = signs && i == 0 ? $",\"thoughtSignature\":\"{Sign()}\"" : "";
            parts.Add($"{{\"functionCall\":{{{id}\"name\":\"{call.Name}\",\"args\":{args}}}{signature}}}");
        }

        return parts;
    }

    private string Sign()
    {
        var signature = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(Interlocked.Increment(ref _replies))));
        _signatures[signature] = true;
        return signature;
    }
}
