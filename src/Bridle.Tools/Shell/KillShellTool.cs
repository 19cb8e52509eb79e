using System.ComponentModel;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Tools.Shell;

/// <summary>Ends a background process.</summary>
[Tool("KillShell", ToolKind.Meta, Effect = ToolEffect.Repeatable, Work = ToolWork.Session)]
public sealed class KillShellTool
{
    /// <summary>Ends it.</summary>
    public async ValueTask<ToolResult> RunAsync(
        CallScope scope,
        [Description("Id that Bash gave.")] string shellId,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var process = BackgroundShells.Find(scope, shellId);
        if (process.ExitCode is { } code)
        {
            return ToolResult.Completed($"{shellId} had ended already, with exit code {code}.");
        }

        await process.KillAsync();
        return ToolResult.Completed($"{shellId} was ended.");
    }
}

/// <summary>Finds background processes by what the model calls them.</summary>
internal static class BackgroundShells
{
    /// <summary>Throws <see cref="ToolException"/> that names the ones there are.</summary>
    public static BackgroundProcess Find(CallScope scope, string id) => scope.Background.Find(id) ?? throw new ToolException(
        scope.Background.All is { Count: > 0 } all
            ? $"There is no background command {id}. There are: {string.Join(", ", all.Select(one => $"{one.Id} ({Shorten(one.Command)})"))}."
            : $"There is no background command {id}; none was started.");

    private static string Shorten(string command) => command.Length <= 60 ? command : command[..60] + "…";
}
