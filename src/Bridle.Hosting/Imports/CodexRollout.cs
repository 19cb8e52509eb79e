using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Hosting.Imports;

/// <summary>
/// A rollout of Codex (<c>~/.codex/sessions/…/rollout-*.jsonl</c>): lines of <c>timestamp</c>, <c>type</c> and <c>payload</c>. The conversation is in the lines of type
/// <c>response_item</c>, in the form of OpenAI's Responses API.
/// </summary>
internal static class CodexRollout
{
    // What the program itself tells the model in the person's name.
    private static readonly string[] s_ownWords = ["<environment_context>", "<user_instructions>", "# AGENTS.md instructions", "<skills_instructions>", "<turn_aborted>"];

    public static bool Is(JsonElement line) => line.Text("type") is "session_meta" or "response_item" or "turn_context" or "event_msg" && line.Field("payload") is { ValueKind: JsonValueKind.Object };

    public static void Take(TranscriptBuilder builder, JsonElement line)
    {
        builder.Now(TranscriptBuilder.TimeOf(line.Field("timestamp")));
        var type = line.Text("type");
        if (line.Field("payload") is not { ValueKind: JsonValueKind.Object } payload)
        {
            builder.LeaveOut($"lines of type {type ?? "none"} without a payload");
            return;
        }

        switch (type)
        {
            case "session_meta":
                builder.Folder ??= payload.Text("cwd");
                break;
            case "turn_context":
                builder.Model = payload.Text("model") is { } model ? $"codex/{model}" : builder.Model;
                break;
            case "response_item":
                Item(builder, payload);
                break;
            case "token_usage_record" when payload.Field("usage") is { } usage:
                var cached = usage.Number("cached_input_tokens");
                builder.Took(new Usage(Math.Max(usage.Number("input_tokens") - cached, 0), cached, 0, usage.Number("output_tokens"), usage.Number("reasoning_output_tokens")));
                break;
            case "event_msg":
                builder.LeaveOut("event_msg lines (what its screen showed; the conversation is in others)");
                break;
            default:
                builder.LeaveOut($"lines of type {type}");
                break;
        }
    }

    private static void Item(TranscriptBuilder builder, JsonElement item)
    {
        switch (item.Text("type"))
        {
            case "message":
                Message(builder, item);
                break;
            case "reasoning":
                var thought = string.Join("\n\n", item.Items("summary").Concat(item.Items("content")).Select(part => part.Text("text")).OfType<string>());
                if (thought.Length > 0)
                {
                    builder.Say(new ReasoningPart(thought));
                }

                break;
            case "function_call" or "custom_tool_call" when item.Text("call_id") is { } call:
                builder.Say(new ToolCallPart(new CallId(call), item.Text("name") ?? "", item.Text("arguments") ?? Wrapped(item.Text("input") ?? "")));
                break;
            case "local_shell_call" when item.Text("call_id") is { } call:
                builder.Say(new ToolCallPart(new CallId(call), "local_shell", item.Field("action")?.GetRawText() ?? "{}"));
                break;
            case "function_call_output" or "custom_tool_call_output" or "local_shell_call_output" when item.Text("call_id") is { } call:
                Output(builder, call, item.Field("output"));
                break;
            case var other:
                builder.LeaveOut($"items of type {other ?? "none"}");
                break;
        }
    }

    private static void Message(TranscriptBuilder builder, JsonElement item)
    {
        var parts = item.Items("content").Select(part => part.Text("text") is { } text ? new TextPart(text) : part.Text("image_url") is { } url ? builder.Image(url) : null).OfType<MessagePart>().ToList();
        switch (item.Text("role"))
        {
            case "assistant":
                parts.ForEach(builder.Say);
                builder.EndReply();
                break;
            case "user" when parts is [TextPart first, ..] && s_ownWords.Any(own => first.Text.TrimStart().StartsWith(own, StringComparison.Ordinal)):
                builder.LeaveOut("instructions of the program itself");
                break;
            case "user":
                builder.Person(parts);
                break;
            default:
                builder.LeaveOut("instructions of the program itself");
                break;
        }
    }

    private static void Output(TranscriptBuilder builder, string call, JsonElement? output)
    {
        var content = output switch
        {
            { ValueKind: JsonValueKind.String } text => [new TextPart(text.GetString()!)],
            { ValueKind: JsonValueKind.Array } parts => [.. parts.EnumerateArray().Select(part => part.Text("text") is { } text ? new TextPart(text) : builder.Image(part.Text("image_url")))],
            { } other => [new TextPart(other.Text("content") ?? other.GetRawText())],
            null => new List<MessagePart>(),
        };
        var failed = output?.Field("success")?.ValueKind is JsonValueKind.False;
        builder.Answer(call, failed ? CallOutcome.Failed : CallOutcome.Completed, content);
    }

    private static string Wrapped(string input) => $"{{\"input\":\"{JsonEncodedText.Encode(input)}\"}}";
}
