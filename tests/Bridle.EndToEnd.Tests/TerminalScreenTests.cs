using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

/// <summary>The live part of a chat in a real terminal; what it looks like in detail is held by the tests with a terminal in memory.</summary>
public sealed class TerminalScreenTests : IDisposable
{
    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Typing_pasting_choosing_resizing_and_looking_closer_work_together()
    {
        _place.Write("src/plants.cs", "// TODO\n");
        await using var vendor = Vendors.Make("openai", _place,
            FakeTurn.Call("Bash", """{"command":"seq 1 7; touch started; while [ ! -e go ]; do sleep 0.05; done"}"""), FakeTurn.Say("Seen."));
        await using var tmux = await Tmux.StartAsync(_place, "chat", "-m", Vendors.Model("openai"), "--session", "s", "--sandbox", "off");
        await tmux.WaitForAsync("openai/test-model · default · 0 in 0 out");
        await tmux.TypeAsync("/mo");
        await tmux.WaitForAsync("› /model  show the model");
        await tmux.PressAsync("Down", "Tab", Tmux.CtrlU);
        await tmux.TypeAsync("see @pl");
        await tmux.WaitForAsync("› @src/plants.cs");
        await tmux.PressAsync("Tab");
        await tmux.PasteAsync(string.Concat(Enumerable.Range(0, 10_000).Select(i => $"pasted line {i}\n")));
        await tmux.WaitForAsync("❯ see @src/plants.cs [pasted #1: 10000 lines]");
        await tmux.PressAsync("M-Enter");
        await tmux.TypeAsync("漢字 and 👍 below");
        await tmux.WaitForAsync("  漢字 and 👍 below");
        await tmux.PressAsync("C-j");
        await tmux.TypeAsync("and more");
        await tmux.WaitForAsync("  and more");
        foreach (var columns in new[] { 45, 100, 60 })
        {
            await tmux.ResizeAsync(columns, 30);
            await tmux.WaitForAsync("漢字 and 👍 below");
        }

        await tmux.PressAsync("BTab", "BTab", "BTab");
        await tmux.WaitForAsync("· default ·");
        await tmux.PressAsync(Tmux.Enter);
        await tmux.WaitForAsync("[y] yes, once");
        await tmux.TypeAsync("y");
        await tmux.WaitForAsync("  | 7");
        Assert.Contains("(+2 lines above)", await tmux.UnbrokenAsync(), StringComparison.Ordinal);
        await tmux.PressAsync("C-o");
        await tmux.WaitForAsync("  | 1\n");
        _place.Write("go", "");
        var shown = await tmux.WaitForAsync("Seen.");
        Assert.Equal(1, shown.Split("❯ see @src/plants.cs").Length - 1);
        Assert.Contains("pasted line 9999", vendor.Bodies[0].GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("pasted line", shown, StringComparison.Ordinal);
        await tmux.WaitForAsync("2 steps");
        await tmux.PressAsync(Tmux.CtrlD);
        var left = await tmux.WaitForAsync("exit:0");
        Assert.DoesNotContain(" in 40 out ·", left, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopped_in_the_middle_of_an_answer_and_continued_everything_stands_there_once()
    {
        await using var vendor = Vendors.Make("openai", _place,
            FakeTurn.Call("Bash", """{"command":"seq 1 3; touch started; while [ ! -e go ]; do sleep 0.05; done"}"""), FakeTurn.Say("Seen."));
        await using var tmux = await Tmux.OpenAsync(_place, "bash", "--norc", "-i");
        await tmux.SayAsync($"PS1='$ '; '{Place.Program}' chat -m {Vendors.Model("openai")} --session s --mode bypass");
        await tmux.WaitForAsync("/exit leaves.");
        await tmux.PasteAsync("Go.\x03\x1a");
        await tmux.PressAsync(Tmux.Enter);
        await tmux.WaitForAsync("  | 3");
        await tmux.PressAsync("C-z");
        Assert.DoesNotContain("Esc interrupts", await tmux.WaitForAsync("Stopped"), StringComparison.Ordinal);
        _place.Write("go", "");
        await tmux.SayAsync("fg");
        var shown = await tmux.WaitForAsync("2 steps");
        Assert.Equal(2, shown.Split("• Bash").Length);
        Assert.DoesNotContain("  | 3", shown, StringComparison.Ordinal);
        Assert.Contains("Seen.", shown, StringComparison.Ordinal);
        Assert.Contains("Go.\\u0003\\u001a", vendor.Bodies[^1].GetRawText(), StringComparison.OrdinalIgnoreCase);
        await tmux.SayAsync("/exit");
        await tmux.WaitForAsync("❯ /exit\n$");
        await tmux.SayAsync("echo exit:$?");
        await tmux.WaitForAsync("exit:0");
    }

    [Fact]
    public async Task On_a_dumb_terminal_everything_is_written_line_by_line()
    {
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Say("Plain **words**."));
        await using var tmux = await Tmux.OpenAsync(_place, "bash", "--norc", "-c", $"TERM=dumb script -qfc '{Place.Program} chat -m {Vendors.Model("openai")} --session s' raw.txt; echo exit:$?; exec cat");
        await tmux.WaitForAsync("\n>");
        await tmux.SayAsync("hi");
        await tmux.WaitForAsync("1 step");
        await tmux.SayAsync("/exit");
        await tmux.WaitForAsync("exit:0");
        var raw = _place.Read("raw.txt");
        Assert.Contains("Plain **words**.", raw, StringComparison.Ordinal);
        Assert.DoesNotContain("\x1b[?2026h", raw, StringComparison.Ordinal);
        Assert.DoesNotContain("\x1b[J", raw, StringComparison.Ordinal);
    }
}
