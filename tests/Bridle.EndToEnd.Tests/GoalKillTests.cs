using System.Text.Json;
using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

/// <summary>A goal whose phase is killed in the middle goes on where it was, with the real program.</summary>
public sealed class GoalKillTests : IDisposable
{
    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task After_a_kill_the_next_run_of_the_goal_goes_on_in_the_session_says_nothing_twice_and_runs_nothing_twice()
    {
        await using var vendor = Vendors.Make("openai", _place,
            FakeTurn.Call("Bash", """{"command":"echo x >> count; echo started > started; sleep 3148"}"""), FakeTurn.Say("It is counted."));
        var file = _place.Write(".bridle/goals/count.json", """{ "schema": "harness.goal.v1", "id": "count", "objective": "Count once.", "phases": [ { "title": "count", "verify": [ "grep -qx x count" ] } ] }""");
        using var process = _place.Start("goal", "run", "count", "--trust", "-m", Vendors.Model("openai"), "--mode", "bypass");
        process.StandardInput.Close();
        await WaitForAsync(() => File.Exists(Path.Combine(_place.Work, "started")));
        var second = await _place.RunAsync("goal", "run", "count", "--trust", "-m", Vendors.Model("openai"));
        Assert.True(second.Code is 2, second.ToString());
        Assert.Contains("Another program works on the goal 'count'", second.Error, StringComparison.Ordinal);
        process.Kill();
        await Place.EndAsync(process);
        Assert.Equal(("running", "goal-count-1-1"), (Phase(file).GetProperty("status").GetString(), Phase(file).GetProperty("session").GetString()));

        var next = await _place.RunAsync("goal", "run", "count", "--trust", "-m", Vendors.Model("openai"), "--mode", "bypass", "--output", "json");
        Assert.True(next.Code is 0, next.ToString());
        using var result = JsonDocument.Parse(next.Out);
        Assert.Equal("It is counted.", result.RootElement.GetProperty("results")[0].GetProperty("answer").GetString());
        var asked = vendor.Bodies[^1].GetRawText();
        Assert.Contains("Interrupted", asked, StringComparison.Ordinal);
        Assert.Equal(2, asked.Split("Phase 1 of 1 of the goal count").Length);
        Assert.Equal(("done", "x\n"), (Phase(file).GetProperty("status").GetString(), _place.Read("count")));
        var one = Phase(file).GetProperty("tries")[0];
        Assert.Equal((2, 2), (one.GetProperty("runs").GetArrayLength(), one.GetProperty("requests").GetInt32()));
    }

    private static JsonElement Phase(string file) => JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("phases")[0];

    private static async Task WaitForAsync(Func<bool> isThere)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!isThere())
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
