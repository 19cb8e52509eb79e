using System.CommandLine;
using System.Globalization;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Trust;

namespace Bridle.Cli.Commands;

/// <summary><c>bridle trust</c>: which folders' own files may make things looser, and run something.</summary>
internal static class TrustCommand
{
    public static Command Build(CommandContext context)
    {
        var path = new Argument<string?>("path") { Description = "The folder; the current one otherwise", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("trust", "Trust a folder: its settings count, and what it wants to run may run") { path, BuildList(context), BuildRevoke(context) };
        command.SetAction(parsed => Contained(context, () => Trust(context, FolderArgument.Full(parsed.GetValue(path), context.Environment))));
        return command;
    }

    private static Command BuildList(CommandContext context)
    {
        var command = new Command("list", "List the trusted folders");
        command.SetAction(_ =>
        {
            var trust = Store(context);
            if (trust.Problem is { } problem)
            {
                return RunCommand.Refuse(context, "text", new("trust", problem, ""), ExitCode.Usage);
            }

            if (trust.Folders.Count == 0)
            {
                context.Io.TellError("No folder is trusted yet. `bridle trust FOLDER` trusts one.");
                return ExitCode.Done;
            }

            Columns.Write(context.Io, ["SINCE", "STATE", "FOLDER"], [.. trust.Folders.Select(folder => (string[])
                [folder.At.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), State(trust, folder), folder.Path])]);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command BuildRevoke(CommandContext context)
    {
        var path = new Argument<string>("path") { Description = "The folder" };
        var command = new Command("revoke", "No longer trust a folder") { path };
        command.SetAction(parsed => Contained(context, () =>
        {
            var folder = FolderArgument.Full(parsed.GetValue(path), context.Environment);
            if (!Store(context).Revoke(folder))
            {
                return RunCommand.Refuse(context, "text", new("trust", $"{folder} was not trusted.", "See `bridle trust list`."), ExitCode.Failed);
            }

            context.Io.Tell($"{VisibleText.Of(folder)} is no longer trusted.");
            return ExitCode.Done;
        }));
        return command;
    }

    private static int Trust(CommandContext context, string folder)
    {
        var store = Store(context);
        store.Trust(folder, TimeProvider.System.GetUtcNow());
        var files = HostFiles.Read(context.Environment, folder);
        var real = store.PathOf(folder) ?? folder;
        context.Io.Tell($"{VisibleText.Of(folder)}{(real == folder ? "" : $", which is {VisibleText.Of(real)},")} is trusted from now on.");
        var programs = ProjectPrograms.Of(files).ToList();
        store.Approve(folder, programs.Select(program => (program.Kind, program.Content)));
        foreach (var program in programs)
        {
            context.Io.Tell($"  may run: {VisibleText.OnOneLine(program.Shown)}", hang: 4);
        }

        context.Io.Tell("`bridle settings show --origin` shows what counts now, `bridle trust revoke` takes it back.");
        return ExitCode.Done;
    }

    private static int Contained(CommandContext context, Func<int> act)
    {
        try
        {
            return act();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return RunCommand.Refuse(context, "text", DiskTrouble.Of(problem, "trust"), ExitCode.Usage);
        }
    }

    private static string State(FolderTrust trust, TrustedFolder folder) =>
        !Directory.Exists(folder.Path) ? "gone" : trust.IsTrusted(folder.Path) ? "trusted" : "replaced";

    private static FolderTrust Store(CommandContext context) => FolderTrust.Read(BridleFolders.For(context.Environment).State);
}
