using System.Text;
using System.Text.Json;
using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

public sealed class LongConversationTests : IDisposable
{
    private const int Steps = 300;
    private const int Window = 32_000;

    private readonly Place _place = new();

    public static TheoryData<string> Apis => [.. Vendors.Apis];

    public void Dispose() => _place.Dispose();

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task Three_hundred_steps_stay_within_a_window_of_32000_tokens_and_every_request_is_valid(string api)
    {
        _place.Write("page.txt", string.Concat(Enumerable.Range(1, 400).Select(i => $"line {i} of a page with some words on it\n")));
        var turns = Enumerable.Range(1, Steps).Select(i => FakeTurn.CallAll(
            new FakeCall("Read", $$"""{"file_path":"page.txt","offset":{{i}},"limit":30}"""), new FakeCall("Ls", "{}")) with
        {
            Reasoning = i % 7 is 0 ? "On to the next." : null, Text = i % 5 is 0 ? [$"Page {i} ", "is read."] : [], InputTokens = 0, CachedTokens = 0, OutputTokens = 0,
        });
        await using var vendor = Vendors.Make(api, _place, [.. turns, FakeTurn.Say("Every page is ", "read.")]);
        var settings = Path.Combine(_place.Home, ".config/bridle/settings.json");
        Directory.CreateDirectory(Path.GetDirectoryName(settings)!);
        await File.WriteAllTextAsync(settings, $$"""{ "providers": { "{{Vendors.Model(api).Split('/')[0]}}": { "contextWindow": {{Window}} } } }""");
        var ended = await _place.RunAsync(["run", "-m", Vendors.Model(api), "--api", api, "--session", "long", "--max-steps", "0", "--output", "json", "Read every page and count the lines that say 'page'."]);
        Assert.True(ended.Code is 0, ended + "\n" + string.Join('\n', vendor.Refusals));
        Assert.Empty(vendor.Refusals);
        Assert.Equal(Steps + 1, vendor.Bodies.Count);
        Assert.All(vendor.Bodies, body => Assert.InRange(Encoding.UTF8.GetByteCount(body.GetRawText()) / 4, 1, Window));
        Assert.All(vendor.Bodies, body => Assert.Contains("Read every page and count the lines", body.GetRawText(), StringComparison.Ordinal));
        using var result = JsonDocument.Parse(ended.Out);
        Assert.Equal("Every page is read.", result.RootElement.GetProperty("answer").GetString());
        var replayed = await _place.RunAsync(["sessions", "replay", "long"]);
        Assert.True(replayed.Code is 0, replayed.ToString());
        var shortened = (await _place.RunAsync(["sessions", "show", "long", "--output", "events"])).Out.Split('\n').Count(line => line.Contains("\"type\":\"compacted\"", StringComparison.Ordinal));
        Assert.InRange(shortened, 2, 30);
    }
}
