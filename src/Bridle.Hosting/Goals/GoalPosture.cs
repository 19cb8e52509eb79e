using Bridle.Hosting.Assembly;
using Bridle.Hosting.Settings;
using Bridle.Permissions;

namespace Bridle.Hosting.Goals;

/// <summary>How freely a phase works. A posture takes away from what flags and settings let through, and never adds to it.</summary>
public static class GoalPosture
{
    private const string Open = "open";

    // From the one that takes the most away; each with the mode that is the freest one left.
    private static readonly (string Word, string? Mode)[] s_all = [("look", "plan"), ("cautious", "default"), ("edits", "acceptEdits"), (Open, null)];

    /// <summary>The words that mean something, the narrowest first.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. s_all.Select(one => one.Word)];

    /// <summary>Why a posture cannot be meant, or null. A single word must be one of <see cref="Words"/>; anything longer is told to the model and narrows nothing.</summary>
    public static string? WhyNot(string posture)
    {
        ArgumentNullException.ThrowIfNull(posture);
        if (Words.Contains(posture) || posture.Any(char.IsWhiteSpace))
        {
            return null;
        }

        var near = NearestName.Of(posture, Words);
        return $"is '{posture}', but must be one of {string.Join(", ", Words)}, or a sentence for the model.{(near is null ? "" : $" Did you mean {near}?")}";
    }

    /// <summary>The narrower one of a goal's and a phase's posture: one of <see cref="Words"/>.</summary>
    public static string Of(Goal goal, GoalPhase phase)
    {
        ArgumentNullException.ThrowIfNull(goal);
        ArgumentNullException.ThrowIfNull(phase);
        return s_all.First(one => one.Word == goal.Posture || one.Word == phase.Posture || one.Word == Open).Word;
    }

    /// <summary>Whether nothing may be changed, and so nothing is demanded.</summary>
    public static bool OnlyLooks(Goal goal, GoalPhase phase) => Of(goal, phase) == s_all[0].Word;

    /// <summary>The request under a posture, given the settings that it starts with.</summary>
    internal static HarnessRequest Narrow(HarnessRequest request, LayeredSettings layers, string posture)
    {
        if (s_all.First(one => one.Word == posture).Mode is not { } most || StartLimits.Mode(request, layers, []).Mode is not { } chosen)
        {
            return request;
        }

        var (wanted, present) = (ModeName.Parse(most)!, ModeName.Parse(PermissionModes.NameOf(chosen.Mode))!);
        request = wanted.Rank < present.Rank ? request with { Mode = chosen.Strict && most is not "plan" ? "strict" : most } : request;

        // What a sandbox keeps to the workspace changes the workspace all the same.
        return most is "plan" or "default" ? request with { ConfinedUnasked = false } : request;
    }
}
