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

    /// <summary>What a person can do so that the call is allowed: no rule of the permissions frees a call from the sandbox.</summary>
    public static string Remedy(CallToJudge call) => call is { AsksForNoSandbox: true, Commands: [var command, ..] }
        ? $"name the command in sandbox.allowUnconfined in their own settings ('{command.Text.Trim()}'); an allow rule does not free it from the sandbox"
        : $"add the allow rule '{Call(call)}'";

    /// <summary>The rule for one command of a call.</summary>
    public static string Command(CallToJudge call, string command) => $"{call.Tool}({(call.IsSaidAsCommand ? command[(command.IndexOf(' ') + 1)..] : command)})";

    /// <summary>The narrowest rule for a path.</summary>
    public static string Path(ResolvedPath path, FileAccessKind access) => $"{(access is FileAccessKind.Write ? "Edit" : "Read")}({PathPattern.Quote(path.Real)})";
}
