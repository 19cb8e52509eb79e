using Bridle.Hosting;

namespace Bridle.Cli.Commands;

/// <summary>Paths as people type them.</summary>
internal static class FolderArgument
{
    /// <summary>The whole path: from the current folder, with the home folder for a tilde. Nothing is the current folder.</summary>
    public static string Full(string? path, HostEnvironment environment)
    {
        var typed = path ?? ".";
        var inHome = typed == "~" || typed.StartsWith("~/", StringComparison.Ordinal);
        return Path.GetFullPath(inHome ? environment.Home + typed[1..] : typed, environment.CurrentDirectory);
    }
}
