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

    /// <summary>Runs a command on the store; what the store refuses is said with its reason and ends with 2.</summary>
    public static int Run(CommandContext context, Func<SessionStore, int> action)
    {
        try
        {
            return action(Store(context));
        }
        catch (JournalException problem)
        {
            return RunCommand.Refuse(context, "text", new("session", problem.Message, ""), ExitCode.Usage);
        }
    }
}
