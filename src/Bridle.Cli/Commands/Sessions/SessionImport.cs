using System.CommandLine;
using Bridle.Cli.Terminals;
using Bridle.Events;
using Bridle.Hosting;
using Bridle.Hosting.Imports;
using Bridle.Journal;

namespace Bridle.Cli.Commands.Sessions;

/// <summary><c>bridle sessions import</c>: a transcript of another program as a session that can be shown, exported and continued.</summary>
internal static class SessionImport
{
    public static Command Build(CommandContext context)
    {
        var file = new Argument<string>("file") { Description = "A rollout of Codex, the output of `opencode export`, or a transcript of Claude Code" };
        var name = new Argument<string?>("name") { Description = "The name of the session; made of program and time unless given", Arity = ArgumentArity.ZeroOrOne };
        var from = new Option<string?>("--from") { Description = "Which program wrote it: codex, opencode or claude; found out unless given", HelpName = "PROGRAM" };
        from.AcceptOnlyFromAmong([.. TranscriptImport.Programs]);
        var command = new Command("import", "Make a session of a transcript of another program") { file, name, from };
        command.SetAction(parsed => SessionFiles.Run(context, [], store => Import(context, store, parsed.GetValue(file)!, parsed.GetValue(name), parsed.GetValue(from))));
        return command;
    }

    private const long MostBytes = 512 * 1024 * 1024;

    private static int Import(CommandContext context, SessionStore store, string file, string? name, string? from)
    {
        byte[] bytes;
        try
        {
            var path = Path.GetFullPath(file, context.Environment.CurrentDirectory);
            var info = new FileInfo(path);
            if (info.Exists && (info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info).Length is 0 or > MostBytes)
            {
                return RunCommand.Refuse(context, "text", new("usage", $"{file} is empty, no ordinary file, or larger than {MostBytes / (1024 * 1024)} MB.", "Name the transcript's own file."), ExitCode.Usage);
            }

            bytes = File.ReadAllBytes(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return RunCommand.Refuse(context, "text", new("usage", $"{file} cannot be read: {problem.Message}", ""), ExitCode.Usage);
        }

        var files = HostFiles.Read(context.Environment, context.Environment.CurrentDirectory);
        var (target, session, why) = TranscriptImport.Import(store, files, bytes, name, from);
        if (session is null)
        {
            return RunCommand.Refuse(context, "text", new("usage", $"{file} was not imported: {why}.", ""), ExitCode.Usage);
        }

        Tell(context.Io, target!, session);
        if (session.Folder is { } named && TranscriptImport.FolderOf(session, files) is var goesOn && goesOn != named)
        {
            context.Io.Tell($"  It was of {VisibleText.Line(named, 200)}, which is no folder that you trust; it goes on in {VisibleText.Of(goesOn)}.");
        }

        return ExitCode.Done;
    }

    private static void Tell(CommandIo io, string name, ImportedSession session)
    {
        var messages = session.Records.Count(record => record.Event is UserSpoke or ModelReplied);
        var calls = session.Records.Count(record => record.Event is ToolReturned);
        io.Tell($"{name} is a session now: {messages} messages and {calls} {(calls == 1 ? "call" : "calls")} of {session.Program}. Go on with: bridle run --resume {SessionWord.Of(name)} \"…\"");
        foreach (var (what, count) in session.LeftOut)
        {
            io.Out.WriteLine($"  not taken over: {count} × {VisibleText.Line(what, 200)}");
        }

        if (session.LeftOut.Count > 0)
        {
            io.Out.WriteLine("  The file as it was is kept with the session.");
        }
    }
}
