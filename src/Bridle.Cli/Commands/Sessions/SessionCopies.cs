using System.CommandLine;
using Bridle.Hosting;
using Bridle.Journal;

namespace Bridle.Cli.Commands.Sessions;

/// <summary><c>bridle sessions rename</c>, <c>clone</c> and <c>fork</c>. None of them overwrites a session; a copy leaves every byte of its source.</summary>
internal static class SessionCopies
{
    public static Command BuildRename(CommandContext context)
    {
        var name = SessionFiles.Name();
        var newName = new Argument<string>("new-name") { Description = "Its name from now on" };
        var command = new Command("rename", "Give a session another name") { name, newName };
        command.SetAction(parsed => SessionFiles.Run(context, [parsed.GetValue(name)!], store =>
        {
            var (from, to) = (parsed.GetValue(name)!, parsed.GetValue(newName)!);
            store.Rename(from, to);
            context.Io.Tell($"{from} is now {to}.");
            return ExitCode.Done;
        }));
        return command;
    }

    public static Command BuildClone(CommandContext context)
    {
        var name = SessionFiles.Name();
        var newName = new Argument<string?>("new-name") { Description = "The name of the copy; NAME-clone unless given", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("clone", "Copy a session, so that both can go on") { name, newName };
        command.SetAction(parsed => Copy(context, parsed.GetValue(name)!, parsed.GetValue(newName), "clone", null));
        return command;
    }

    public static Command BuildFork(CommandContext context)
    {
        var name = SessionFiles.Name();
        var newName = new Argument<string?>("new-name") { Description = "The name of the copy; NAME-fork unless given", Arity = ArgumentArity.ZeroOrOne };
        var at = new Option<long>("--at") { Description = "The last record that the copy keeps; `sessions show -o events` numbers them", HelpName = "N", Required = true, CustomParser = GivenNumber.Of<long> };
        var command = new Command("fork", "Copy a session up to one of its records and go on from there") { name, newName, at };
        command.SetAction(parsed => Copy(context, parsed.GetValue(name)!, parsed.GetValue(newName), "fork", parsed.GetValue(at)));
        return command;
    }

    private static int Copy(CommandContext context, string name, string? newName, string suffix, long? upTo) => SessionFiles.Run(context, [name], store =>
    {
        var target = newName ?? store.Unused($"{name}-{suffix}");
        store.Clone(name, target, upTo);
        context.Io.Tell($"{target} is a copy of {name}{(upTo is { } n ? $" up to record {n}" : "")}. Go on with: bridle run --resume {SessionWord.Of(target)} \"…\"");
        return ExitCode.Done;
    });
}
