using System.CommandLine;
using Bridle.Cli.Terminals;
using Bridle.Hosting.Exports;
using Bridle.Journal;

namespace Bridle.Cli.Commands.Sessions;

/// <summary><c>bridle sessions export</c>: a session in a form for people or for other programs.</summary>
internal static class SessionExport
{
    public static Command Build(CommandContext context)
    {
        var name = SessionFiles.Name();
        var format = new Option<string>("--format", "-f") { Description = "markdown, html (one page with the timeline), messages (a JSON array for OpenAI's chat API) or openai (the same, a line each)", HelpName = "FORMAT", DefaultValueFactory = _ => "markdown" };
        format.AcceptOnlyFromAmong("markdown", "html", "messages", "openai");
        var file = new Option<string?>("--file") { Description = "Write to this new file instead of standard output", HelpName = "FILE" };
        var lines = new Option<bool>("--openai") { Description = "The same as --format openai" };
        var command = new Command("export", "Write a session as Markdown, as a web page or as plain messages") { name, format, lines, file };
        command.SetAction(parsed => SessionFiles.Run(context, [parsed.GetValue(name)!], store => Export(context, store, parsed.GetValue(name)!, parsed.GetValue(lines) ? "openai" : parsed.GetValue(format)!, parsed.GetValue(file))));
        return command;
    }

    private static int Export(CommandContext context, SessionStore store, string name, string format, string? file)
    {
        var opened = store.Read(name);
        var journal = opened.Journal;
        var text = format switch
        {
            "html" => HtmlTranscript.Write([.. journal.Read()], journal.Blobs),
            "messages" => MessagesExport.Array(journal.Read(), journal.Blobs),
            "openai" => MessagesExport.Lines(journal.Read(), journal.Blobs),
            _ => MarkdownTranscript.Write(journal.Read()),
        };
        if (opened.Report.Describe().Trim() is { Length: > 0 } said)
        {
            context.Io.Error.WriteLine(VisibleText.Of(said));
        }

        if (file is null)
        {
            context.Io.Out.Write(context.Io.OutIsTerminal ? VisibleText.Of(text) : text);
            return ExitCode.Done;
        }

        try
        {
            using var target = new StreamWriter(New(Path.GetFullPath(file, context.Environment.CurrentDirectory)));
            target.Write(text);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return RunCommand.Refuse(context, "text", new("usage", $"{file} was not written: {problem.Message}", "Name a file that does not exist yet."), ExitCode.Usage);
        }

        context.Io.Tell($"Wrote {name} to {file}.");
        return ExitCode.Done;
    }

    // A conversation is as private as the session it is written from.
    private static FileStream New(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
