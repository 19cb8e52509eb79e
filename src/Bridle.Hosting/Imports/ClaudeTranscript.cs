using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Hosting.Imports;

/// <summary>
/// A transcript of Claude Code (<c>~/.claude/projects/…/*.jsonl</c>): lines with <c>type</c>, <c>uuid</c>, <c>parentUuid</c>, <c>timestamp</c>, <c>cwd</c> and a
/// <c>message</c> in the form of Anthropic's Messages API; a reply is spread over lines of the same message id. Written from what is documented; the format is internal to that program.
/// </summary>
internal static class ClaudeTranscript
{
    public static bool Is(JsonElement line) => line.Text("sessionId") is not null && line.Text("type") is not null;

    public static void Take(TranscriptBuilder builder, IReadOnlyList<JsonElement> lines)
    {
        var chain = Chain(lines);
        string? reply = null;
        foreach (var line in lines)
        {
            if (WhyNot(line, chain) is { } why)
            {
                builder.LeaveOut(why);
                continue;
            }

            builder.Folder ??= line.Text("cwd");
            builder.Now(TranscriptBuilder.TimeOf(line.Field("timestamp")));
            var message = line.Field("message")!.Value;
            var id = message.Text("id") ?? line.Text("uuid");
            if (line.Text("type") is "user")
            {
                User(builder, message);
                reply = null;
            }
            else
            {
                if (id != reply)
                {
                    builder.EndReply();
                }

                reply = id;
                Assistant(builder, message);
            }
        }
    }

    private static string? WhyNot(JsonElement line, HashSet<string> chain) => line switch
    {
        _ when line.Text("type") is not ("user" or "assistant") => $"lines of type {line.Text("type") ?? "none"}",
        _ when line.IsTrue("isSidechain") => "lines of subagents",
        _ when line.IsTrue("isMeta") => "instructions of the program itself",
        _ when line.Field("message") is not { ValueKind: JsonValueKind.Object } => "lines without a message",
        _ when line.Text("uuid") is { } id && !chain.Contains(id) => "lines of a branch that was left",
        _ => null,
    };

    // From the last line back over the parents; what stands before the first of them (a summary was made there) belongs to it, too.
    private static HashSet<string> Chain(IReadOnlyList<JsonElement> lines)
    {
        var parents = new Dictionary<string, string?>(StringComparer.Ordinal);
        var order = new List<string>();
        foreach (var line in lines)
        {
            if (line.Text("uuid") is { } id && !line.IsTrue("isSidechain") && parents.TryAdd(id, line.Text("parentUuid") ?? line.Text("logicalParentUuid")))
            {
                order.Add(id);
            }
        }

        var chain = new HashSet<string>(StringComparer.Ordinal);
        for (var id = order.LastOrDefault(); id is not null && chain.Add(id) && parents.TryGetValue(id, out var parent);)
        {
            id = parent;
        }

        chain.UnionWith(order.TakeWhile(id => !chain.Contains(id)));
        return chain;
    }

    private static void User(TranscriptBuilder builder, JsonElement message)
    {
        builder.EndReply();
        if (message.Text("content") is { } plain)
        {
            builder.Person([new TextPart(plain)]);
            return;
        }

        var said = new List<MessagePart>();
        foreach (var part in message.Items("content"))
        {
            if (part.Text("type") is "tool_result" && part.Text("tool_use_id") is { } call)
            {
                IReadOnlyList<MessagePart> content = part.Text("content") is { } text ? [new TextPart(text)] : [.. part.Items("content").Select(inner => Part(builder, inner)).OfType<MessagePart>()];
                builder.Answer(call, part.IsTrue("is_error") ? CallOutcome.Failed : CallOutcome.Completed, content);
            }
            else if (Part(builder, part) is { } other)
            {
                said.Add(other);
            }
        }

        builder.Person(said);
    }

    private static void Assistant(TranscriptBuilder builder, JsonElement message)
    {
        builder.Model = message.Text("model") is { Length: > 0 } model && model[0] is not '<' ? $"anthropic/{model}" : builder.Model;
        foreach (var part in message.Items("content"))
        {
            if (part.Text("type") is "tool_use" && part.Text("id") is { } call)
            {
                builder.Say(new ToolCallPart(new CallId(call), part.Text("name") ?? "", part.Field("input")?.GetRawText() ?? "{}"));
            }
            else if (Part(builder, part) is { } said)
            {
                builder.Say(said);
            }
        }

        if (message.Field("usage") is { } usage)
        {
            builder.Took(new Usage(usage.Number("input_tokens"), usage.Number("cache_read_input_tokens"), usage.Number("cache_creation_input_tokens"), usage.Number("output_tokens"), 0));
        }
    }

    private static MessagePart? Part(TranscriptBuilder builder, JsonElement part)
    {
        switch (part.Text("type"))
        {
            case "text":
                return part.Text("text") is { Length: > 0 } text ? new TextPart(text) : null;
            case "thinking":
                return part.Text("thinking") is { Length: > 0 } thought ? new ReasoningPart(thought) : null;
            case "image":
                return builder.Image(part.Field("source")?.Text("media_type"), part.Field("source")?.Text("data"));
            case var other:
                builder.LeaveOut($"parts of type {other ?? "none"}");
                return null;
        }
    }
}
