using Bridle.FakeVendors;

namespace Bridle.Cli.Tests.Effects;

/// <summary>What prices do: another sum under the answer. A price without input or output is none, so these two are not left out but changed to another value.</summary>
internal static class PriceEffects
{
    public static readonly Dictionary<string, SettingEffect> All = new()
    {
        // 300,000 tokens new, 500,000 from the cache, 200,000 into it and 20 out cost 3 + 0.5 + 0.4 + 1.
        ["prices"] = new(stage => SumAsync(stage), "$4.9", "cost unknown"),
        ["prices.NAME.input"] = new(stage => SumAsync(stage, "prices.NAME.input", input: 20), "$4.9", "$7.9"),
        ["prices.NAME.output"] = new(stage => SumAsync(stage, "prices.NAME.output", output: 100_000), "$4.9", "$5.9"),
        ["prices.NAME.cacheRead"] = new(stage => SumAsync(stage), "$4.9", "$9.4"),
        ["prices.NAME.cacheWrite"] = new(stage => SumAsync(stage), "$4.9", "$6.5"),
    };

    /// <summary>What the line under the answer says that the turn cost.</summary>
    private static async Task<string> SumAsync(CliStage stage, string? varied = null, int input = 10, int output = 50_000)
    {
        var isVaried = varied is not null && stage.Ignored.Remove(varied);
        await using var vendor = new FakeAnthropic(FakeTurn.Say("Done.") with { InputTokens = 1_000_000, CachedTokens = 500_000, CacheWrittenTokens = 200_000, OutputTokens = 20 });
        var price = $$"""{ "input": {{(isVaried ? input : 10)}}, "output": {{(isVaried ? output : 50_000)}}, "cacheRead": 1, "cacheWrite": 2 }""";
        stage.Write("home/.config/bridle/settings.json", $$"""{ "model": "lab/one", "providers": { "lab": { "api": "anthropic", "baseUrl": "{{vendor.Url}}", "apiKey": "k" } }, "prices": { "lab/one": {{price}} } }""");
        await stage.RunAsync("run", "task");
        var line = stage.Error.ToString().Split('\n').FirstOrDefault(line => line.Contains("out tokens", StringComparison.Ordinal));
        return line is null ? stage.Error.ToString() : line.Split(", ")[1];
    }
}
