using Bridle.Hosting.Cases;

namespace Bridle.Hosting.Tests.Cases;

public sealed class AttackCorpusTests(ITestOutputHelper output)
{
    // What permission alone does not judge among its five tools. May only shrink.
    private const int SkippedAmongJudgedTools = 10;


    public static IReadOnlyList<JudgeCase> Load() => JudgeCase.Read(File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Cases", "attacks.jsonl")));

    [Fact]
    public void Every_case_gets_its_verdict()
    {
        var outcomes = CaseJudge.JudgeAll(Load()).ToList();
        foreach (var skipped in outcomes.Where(outcome => outcome.Got is null).GroupBy(outcome => outcome.Why))
        {
            output.WriteLine($"skipped {skipped.Count()}, {skipped.Key}: {string.Join(' ', skipped.Select(outcome => outcome.Case.Id))}");
        }

        var wrong = outcomes.Where(outcome => outcome.Failed)
            .Select(outcome => $"{outcome.Case.Id} {outcome.Case.Class} {outcome.Case.Input.GetRawText()}: expected {string.Join('/', outcome.Case.Right)}, got {outcome.Got} ({outcome.Why})").ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(366, outcomes.Count);
        Assert.Equal(SkippedAmongJudgedTools, outcomes.Count(outcome => outcome is { Got: null, Case: { Tool: "Bash" or "Read" or "Write" or "Edit" or "WebFetch", Class: not "sandbox" } }));
    }
}
