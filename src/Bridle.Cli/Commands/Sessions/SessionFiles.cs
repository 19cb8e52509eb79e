using System.CommandLine;
using Bridle.Hosting;
using Bridle.Journal;

namespace Bridle.Cli.Commands.Sessions;

/// <summary>What the commands about sessions share: the store, the argument that names a session, and how a refusal is said.</summary>
internal static class SessionFiles
{
    public static SessionStore Store(CommandContext context)
    {
        var folders = BridleFolders.For(context.Environment);
        return new(folders.Data, folders.State);
    }

    /// <summary>The argument that names an existing session.</summary>
    public static Argument<string> Name() => new("name") { Description = "Which session" };

    /// <summary>Runs a command on existing sessions; a name that none has, and what the store refuses, is said with its reason and ends with 2.</summary>
    public static int Run(CommandContext context, IReadOnlyList<string> names, Func<SessionStore, int> action) =>
        RunAsync(context, names, store => Task.FromResult(action(store))).GetAwaiter().GetResult();

    /// <inheritdoc cref="Run"/>
    public static async Task<int> RunAsync(CommandContext context, IReadOnlyList<string> names, Func<SessionStore, Task<int>> action)
    {
        try
        {
            var store = Store(context);
            if (names.FirstOrDefault(name => !store.Exists(name)) is not { } missing)
            {
                return await action(store);
            }

            if (SessionAbsence.InPlace(store, missing) is { } folder)
            {
                return RunCommand.Refuse(context, "text", new("session", folder, ""), ExitCode.Usage);
            }

            var near = NearestName.Of(missing, store.List().Select(session => session.Name));
            return RunCommand.Refuse(context, "text", new("session", $"There is no session '{missing}'.", near is null ? "See `bridle sessions list`." : $"Did you mean '{near}'?"), ExitCode.Usage);
        }
        catch (JournalException problem)
        {
            return RunCommand.Refuse(context, "text", new("session", problem.Message, ""), ExitCode.Usage);
        }
    }
}
