using Bridle.Hosting.Acceptance;
using Bridle.Hosting.Settings;
using Bridle.Loop.Accepting;

namespace Bridle.Hosting.Assembly;

/// <summary>What settings and flags demand before a turn counts as done, and which files they seal.</summary>
internal static class AcceptanceAssembly
{
    /// <summary>Where the rules come from that keep tools from writing sealed files.</summary>
    public const string Source = "sealedFiles";

    /// <summary>
    /// What a session demands. Commands of settings stand for themselves where the person trusts the folder, or where they are confined: a build does what the project says.
    /// One that a person names for this very run stands for itself everywhere.
    /// </summary>
    public static AcceptanceOptions Of(HarnessRequest request, HostFiles files, SessionRoles roles, SessionConfinement confinement) => new()
    {
        Checks =
        [
            .. AcceptanceReading.Read(files.Layers.Effective.Acceptance, () => files.Trust.IsTrusted || confinement.InForce.IsOn ? "an acceptance check" : null).Checks,
            .. request.AcceptFiles.Select(file => new FileCheck(file)),
            .. request.AcceptCommands.Select(command => new CommandCheck(command)),
            .. request.AcceptChecks,
        ],
        Judge = roles.JudgeAsync,
        Rounds = files.Layers.Effective.AcceptanceRounds ?? AcceptanceOptions.UsualRounds,
        Sealed = confinement.Sealed?.Files,
    };

    /// <summary>The patterns of the files that must not change.</summary>
    public static IReadOnlyList<string> Patterns(HarnessRequest request, LayeredSettings layers) => [.. (layers.Effective.SealedFiles ?? []).Concat(request.Seal).Where(pattern => !string.IsNullOrWhiteSpace(pattern)).Distinct()];
}
