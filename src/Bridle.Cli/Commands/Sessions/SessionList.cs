using System.CommandLine;
using System.Globalization;
using Bridle.Cli.Output;

namespace Bridle.Cli.Commands.Sessions;

/// <summary><c>bridle sessions list</c>.</summary>
internal static class SessionList
{
    public static Command Build(CommandContext context)
    {
        var command = new Command("list", "List the sessions, the latest first");
        command.SetAction(_ => SessionFiles.Run(context, [], store =>
        {
            var sessions = store.List();
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
        }));
        return command;
    }
}
