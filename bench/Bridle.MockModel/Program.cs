using System.Globalization;
using System.Text.Json;
using Bridle.FakeVendors;

// A model with fixed answers: the first part of the path says which scenario, the number of results in the request says which turn. Speaks Chat Completions, and
// for eng/make-transcripts.sh as much of the Responses API as Codex needs.
// One call of each tool that daily work needs, for eng/startup-profile.sh.
(string Tool, string Arguments)[] work =
[
    ("Ls", "{}"), ("Glob", """{"pattern":"*.txt"}"""), ("Grep", """{"pattern":"7"}"""), ("Read", """{"file_path":"a.txt"}"""),
    ("Edit", """{"file_path":"a.txt","old_string":"40","new_string":"forty"}"""), ("Write", """{"file_path":"b.txt","content":"b\n"}"""),
    ("TodoWrite", """{"todos":[{"content":"Look","status":"completed"}]}"""), ("Bash", """{"command":"wc -l a.txt; ls"}"""), ("Git", """{"verb":"add","arguments":["b.txt"]}"""),
];
var first = 0;
await using var server = new FakeHttpServer(request =>
{
    var scenario = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries)[0];
    if (request.Json.TryGetProperty("tools", out var tools) && Interlocked.Exchange(ref first, 1) == 0)
    {
        Console.Out.WriteLine($"first {request.Body.Length} bytes, {tools.GetArrayLength()} tools of {tools.GetRawText().Length} bytes");
    }

    if (request.Path.EndsWith("/responses", StringComparison.Ordinal))
    {
        return FakeReply.Events(Responses(request.Json));
    }

    var turn = request.Json.GetProperty("messages").EnumerateArray().Count(message => message.GetProperty("role").GetString() == "tool");
    return FakeReply.Events(scenario switch
    {
        "tools20" or "tools99" when turn < int.Parse(scenario[5..], CultureInfo.InvariantCulture) => Call(turn, "Bash", $$"""{"command":"true {{turn}}"}"""),
        "reads20" when turn < 20 => Call(turn, "Read", $$"""{"file_path":"a.txt","offset":{{turn + 1}}}"""),
        "work" when turn < work.Length => Call(turn, work[turn].Tool, work[turn].Arguments),
        "transcript" when tools.ValueKind == JsonValueKind.Array && turn < 2 => Call(turn, "bash", $$"""{"command":"{{(turn == 0 ? "cat a.txt" : "cat b.txt")}}","description":"Look"}"""),
        "tour" => Tour(request.Json, turn).SkipLast(1).Append("""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"mock","choices":[],"usage":{"prompt_tokens":1800,"completion_tokens":60,"total_tokens":1860}}""" + "\n\n").Append("data: [DONE]\n\n"),
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

// A small piece of work with everything that eng/captures.sh shows.
static IEnumerable<string> Tour(JsonElement request, int turn)
{
    const string plan = """{"todos":[{"content":"Read greet.py","status":"STATE0"},{"content":"Greet by name","status":"STATE1"},{"content":"Say what changed","status":"STATE2"}]}""";
    static string Plan(string first, string second, string third) =>
        plan.Replace("STATE0", first, StringComparison.Ordinal).Replace("STATE1", second, StringComparison.Ordinal).Replace("STATE2", third, StringComparison.Ordinal);
    var people = request.GetProperty("messages").EnumerateArray().Count(message => message.GetProperty("role").GetString() == "user");
    return (people, turn) switch
    {
        ( > 1, _) => Call(turn, "Bash", """{"command":"for i in 1 2 3; do echo line $i; done; sleep 60"}"""),
        (_, 0) => Call(turn, "TodoWrite", Plan("in_progress", "pending", "pending")),
        (_, 1) => Call(turn, "Read", """{"file_path":"greet.py"}"""),
        (_, 2) => Call(turn, "TodoWrite", Plan("completed", "in_progress", "pending")),
        (_, 3) => Call(turn, "Edit", """{"file_path":"greet.py","old_string":"def greet():\n    print(\"Hello\")","new_string":"def greet(name):\n    print(f\"Hello, {name}\")"}"""),
        (_, 4) => Call(turn, "TodoWrite", Plan("completed", "completed", "completed")),
        _ => Text(["## What changed\n\n", "- `greet` takes a **name**\n", "- nothing else\n\n", "```python\n", "greet(\"Ada\")\n", "```\n"]),
    };
}

static IEnumerable<string> Responses(JsonElement request)
{
    var turn = request.GetProperty("input").EnumerateArray().Count(item => item.GetProperty("type").GetString() == "function_call_output");
    var arguments = Quoted($$"""{"cmd":"{{(turn == 0 ? "cat a.txt" : "cat b.txt")}}"}""");
    var item = turn < 2
        ? $$$"""{"type":"function_call","id":"fc_{{{turn}}}","call_id":"call_{{{turn}}}","name":"exec_command","arguments":{{{arguments}}} }"""
        : """{"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"Done. The task is complete.","annotations":[]}]}""";
    var usage = """{"input_tokens":900,"input_tokens_details":{"cached_tokens":100},"output_tokens":12,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":912}""";
    yield return Event("response.created", $$$"""{"type":"response.created","response":{"id":"resp_{{{turn}}}"} }""");
    yield return Event("response.output_item.done", $$$"""{"type":"response.output_item.done","output_index":0,"item":{{{item}}} }""");
    yield return Event("response.completed", $$$"""{"type":"response.completed","response":{"id":"resp_{{{turn}}}","usage":{{{usage}}} } }""");
}

static string Event(string name, string data) => $"event: {name}\ndata: {data}\n\n";

static string Chunk(string delta, string? finish = null) =>
    $$$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"mock","choices":[{"index":0,"delta":{{{delta}}},"finish_reason":{{{(finish is null ? "null" : Quoted(finish))}}}}]}""" + "\n\n";

static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
