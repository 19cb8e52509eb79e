using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Messages;

namespace Bridle.Cli.Chat;

/// <summary>Shows every message of a conversation as it stands, which is what the model sees of it.</summary>
internal static class MessageList
{
    public static void Show(IReadOnlyList<Message> messages, CommandIo io)
    {
        var style = new Styling(io.Color && io.OutIsTerminal);
        string Safe(string text) => io.OutIsTerminal ? VisibleText.Of(text) : text;
        foreach (var message in messages)
        {
            foreach (var part in message.Parts)
            {
                var line = part switch
                {
                    TextPart { Text: var text } when text.Trim().Length == 0 => "",
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

        io.Tell(messages.Count switch { 0 => "  There are no messages yet.", 1 => "  1 message", var count => $"  {count} messages" });
    }
}
