using System.CommandLine;
using Bridle.Cli.Commands.Sessions;

namespace Bridle.Cli.Commands;

/// <summary><c>bridle sessions</c>: what was talked about before, as files that belong to the person.</summary>
internal static class SessionsCommand
{
    public static Command Build(CommandContext context) => new("sessions", "List, show, go on with, copy, check and export sessions")
    {
        SessionList.Build(context),
        SessionShow.Build(context),
        SessionResume.Build(context),
        SessionCopies.BuildRename(context),
        SessionCopies.BuildClone(context),
        SessionCopies.BuildFork(context),
        SessionEdit.Build(context),
        SessionRemoval.Build(context),
        SessionReplaying.Build(context),
        SessionVerification.Build(context),
        SessionExport.Build(context),
        SessionImport.Build(context),
    };
}
