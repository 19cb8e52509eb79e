using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Journal;

/// <summary>Plain messages in the form of OpenAI's chat API (<c>role</c>, <c>content</c>, <c>tool_calls</c>, <c>tool_call_id</c>), as records.</summary>
internal static class PlainMessages
{
    public static bool IsMessage(JsonElement line) =>
        line.ValueKind == JsonValueKind.Object
        && line.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String
        && !line.TryGetProperty("type", out _);

    /// <summary>The record that says what the message says; null with a reason when it says nothing that can be kept. Images in it go to the blob store.</summary>
    public static DurableEvent? Read(JsonElement message, IBlobs blobs, out string? reason)
    {
        reason = null;
        var role = message.GetProperty("role").GetString();
        var parts = Content(message, blobs, out reason);
        if (reason is not null)
        {
            return null;
        }

        switch (role)
        {
            case "user":
                return new UserSpoke($"adopted-{Guid.NewGuid():n}", parts);
            case "system" or "developer":
                return new ReminderAdded("adopted", string.Concat(parts.OfType<TextPart>().Select(part => part.Text)));
            case "assistant":
                return Reply(message, parts);
            case "tool" when Text(message, "tool_call_id") is { } call:
                return new ToolReturned(new CallId(call), CallOutcome.Completed, parts, 0) { Tool = Text(message, "name") };
            case "tool":
                reason = "a message of role tool needs tool_call_id";
                return null;
            default:
                reason = $"there is no role \"{role}\"";
                return null;
        }
    }

    private static ModelReplied Reply(JsonElement message, List<MessagePart> content)
    {
        var parts = new List<MessagePart>();
        if ((Text(message, "reasoning") ?? Text(message, "reasoning_content")) is { Length: > 0 } reasoning)
        {
            parts.Add(new ReasoningPart(reasoning));
        }

        parts.AddRange(content);
        if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
        {
            foreach (var call in calls.EnumerateArray())
            {
                var function = call.GetProperty("function");
                parts.Add(new ToolCallPart(
                    new CallId(Text(call, "id") ?? $"adopted-{Guid.NewGuid():n}"), Text(function, "name") ?? "", Text(function, "arguments") ?? ""));
            }
        }

        var stop = parts.Any(part => part is ToolCallPart) ? StopReason.ToolUse : StopReason.EndTurn;
        return new ModelReplied(new ModelReply(parts, stop, null, null), null, 0);
    }

    private static List<MessagePart> Content(JsonElement message, IBlobs blobs, out string? reason)
    {
        reason = null;
        var parts = new List<MessagePart>();
        if (!message.TryGetProperty("content", out var content) || content.ValueKind == JsonValueKind.Null)
        {
            return parts;
        }

        if (content.ValueKind == JsonValueKind.String)
        {
            parts.Add(new TextPart(content.GetString()!));
            return parts;
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            reason = "content is neither text nor a list of parts";
            return parts;
        }

        foreach (var part in content.EnumerateArray())
        {
            if (Text(part, "type") is "text" && Text(part, "text") is { } text)
            {
                parts.Add(new TextPart(text));
            }
            else if (Text(part, "type") is "image_url" && Image(part, blobs) is { } image)
            {
                parts.Add(image);
            }
            else
            {
                reason = $"a part of type \"{Text(part, "type")}\" cannot be taken over";
            }
        }

        return parts;
    }

    private static ImagePart? Image(JsonElement part, IBlobs blobs)
    {
        var url = part.GetProperty("image_url").TryGetProperty("url", out var value) ? value.GetString() : null;
        const string Marker = ";base64,";
        var at = url?.IndexOf(Marker, StringComparison.Ordinal) ?? -1;
        return url is null || at < 5 || !url.StartsWith("data:", StringComparison.Ordinal)
            ? null
            : new ImagePart(url[5..at], blobs.Put(Convert.FromBase64String(url[(at + Marker.Length)..])));
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
