using System.CommandLine;
using Bridle.Hosting;
using Bridle.Journal;

namespace Bridle.Cli.Commands;

/// <summary>The commands below <c>bridle sessions</c> that are about the file of a session and not about what was said.</summary>
internal static class SessionFiles
{
    public static IEnumerable<Command> Build(CommandContext context)
    {
        var upTo = new Option<long?>("--up-to") { Description = "Copy only up to and including this record", HelpName = "N" };
        yield return Make(context, "verify", "Say what changed in a session since it was last closed", [], (store, parsed, name) => Verify(context, store, name));
        yield return Make(context, "clone", "Copy a session under a new name", [NewName(), upTo], (store, parsed, name) =>
        {
            var target = parsed.GetValue<string>("new-name")!;
            store.Clone(name, target, parsed.GetValue(upTo));
            context.Io.Tell($"{name} is copied to {target}.");
            return ExitCode.Done;
        });
        yield return Make(context, "rename", "Give a session another name", [NewName()], (store, parsed, name) =>
        {
            var target = parsed.GetValue<string>("new-name")!;
            store.Rename(name, target);
            context.Io.Tell($"{name} is called {target} now.");
            return ExitCode.Done;
        });
        yield return Make(context, "remove", "Remove a session for good", [], (store, parsed, name) =>
        {
            store.Remove(name);
            context.Io.Tell($"{name} is removed.");
            return ExitCode.Done;
        });
    }

    private static Argument<string> NewName() => new("new-name") { Description = "A name that no session has yet" };

    private static Command Make(CommandContext context, string verb, string description, IEnumerable<Symbol> more, Func<SessionStore, ParseResult, string, int> action)
    {
        var name = new Argument<string>("name") { Description = "Which session" };
        var command = new Command(verb, description) { name };
        foreach (var symbol in more)
        {
            if (symbol is Argument argument)
            {
                command.Add(argument);
            }
            else
            {
                command.Add((Option)symbol);
            }
        }

        command.SetAction(parsed =>
        {
            try
            {
                var folders = BridleFolders.For(context.Environment);
                return action(new(folders.Data, folders.State), parsed, parsed.GetValue(name)!);
            }
            catch (JournalException problem)
            {
                return RunCommand.Refuse(context, "text", new("session", problem.Message, "See `bridle sessions list`."), ExitCode.Usage);
            }
        });
        return command;
    }

    private static int Verify(CommandContext context, SessionStore store, string name)
    {
        var verdict = store.Verify(name);
        context.Io.Tell(verdict switch
        {
            { IsSealBroken: true } => $"{name}: the seal in the state folder was changed or damaged, so nothing can be said about the session.",
            { Sealed: 0 } => $"{name}: nothing of it was sealed on this machine, so there is nothing to compare it with.",
            { IsIntact: true } => $"{name}: all {verdict.Sealed} sealed records are as they were.",
            _ => string.Join(' ', Findings(name, verdict)),
        });
        return verdict.IsIntact ? ExitCode.Done : ExitCode.Failed;
    }

    private static IEnumerable<string> Findings(string name, SealVerdict verdict)
    {
        yield return $"{name}:";
        if (verdict.Changed.Count > 0)
        {
            yield return $"of {verdict.Sealed} sealed records {string.Join(", ", verdict.Changed.Take(20))}{(verdict.Changed.Count > 20 ? $" and {verdict.Changed.Count - 20} more are" : verdict.Changed.Count == 1 ? " is" : " are")} not as sealed.";
        }

        if (verdict.Missing > 0)
        {
            yield return $"{verdict.Missing} at the end {(verdict.Missing == 1 ? "is" : "are")} gone.";
        }
    }
}
