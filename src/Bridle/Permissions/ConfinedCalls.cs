using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>What needs no question because it is confined (<c>sandbox.autoAllow</c>): asked only about what no rule and no mode allows.</summary>
internal static class ConfinedCalls
{
    /// <summary>The verdict where that setting allows the call, or null. It speaks where a person would be asked, so not in a mode that wants less to be free than that.</summary>
    public static Judgement? WhatAllows(CallToJudge call, PolicyOptions options)
    {
        if (!Apply(options) || !call.Confined || !StaysInside(call) || WhyNotHeld(call) is not null)
        {
            return null;
        }

        var reach = FetchingCommands.Among(call);
        var network = reach.Count == 0 ? "no network" : $"no network but the package registries of {string.Join(" and ", reach)}";
        return new Judgement(Verdict.Allow, call.Commands.Count == 0 ? "It writes nothing but files inside the workspace (sandbox.autoAllow)." : $"It runs confined to the workspace with {network} (sandbox.autoAllow).")
        {
            Reach = reach,
        };
    }

    /// <summary>Whether the setting and the mode leave anything unasked because it is confined.</summary>
    public static bool Apply(PolicyOptions options) => options is { AllowConfined: true, Strict: false } && options.Mode is not (PermissionMode.DontAsk or PermissionMode.Plan);

    /// <summary>Why the sandbox cannot hold a command to what rules and the table say of files, or null.</summary>
    public static string? WhyNotHeld(CallToJudge call) =>
        call.RunsShell && call.Guarded().Problem is { } problem ? $"It cannot run confined without a question: {problem}." : null;

    /// <summary>Whether the sandbox keeps that file, which is there and which a deny rule names, as it is: then a program that may write it need not be refused.</summary>
    public static bool Holds(CallToJudge call, ResolvedPath path) =>
        call is { RunsShell: true, Confined: true, AsksForNoSandbox: false } && path.Kind is FileKind.File or FileKind.Directory && call.Guarded() is { Problem: null } guarded
        && guarded.Places.Any(place => place.By is GuardedBy.DenyRule && IsIn(path.Real, place)) && path.Normalised == path.Real;

    private static bool IsIn(string path, GuardedPlace place) => path == place.Path || (place.IsFolder && path.StartsWith(place.Path + "/", StringComparison.Ordinal));

    // What the sandbox keeps inside: programs, and the harness's own writing, which the file door keeps inside. What reaches a network or runs elsewhere is not.
    private static bool StaysInside(CallToJudge call) =>
        call.Addresses.Count == 0
        && (call.RunsShell || (!call.IsSaidAsCommand && call.Kind is ToolKind.Write && call.Paths.Count > 0))
        && call.Paths.All(path => path.Path.InsideRoot)
        && !call.Tool.StartsWith("mcp__", StringComparison.OrdinalIgnoreCase);
}
