using System.CommandLine;
using Bridle.Cli.Commands.Memory;

namespace Bridle.Cli.Commands;

/// <summary><c>bridle memory</c>: the notes that sessions keep for later ones, as files that belong to the person.</summary>
internal static class MemoryCommand
{
    public static Command Build(CommandContext context) => new("memory", "List, show, edit and copy the notes that sessions keep for later ones")
    {
        MemoryLooking.BuildList(context),
        MemoryLooking.BuildShow(context),
        MemoryLooking.BuildSearch(context),
        MemoryChanging.BuildEdit(context),
        MemoryChanging.BuildRemove(context),
        MemoryCopies.BuildExport(context),
        MemoryCopies.BuildImport(context),
    };
}
