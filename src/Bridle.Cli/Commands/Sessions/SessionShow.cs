using System.CommandLine;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Events;
using Bridle.Hosting.Exports;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Cli.Commands.Sessions;

/// <summary><c>bridle sessions show</c>.</summary>
internal static class SessionShow
{
    public static Command Build(CommandContext context)
    {
        var name = SessionFiles.Name();
        var output = new Option<string>("--output", "-o") { Description = "text, or events (a line for each record)", HelpName = "FORMAT", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "events");
        var command = new Command("show", "Show the conversation of a session") { name, output };
        command.SetAction(parsed => SessionFiles.Run(context, [parsed.GetValue(name)!], store => Show(context, store, parsed.GetValue(name)!, parsed.GetValue(output) == "events")));
        return command;
    }

    private static int Show(CommandContext context, SessionStore store, string name, bool events)
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
                Show(context.Io, record.Event);
            }
        }

        if (opened.Report.Describe().Trim() is { Length: > 0 } said)
        {
            context.Io.Error.WriteLine(VisibleText.Of(said));
        }

        return opened.Report.CanAppend ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Show(CommandIo io, DurableEvent happened)
    {
        var style = new Styling(io.Color && io.OutIsTerminal);
        string Safe(string text) => io.OutIsTerminal ? VisibleText.Of(text) : text;
        var line = happened switch
        {
            UserSpoke spoke => $"{style.Bold("❯")} {Safe(Text(spoke.Parts))}",
            InboxDrained drained => string.Join('\n', drained.Messages.Select(message => $"{style.Bold("↳")} {Safe(message.Text)}")),
            ModelReplied replied => string.Join('\n', new[] { Safe(replied.Reply.Text.Trim()) }.Concat(replied.Reply.Calls.Select(call => $"• {CallLine.Of(call.Name, call.Arguments, io.Width())}")).Where(part => part.Length > 0)),
            ToolReturned returned when TurnWords.IsOfSensor(returned.Call) => "",
            SensorRan ran => style.Dim($"◦ sensor {VisibleText.Line(ran.Sensor, 60)}:{TurnWords.Of(ran)}"),
            SensorFixed tried => style.Dim(TurnWords.Of(tried)),
            ToolReturned { Outcome: CallOutcome.Interrupted } unknown => style.Yellow(Safe($"  {Text(unknown.Content)}")),
            ToolReturned returned => style.Dim($"  {CallLine.Result(Text(returned.Content), io.Width())}"),
            ReplyCut { PartialText.Length: > 0 } cut => $"{Safe(cut.PartialText.Trim())}\n{style.Yellow(TurnWords.Of(cut))}",
            ModelFailed failed => style.Red(Safe($"{failed.Message} {failed.Advice}")),
            RunFinished { Error: { } error } => style.Red(Safe(error)),
            SkillUsed used => style.Dim(TurnWords.Of(used)),
            AcceptanceChecked looked => style.Dim(TurnWords.Of(looked).TrimStart()),
            Compacted compacted => style.Dim($"({CompactionText.Of(compacted)})"),
            _ => "",
        };
        if (line.Length > 0)
        {
            io.Out.WriteLine(line);
        }
    }

    private static string Text(IReadOnlyList<MessagePart> parts) => string.Join('\n', parts.OfType<TextPart>().Select(part => part.Text));
}
