using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

/// <summary>The person's own editor in the place of the conversation, in a real terminal outside of tmux.</summary>
public sealed class TerminalEditorTests : IDisposable
{
    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData(" --plain")]
    public async Task An_editor_has_the_terminal_for_itself_and_Bridle_has_it_again_afterwards(string plain)
    {
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Say("Heard it."), FakeTurn.Say("And that."), FakeTurn.Say("That too."));

        // Reads a line as the terminal hands it over, so everything that is not put back shows; and Ctrl+C is the editor's own.
        var editor = _place.Write("bin/edit", "#!/bin/sh\ntrap 'echo caught' INT\nstty -a | grep -qw -- '-icanon' && echo raw || echo cooked\nstty -a | grep -qw -- '-echo' && echo silent\necho \"editing $(basename \"$1\")\"\nuntil read -r line; do :; done\n[ -z \"$line\" ] || printf '%s\\n' \"$line\" > \"$1\"\n");
        File.SetUnixFileMode(editor, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _place.Environment["EDITOR"] = editor;
        await using var tmux = await Tmux.OpenAsync(_place, "bash", "--norc", "-c", $"trap : INT; env -u TMUX -u TMUX_PANE '{Place.Program}' chat -m {Vendors.Model("openai")} --session s{plain}; echo \"exit:$?\"; trap '' INT; exec cat");
        await tmux.WaitForAsync(plain.Length > 0 ? "\n>" : "❯");
        await tmux.SayAsync("/editor");
        await tmux.WaitForAsync("editing prompt.md");
        await tmux.PressAsync(Tmux.CtrlC);
        await tmux.WaitForAsync("caught");
        await tmux.PressAsync(Tmux.CtrlC);
        await tmux.WaitForAsync("caught", 2);
        await tmux.PasteAsync("écrit par moi");
        await tmux.PressAsync(Tmux.Enter);
        var shown = await tmux.WaitForAsync("Heard it.");
        Assert.Contains("cooked\nediting prompt.md\n", shown, StringComparison.Ordinal);
        Assert.Equal("écrit par moi", vendor.Bodies[^1].GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString()!.TrimEnd('\n'));

        // Keys are Bridle's again, and a second time works as the first did.
        await tmux.SayAsync("By hand.");
        await tmux.WaitForAsync("And that.");
        await tmux.SayAsync("/editor");
        await tmux.WaitForAsync("editing prompt.md", 2);
        await tmux.PressAsync(Tmux.Enter);
        await tmux.WaitForAsync("It was not saved, so nothing is sent.");
        await tmux.SayAsync("/session edit");
        await tmux.WaitForAsync("editing session_s.jsonl");
        await tmux.PressAsync(Tmux.Enter);
        await tmux.WaitForAsync("s.jsonl\n\n");
        await tmux.SayAsync("Still there?");
        shown = await tmux.WaitForAsync("That too.");
        Assert.DoesNotContain("raw", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("silent", shown, StringComparison.Ordinal);
        await tmux.SayAsync("/exit");
        await tmux.WaitForAsync("exit:0");
    }
}
