using Bridle.Hosting.Cases;

namespace Bridle.Hosting.Tests.Cases;

public sealed class VariantTests(ITestOutputHelper output)
{
    private const int Wanted = 500;

    private static readonly string[] Order = ["allow", "ask", "deny", "error"];

    [Fact]
    public void Five_hundred_fresh_variants_are_judged_no_looser_than_their_origin_and_controls_stay_allowed()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("BRIDLE_SEED"), out var given) ? given : Random.Shared.Next();
        output.WriteLine($"seed {seed} (BRIDLE_SEED={seed} repeats this run)");
        var random = new Random(seed);
        var origins = AttackCorpusTests.Load().Where(one => CaseJudge.WhySkipped(one) is null).Select(CaseJudge.Judge).ToList();
        var wrong = new List<string>();
        var made = 0;
        for (var tries = 0; made < Wanted && tries < 20_000; tries++)
        {
            var origin = origins[random.Next(origins.Count)];
            if (CaseVariants.Of(origin.Case, random) is not { } variant)
            {
                continue;
            }

            made++;
            var outcome = CaseJudge.Judge(variant);
            var holds = origin.Case.IsControl ? origin.Case.Right.Contains(outcome.Got!) : Rank(outcome.Got!) >= Rank(origin.Got!);
            if (!holds)
            {
                wrong.Add($"{origin.Case.Id} ({origin.Got}) {variant.Input.GetRawText()}: {outcome.Got} ({outcome.Why})");
            }
        }

        output.WriteLine($"{made} variants of {origins.Count} cases");
        Assert.True(wrong.Count == 0, $"seed {seed}: {wrong.Count} variants are judged wrongly:\n{string.Join('\n', wrong)}");
        Assert.Equal(Wanted, made);
    }

    // What cannot be done is refused.
    private static int Rank(string verdict) => Math.Min(Array.IndexOf(Order, verdict), 2);
}
