using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>
/// What becomes of an allowed command that reads whole folders, so that its words name no secret and it may print one all the same: confined it finds them empty,
/// else a person is asked where there are any.
/// </summary>
internal static class FolderReads
{
    /// <summary>The verdict for a call that is allowed.</summary>
    public static Judgement Settle(Judgement allowed, CallToJudge call, string root) =>
        !call.RunsShell || !call.Commands.Any(CommandEffects.PrintsFolders) ? allowed
        : call.Confined && !call.AsksForNoSandbox ? allowed with { HidesSecrets = true }
        : call.Guarded().Places.FirstOrDefault(place => place.Hides && call.Commands.Any(command => CommandEffects.MayPrint(command, place.Path, root))) is not { } secret ? allowed
        : new Judgement(Verdict.Ask, $"The command reads whole folders, and {secret.Path} may hold secrets; the Grep tool leaves such files out.") { Firm = true };
}
