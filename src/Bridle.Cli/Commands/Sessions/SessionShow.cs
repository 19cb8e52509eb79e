using System.CommandLine;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Events;
using Bridle.Hosting.Exports;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;

namespace Bridle.Cli.Commands.Sessions;

/// <summary><c>bridle sessions show</c>.</summary>
internal static class SessionShow
{
    public static Command Build(CommandContext context)
    {
        var name = SessionFiles.Name();
        var output = new Option<string>("--output", "-o") { Description = "text, or events (a line for each record)", HelpName = "FORMAT", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "events");
        var all = new Option<bool>("--all") { Description = "Show results whole, and what the model thought, what the harness told it and what summaries say" };
        var command = new Command("show", "Show the conversation of a session") { name, output, all };
        command.SetAction(parsed => SessionFiles.Run(context, [parsed.GetValue(name)!], store => Show(context, store, parsed.GetValue(name)!, parsed.GetValue(output) == "events", parsed.GetValue(all))));
        return command;
    }

    private static int Show(CommandContext context, SessionStore store, string name, bool events, bool whole)
    {
        var opened = store.Read(name);
        foreach (var record in opened.Journal.Read())
        {
            if (events)
            {
                context.Io.Out.WriteLine(EventLines.Line(record));
            }
            else
            {
                Show(context.Io, record.Event, whole);
            }
        }

        if (opened.Report.Describe().Trim() is { Length: > 0 } said)
        {
            context.Io.Error.WriteLine(VisibleText.Of(said));
        }

        return opened.Report.CanAppend ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>One record as a person reads it; most have nothing to say. <paramref name="whole"/>: with all of its text, else with what is needed to follow.</summary>
    internal static void Show(CommandIo io, DurableEvent happened, bool whole)
    {
        var style = new Styling(io.Color && io.OutIsTerminal);
        string Safe(string text) => io.OutIsTerminal ? VisibleText.Of(text) : text;
        var line = happened switch
        {
            UserSpoke spoke => $"{style.Bold("❯")} {Safe(Text(spoke.Parts))}",
            InboxDrained drained => string.Join('\n', drained.Messages.Select(message => $"{style.Bold("↳")} {Safe(message.Text)}")),
            ModelReplied replied => string.Join('\n', new[] { whole && Thought(replied.Reply) is { Length: > 0 } thought ? style.Dim(Safe(thought)) : "", Safe(replied.Reply.Text.Trim()) }.Concat(replied.Reply.Calls.Select(call => $"• {CallLine.Of(call.Name, call.Arguments, io.Width())}")).Where(part => part.Length > 0)),
            ToolReturned returned when TurnWords.IsOfSensor(returned.Call) => "",
            SensorRan ran => style.Dim($"◦ sensor {VisibleText.Line(ran.Sensor, 60)}:{TurnWords.Of(ran)}"),
            SensorFixed tried => style.Dim(TurnWords.Of(tried)),
            ToolReturned { Outcome: CallOutcome.Interrupted } unknown => style.Yellow(Safe($"  {Text(unknown.Content)}")),
            ToolReturned returned when whole => style.Dim($"  {(returned.IsError ? "failed: " : "")}{Safe(Text(returned.Content).TrimEnd('\n')).Replace("\n", "\n  ", StringComparison.Ordinal)}"),
            ReminderAdded note when whole => style.Dim(Safe(Reminders.Wrap(note.Text))),
            ToolReturned returned => style.Dim($"  {CallLine.Result(Text(returned.Content), io.Width())}"),
            ReplyCut { PartialText.Length: > 0 } cut => $"{Safe(cut.PartialText.Trim())}\n{style.Yellow(TurnWords.Of(cut))}",
            ModelFailed failed => style.Red(Safe(ModelError.Tell(failed.Message, failed.Advice))),
            RunFinished { Error: { } error } => style.Red(Safe(error)),
            SkillUsed used => style.Dim(TurnWords.Of(used)),
            AcceptanceChecked looked => style.Dim(TurnWords.Of(looked).TrimStart()),
            Compacted compacted => style.Dim($"({CompactionText.Of(compacted)}){(whole && compacted.Summary.Length > 0 ? $"\n{Safe(compacted.Summary)}" : "")}"),
            _ => "",
        };
        if (line.Length > 0)
        {
            io.Out.WriteLine(line);
        }
    }

    private static string Thought(ModelReply reply) =>
        string.Join('\n', reply.Parts.OfType<ReasoningPart>().Where(part => part.Text.Length > 0).Select(part => $"(thinking) {part.Text.Trim()}"));

    private static string Text(IReadOnlyList<MessagePart> parts) => string.Join('\n', parts.OfType<TextPart>().Select(part => part.Text));
}
