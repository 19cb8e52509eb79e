using System.CommandLine;
using Bridle.Cli.Terminals;
using Bridle.Events;
using Bridle.Hosting;
using Bridle.Hosting.Providers;
using Bridle.Journal;
using Bridle.Sessions.Replaying;

namespace Bridle.Cli.Commands.Sessions;

/// <summary><c>bridle sessions replay</c>: the recorded replies through the loop once more, offline, to see that the same requests come of them.</summary>
internal static class SessionReplaying
{
    private const int Shown = 400;

    public static Command Build(CommandContext context)
    {
        var name = SessionFiles.Name();
        var at = new Option<long?>("--at") { Description = "Replay up to this record only", HelpName = "N", CustomParser = GivenNumber.OrNone<long> };
        var command = new Command("replay", "Play a session again without a model and without running anything, and say where it differs from its log") { name, at };
        command.SetAction((parsed, cancellationToken) => SessionFiles.RunAsync(context, [parsed.GetValue(name)!], store => RunAsync(context, store, parsed.GetValue(name)!, parsed.GetValue(at), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, SessionStore store, string name, long? at, CancellationToken cancellationToken)
    {
        var opened = store.Read(name);
        if (opened.Report.Describe().Trim() is { Length: > 0 } said)
        {
            context.Io.Error.WriteLine(VisibleText.Of(said));
        }

        var records = opened.Journal.Read().TakeWhile(record => at is null || record.N <= at).ToList();
        if (at is { } wanted && (wanted < 1 || records.Count == 0 || records[^1].N < wanted))
        {
            return RunCommand.Refuse(context, "text", new("usage", $"There is no record {wanted} in {name}.", "`bridle sessions show -o events` numbers them."), ExitCode.Usage);
        }

        var files = HostFiles.Read(context.Environment, context.Environment.CurrentDirectory);
        var report = await new SessionReplay(records, opened.Journal.Blobs, full => ModelMaking.PriceOf(files.Layers.Effective, full)).RunAsync(cancellationToken);
        if (report.Difference is null && opened.Report.State is OpenState.Damaged)
        {
            context.Io.TellError($"Only what can be read of {VisibleText.Line(name, 100)} was played again: {Count(report.Runs, "run")}, {Count(report.Requests, "request")}, with no difference.");
            return ExitCode.Failed;
        }

        Tell(context.Io, name, report, records);
        return report.Difference is null && opened.Report.CanAppend ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Tell(CommandIo io, string name, ReplayReport report, List<Recorded> records)
    {
        if (report.Difference is { } difference)
        {
            io.Tell($"{name} differs at record {difference.N}: {difference.What}");
            io.Out.WriteLine($"  log:    {VisibleText.Line(difference.Recorded, Shown)}");
            io.Out.WriteLine($"  replay: {VisibleText.Line(difference.Replayed, Shown)}");
            if (records.FirstOrDefault(record => record.N > difference.N && record.Event is SessionEdited) is { } edited)
            {
                io.Tell($"The session was edited later (record {edited.N}), so what was asked then is not what the log says now.");
            }

            return;
        }

        var given = report.Given > 0 ? $" {report.Given} records that no run of Bridle made were taken as they are." : "";
        var partly = report.WholeRequests < report.Requests ? $" {report.Requests - report.WholeRequests} of them were made by an earlier version, which did not record enough to compare their messages." : "";
        io.Tell($"{name} replays as it was: {Count(report.Runs, "run")}, {Count(report.Requests, "request")} built again and the same.{partly}{given}");
    }

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
