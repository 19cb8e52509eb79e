using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Cli.Chat;

/// <summary>What was said last in a conversation that goes on, and what it left unfinished, so that a person sees where they are.</summary>
internal static class LastWords
{
    private const int MostLines = 20;

    /// <summary>The last message of the person, the last answer, and what a turn left that never ended; nothing for a conversation that only begins.</summary>
    public static void Show(Transcript transcript, CommandIo io, Styling style)
    {
        var messages = transcript.Messages;
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

        ShowUnfinished(transcript, io, style);
    }

    private static void ShowUnfinished(Transcript transcript, CommandIo io, Styling style)
    {
        if (transcript.OpenRun is null)
        {
            return;
        }

        var open = transcript.UnansweredCalls;
        io.Tell(style.Yellow("The last turn never ended: the program was ended in the middle of it."));
        foreach (var call in open)
        {
            io.Tell(style.Yellow($"  {CallLine.Of(call.Call.Name, call.Call.Arguments, io.Width())}"));
            io.Tell(style.Yellow($"    {What(call)}"));
        }

        io.Tell(style.Yellow(open.Count > 0 ? "  /continue goes on with it, and so does whatever you say." : "  The model was asked and has not answered. /continue asks it again."));
    }

    private static string What(CallState call) =>
        call.Started is { Effect: ToolEffect.Once } ? "It had begun. Whether it took effect is unknown; it is not run again."
        : call.Question is { } question && call.Answer is null ? $"It waits for your answer: {VisibleText.Line(question.Question, 200)}"
        : call.Asked is not null && call.Given is null ? "It waits for your yes or no, and you are asked again."
        : call.Started is not null ? "It had begun and changes nothing; it is run again."
        : "It had not begun.";

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
