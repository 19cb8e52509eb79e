using System.Text.Json;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>A call as permission sees it: its tool and everything it would touch, with paths resolved. Made by <see cref="CallReader"/>.</summary>
/// <param name="Tool">The tool's canonical name.</param>
/// <param name="Kind">What the tool does to the world.</param>
/// <param name="WorkingDirectory">Where relative paths start.</param>
/// <param name="Paths">The files it names.</param>
/// <param name="Addresses">The addresses it names.</param>
public sealed record CallToJudge(string Tool, ToolKind Kind, string WorkingDirectory, IReadOnlyList<JudgedPath> Paths, IReadOnlyList<string> Addresses)
{
    /// <summary>The call asks to run without confinement; always asked.</summary>
    public bool AsksForNoSandbox { get; init; }

    /// <summary>The call will run confined to the workspace with no network; see <see cref="PolicyOptions.AllowConfined"/>.</summary>
    public bool Confined { get; init; }

    /// <summary>Who makes the call; see <see cref="PermissionGrant.Actor"/>.</summary>
    public string Actor { get; init; } = PermissionGrant.MainActor;

    /// <summary>The bound input, for rules about single parameters and about agents and skills by name.</summary>
    public JsonElement Input { get; init; }

    /// <summary>Files among those that a command names which begin as a private key.</summary>
    public IReadOnlyList<string> PrivateKeys { get; init; } = [];

    internal IReadOnlyList<JudgedCommand> Commands { get; init; } = [];
}

/// <summary>A file that a call names.</summary>
public sealed record JudgedPath(ResolvedPath Path, FileAccessKind Access);

/// <summary>A shell command with both readings and every path its words may mean.</summary>
internal sealed record JudgedCommand(ShellCommand Command, ShellScan Scan, IReadOnlyList<WordPath> Paths, bool TooManyWords);

/// <summary>A path that a shell word may mean. <paramref name="Whole"/> when it is the word itself and not a part of it.</summary>
internal sealed record WordPath(string Word, ResolvedPath Path, bool Whole, bool Redirected);
