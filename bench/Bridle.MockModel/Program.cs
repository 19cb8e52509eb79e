using System.Text.Json;
using Bridle.FakeVendors;

// A model with fixed answers: the first part of the path says which scenario, the number of results in the request says which turn. Speaks Chat Completions.
var first = 0;
await using var server = new FakeHttpServer(request =>
{
    var scenario = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries)[0];
    if (request.Json.TryGetProperty("tools", out var tools) && Interlocked.Exchange(ref first, 1) == 0)
    {
        Console.Out.WriteLine($"first {request.Body.Length} bytes, {tools.GetArrayLength()} tools of {tools.GetRawText().Length} bytes");
    }

    var turn = request.Json.GetProperty("messages").EnumerateArray().Count(message => message.GetProperty("role").GetString() == "tool");
    return FakeReply.Events(scenario switch
    {
        "tools20" when turn < 20 => Call(turn, "Bash", $$"""{"command":"true {{turn}}"}"""),
        "reads20" when turn < 20 => Call(turn, "Read", $$"""{"file_path":"a.txt","offset":{{turn + 1}}}"""),
        "bigout" => Text(Enumerable.Range(0, 2_000).Select(n => $"word{n} ")),
        _ => Text(["Done. ", "The task ", "is complete."]),
    });
});
Console.Out.WriteLine(server.Url.ToString().TrimEnd('/'));
await Task.Delay(Timeout.Infinite);

static IEnumerable<string> Text(IEnumerable<string> pieces) =>
    pieces.Select(piece => Chunk($$"""{"content":{{Quoted(piece)}}}""")).Append(Chunk("{}", "stop")).Append("data: [DONE]\n\n");

static IEnumerable<string> Call(int turn, string tool, string arguments) =>
[
    Chunk($$$"""{"tool_calls":[{"index":0,"id":"call_{{{turn}}}","type":"function","function":{"name":"{{{tool}}}","arguments":""}}]}"""),
    Chunk($$$"""{"tool_calls":[{"index":0,"function":{"arguments":{{{Quoted(arguments)}}}}}]}"""),
    Chunk("{}", "tool_calls"),
    "data: [DONE]\n\n",
];

static string Chunk(string delta, string? finish = null) =>
    $$$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"mock","choices":[{"index":0,"delta":{{{delta}}},"finish_reason":{{{(finish is null ? "null" : Quoted(finish))}}}}]}""" + "\n\n";

static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
