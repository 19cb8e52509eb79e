using Bridle.Cli.Terminals;
using Bridle.Hosting.Cases;

namespace Bridle.Cli.Output;

/// <summary>What came of a file of cases: a line for each wrong verdict, what was skipped and why, and the count last.</summary>
internal static class CaseLines
{
    private const int MostInput = 160;

    public static void Write(CommandIo io, IReadOnlyList<CaseOutcome> outcomes)
    {
        foreach (var wrong in outcomes.Where(outcome => outcome.Failed))
        {
            io.Out.WriteLine(VisibleText.Line(
                $"{wrong.Case.Id} {wrong.Case.Class} {Cut(Input(wrong.Case))}: expected {string.Join(" or ", wrong.Case.Right)}, got {wrong.Got} ({wrong.Why})", 2_000));
        }

        foreach (var skipped in outcomes.Where(outcome => outcome.Got is null).GroupBy(outcome => outcome.Why).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            io.Out.WriteLine(VisibleText.Line($"skipped {skipped.Count()}, {skipped.Key}: {string.Join(' ', skipped.Select(outcome => outcome.Case.Id))}", 10_000));
        }

        var (passed, failed) = (outcomes.Count(outcome => outcome.Passed), outcomes.Count(outcome => outcome.Failed));
        if (outcomes.Count > passed + failed)
        {
            io.Tell($"{outcomes.Count - passed - failed} skipped");
        }

        io.Tell($"{passed} passed, {failed} failed");
    }

    private static string Input(JudgeCase one) => one.Input.ValueKind is System.Text.Json.JsonValueKind.String ? one.Input.GetString()! : one.Input.GetRawText();

    private static string Cut(string text) => VisibleText.Line(VisibleText.Exactly(text), MostInput);
}
