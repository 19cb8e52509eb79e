using System.Globalization;
using System.Text;

namespace Bridle.Hosting.Goals;

/// <summary>What a run is told of a goal: all of it that the phase needs, because it sees no conversation of another phase.</summary>
internal static class GoalBrief
{
    private const int MostNote = 2_000;
    private const int MostWhy = 8_000;

    private static readonly Dictionary<string, string> s_postures = new()
    {
        ["look"] = "Look and plan; change nothing.",
        ["cautious"] = "Cautious: what changes something needs a rule or a person that allows it. Do without where you are refused, and say so.",
        ["edits"] = "Edit files freely; other effects need a rule or a person that allows them.",
    };

    /// <summary>The brief for a phase, from what the goal says before its run begins.</summary>
    /// <param name="goal">The goal.</param>
    /// <param name="phase">Its phase.</param>
    /// <param name="checks">What is looked at before the phase counts as done, in words.</param>
    public static string Of(Goal goal, GoalPhase phase, IReadOnlyList<string> checks)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"Phase {phase.Number} of {goal.Phases.Count} of the goal {goal.Id}: {Line(phase.Title)}\n\nA goal is worked on in phases; each is a run of its own, which sees no other conversation. Do this phase, and leave the others to their own runs.\n"));
        Part(text, "The goal", goal.Objective);
        var posture = new[] { s_postures.GetValueOrDefault(GoalPosture.Of(goal, phase)), Sentence(goal.Posture), Sentence(phase.Posture) };
        Part(text, "How to work", string.Join('\n', posture.OfType<string>()));
        Part(text, "Read first", List(goal.Context));
        Part(text, "Must hold all the time", List(goal.Invariants.Select(invariant => invariant.Text)));
        Part(text, "Files that must not change", List(goal.Seal));
        Part(text, "What the other phases came to", string.Join('\n', goal.Phases.Where(other => other != phase && (other.Number < phase.Number || other.Status is PhaseStatus.Done)).Select(Came)));
        Part(text, "This phase", phase.Task ?? phase.Title);
        Part(text, "Looked at before it counts as done", List(checks.Concat(new[] { phase.Verify.Words, goal.Verify.Words }.OfType<string>())));
        if (phase is { Status: PhaseStatus.Failed or PhaseStatus.Running, Note: { } why })
        {
            Part(text, "This phase was tried before and failed", $"<last-try>\n{Framed(why, MostWhy)}\n</last-try>\nDeal with that before anything else.");
        }

        return GoalReading.Harmless(text.ToString());
    }

    // Words for the model; the single ones stand for themselves.
    private static string? Sentence(string? posture) => posture is null || GoalPosture.Words.Contains(posture) ? null : posture;

    private static string Came(GoalPhase phase) => string.Create(
        CultureInfo.InvariantCulture,
        $"- {phase.Number}, {Line(phase.Title)}: {GoalReading.Word(phase.Status)}{(phase.Note is { } note ? $"\n<came-to>\n{Framed(note, MostNote)}\n</came-to>" : "")}");

    private static void Part(StringBuilder text, string title, string body)
    {
        if (body.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n# {title}\n{body.Trim()}\n");
        }
    }

    private static string List(IEnumerable<string> lines) => string.Join('\n', lines.Select(line => $"- {Line(line)}"));

    private static string Line(string text) => text.ReplaceLineEndings(" ").Trim();

    // What a model wrote earlier is data: it cannot end its frame and go on as if a person spoke.
    private static string Framed(string text, int most) => Short(text.Trim(), most).Replace("</", "&lt;/", StringComparison.Ordinal);

    /// <summary>The beginning and the end of a text that is too long.</summary>
    public static string Short(string text, int most) => text.Length <= most ? text : $"{text[..(most / 2)]}\n[…]\n{text[^(most / 2)..]}";
}
