using System.CommandLine;
using System.Globalization;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Events;
using Bridle.Hosting;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Cli.Commands;

/// <summary><c>bridle sessions</c>: what was talked about before.</summary>
internal static class SessionsCommand
{
    public static Command Build(CommandContext context)
    {
        var command = new Command("sessions", "List, show, copy, rename and remove sessions") { BuildList(context), BuildShow(context) };
        foreach (var inner in SessionFiles.Build(context))
        {
            command.Add(inner);
        }

        return command;
    }

    private static Command BuildList(CommandContext context)
    {
        var command = new Command("list", "List the sessions, the latest first");
        command.SetAction(_ =>
        {
            var sessions = Store(context).List();
            if (sessions.Count == 0)
            {
                context.Io.Error.WriteLine("There are no sessions yet.");
                return ExitCode.Done;
            }

            Columns.Write(context.Io, ["NAME", "LAST USED", "RECORDS", "ABOUT"], [.. sessions.Select(session =>
            {
                var details = session.ReadDetails();
                return (string[])[session.Name, session.LastActivity.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), details.Records?.ToString(CultureInfo.InvariantCulture) ?? "?", details.Title ?? ""];
            })]);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command BuildShow(CommandContext context)
    {
        var name = new Argument<string>("name") { Description = "Which session" };
        name.CompletionSources.Add(_ => []);
        var output = new Option<string>("--output", "-o") { Description = "text, or events (a line for each record)", HelpName = "FORMAT", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "events");
        var command = new Command("show", "Show the conversation of a session") { name, output };
        command.SetAction(parsed =>
        {
            try
            {
                return Show(context, parsed.GetValue(name)!, parsed.GetValue(output) == "events");
            }
            catch (JournalException problem)
            {
                return RunCommand.Refuse(context, "text", new("session", problem.Message, "See `bridle sessions list`."), ExitCode.Usage);
            }
        });
        return command;
    }

    private static int Show(CommandContext context, string name, bool events)
    {
        var store = Store(context);
        if (!store.Exists(name))
        {
            var near = NearestName.Of(name, store.List().Select(session => session.Name));
            return RunCommand.Refuse(context, "text", new("session", $"There is no session '{name}'.", near is null ? "See `bridle sessions list`." : $"Did you mean '{near}'?"), ExitCode.Usage);
        }

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
            ToolReturned returned => style.Dim($"  {CallLine.Result(Text(returned.Content), io.Width())}"),
            ModelFailed failed => style.Red(Safe($"{failed.Message} {failed.Advice}")),
            RunFinished { Error: { } error } => style.Red(Safe(error)),
            Compacted compacted => style.Dim($"(summarised up to record {compacted.UpTo})"),
            _ => "",
        };
        if (line.Length > 0)
        {
            io.Out.WriteLine(line);
        }
    }

    private static string Text(IReadOnlyList<MessagePart> parts) => string.Join('\n', parts.OfType<TextPart>().Select(part => part.Text));

    private static SessionStore Store(CommandContext context)
    {
        var folders = BridleFolders.For(context.Environment);
        return new(folders.Data, folders.State);
    }
}
