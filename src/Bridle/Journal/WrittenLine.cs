using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Journal;

/// <summary>A line that a person wrote into a log by hand: a record of the conversation without its envelope, or a plain message.</summary>
internal static class WrittenLine
{
    /// <summary>The event that the line stands for; null with a reason when a person may not write it. Images in it go to the blob store.</summary>
    public static DurableEvent? Read(ReadOnlySpan<byte> line, IBlobs blobs, out string? reason)
    {
        try
        {
            using var document = JsonDocument.Parse(line.ToArray());
            var root = document.RootElement;
            if (root.TryGetProperty("n", out _) || root.TryGetProperty("sum", out _))
            {
                reason = "it has a number or a sum but not both in their places";
                return null;
            }

            if (PlainMessages.IsMessage(root))
            {
                return PlainMessages.Read(root, blobs, out reason);
            }

            if (!root.TryGetProperty("type", out var name) || name.ValueKind != JsonValueKind.String || !EditableText.IsIn(name.GetString()!))
            {
                reason = "it is neither a record nor something that may be written by hand (user_spoke, model_replied, tool_returned, inbox_drained, reminder_added or a plain message)";
                return null;
            }

            var written = Complete(RecordCodec.DecodePayload(name.GetString()!, line));
            reason = written is null ? $"a {name.GetString()} lacks fields that it needs" : null;
            return written;
        }
        catch (Exception failure) when (failure is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            reason = $"it is not the record it says ({JsonWords.Of(failure)})";
            return null;
        }
    }

    private static DurableEvent? Complete(DurableEvent written) => written switch
    {
        UserSpoke spoke when Whole(spoke.Parts) => spoke with { MessageId = spoke.MessageId ?? NewId() },
        ModelReplied { Reply: not null } replied when Whole(replied.Reply.Parts) => replied,
        ToolReturned { Call.Value: not null } returned when Whole(returned.Content) => returned,
        InboxDrained { Messages: not null } drained when drained.Messages.All(message => message?.Text is not null) =>
            new InboxDrained([.. drained.Messages.Select(message => message with { MessageId = message.MessageId ?? NewId() })]),
        ReminderAdded { Text: not null } reminder => reminder with { Source = reminder.Source ?? "edit" },
        _ => null,
    };

    private static bool Whole(IReadOnlyList<MessagePart>? parts) => parts is not null && parts.All(part => part switch
    {
        TextPart text => text.Text is not null,
        ImagePart image => image.Blob is not null && image.MediaType is not null,
        ReasoningPart reasoning => reasoning.Text is not null,
        ToolCallPart call => call.Id.Value is not null && call.Name is not null && call.Arguments is not null,
        ToolResultPart result => result.Call.Value is not null && result.Content is not null,
        _ => false,
    });

    private static string NewId() => $"written-{Guid.NewGuid():n}";
}
