using System.Text.Json;
using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

/// <summary>Gemini's own web search, from the settings to the sources under the answer.</summary>
public sealed class GroundingTests : IDisposable
{
    private const string Metadata = """
        {"webSearchQueries":["bridle sizes"],"groundingChunks":[{"web":{"uri":"https://example.com/a","title":"Sizes"}},{"web":{"uri":"https://example.com/b"}},{"web":{"uri":"https://example.com/a","title":"Sizes"}}],
        "groundingSupports":[{"segment":{"startIndex":0,"endIndex":5,"text":"Three"},"groundingChunkIndices":[0]}]}
        """;

    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("gemini-3-pro", "--stream", true)]
    [InlineData("gemini-3-pro", "--no-stream", true)]
    [InlineData("gemini-2.5-pro", "--stream", false)]
    public async Task The_search_is_offered_where_the_model_takes_it_and_its_sources_follow_the_answer(string model, string stream, bool beside)
    {
        _place.Write("a.txt", "alpha\n");
        Settings(true);
        await using var vendor = Vendors.Make("gemini", _place, FakeTurn.Call("Read", """{"file_path":"a.txt"}"""), FakeTurn.Say("Three sizes.") with { Blocks = [Metadata] }, FakeTurn.Say("As I said."));
        var ended = await _place.RunAsync("run", stream, "-m", $"gemini/{model}", "--session", "s", "How many sizes?");
        Assert.True(ended.Code is 0, ended.ToString());
        Assert.EndsWith("Three sizes.\n\nSources:\n1. Sizes https://example.com/a\n2. https://example.com/b\n", ended.Out, StringComparison.Ordinal);
        Assert.Empty(vendor.Refusals);
        Assert.All(vendor.Bodies, body => Assert.Equal(beside, Searches(body)));

        // Once the tools are told in the prompt, an older model may search too.
        ended = await _place.RunAsync("run", "-m", $"gemini/{model}", "--resume", "s", "--prompted-tools", "Again?");
        Assert.True(ended.Code is 0, ended.ToString());
        Assert.Empty(vendor.Refusals);
        Assert.True(Searches(vendor.Bodies[^1]));
    }

    [Fact]
    public async Task Without_the_setting_nothing_is_searched()
    {
        Settings(false);
        await using var vendor = Vendors.Make("gemini", _place, FakeTurn.Say("Three."));
        Assert.Equal("Three.\n", (await _place.RunAsync("run", "-m", "gemini/gemini-3-pro", "How many sizes?")).Out);
        Assert.False(Searches(vendor.Bodies[^1]));
    }

    private static bool Searches(JsonElement body) => body.TryGetProperty("tools", out var tools) && tools.EnumerateArray().Any(tool => tool.TryGetProperty("googleSearch", out _));

    private void Settings(bool grounding)
    {
        var file = Path.Combine(_place.Home, ".config", "bridle", "settings.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"{{\"providers\":{{\"gemini\":{{\"webGrounding\":{(grounding ? "true" : "false")}}}}}}}");
    }
}
