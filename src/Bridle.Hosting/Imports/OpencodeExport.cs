using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Hosting.Imports;

/// <summary>What <c>opencode export</c> writes: one object with <c>info</c> about the session and its <c>messages</c>, each with its <c>parts</c>.</summary>
internal static class OpencodeExport
{
    public static bool Is(JsonElement root) => root.Field("info") is { ValueKind: JsonValueKind.Object } && root.Field("messages") is { ValueKind: JsonValueKind.Array };

    public static void Take(TranscriptBuilder builder, JsonElement root)
    {
        var info = root.Field("info")!.Value;
        builder.Folder = info.Text("directory");
        builder.Now(TranscriptBuilder.TimeOf(info.Field("time")?.Field("created")));
        foreach (var message in root.Items("messages"))
        {
            var about = message.Field("info") ?? default;
            builder.Now(TranscriptBuilder.TimeOf(about.Field("time")?.Field("created")));
            if (about.Text("role") is "user")
            {
                Model(builder, about.Field("model") ?? default);
                builder.Person([.. message.Items("parts").Select(part => Part(builder, part)).OfType<MessagePart>()]);
            }
            else if (about.Text("role") is "assistant")
            {
                Reply(builder, about, message);
            }
            else
            {
                builder.LeaveOut($"messages of role {about.Text("role") ?? "none"}");
            }
        }
    }

    private static void Reply(TranscriptBuilder builder, JsonElement about, JsonElement message)
    {
        Model(builder, about);
        var tokens = about.Field("tokens") ?? default;
        var cache = tokens.Field("cache") ?? default;
        builder.Took(
            new Usage(tokens.Number("input"), cache.Number("read"), cache.Number("write"), tokens.Number("output") + tokens.Number("reasoning"), tokens.Number("reasoning")),
            about.Field("cost") is { ValueKind: JsonValueKind.Number } cost && cost.TryGetDecimal(out var dollars) && dollars > 0 ? dollars : null);
        var tools = new List<JsonElement>();
        foreach (var part in message.Items("parts"))
        {
            if (part.Text("type") is "tool" && part.Text("callID") is { } call)
            {
                tools.Add(part);
                builder.Say(new ToolCallPart(new CallId(call), part.Text("tool") ?? "", part.Field("state")?.Field("input")?.GetRawText() ?? "{}"));
            }
            else if (Part(builder, part) is { } said)
            {
                builder.Say(said);
            }
        }

        builder.EndReply();
        tools.ForEach(tool => Answer(builder, tool));
        if (about.Field("error") is not null)
        {
            builder.LeaveOut("errors of the model");
        }
    }

    private static void Answer(TranscriptBuilder builder, JsonElement tool)
    {
        var state = tool.Field("state") ?? default;
        var time = state.Field("time") ?? default;
        var took = Math.Max(time.Number("end") - time.Number("start"), 0);
        builder.Now(TranscriptBuilder.TimeOf(time.Field("end")));
        switch (state.Text("status"))
        {
            case "completed":
                builder.Answer(tool.Text("callID")!, CallOutcome.Completed, [new TextPart(state.Text("output") ?? "")], took);
                break;
            case "error":
                builder.Answer(tool.Text("callID")!, CallOutcome.Failed, [new TextPart(state.Text("error") ?? "")], took);
                break;
            default:
                // It never ended; the builder answers it.
                break;
        }
    }

    private static MessagePart? Part(TranscriptBuilder builder, JsonElement part)
    {
        switch (part.Text("type"))
        {
            case "text" when part.IsTrue("synthetic") || part.IsTrue("ignored"):
                builder.LeaveOut("instructions of the program itself");
                return null;
            case "text":
                return part.Text("text") is { Length: > 0 } text ? new TextPart(text) : null;
            case "reasoning":
                return part.Text("text") is { Length: > 0 } thought ? new ReasoningPart(thought) : null;
            case "file":
                return builder.Image(part.Text("url"));
            case "step-start" or "step-finish":
                // They frame the parts and say nothing that the message does not.
                return null;
            case var other:
                builder.LeaveOut($"parts of type {other ?? "none"}");
                return null;
        }
    }

    private static void Model(TranscriptBuilder builder, JsonElement named)
    {
        if (named.Text("modelID") is { } model)
        {
            builder.Model = $"{named.Text("providerID") ?? "opencode"}/{model}";
        }
    }
}
