using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>Writes the rule that speaks of exactly one call: for advice, and for what a person allows for the rest of a session.</summary>
internal static class RuleFor
{
    /// <summary>The narrowest rule for a call.</summary>
    public static string Call(CallToJudge call)
    {
        if (call.Commands is [var command, ..])
        {
            return Command(call, command.Text.Trim());
        }

        if (call.Paths is [var path, ..])
        {
            return Path(path.Path, path.Access);
        }

        return call.Addresses is [var address, ..] && HostPattern.Read(address, out _) is { } uri ? $"{call.Tool}(domain:{uri.IdnHost})" : call.Tool;
    }

    /// <summary>The rule for one command of a call.</summary>
    public static string Command(CallToJudge call, string command) => $"{call.Tool}({(call.IsSaidAsCommand ? command[(command.IndexOf(' ') + 1)..] : command)})";

    /// <summary>The narrowest rule for a path.</summary>
    public static string Path(ResolvedPath path, FileAccessKind access) => $"{(access is FileAccessKind.Write ? "Edit" : "Read")}({PathPattern.Quote(path.Real)})";
}
