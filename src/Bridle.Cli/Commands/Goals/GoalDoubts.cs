using Bridle.Hosting.Goals;

namespace Bridle.Cli.Commands.Goals;

/// <summary>What of a goal is probably not as it was meant, though it can be worked on.</summary>
internal static class GoalDoubts
{
    public static IEnumerable<string> Of(GoalFile file, string folder)
    {
        var goal = file.Goal;
        foreach (var missing in goal.Context.Where(path => !Path.Exists(Path.Combine(folder, path))))
        {
            yield return $"'context' names {missing}, which is not there.";
        }

        if (goal.Verify.Words is not null || goal.Phases.Any(phase => phase.Verify.Words is not null))
        {
            yield return "'verify' is words, which are told to the model and run nothing; a list of commands is checked: [ \"npm test\" ].";
        }

        foreach (var phase in goal.Phases.Where(phase => phase.Verify.Checks.Count == 0 && phase.Number < goal.Phases.Count && !GoalPosture.OnlyLooks(goal, phase)))
        {
            yield return $"'phases[{phase.Number - 1}].verify' demands nothing: the phase is done when the model says so.";
        }

        if (goal.Posture is { } posture && !GoalPosture.Words.Contains(posture))
        {
            yield return $"'posture' is words, which are told to the model and narrow nothing; {string.Join(", ", GoalPosture.Words)} do.";
        }
    }
}
