using System.CommandLine;
using Bridle.Cli.Terminals;
using Bridle.Hosting.Editing;
using Bridle.Journal;

namespace Bridle.Cli.Commands.Sessions;

/// <summary><c>bridle sessions edit</c>: the person's own editor on a session, checked when it is closed.</summary>
internal static class SessionEdit
{
    public static Command Build(CommandContext context)
    {
        var name = SessionFiles.Name();
        var from = new Option<string?>("--from") { Description = "Take over this edited file in place of opening an editor", HelpName = "FILE" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Take the changes over without a question" };
        var command = new Command("edit", "Edit the text of a session in $VISUAL or $EDITOR") { name, from, yes };
        command.SetAction((parsed, cancellationToken) => SessionFiles.RunAsync(context, [parsed.GetValue(name)!], async store =>
        {
            var (wanted, file) = (parsed.GetValue(name)!, parsed.GetValue(from));
            if (store.HolderOf(wanted) is { } holder)
            {
                // Said before anybody has written something that could not be taken over.
                return RunCommand.Refuse(context, "text", new("session", $"{store.PathOf(wanted)} is open in another process ({holder}).", "Only one may write to a session: close it there, or clone the session."), ExitCode.Usage);
            }

            var talk = Talk(context, parsed.GetValue(yes));
            return file is null
                ? Said(context, wanted, await SessionEditing.RunAsync(store, wanted, talk, cancellationToken))
                : await TakeAsync(context, store, wanted, file, talk, parsed.GetValue(yes));
        }));
        return command;
    }

    private static EditTalk Talk(CommandContext context, bool yes) => new(
        (file, cancellationToken) => ForegroundEditor.OpenAsync(ForegroundEditor.Command(context.Environment), file, context.Environment.CurrentDirectory, cancellationToken),
        changes =>
        {
            context.Io.Error.Write(VisibleText.Of(changes));
            return yes || Asked(context, "Take these changes over?");
        },
        broken =>
        {
            context.Io.Error.WriteLine("These lines cannot be taken over:");
            context.Io.Error.Write(VisibleText.Of(broken));
            return Asked(context, "Edit again?");
        });

    private static bool Asked(CommandContext context, string question)
    {
        if (!context.Io.InIsTerminal)
        {
            return false;
        }

        context.Io.Error.Write($"{VisibleText.Of(question)} [y/N] ");
        return context.Io.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private static async Task<int> TakeAsync(CommandContext context, SessionStore store, string name, string file, EditTalk talk, bool yes)
    {
        var path = Path.GetFullPath(file, context.Environment.CurrentDirectory);
        return File.Exists(path)
            ? Said(context, name, await SessionEditing.TakeAsync(store, name, path, talk, yes ? "flag" : "person"))
            : RunCommand.Refuse(context, "text", new("usage", $"There is no file {file}.", ""), ExitCode.Usage);
    }

    private static int Said(CommandContext context, string name, EditResult result)
    {
        if (result.End is EditEnd.Sealed or EditEnd.Unchanged)
        {
            context.Io.Tell($"{name}: {result.Message}");
            return ExitCode.Done;
        }

        var advice = result.End is EditEnd.Kept && context.Io.InIsTerminal ? $" Go on with: bridle sessions edit {name} --from FILE" : "";
        context.Io.TellError($"bridle: {name} is as it was. {VisibleText.Of(result.Message)}{advice}");
        return result.End is EditEnd.NoEditor ? ExitCode.Usage : ExitCode.Failed;
    }
}
