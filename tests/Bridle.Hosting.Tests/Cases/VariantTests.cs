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
        var origins = CaseJudge.JudgeAll(AttackCorpusTests.Load().Where(one => CaseJudge.WhySkipped(one) is null)).ToList();
        var variants = Enumerable.Range(0, 20_000).Select(_ => origins[random.Next(origins.Count)]).Select(origin => (Origin: origin, Variant: CaseVariants.Of(origin.Case, random)!))
            .Where(pair => pair.Variant is not null).Take(Wanted).ToList();
        var made = variants.Count;
        var wrong = variants.Zip(CaseJudge.JudgeAll(variants.Select(pair => pair.Variant)))
            .Where(pair => !(pair.First.Origin.Case.IsControl ? pair.First.Origin.Case.Right.Contains(pair.Second.Got!) : Rank(pair.Second.Got!) >= Rank(pair.First.Origin.Got!)))
            .Select(pair => $"{pair.First.Origin.Case.Id} ({pair.First.Origin.Got}) {pair.Second.Case.Input.GetRawText()}: {pair.Second.Got} ({pair.Second.Why})").ToList();

        output.WriteLine($"{made} variants of {origins.Count} cases");
        Assert.True(wrong.Count == 0, $"seed {seed}: {wrong.Count} variants are judged wrongly:\n{string.Join('\n', wrong)}");
        Assert.Equal(Wanted, made);
    }

    // What cannot be done is refused.
    private static int Rank(string verdict) => Math.Min(Array.IndexOf(Order, verdict), 2);
}
