using System.Text.Json;
using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

public sealed class LimitTests : IDisposable
{
    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task At_the_step_limit_the_best_answer_so_far_is_given_and_the_exit_code_is_4()
    {
        _place.Write("a.txt", "alpha\n");
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Call("Read", """{"file_path":"a.txt"}"""), FakeTurn.Say("So far: alpha."));
        var ended = await _place.RunAsync("run", "-m", Vendors.Model("openai"), "--max-steps", "1", "Read everything.");
        Assert.True(ended.Code is 4, ended.ToString());
        Assert.Equal("So far: alpha.\n", ended.Out);
        Assert.Contains("limit of 1 steps", ended.Error, StringComparison.Ordinal);
        Assert.Empty(vendor.Refusals);
        Assert.Equal("none", vendor.Bodies[^1].GetProperty("tool_choice").GetString());
    }

    [Fact]
    public async Task A_cost_limit_with_an_unknown_price_is_a_usage_error_before_anything_is_sent()
    {
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Say("Hi."), FakeTurn.Say("Hi."));
        var ended = await _place.RunAsync("run", "-m", Vendors.Model("openai"), "--max-cost", "1", "Say hello.");
        Assert.True(ended.Code is 2, ended.ToString());
        Assert.Empty(vendor.Bodies);
        Assert.Empty(_place.Sessions);
        Assert.Equal(0, (await _place.RunAsync("run", "-m", Vendors.Model("openai"), "--max-cost", "1", "--allow-unpriced", "Say hello.")).Code);
    }

    [Fact]
    public async Task A_cost_limit_that_leaves_no_room_sends_nothing()
    {
        _place.Environment["XDG_CONFIG_HOME"] = Path.Combine(_place.Home, "config");
        Directory.CreateDirectory(Path.Combine(_place.Home, "config", "bridle"));
        File.WriteAllText(Path.Combine(_place.Home, "config", "bridle", "settings.json"), """{"prices":{"openai/test-model":{"input":1000,"output":1000}}}""");
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Say("Hi."));
        var ended = await _place.RunAsync("run", "-m", Vendors.Model("openai"), "--max-cost", "0.01", "--output", "json", "Say hello.");
        Assert.True(ended.Code is 4, ended.ToString());
        Assert.Empty(vendor.Bodies);
    }

    [Fact]
    public async Task At_the_time_limit_a_command_is_ended_and_the_exit_code_is_4()
    {
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Call("Bash", """{"command":"sleep 300"}"""), FakeTurn.Say("Not done in time."));
        var ended = await _place.RunAsync("run", "-m", Vendors.Model("openai"), "--mode", "bypass", "--max-time", "3", "Sleep.");
        Assert.True(ended.Code is 4, ended.ToString());
        Assert.Equal("Not done in time.\n", ended.Out);
    }

    [Fact]
    public async Task A_model_without_tools_of_its_own_does_a_task_by_prompted_calls_that_a_person_never_sees()
    {
        _place.Write("a.txt", "alpha\n");
        await using var vendor = Vendors.Make("openai", _place,
            FakeTurn.Say("I will look.\n```tool", "_call\n{\"name\":\"Read\",\"input\":{\"file_path\":\"a.txt\"}}\n``", "`\n"), FakeTurn.Say("It says alpha."));
        var ended = await _place.RunAsync("run", "-m", Vendors.Model("openai"), "--prompted-tools", "--stream", "Read a.txt.");
        Assert.True(ended.Code is 0, ended.ToString());
        Assert.DoesNotContain("tool_call", ended.Out, StringComparison.Ordinal);
        Assert.Contains("It says alpha.", ended.Out, StringComparison.Ordinal);
        Assert.All(vendor.Bodies, body => Assert.False(body.TryGetProperty("tools", out _)));
    }

    [Fact]
    public async Task A_server_that_says_it_takes_no_tools_is_asked_once_more_prompted_and_remembered()
    {
        _place.Write("a.txt", "alpha\n");
        await using var vendor = Vendors.Make("openai", _place,
            FakeTurn.Fail(400, "test-model does not support tools"),
            FakeTurn.Say("```tool_call\n{\"name\":\"Read\",\"input\":{\"file_path\":\"a.txt\"}}\n```"), FakeTurn.Say("It says alpha."), FakeTurn.Say("Hello again."));
        var ended = await _place.RunAsync("run", "-m", Vendors.Model("openai"), "--output", "json", "Read a.txt.");
        Assert.True(ended.Code is 0, ended.ToString());
        var next = await _place.RunAsync("run", "-m", Vendors.Model("openai"), "Say hello.");
        Assert.True(next.Code is 0, next.ToString());
        Assert.Equal([true, false, false, false], vendor.Bodies.Select(body => body.TryGetProperty("tools", out _)));
        var line = File.ReadLines(Path.Combine(_place.Home, ".local/state/bridle/models.jsonl")).Single();
        using var noted = JsonDocument.Parse(line);
        Assert.StartsWith("http://", Assert.Single(noted.RootElement.GetProperty("refuses_tools_at").EnumerateArray()).GetString(), StringComparison.Ordinal);
    }
}
