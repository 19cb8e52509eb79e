using Bridle.Cli.Output;
using Bridle.Cli.Commands.Sessions;
using Bridle.Cli.Terminals;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Cli.Chat;

/// <summary>Shows every message of a conversation: as it stands, which is what the model sees of it, with the replies that broke off, which it does not see; or as it was, with what compactions took from it.</summary>
internal static class MessageList
{
    /// <summary>What the model sees, and what broke off.</summary>
    public static void Show(Transcript transcript, CommandIo io)
    {
        var messages = transcript.Messages;
        var style = new Styling(io.Color && io.OutIsTerminal);
        for (var i = 0; i <= messages.Count; i++)
        {
            var parts = i < messages.Count ? messages[i].Parts : [];
            for (var j = 0; j <= parts.Count; j++)
            {
                foreach (var (_, _, cut) in transcript.Cuts.Where(cut => cut.Message == i && cut.Part == j))
                {
                    io.Out.WriteLine(Safe(io, cut.PartialText.Trim()));
                    io.Tell(style.Yellow(TurnWords.Of(cut)));
                }

                if (j < parts.Count && Line(transcript, messages[i], parts[j], io, style) is { Length: > 0 } line)
                {
                    io.Out.WriteLine(line);
                }
            }
        }

        io.Tell(Count(messages.Count) + (transcript.Compaction is null ? "" : "; a summary stands for what was before. /session show-messages --all shows it."));
    }

    private static string Line(Transcript transcript, Message message, MessagePart part, CommandIo io, Styling style) => part switch
    {
        TextPart { Text: var text } when text.Trim().Length == 0 => "",
        TextPart text when LastWords.IsSummary(transcript, message) || Reminders.IsNote(text.Text) => style.Dim(Safe(io, text.Text.TrimEnd('\n'))),
        TextPart text when message.Role is Role.User => $"{style.Bold("❯")} {Safe(io, text.Text.TrimEnd('\n'))}",
        TextPart text => Safe(io, text.Text.Trim()),
        ReasoningPart { Text.Length: > 0 } reasoning => style.Dim($"(thinking) {Safe(io, reasoning.Text.Trim())}"),
        ImagePart image => $"(image, {image.MediaType})",
        ToolCallPart call => $"• {CallLine.Of(call.Name, call.Arguments, io.Width())}",
        ToolResultPart result => style.Dim($"  {(result.IsError ? "failed: " : "")}{Safe(io, string.Join("\n  ", result.Content.OfType<TextPart>().SelectMany(text => text.Text.TrimEnd('\n').Split('\n'))))}"),
        _ => "",
    };

    private static string Safe(CommandIo io, string text) => io.OutIsTerminal ? VisibleText.Of(text) : text;

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
