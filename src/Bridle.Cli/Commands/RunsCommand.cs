using System.CommandLine;
using System.Globalization;
using System.Text;
using Bridle.Cli.Commands.Sessions;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Events;
using Bridle.Hosting.Receipts;

namespace Bridle.Cli.Commands;

/// <summary><c>bridle runs</c>: a receipt for each turn, read from the logs.</summary>
internal static class RunsCommand
{
    public static Command Build(CommandContext context) => new("runs", "Show what turns were asked, did, took and came to") { List(context), Show(context) };

    private static Command List(CommandContext context)
    {
        var session = new Argument<string?>("session") { Description = "The turns of this session only", Arity = ArgumentArity.ZeroOrOne };
        var limit = new Option<int>("--limit") { Description = "How many at most; 0 for all. 20 unless given", HelpName = "N", DefaultValueFactory = _ => 20, CustomParser = GivenNumber.Of<int> };
        var json = new Option<bool>("--json") { Description = "One JSON array of receipts" };
        var command = new Command("list", "List turns, the latest first") { session, limit, json };
        command.SetAction(parsed => SessionFiles.Run(context, parsed.GetValue(session) is { } name ? [name] : [], store =>
        {
            var book = new ReceiptBook(store);
            var most = parsed.GetValue(limit) is var wanted && wanted > 0 ? wanted : int.MaxValue;
            IReadOnlyList<Receipt> found = parsed.GetValue(session) is { } only ? [.. book.In(only).Reverse().Take(most)] : book.Latest(most);
            if (parsed.GetValue(json))
            {
                context.Io.Out.WriteLine($"[{string.Join(",\n", found.Select(receipt => ReceiptJson.Write(receipt, book.LogOf(receipt), indented: false)))}]");
            }
            else if (found.Count == 0)
            {
                context.Io.Error.WriteLine("There are no turns yet.");
            }
            else
            {
                Columns.Write(context.Io, ["RUN", "STARTED", "OUTCOME", "VERDICT", "STEPS", "COST", "MODEL", "TASK"], [.. found.Select(Row)]);
            }

            return ExitCode.Done;
        }));
        return command;
    }

    private static Command Show(CommandContext context)
    {
        var id = new Argument<string?>("id") { Description = "Which turn: SESSION/NUMBER, or a session for its last one; the latest of all unless given", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "The receipt as one JSON object" };
        var command = new Command("show", "Show the receipt of a turn") { id, json };
        command.SetAction(parsed => SessionFiles.Run(context, [], store =>
        {
            var book = new ReceiptBook(store);
            if (book.Find(parsed.GetValue(id)) is not { } receipt)
            {
                return RunCommand.Refuse(context, "text", new("session", parsed.GetValue(id) is { } wanted ? $"There is no turn '{wanted}'." : "There are no turns yet.", "See `bridle runs list`."), ExitCode.Usage);
            }

            var log = book.LogOf(receipt);
            if (parsed.GetValue(json))
            {
                context.Io.Out.WriteLine(ReceiptJson.Write(receipt, log));
            }
            else
            {
                context.Io.Out.Write(Text(receipt, log));
            }

            return ExitCode.Done;
        }));
        return command;
    }

    private static string[] Row(Receipt receipt) =>
    [
        receipt.Id,
        receipt.StartedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        Outcome(receipt),
        receipt.Verdict is "nothing_demanded" ? "-" : receipt.Verdict,
        receipt.Finished?.Steps.ToString(CultureInfo.InvariantCulture) ?? "-",
        Money(receipt),
        receipt.Started.Model,
        receipt.Task is { } task ? VisibleText.Line(task, 80) : "(went on)",
    ];

    private static string Text(Receipt receipt, ReceiptLog log)
    {
        var text = new StringBuilder();
        void Line(string name, string? value)
        {
            if (value is { Length: > 0 })
            {
                text.Append(CultureInfo.InvariantCulture, $"{name,-10} {VisibleText.Of(value)}\n");
            }
        }

        Line("Run", receipt.Id);
        Line("Task", VisibleText.Line(receipt.Task ?? "(went on with what was there)", 300));
        Line("Folder", VisibleText.Line(receipt.Folder ?? "", 300));
        Line("Model", $"{receipt.Started.Model}, mode {receipt.Started.Mode}{(receipt.Started.Simulated ? ", rehearsal" : "")}");
        Line("Isolation", receipt.Started.Isolation);
        Line("When", $"{Time(receipt.StartedAt)}{(receipt.EndedAt is { } end ? $" to {Time(end)}" : "")}");
        Line("Outcome", $"{Outcome(receipt)}{(receipt.ExitCode is { } code ? $", exit code {code}" : "")}{(receipt.Finished is { } finished ? $", {finished.Steps} {(finished.Steps == 1 ? "step" : "steps")}" : "")}");
        Line("Error", VisibleText.Line(receipt.Finished?.Error ?? "", 500));
        foreach (var line in SpendingLines.Of(receipt.Spent).Skip(receipt.Spent.Count == 0 ? 1 : 0))
        {
            Line("Spent", line.TrimStart());
        }

        Line("Tools", string.Join(", ", receipt.Tools.Select(tool => $"{tool.Tool} {tool.Calls}{(tool.Failed > 0 ? $" ({tool.Failed} failed)" : "")}{(tool.Denied > 0 ? $" ({tool.Denied} denied)" : "")}")));
        Line("Sensors", string.Join(", ", receipt.Sensors.Select(sensor => $"{VisibleText.Line(sensor.Sensor, 60)} {sensor.State.ToString().ToLowerInvariant()}{(sensor.Signals.Count > 0 ? $" ({(sensor.AtLeast is true ? "at least " : "")}{sensor.Found ?? sensor.Signals.Count})" : "")}")));
        Line("Verdict", receipt.Verdict.Replace('_', ' '));
        foreach (var check in receipt.Acceptance?.Checks ?? [])
        {
            Line("", $"{Mark(check.Outcome)} {VisibleText.Line(check.Check, 200)}{(check.Reason is { } reason ? $": {VisibleText.Line(reason, 200)}" : "")}");
        }

        Line("Sealed", receipt.SealedFiles.Count == 0 ? null : $"{receipt.SealedFiles.Count} {(receipt.SealedFiles.Count == 1 ? "file" : "files")}, {receipt.Acceptance?.Breaches?.Count ?? 0} changed");
        foreach (var pattern in receipt.SealedNothing)
        {
            Line("Sealed", $"nothing: no file matched {VisibleText.Line(pattern, 200)}");
        }

        foreach (var file in receipt.ChangedFiles)
        {
            Line("Changed", $"{VisibleText.Line(file.Path, 200)}{(file.Before is null ? " (new, or not kept)" : "")}");
        }

        Line("Log", $"records {receipt.FirstRecord} to {receipt.LastRecord}, {log.State.Replace('_', ' ')}{(log.Changed.Count > 0 ? $": {string.Join(", ", log.Changed.Take(20))}" : "")}");
        return text.ToString();
    }

    private static string Mark(CheckOutcome outcome) => outcome switch { CheckOutcome.Met => "✓", CheckOutcome.Unmet => "✗", _ => "?" };

    private static string Outcome(Receipt receipt) => receipt.Finished is { } finished ? System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(finished.Outcome.ToString()) : "open";

    private static string Money(Receipt receipt) => UsageLine.Money(receipt.Spent.Sum(spent => spent.Cost ?? 0m), receipt.Spent.Count(spent => spent.IsUnpriced), 0, receipt.Spent.Sum(spent => spent.Guess ?? 0m));

    private static string Time(DateTimeOffset at) => at.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
