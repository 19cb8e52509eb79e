using Bridle.Cli.Terminals;
using Bridle.Messages;

namespace Bridle.Cli.Chat;

/// <summary>What was said last in a conversation that goes on, so that a person sees where they are.</summary>
internal static class LastWords
{
    private const int MostLines = 20;

    /// <summary>The last message of the person and the last answer; nothing for a conversation that only begins.</summary>
    public static void Show(IReadOnlyList<Message> messages, CommandIo io, Styling style)
    {
        if (Said(messages, Role.User) is not (var spoke and >= 0))
        {
            return;
        }

        var count = messages.Count(message => message.Text.Length > 0);
        io.Tell(style.Dim($"Going on after {count} {(count == 1 ? "message" : "messages")}. The last words were:"));
        io.Out.WriteLine($"❯ {VisibleText.Line(FirstText(messages[spoke]), Math.Max(20, (io.Width() * 2) - 2))}");
        if (Said(messages, Role.Assistant) is var answered && answered > spoke)
        {
            var lines = VisibleText.Of(messages[answered].Text.Trim()).Split('\n');
            if (lines.Length > MostLines)
            {
                io.Out.WriteLine(style.Dim($"(+{lines.Length - MostLines} lines)"));
            }

            io.Out.WriteLine(string.Join('\n', lines.TakeLast(MostLines)));
        }
    }

    // Results of tools travel in messages of the user and are nobody's words.
    private static int Said(IReadOnlyList<Message> messages, Role role)
    {
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            if (messages[i].Role == role && FirstText(messages[i]).Trim().Length > 0 && !(role is Role.User && messages[i].Parts is [ToolResultPart, ..]))
            {
                return i;
            }
        }

        return -1;
    }

    private static string FirstText(Message message) => message.Parts.OfType<TextPart>().FirstOrDefault()?.Text ?? "";
}
