using System.Diagnostics;
using System.Text.Json;
using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

public sealed class InterruptTests : IDisposable
{
    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Ctrl_C_in_the_middle_of_a_command_leaves_a_valid_log_and_no_process_behind()
    {
        const string command = "setsid sleep 3141 & (sleep 3142 &) ; echo started > started; sleep 3143";
        await using var vendor = Vendors.Make("openai", _place,
            FakeTurn.Call("Bash", $$"""{"command":"{{JsonEncodedText.Encode(command)}}"}"""), FakeTurn.Say("Went on."));
        using var process = _place.Start("run", "-m", Vendors.Model("openai"), "--session", "s", "--mode", "bypass", "Sleep.");
        process.StandardInput.Close();
        await WaitForAsync(() => File.Exists(Path.Combine(_place.Work, "started")));
        Signal(process, "INT");
        var ended = await Place.EndAsync(process);
        Assert.True(ended.Code is 130, ended.ToString());
        await WaitForAsync(() => Sleepers() is 0);

        var next = await _place.RunAsync("run", "-m", Vendors.Model("openai"), "--resume", "s", "Go on.");
        Assert.True(next.Code is 0, next.ToString());
        Assert.Empty(vendor.Refusals);
        Assert.Contains("Cancelled", vendor.Bodies[^1].GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_while_the_model_streams_keeps_what_came_and_ends_with_130()
    {
        await using var vendor = Vendors.Make("openai", _place, new FakeTurn { Text = ["Half ", "of ", "it ", "all."], Fault = new FakeFault.Stall { After = 3 } });
        using var process = _place.Start("run", "-m", Vendors.Model("openai"), "--stream", "--session", "s", "Say it.");
        process.StandardInput.Close();
        await WaitForAsync(() => vendor.Bodies.Count > 0 && _place.Sessions.Count > 0 && File.ReadAllText(_place.Sessions[0]).Contains("model_requested", StringComparison.Ordinal));
        Signal(process, "INT");
        var ended = await Place.EndAsync(process);
        Assert.True(ended.Code is 130, ended.ToString());
        var last = File.ReadLines(_place.Sessions.Single()).Last();
        Assert.Contains("\"interrupted\"", last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_Ctrl_C_quits_at_once_where_the_first_can_not_get_through()
    {
        // Nobody takes the output, so the turn hangs in the middle of writing it and cannot be ended in an orderly way.
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Say([.. Enumerable.Repeat($"{new string('x', 99)}\n", 20_000)]), FakeTurn.Say("Went on."));
        using var process = _place.Start("run", "-m", Vendors.Model("openai"), "--stream", "--session", "s", "Say it.");
        process.StandardInput.Close();
        await WaitForAsync(() => process.HasExited || IsStuckWriting(process));
        Signal(process, "INT");
        Assert.False(process.HasExited);
        Assert.True(IsStuckWriting(process));

        // Of two signals that come at once the system may make one.
        for (var presses = 0; presses < 100 && !process.HasExited; presses++)
        {
            Signal(process, "INT");
            process.WaitForExit(TimeSpan.FromMilliseconds(100));
        }

        var quit = process.HasExited;
        if (!quit)
        {
            process.Kill(entireProcessTree: true);
        }

        Assert.True(quit, "Ctrl+C was pressed again and again, and the program went on.");
        Assert.Equal(130, process.ExitCode);
        var next = await _place.RunAsync("run", "-m", Vendors.Model("openai"), "--resume", "s", "Go on.");
        Assert.True(next.Code is 0, next.ToString());
    }

    // System call 1 is write, and so is its first argument the standard output.
    private static bool IsStuckWriting(Process process) => Directory.EnumerateDirectories($"/proc/{process.Id}/task").Any(thread =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "syscall")).StartsWith("1 0x1 ", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });

    [Fact]
    public async Task After_a_kill_the_next_run_tells_what_is_unknown_and_runs_nothing_twice()
    {
        await using var vendor = Vendors.Make("openai", _place,
            FakeTurn.Call("Bash", """{"command":"echo x >> count; echo started > started; sleep 3144"}"""), FakeTurn.Say("I will look."));
        using var process = _place.Start("run", "-m", Vendors.Model("openai"), "--session", "s", "--mode", "bypass", "Count.");
        process.StandardInput.Close();
        await WaitForAsync(() => File.Exists(Path.Combine(_place.Work, "started")));
        process.Kill();
        await Place.EndAsync(process);

        var next = await _place.RunAsync("run", "-m", Vendors.Model("openai"), "--resume", "s", "--mode", "bypass", "Go on.");
        Assert.True(next.Code is 0, next.ToString());
        Assert.Contains("Interrupted", vendor.Bodies[^1].GetRawText(), StringComparison.Ordinal);
        Assert.Equal("x\n", _place.Read("count"));
    }

    [Fact]
    public async Task When_Bridle_is_killed_by_signal_9_its_unconfined_commands_die_with_it()
    {
        const string command = "sleep 3161 & setsid sleep 3162 & (env -i sleep 3163 &) ; (setsid sh -c 'trap \"\" TERM; while :; do sleep 3164; done' &) ; echo started > started; sleep 3165";
        await using var vendor = Vendors.Make("openai", _place,
            FakeTurn.Call("Bash", """{"command":"echo begun; sleep 3166","run_in_background":true}"""), FakeTurn.Call("Bash", $$"""{"command":"{{JsonEncodedText.Encode(command)}}"}"""), FakeTurn.Say("Never."));
        using var process = _place.Start("run", "-m", Vendors.Model("openai"), "--sandbox", "off", "--mode", "bypass", "Sleep.");
        process.StandardInput.Close();
        await WaitForAsync(() => File.Exists(Path.Combine(_place.Work, "started")) && Sleepers("3161", "3162", "3163", "3164", "3165", "3166") is 6);

        Signal(process, "KILL");

        await WaitForAsync(() => Sleepers("3161", "3162", "3163", "3164", "3165", "3166") is 0);
    }

    [Fact]
    public async Task When_Bridle_is_killed_by_signal_9_its_confined_commands_die_with_it()
    {
        const string command = "sleep 3151 & setsid sleep 3152 & (sleep 3153 &) ; echo started > started; sleep 3154";
        await using var vendor = Vendors.Make("openai", _place,
            FakeTurn.Call("Bash", """{"command":"echo begun; sleep 3155","run_in_background":true}"""), FakeTurn.Call("Bash", $$"""{"command":"{{JsonEncodedText.Encode(command)}}"}"""), FakeTurn.Say("Never."));
        using var process = _place.Start("run", "-m", Vendors.Model("openai"), "--sandbox", "required", "Sleep.");
        process.StandardInput.Close();
        await WaitForAsync(() => File.Exists(Path.Combine(_place.Work, "started")) && Sleepers("3151", "3152", "3153", "3154", "3155") is 5);

        Signal(process, "KILL");

        await WaitForAsync(() => Sleepers("3151", "3152", "3153", "3154", "3155") is 0);
        await Place.EndAsync(process);
    }

    [Fact]
    public async Task A_demanded_sandbox_that_cannot_be_had_ends_with_2_and_asks_no_model()
    {
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Say("Never."));
        _place.Write("../home/.config/bridle/settings.json", """{ "sandbox": { "backend": "seatbelt" } }""");

        var ended = await _place.RunAsync("run", "-m", Vendors.Model("openai"), "--sandbox", "required", "Go.");

        Assert.True(ended.Code is 2, ended.ToString());
        Assert.Contains("A sandbox is demanded", ended.ToString(), StringComparison.Ordinal);
        Assert.Empty(vendor.Bodies);
    }

    private static int Sleepers(params string[] seconds) => Directory.EnumerateDirectories("/proc").Count(folder =>
    {
        try
        {
            var words = File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0');
            return words[0] is "sleep" && words.Length > 1 && (seconds.Length == 0 ? ["3141", "3142", "3143"] : seconds).Contains(words[1]);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });

    private static void Signal(Process process, string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    private static async Task WaitForAsync(Func<bool> done)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!done())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        }
    }
}
