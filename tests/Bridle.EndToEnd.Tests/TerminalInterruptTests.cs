using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

public sealed class TerminalInterruptTests : IDisposable
{
    private readonly Place _place = new();

    // Seconds that nobody else sleeps, so that what is left over can be told.
    private readonly string _long = $"4{Random.Shared.Next(100_000, 999_999)}";

    public void Dispose() => _place.Dispose();

    private async Task<Tmux> ChatAsync()
    {
        var tmux = await Tmux.StartAsync(_place, "chat", "-m", Vendors.Model("openai"), "--mode", "bypass", "--session", "s");
        await tmux.WaitForAsync("❯");
        return tmux;
    }

    [Fact]
    public async Task Ctrl_C_stops_the_turn_with_its_processes_and_the_conversation_goes_on()
    {
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Call("Bash", $$"""{"command":"(sleep {{_long}} &) ; touch started; sleep {{_long}}"}"""), FakeTurn.Say("Went on."));
        await using var tmux = await ChatAsync();
        await tmux.SayAsync("Sleep.");
        await WaitForAsync(() => File.Exists(Path.Combine(_place.Work, "started")));
        await tmux.PressAsync(Tmux.CtrlC);
        await tmux.WaitForAsync("❯", 2);
        Assert.Contains("Interrupted.", await tmux.UnbrokenAsync(), StringComparison.Ordinal);
        await WaitForAsync(() => Sleepers() is 0);
        await tmux.SayAsync("Go on.");
        await tmux.WaitForAsync("Went on.");
        Assert.Empty(vendor.Refusals);
        await tmux.SayAsync("/exit");
        await tmux.WaitForAsync("exit:0");
    }

    [Fact]
    public async Task Ctrl_C_twice_leaves_with_130_and_no_process_stays()
    {
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Call("Bash", $$"""{"command":"trap '' TERM INT; touch started; sleep {{_long}}"}"""));
        await using var tmux = await ChatAsync();
        await tmux.SayAsync("Sleep.");
        await WaitForAsync(() => File.Exists(Path.Combine(_place.Work, "started")));
        await tmux.PressAsync(Tmux.CtrlC);

        // The system may make one signal of two that come at once, so an impatient person presses until it helps.
        for (var more = 0; more < 10 && !(await tmux.UnbrokenAsync()).Contains("exit:", StringComparison.Ordinal); more++)
        {
            await tmux.PressAsync(Tmux.CtrlC);
        }

        await tmux.WaitForAsync("exit:130");
        await WaitForAsync(() => Sleepers() is 0);
    }

    [Fact]
    public async Task Ctrl_C_at_the_prompt_drops_the_typed_line_and_says_how_to_leave()
    {
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Say("Hello."));
        await using var tmux = await ChatAsync();
        await tmux.TypeAsync("half a mess");
        await tmux.WaitForAsync("half a mess");
        await tmux.PressAsync(Tmux.CtrlC);
        await tmux.WaitForAsync("Ctrl+C once more leaves");
        await tmux.SayAsync("hi");
        await tmux.WaitForAsync("Hello.");
        Assert.DoesNotContain("half a mess", vendor.Bodies[^1].GetRawText(), StringComparison.Ordinal);
        await tmux.WaitForAsync("❯", 2);
        await tmux.PressAsync(Tmux.CtrlC);
        await tmux.WaitForAsync("Ctrl+C once more leaves", 2);
        await tmux.PressAsync(Tmux.CtrlC);
        await tmux.WaitForAsync("exit:130");
    }

    [Fact]
    public async Task A_request_to_end_ends_the_turn_and_the_program_and_leaves_a_valid_log()
    {
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Call("Bash", $$"""{"command":"touch started; sleep {{_long}}"}"""));
        await using var tmux = await ChatAsync();
        await tmux.SayAsync("Sleep.");
        await WaitForAsync(() => File.Exists(Path.Combine(_place.Work, "started")));
        await tmux.SignalAsync("TERM");
        await tmux.WaitForAsync("exit:130");
        await WaitForAsync(() => Sleepers() is 0);
        Assert.Contains("\"interrupted\"", File.ReadLines(_place.Sessions.Single()).Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closing_the_window_ends_the_turn_and_leaves_a_valid_log()
    {
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Call("Bash", $$"""{"command":"touch started; sleep {{_long}}"}"""));
        await using var tmux = await ChatAsync();
        await tmux.SayAsync("Sleep.");
        await WaitForAsync(() => File.Exists(Path.Combine(_place.Work, "started")));
        await tmux.KillWindowAsync();
        await WaitForAsync(() => Sleepers() is 0);
        await WaitForAsync(() => File.ReadLines(_place.Sessions.Single()).Last() is var last && last.Contains("\"run_finished\"", StringComparison.Ordinal) && last.Contains("\"interrupted\"", StringComparison.Ordinal));
        Assert.Contains(File.ReadLines(_place.Sessions.Single()), line => line.Contains("\"tool_returned\"", StringComparison.Ordinal));
        await WaitForAsync(() => !IsAnybodyAtWork());
    }

    [Fact]
    public async Task Closing_the_window_in_the_middle_of_a_question_ends_the_program()
    {
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Say("One."));
        await using var tmux = await ChatAsync();
        await tmux.SayAsync("Say one.");
        await tmux.WaitForAsync("1 step");
        var log = _place.Sessions.Single();
        await File.WriteAllLinesAsync(log, File.ReadLines(log).Take(3).ToList(), TestContext.Current.CancellationToken);
        await tmux.SayAsync("And now?");
        await tmux.WaitForAsync("Accept these changes?");

        await tmux.KillWindowAsync();

        await WaitForAsync(() => !IsAnybodyAtWork());
    }

    // The program puts its state in order after its last record, and then it is gone.
    private bool IsAnybodyAtWork() => Directory.EnumerateDirectories("/proc").Any(folder =>
    {
        try
        {
            return new FileInfo(Path.Combine(folder, "cwd")).LinkTarget == _place.Work;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });

    private int Sleepers() => Directory.EnumerateDirectories("/proc").Count(folder =>
    {
        try
        {
            var words = File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0');
            return words[0] is "sleep" && words.Length > 1 && words[1] == _long;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });

    private static async Task WaitForAsync(Func<bool> done)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!done())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        }
    }
}
