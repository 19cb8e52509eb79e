using System.Globalization;
using System.Text;
using Bridle.Cli.Terminals;
using Bridle.Hosting.Goals;
using Bridle.Models;

namespace Bridle.Cli.Output;

/// <summary>A goal as text for a person.</summary>
internal static class GoalText
{
    /// <summary>A line of a list.</summary>
    public static string[] Row(Goal goal) =>
    [
        goal.Id, $"{goal.Phases.Count(phase => phase.Status is PhaseStatus.Done)}/{goal.Phases.Count} done",
        goal.Next is { } next ? $"{next.Number} {VisibleText.Line(next.Title, 40)} ({Word(next)})" : "-", VisibleText.Line(goal.Objective, 80),
    ];

    /// <summary>All of it.</summary>
    public static string Of(GoalFile file)
    {
        var (goal, text) = (file.Goal, new StringBuilder());
        void Line(string name, string? value)
        {
            if (value is { Length: > 0 })
            {
                text.Append(CultureInfo.InvariantCulture, $"{name,-10} {VisibleText.Line(value, 1_000)}\n");
            }
        }

        Line("Goal", goal.Id);
        Line("File", file.Path);
        Line("Objective", goal.Objective);
        Line("Context", string.Join(", ", goal.Context));
        Line("Posture", goal.Posture);
        foreach (var invariant in goal.Invariants)
        {
            Line("Holds", $"{invariant.Text}{(invariant.Check is { } check ? $" {check.GetRawText()}" : " (words only)")}");
        }

        Line("Sealed", string.Join(", ", goal.Seal));
        Line("Denied", string.Join(", ", goal.Deny));
        Line("Limit", goal.MaxCost is { } most ? $"{Dollars.Shown(most)} for all its runs" : null);
        Line("Took", Took(goal));
        Demand(goal.Verify, Line);
        foreach (var phase in goal.Phases)
        {
            Line(string.Create(CultureInfo.InvariantCulture, $"Phase {phase.Number}"), $"{Mark(phase)} {phase.Title}: {Word(phase)}{(phase.Session is { } session ? $" in the session {session}" : "")}{(phase.Tries > 1 ? $", {phase.Tries} tries" : "")}");
            Line("", phase.Task);
            Line("", phase.Posture is { } posture ? $"posture {posture}" : null);
            Demand(phase.Verify, (_, value) => Line("", value is null ? null : $"verify {value}"));
            Line("", phase.Note is { } note ? $"{(phase.Status is PhaseStatus.Done ? "came to" : "why not")}: {note}" : null);
            foreach (var one in phase.Runs)
            {
                Line("", $"run {one}: bridle runs show {one}");
            }
        }

        return text.ToString();
    }

    /// <summary>How a phase ended, as a line.</summary>
    public static string Ended(string called, GoalPhase? phase, string? problem) => (phase, problem) switch
    {
        (_, { } wrong) => wrong,
        (null, _) => "The phase is not in the goal's file any more.",
        ({ Status: PhaseStatus.Running } open, _) => $"Phase {open.Number} is not over: `bridle goal run {called}` goes on with it.",
        ({ Status: PhaseStatus.Failed } open, _) => $"Phase {open.Number} failed: {VisibleText.Line(open.Note ?? "", 500)}",
        ({ } done, _) => $"Phase {done.Number} is {Word(done)}.",
    };

    /// <summary>What is left of a goal, as a line.</summary>
    public static string Left(Goal goal) => goal.Next is { } next
        ? $"Goal {goal.Id}: {goal.Phases.Count(phase => phase.Status is PhaseStatus.Done)} of {goal.Phases.Count} phases are done; next is {next.Number}, {VisibleText.Line(next.Title, 200)}."
        : $"Goal {goal.Id}: every phase is done.";

    private static string? Took(Goal goal) => goal.Took is > 0 and var took
        ? $"{(goal.Phases.Any(phase => phase.Took.Any(one => one.Estimated > 0)) ? "about " : "")}{Dollars.Shown(took)} in the tries that came to an end{(goal.IsOverdrawn ? ": the limit is overdrawn" : "")}" : null;

    private static void Demand(GoalDemand demand, Action<string, string?> line)
    {
        line("Verify", demand.Words is { } words ? $"{words} (words only)" : null);
        foreach (var check in demand.Checks)
        {
            line("Verify", check.GetRawText());
        }
    }

    private static string Word(GoalPhase phase) => phase.Status.ToString().ToLowerInvariant();

    private static string Mark(GoalPhase phase) => phase.Status switch { PhaseStatus.Done => "✓", PhaseStatus.Failed => "✗", PhaseStatus.Running => "…", _ => "·" };
}
