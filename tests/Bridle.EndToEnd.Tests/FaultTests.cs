using System.Text.Json;
using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

public sealed class FaultTests : IDisposable
{
    private readonly Place _place = new();

    // Each fault with the exit code and the kind that the program must give for it, in every output format.
    public static TheoryData<string, string, int, string> Lasting
    {
        get
        {
            var data = new TheoryData<string, string, int, string>();
            foreach (var api in Vendors.Apis)
            {
                data.Add(api, "401", 2, "authentication");
                data.Add(api, "403", 2, "permission");
                data.Add(api, "404", 2, "not_found");
                data.Add(api, "html", 3, "malformed");
                data.Add(api, "cut", 3, "cut");
            }

            return data;
        }
    }

    public void Dispose() => _place.Dispose();

    [Theory]
    [MemberData(nameof(Lasting))]
    public async Task A_lasting_fault_gives_a_clear_message_and_its_exit_code_in_every_format(string api, string fault, int code, string kind)
    {
        foreach (var output in new[] { "text", "json", "events" })
        {
            await using var vendor = Vendors.Make(api, _place, [.. Enumerable.Repeat(Turn(fault), 8)]);
            var ended = await _place.RunAsync("run", "-m", Vendors.Model(api), "--api", api, "--stream", "--output", output, "Say hello.");
            Assert.True(ended.Code == code, $"{output}: {ended}");
            switch (output)
            {
                case "text":
                    Assert.True(ended.Error.Trim().Length > 20, ended.ToString());
                    Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
                    break;
                case "json":
                    using (var result = JsonDocument.Parse(ended.Out))
                    {
                        Assert.Equal(kind, result.RootElement.GetProperty("error").GetProperty("kind").GetString());
                        Assert.Equal(code, result.RootElement.GetProperty("exit_code").GetInt32());
                    }

                    break;
                default:
                    Assert.All(ended.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => JsonDocument.Parse(line).Dispose());
                    break;
            }
        }

        Assert.DoesNotContain("test-key", string.Concat(_place.Sessions.Select(File.ReadAllText)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("openai-responses")]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    [InlineData("ollama")]
    public async Task What_fails_once_is_tried_again_and_the_answer_is_clean(string api)
    {
        await using var vendor = Vendors.Make(api, _place, Turn("500"), Turn("cut"), FakeTurn.Say("Here", " now."));
        var ended = await _place.RunAsync("run", "-m", Vendors.Model(api), "--api", api, "--stream", "--output", "json", "Say hello.");
        Assert.True(ended.Code is 0, ended.ToString());
        using var result = JsonDocument.Parse(ended.Out);
        Assert.Equal("Here now.", result.RootElement.GetProperty("answer").GetString());
    }

    [Fact]
    public async Task Retry_after_is_obeyed_and_the_wait_is_visible()
    {
        await using var vendor = Vendors.Make("openai", _place,
            FakeTurn.Break(new FakeFault.Status(429, "slow down") { Headers = new Dictionary<string, string> { ["retry-after"] = "1" } }), FakeTurn.Say("Fine."));
        var ended = await _place.RunAsync("run", "-m", Vendors.Model("openai"), "Say hello.");
        Assert.True(ended.Code is 0, ended.ToString());
        Assert.Contains("1 s", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_never_tried_again_when_it_was_refused()
    {
        await using var vendor = Vendors.Make("openai", _place, [.. Enumerable.Repeat(Turn("401"), 5)]);
        await _place.RunAsync("run", "-m", Vendors.Model("openai"), "Say hello.");
        Assert.Single(vendor.Bodies);
    }

    [Fact]
    public async Task What_was_done_before_a_fault_is_kept_and_the_session_goes_on()
    {
        _place.Write("a.txt", "alpha\n");
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Call("Read", """{"file_path":"a.txt"}"""), Turn("401"));
        var ended = await _place.RunAsync("run", "-m", Vendors.Model("openai"), "--session", "s", "Read a.txt.");
        Assert.True(ended.Code is 2, ended.ToString());
        vendor.Add(FakeTurn.Say("It says alpha."));
        var next = await _place.RunAsync("run", "-m", Vendors.Model("openai"), "--resume", "s", "Go on.");
        Assert.True(next.Code is 0, next.ToString());
        Assert.Empty(vendor.Refusals);
        Assert.Contains("alpha", vendor.Bodies[^1].GetRawText(), StringComparison.Ordinal);
    }

    private static FakeTurn Turn(string fault) => fault switch
    {
        "html" => FakeTurn.Break(new FakeFault.HtmlPage()),
        "cut" => FakeTurn.Break(new FakeFault.Cut()),
        _ => FakeTurn.Fail(int.Parse(fault, System.Globalization.CultureInfo.InvariantCulture), "the server's own words"),
    };
}
