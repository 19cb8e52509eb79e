using Bridle.Cli.Output;
using Bridle.Cli.Commands.Sessions;
using Bridle.Cli.Terminals;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Cli.Chat;

/// <summary>Shows every message of a conversation: as it stands, which is what the model sees of it, or as it was, with what compactions took from it.</summary>
internal static class MessageList
{
    /// <summary>What the model sees.</summary>
    public static void Show(Transcript transcript, CommandIo io)
    {
        var messages = transcript.Messages;
        var style = new Styling(io.Color && io.OutIsTerminal);
        string Safe(string text) => io.OutIsTerminal ? VisibleText.Of(text) : text;
        foreach (var message in messages)
        {
            foreach (var part in message.Parts)
            {
                var line = part switch
                {
                    TextPart { Text: var text } when text.Trim().Length == 0 => "",
                    TextPart text when LastWords.IsSummary(transcript, message) || Reminders.IsNote(text.Text) => style.Dim(Safe(text.Text.TrimEnd('\n'))),
                    TextPart text when message.Role is Role.User => $"{style.Bold("❯")} {Safe(text.Text.TrimEnd('\n'))}",
                    TextPart text => Safe(text.Text.Trim()),
                    ReasoningPart { Text.Length: > 0 } reasoning => style.Dim($"(thinking) {Safe(reasoning.Text.Trim())}"),
                    ImagePart image => $"(image, {image.MediaType})",
                    ToolCallPart call => $"• {CallLine.Of(call.Name, call.Arguments, io.Width())}",
                    ToolResultPart result => style.Dim($"  {(result.IsError ? "failed: " : "")}{Safe(string.Join("\n  ", result.Content.OfType<TextPart>().SelectMany(text => text.Text.TrimEnd('\n').Split('\n'))))}"),
                    _ => "",
                };
                if (line.Length > 0)
                {
                    io.Out.WriteLine(line);
                }
            }
        }

        io.Tell(Count(messages.Count) + (transcript.Compaction is null ? "" : "; a summary stands for what was before. /session show-messages --all shows it."));
    }

    /// <summary>What was said and done, whatever the model sees of it now.</summary>
    public static void ShowAll(IEnumerable<Recorded> records, CommandIo io)
    {
        var count = 0;
        foreach (var record in records)
        {
            count += record.Event is UserSpoke or ModelReplied ? 1 : 0;
            SessionShow.Show(io, record.Event, whole: true);
        }

        io.Tell(Count(count));
    }

    private static string Count(int count) => count switch { 0 => "  There are no messages yet.", 1 => "  1 message", _ => $"  {count} messages" };
}
