using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Journal;

namespace Bridle.Cli.Commands.Sessions;

/// <summary><c>bridle sessions list</c>.</summary>
internal static class SessionList
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true };

    public static Command Build(CommandContext context)
    {
        var output = new Option<string>("--output", "-o") { Description = "text, or json (an array with an object for each session)", HelpName = "FORMAT", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        var command = new Command("list", "List the sessions, the latest first") { output };
        command.SetAction(parsed => SessionFiles.Run(context, [], store =>
        {
            var sessions = store.ListWithDetails();
            if (parsed.GetValue(output) == "json")
            {
                context.Io.Out.WriteLine(Json(sessions));
            }
            else if (sessions.Count == 0)
            {
                context.Io.Error.WriteLine("There are no sessions yet.");
            }
            else
            {
                Columns.Write(context.Io, ["NAME", "LAST USED", "MESSAGES", "COST", "MODEL", "TITLE"], [.. sessions.Select(Row)]);
            }

            foreach (var (_, words) in SessionAbsence.All(store))
            {
                context.Io.Error.WriteLine(VisibleText.Of(words));
            }

            return ExitCode.Done;
        }));
        return command;
    }

    private static string[] Row((SessionSummary Session, SessionDetails Details) one) =>
    [
        one.Session.Name,
        one.Session.LastActivity.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        one.Details.Messages.ToString(CultureInfo.InvariantCulture),
        Cost(one.Details),
        one.Details.Model ?? "-",
        one.Details.Title ?? "",
    ];

    // What is not known is said and never shown as nothing.
    private static string Cost(SessionDetails details) => UsageLine.Money(details.Cost, details.Unpriced, requests: 0, details.Guessed);

    private static string Json(IReadOnlyList<(SessionSummary Session, SessionDetails Details)> sessions)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartArray();
            foreach (var (session, details) in sessions)
            {
                writer.WriteStartObject();
                writer.WriteString("name", session.Name);
                writer.WriteString("title", details.Title);
                writer.WriteString("last_activity", session.LastActivity.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
                writer.WriteString("model", details.Model);
                writer.WriteString("folder", details.Folder);
                writer.WriteNumber("messages", details.Messages);
                writer.WriteNumber("cost", details.Cost);
                if (details.Guessed > 0)
                {
                    writer.WriteNumber("cost_estimated", details.Guessed);
                }

                writer.WriteNumber("replies_without_price", details.Unpriced);
                writer.WriteNumber("records", details.Records ?? 0);
                writer.WriteNumber("bytes", session.Bytes);
                writer.WriteString("path", session.Path);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
