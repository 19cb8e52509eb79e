using System.Text.Json;
using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

/// <summary>What only Anthropic's protocol has, from the command line to the wire.</summary>
public sealed class AnthropicTests : IDisposable
{
    private const string Search = """{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"bridle \"fittings\""}}""";
    private const string Found = """{"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[{"type":"web_search_result","url":"https://example.com/a","title":"A","encrypted_content":"opaque+/==","page_age":null}]}""";
    private const string Cited = """{"type":"text","text":"Bits come in sizes.","citations":[{"type":"web_search_result_location","url":"https://example.com/a","title":"A","encrypted_index":"Eo8=","cited_text":"sizes"}]}""";
    private const string Document = """{"type":"document","source":{"type":"text","media_type":"text/plain","data":"made by the model"},"title":"notes"}""";

    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("--stream")]
    [InlineData("--no-stream")]
    public async Task A_paused_turn_with_server_tools_and_citations_goes_on_with_everything_sent_back_as_it_came(string stream)
    {
        _place.Write("a.txt", "alpha\n");
        await using var vendor = Vendors.Make("anthropic", _place,
            new FakeTurn { Blocks = [Search, Found], Stop = "pause_turn" },
            new FakeTurn { Blocks = [Cited], Calls = [new("Read", """{"file_path":"a.txt"}""")] },
            FakeTurn.Say("Done."));
        var ended = await _place.RunAsync("run", stream, "-m", Vendors.Model("anthropic"), "--session", "s", "Search.");
        Assert.True(ended.Code is 0, ended.ToString());
        Assert.EndsWith("Done.\n", ended.Out, StringComparison.Ordinal);
        Assert.Empty(vendor.Refusals);
        var resumed = vendor.Bodies[1].GetProperty("messages");
        Assert.Equal((2, "assistant"), (resumed.GetArrayLength(), resumed[1].GetProperty("role").GetString()));
        AssertBlocks(resumed[1], Search, Found);
        AssertBlocks(vendor.Bodies[2].GetProperty("messages")[1], Search, Found, Cited);

        // And once more from the log, by another process.
        vendor.Add(FakeTurn.Say("As I said."));
        ended = await _place.RunAsync("run", "-m", Vendors.Model("anthropic"), "--resume", "s", "Again?");
        Assert.True(ended.Code is 0, ended.ToString());
        Assert.Empty(vendor.Refusals);
        AssertBlocks(vendor.Bodies[3].GetProperty("messages")[1], Search, Found, Cited);
    }

    [Fact]
    public async Task The_version_is_a_header_of_the_settings_and_with_the_new_one_nothing_is_sent_that_it_refuses()
    {
        _place.Write("a.txt", "alpha\n");
        await using var vendor = Vendors.Make("anthropic", _place, FakeTurn.Say("Old."));
        Assert.Equal("Old.\n", (await _place.RunAsync("run", "-m", Vendors.Model("anthropic"), "Hello.")).Out);
        Assert.Equal("2023-06-01", vendor.Server.Requests[^1].Headers["anthropic-version"]);

        Settings("""{"providers":{"anthropic":{"headers":{"anthropic-version":"2026-10-21"}}}}""");
        _place.Environment["HARNESS_OPENAI_EXTRA_BODY"] = """{"temperature":1,"top_p":1}""";
        vendor.Add(new FakeTurn { Blocks = [Document, Cited], Calls = [new("Read", """{"file_path":"a.txt"}""")] });
        vendor.Add(FakeTurn.Say("New."));
        var ended = await _place.RunAsync("run", "-m", Vendors.Model("anthropic"), "Hello.");
        Assert.True(ended.Code is 0, ended.ToString());
        Assert.EndsWith("New.\n", ended.Out, StringComparison.Ordinal);
        Assert.Empty(vendor.Refusals);
        Assert.All(vendor.Server.Requests.Skip(1), request => Assert.Equal("2026-10-21", request.Headers["anthropic-version"]));
        Assert.All(vendor.Bodies, body => Assert.DoesNotContain(body.EnumerateObject(), field => field.Name is "temperature" or "top_p" or "top_k"));
        Assert.DoesNotContain("made by the model", vendor.Bodies[^1].GetRawText(), StringComparison.Ordinal);
        AssertBlocks(vendor.Bodies[^1].GetProperty("messages")[1], Cited);
    }

    [Fact]
    public async Task A_version_that_the_vendor_does_not_know_is_told_with_its_words()
    {
        await using var vendor = Vendors.Make("anthropic", _place, FakeTurn.Say("Never."));
        Settings("""{"providers":{"anthropic":{"headers":{"anthropic-version":"1999-01-01"}}}}""");
        var ended = await _place.RunAsync("run", "-m", Vendors.Model("anthropic"), "Hello.");
        Assert.NotEqual(0, ended.Code);
        Assert.Contains("is not a valid version", ended.Error, StringComparison.Ordinal);
    }

    private static void AssertBlocks(JsonElement message, params string[] blocks)
    {
        var sent = message.GetProperty("content").EnumerateArray().Where(block => block.GetProperty("type").GetString() is not "tool_use").ToList();
        Assert.Equal(blocks.Length, sent.Count);
        foreach (var (block, expected) in sent.Zip(blocks))
        {
            using var wanted = JsonDocument.Parse(expected);
            Assert.True(JsonElement.DeepEquals(wanted.RootElement, block), block.GetRawText());
        }
    }

    private void Settings(string json)
    {
        var file = Path.Combine(_place.Home, ".config", "bridle", "settings.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, json);
    }
}
