using System.CommandLine;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Experience;
using Bridle.Journal;

namespace Bridle.Cli.Commands.Sessions;

/// <summary><c>bridle sessions rm</c>: removes sessions for good, with the large values that no other session holds.</summary>
internal static class SessionRemoval
{
    public static Command Build(CommandContext context)
    {
        var names = new Argument<string[]>("name") { Description = "Which sessions", Arity = ArgumentArity.OneOrMore };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask first" };
        var command = new Command("rm", "Remove sessions for good") { names, yes };
        command.Aliases.Add("remove");
        command.SetAction(parsed => SessionFiles.Run(context, parsed.GetValue(names) ?? [], store => Remove(context, store, [.. (parsed.GetValue(names) ?? []).Distinct()], parsed.GetValue(yes))));
        return command;
    }

    private static int Remove(CommandContext context, SessionStore store, IReadOnlyList<string> names, bool yes)
    {
        if (!yes && !context.Io.InIsTerminal)
        {
            return RunCommand.Refuse(context, "text", new("usage", "Nobody is there to confirm it, so nothing was removed.", "Add --yes to remove without a question."), ExitCode.Usage);
        }

        if (!yes && !Confirmed(context, names))
        {
            context.Io.Error.WriteLine("Nothing was removed.");
            return ExitCode.Failed;
        }

        foreach (var name in names)
        {
            var blobs = store.Remove(name);
            context.Io.Tell($"Removed {name}{(blobs > 0 ? $" and {blobs} large {(blobs == 1 ? "value" : "values")} that only it held" : "")}.");
        }

        EpisodeShelf.Forget(BridleFolders.For(context.Environment));
        return ExitCode.Done;
    }

    private static bool Confirmed(CommandContext context, IReadOnlyList<string> names)
    {
        context.Io.Error.Write($"Remove {VisibleText.Of(string.Join(", ", names))} for good? [y/N] ");
        return context.Io.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
