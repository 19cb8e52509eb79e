using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bridle.Memory;

namespace Bridle.Hosting.Experience;

/// <summary>A skill that repeated successes suggest: a text for a person to read, change and accept. No model takes part.</summary>
/// <param name="Name">The skill's name.</param>
/// <param name="Text">The whole <c>SKILL.md</c>.</param>
/// <param name="From">The runs that it was made of.</param>
public sealed record SkillProposal(string Name, string Text, IReadOnlyList<Episode> From)
{
    // Said of a draft, and taken out of what a person accepted.
    internal const string ReadFirst = " Read it and correct it before you accept it.";

    private const int MostNameWords = 4;
    private const int MostName = 60;
    private const int MostSteps = 20;

    /// <summary>Makes one of runs that did the same.</summary>
    internal static SkillProposal Of(IReadOnlyList<Episode> runs)
    {
        var name = NameOf(runs);
        var latest = runs.MaxBy(run => run.At)!;
        var text = new StringBuilder("---\n");
        text.Append(CultureInfo.InvariantCulture, $"name: {name}\ndescription: {Quoted($"How this was done in this project before: {NoteText.OneLine(latest.Situation, 200).TrimEnd('.')}. Use it for tasks like that.")}\n---\n\n");
        text.Append(CultureInfo.InvariantCulture, $"# {name.Replace('-', ' ')}\n\nMade from {runs.Count} runs that succeeded.{ReadFirst}\n\n## When\n\n");
        foreach (var situation in runs.Select(run => NoteText.OneLine(run.Situation, 200)).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            text.Append(CultureInfo.InvariantCulture, $"- {situation}\n");
        }

        text.Append("\n## What was done\n\n");
        var number = 0;
        foreach (var step in Shared(runs).Take(MostSteps))
        {
            text.Append(CultureInfo.InvariantCulture, $"{++number}. `{step.Replace('`', '\'')}`\n");
        }

        text.Append(number == 0 ? "The runs share no single step; they used " + string.Join(", ", runs.SelectMany(run => run.Tools).Distinct()) + ".\n" : "").Append("\n## How it ended\n\n");
        foreach (var run in runs.OrderBy(run => run.At))
        {
            text.Append(CultureInfo.InvariantCulture, $"- {run.At.UtcDateTime:yyyy-MM-dd} ({run.Id}): {NoteText.OneLine(run.Outcome, 200)}\n");
        }

        return new(name, text.ToString(), runs);
    }

    // What at least two of the runs did, in the order of the latest one.
    private static IEnumerable<string> Shared(IReadOnlyList<Episode> runs)
    {
        var counts = runs.SelectMany(run => run.Steps.Distinct()).GroupBy(step => step).ToDictionary(same => same.Key, same => same.Count());
        return runs.MaxBy(run => run.At)!.Steps.Distinct().Where(step => counts[step] > 1);
    }

    private static string NameOf(IReadOnlyList<Episode> runs)
    {
        var common = runs.Select(run => SimilarEpisodes.WordsOf(run.Situation)).Aggregate((one, other) => [.. one.Where(other.Contains)]);
        var words = NoteWords.InOrder(runs[0].Situation).Where(word => common.Contains(word) && word.All(letter => char.IsAsciiLetterOrDigit(letter))).Distinct().Take(MostNameWords);
        var name = string.Join('-', words);
        return name.Length is > 2 and <= MostName ? name : $"repeated-{MemoryKey(runs[0].Situation)}";
    }

    private static string MemoryKey(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];

    // A text in quotes of JSON is one of YAML too.
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
