using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Cli.Chat;

/// <summary>Shows every message of a conversation as it stands, which is what the model sees of it, and the replies that broke off, which it does not see.</summary>
internal static class MessageList
{
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

                if (j < parts.Count && Line(messages[i], parts[j], io, style) is { Length: > 0 } line)
                {
                    io.Out.WriteLine(line);
                }
            }
        }

        io.Tell(messages.Count switch { 0 => "  There are no messages yet.", 1 => "  1 message", var count => $"  {count} messages" });
    }

    private static string Line(Message message, MessagePart part, CommandIo io, Styling style) => part switch
    {
        TextPart { Text: var text } when text.Trim().Length == 0 => "",
        TextPart text when message.Role is Role.User => $"{style.Bold("❯")} {Safe(io, text.Text.TrimEnd('\n'))}",
        TextPart text => Safe(io, text.Text.Trim()),
        ReasoningPart { Text.Length: > 0 } reasoning => style.Dim($"(thinking) {Safe(io, reasoning.Text.Trim())}"),
        ImagePart image => $"(image, {image.MediaType})",
        ToolCallPart call => $"• {CallLine.Of(call.Name, call.Arguments, io.Width())}",
        ToolResultPart result => style.Dim($"  {(result.IsError ? "failed: " : "")}{Safe(io, string.Join("\n  ", result.Content.OfType<TextPart>().SelectMany(text => text.Text.TrimEnd('\n').Split('\n'))))}"),
        _ => "",
    };

    private static string Safe(CommandIo io, string text) => io.OutIsTerminal ? VisibleText.Of(text) : text;
}
