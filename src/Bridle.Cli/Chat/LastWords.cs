using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Events;
using Bridle.Hosting;
using Bridle.Messages;

namespace Bridle.Cli.Chat;

/// <summary>What was said last in a conversation that goes on, also where a compaction has put a summary in the place of their words, and what it left unfinished, so that a person sees where they are.</summary>
internal static class LastWords
{
    private const int MostLines = 20;
    private static readonly HashSet<string> s_said = ["user_spoke"];
    private static readonly HashSet<string> s_ended = ["tool_returned", "reply_cut", "run_finished"];

    /// <summary>The last message of the person, the last answer, and what a turn left that never ended; nothing for a conversation that only begins.</summary>
    public static void Show(Harness harness, CommandIo io, Styling style)
    {
        var transcript = harness.Session.Transcript;
        var messages = transcript.Messages.Where(message => !IsSummary(transcript, message)).ToList();
        var spoke = messages.FindLastIndex(message => message is { Role: Role.User, Parts: not [ToolResultPart, ..] } && Words(message.Parts).Length > 0);
        var words = spoke >= 0 ? Words(messages[spoke].Parts)
            : transcript.Compaction is null ? ""
            : Words((harness.Records(s_said).LastOrDefault(record => !record.Run.Value.Contains('.'))?.Event as UserSpoke)?.Parts ?? []);
        if (words.Length is 0)
        {
            return;
        }

        var count = messages.Count(message => message.Text.Length > 0);
        io.Tell(style.Dim($"Going on after {count} {(count == 1 ? "message" : "messages")}{(transcript.Compaction is null ? "" : " and what a summary stands for")}. The last words were:"));
        io.Out.WriteLine(WordWrap.Of($"❯ {VisibleText.Line(words, Math.Max(20, (io.Width() * 2) - 2))}", io.Width(), hang: 2));
        if (messages.FindLastIndex(message => message.Role is Role.Assistant && Words(message.Parts).Length > 0) is var answered && answered > spoke)
        {
            var lines = VisibleText.Of(messages[answered].Text.Trim()).Split('\n');
            if (lines.Length > MostLines)
            {
                io.Out.WriteLine(style.Dim($"(+{lines.Length - MostLines} lines)"));
            }

            io.Out.WriteLine(WordWrap.Of(string.Join('\n', lines.TakeLast(MostLines)), io.Width()));
        }

        ShowUnfinished(transcript, io, style);
        ShowInterrupted(harness, transcript, io, style);
    }

    // The log is whole then, and nothing else would say why the last message has no answer.
    private static void ShowInterrupted(Harness harness, Transcript transcript, CommandIo io, Styling style)
    {
        if (transcript is not { OpenRun: null, LastEnd: TurnOutcome.Interrupted })
        {
            return;
        }

        io.Tell(style.Yellow("The last turn was interrupted by you (Ctrl+C, Esc, or its terminal was closed)."));
        var ended = harness.Records(s_ended).Where(record => !record.Run.Value.Contains('.')).ToList();
        var last = ended.LastOrDefault()?.Run;
        foreach (var returned in ended.Where(record => record.Run == last).Select(record => record.Event).OfType<ToolReturned>().Where(returned => returned.Outcome is CallOutcome.Cancelled))
        {
            var call = transcript.Messages.SelectMany(message => message.Parts).OfType<ToolCallPart>().LastOrDefault(call => call.Id == returned.Call);
            io.Tell(style.Yellow($"  {CallLine.Of(call?.Name ?? returned.Tool ?? "a call", call?.Arguments ?? "", io.Width())}"));
            io.Tell(style.Yellow($"    {CallLine.Result(CallLine.Words(returned), io.Width())}"));
        }

        if (ended.LastOrDefault(record => record.Run == last && record.Event is ReplyCut { PartialText.Length: > 0 })?.Event is ReplyCut cut && transcript.Messages is not [.., { Role: Role.Assistant }])
        {
            io.Tell(style.Yellow("  What had come of the reply, and no model sees:"));
            io.Out.WriteLine(style.Dim(WordWrap.Of(string.Join('\n', VisibleText.Of(cut.PartialText.Trim()).Split('\n').TakeLast(MostLines)), io.Width())));
        }

        io.Tell(style.Yellow("  /continue goes on with it, and so does whatever you say."));
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

    /// <summary>Whether a message on the person's side is the harness's summary of what stood before.</summary>
    public static bool IsSummary(Transcript transcript, Message message) =>
        transcript.Compaction is { Summary: { Length: > 0 } summary } && message.Role is Role.User && message.Parts is [TextPart { Text: var text }, ..] && text == summary;

    // Results of tools and notes of the harness travel in messages of the user and are nobody's words.
    private static string Words(IReadOnlyList<MessagePart> parts) => parts.OfType<TextPart>().FirstOrDefault(part => !Reminders.IsNote(part.Text))?.Text.Trim() ?? "";
}
