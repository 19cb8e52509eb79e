using Bridle.Permissions;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Hosting.Settings;

/// <summary>Whether rules do what their examples say.</summary>
internal static class ExampleCheck
{
    /// <summary>Every example that the rule contradicts, in words.</summary>
    public static IReadOnlyList<BrokenExample> Of(PermissionRule rule, RuleExamples? examples, IFiles files, PolicyOptions options)
    {
        IEnumerable<BrokenExample> Look(IReadOnlyList<string>? calls, bool expected)
        {
            foreach (var text in calls ?? [])
            {
                var (call, _, problem) = CallText.Read(text ?? "", files, options.Root);
                if (call is null)
                {
                    yield return new(text ?? "", expected, $"The rule '{Name(rule)}' in {rule.Source.Name} has an example that cannot be read: {problem}");
                }
                else if (rule.SpeaksOf(call, options) != expected)
                {
                    yield return new(text!, expected, $"The rule '{Name(rule)}' in {rule.Source.Name} {(expected ? "does not match" : "matches")} its example '{text}'.");
                }
            }
        }

        return [.. Look(examples?.Match, expected: true), .. Look(examples?.NotMatch, expected: false)];
    }

    /// <summary>The rules that count in the place of one with such examples: one that allows is left out, one that tightens too little holds for its whole tools as well.</summary>
    public static IReadOnlyList<PermissionRule> Instead(PermissionRule rule, IReadOnlyList<BrokenExample> broken) =>
        broken.Count == 0 ? [rule]
        : rule.Verdict is Verdict.Allow ? []
        : broken.Any(example => example.Expected) ? [rule, rule.ForWholeTools()]
        : [rule];

    /// <summary>What came of it, for people.</summary>
    public static string Outcome(PermissionRule rule, IReadOnlyList<BrokenExample> broken) =>
        rule.Verdict is Verdict.Allow ? "It does not count until they agree."
        : broken.Any(example => example.Expected) ? "It holds for every call of its tools until they agree."
        : "It counts as it is written.";

    /// <summary>The rules that have examples in a file and are not in its lists.</summary>
    public static IEnumerable<string> Orphans(PermissionSettings? permissions)
    {
        var written = (permissions?.Allow ?? []).Concat(permissions?.Ask ?? []).Concat(permissions?.Deny ?? []).Select(rule => rule?.Trim()).ToHashSet();
        return (permissions?.Examples ?? new Dictionary<string, RuleExamples>()).Keys.Where(rule => !written.Contains(rule));
    }

    private static string Name(PermissionRule rule) => $"{rule.Verdict.ToString().ToLowerInvariant()} {rule.Text}";
}

/// <summary>An example that a rule contradicts.</summary>
/// <param name="Call">The call.</param>
/// <param name="Expected">Whether the rule should have spoken of it.</param>
/// <param name="Text">What is wrong, for people.</param>
internal sealed record BrokenExample(string Call, bool Expected, string Text);
