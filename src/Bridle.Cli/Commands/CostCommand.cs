using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bridle.Cli.Commands.Sessions;
using Bridle.Cli.Output;
using Bridle.Hosting.Costs;

namespace Bridle.Cli.Commands;

/// <summary><c>bridle cost</c>: what was spent in all sessions, from their logs.</summary>
internal static class CostCommand
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true };

    public static Command Build(CommandContext context)
    {
        var by = new Option<string>("--by") { Description = $"Add up by {string.Join(", ", CostReport.Ways)}", HelpName = "WHAT", DefaultValueFactory = _ => "day" };
        by.AcceptOnlyFromAmong([.. CostReport.Ways]);
        var since = new Option<string?>("--since") { Description = "The first day that counts: a date such as 2026-11-01, today, or a number of days such as 7d", HelpName = "DAY" };
        var json = new Option<bool>("--json") { Description = "One JSON object" };
        var command = new Command("cost", "Show what all sessions spent, in tokens and US dollars") { by, since, json };
        command.SetAction(parsed => SessionFiles.Run(context, [], store =>
        {
            var today = DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().DateTime);
            var from = parsed.GetValue(since) is { } text ? CostReport.ReadDay(text, today) : null;
            if (from is null && parsed.GetValue(since) is { } wrong)
            {
                return RunCommand.Refuse(context, "text", new("usage", $"--since is '{wrong}', but must be a date such as 2026-11-01, today, or a number of days such as 7d.", ""), ExitCode.Usage);
            }

            var report = CostReport.Of(store.Spending(), parsed.GetValue(by)!, from);
            if (parsed.GetValue(json))
            {
                context.Io.Out.WriteLine(Json(report));
            }
            else if (report.Lines.Count == 0)
            {
                context.Io.Error.WriteLine(from is null ? "Nothing was spent yet." : "Nothing was spent since then.");
            }
            else
            {
                var total = report.Lines.Count > 1 ? [report.Total] : Array.Empty<CostLine>();
                Columns.Write(context.Io, [report.By.ToUpperInvariant(), "COST", "REQUESTS", "INPUT", "CACHED", "WRITTEN", "OUTPUT", "REASONING"], [.. report.Lines.Concat(total).Select(Row)]);
            }

            return ExitCode.Done;
        }));
        return command;
    }

    private static string[] Row(CostLine line) =>
    [
        line.Key, UsageLine.Money(line.Cost, line.Unpriced, line.Requests, line.Guessed), Number(line.Requests), Number(line.Usage.Input), Number(line.Usage.CacheRead), Number(line.Usage.CacheWrite), Number(line.Usage.Output), Number(line.Usage.Reasoning),
    ];

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Json(CostReport report)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartObject();
            writer.WriteString("by", report.By);
            writer.WriteString("since", report.Since?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            writer.WriteStartArray("lines");
            foreach (var line in report.Lines)
            {
                Write(writer, line);
            }

            writer.WriteEndArray();
            writer.WritePropertyName("total");
            Write(writer, report.Total);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, CostLine line)
    {
        writer.WriteStartObject();
        writer.WriteString("key", line.Key);
        writer.WriteNumber("cost", line.Cost);
        if (line.Guessed > 0)
        {
            writer.WriteNumber("cost_estimated", line.Guessed);
        }

        writer.WriteNumber("requests", line.Requests);
        writer.WriteNumber("requests_without_price", line.Unpriced);
        writer.WriteNumber("sessions", line.Sessions);
        ResultObject.WriteUsage(writer, line.Usage);
        writer.WriteEndObject();
    }
}
