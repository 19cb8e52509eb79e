using System.Text.Json;
using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

public sealed class TerminalApprovalTests : IDisposable
{
    private const string Question = "[y] yes, once";

    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    private async Task<Tmux> AskedAsync()
    {
        var tmux = await Tmux.StartAsync(_place, "chat", "-m", Vendors.Model("openai"));
        await tmux.WaitForAsync("❯");
        await tmux.SayAsync("Go.");
        await tmux.WaitForAsync(Question);
        return tmux;
    }

    private static FakeTurn Bash(string command) => FakeTurn.Call("Bash", $$"""{"command":"{{JsonEncodedText.Encode(command)}}"}""");

    private bool Exists(string path) => File.Exists(Path.Combine(_place.Work, path));

    [Fact]
    public async Task The_whole_command_is_shown_with_what_is_hidden_in_it_and_runs_after_a_yes()
    {
        var command = $"echo {new string('x', 300)} 'a\x1b[8mb\u202Ec\u200Bd' > made.txt; echo the very end";
        await using var vendor = Vendors.Make("openai", _place, Bash(command), FakeTurn.Say("Done it."));
        await using var tmux = await AskedAsync();
        var asked = await tmux.UnbrokenAsync();
        Assert.Contains("? Bash asks to run  (isolation: bubblewrap", asked, StringComparison.Ordinal);
        Assert.Contains($"  command: echo {new string('x', 300)} 'a␛[8mb<U+202E>c<U+200B>d' > made.txt; echo the very end\n", asked, StringComparison.Ordinal);
        Assert.Contains("  Asked because: ", asked, StringComparison.Ordinal);
        Assert.False(Exists("made.txt"));
        await tmux.TypeAsync("y");
        await tmux.WaitForAsync("Done it.");
        Assert.Contains("a\x1b[8mb\u202Ec\u200Bd", _place.Read("made.txt"), StringComparison.Ordinal);
        Assert.Contains("the very end", vendor.Bodies[^1].GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_no_and_its_reason_reach_the_model_and_nothing_runs()
    {
        await using var vendor = Vendors.Make("openai", _place, Bash("touch made"), FakeTurn.Say("Then not."));
        await using var tmux = await AskedAsync();
        await tmux.TypeAsync("n");
        await tmux.WaitForAsync("why not, for the model");
        await tmux.SayAsync("the name must be other");
        await tmux.WaitForAsync("Then not.");
        Assert.False(Exists("made"));
        Assert.Contains("The person said no: the name must be other", vendor.Bodies[^1].GetRawText(), StringComparison.Ordinal);
        Assert.Contains("✗ Bash touch made", await tmux.UnbrokenAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_key_but_the_listed_ones_decides()
    {
        await using var vendor = Vendors.Make("openai", _place, Bash("touch made"), FakeTurn.Say("Then not."));
        await using var tmux = await AskedAsync();
        await tmux.TypeAsync("x");
        await tmux.PressAsync(Tmux.Enter);
        await tmux.PasteAsync("y\nalways\n");
        await tmux.PressAsync("M-[", "F5", Tmux.Enter);
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.Single((await tmux.UnbrokenAsync()).Split(Question)[1..]);
        Assert.False(Exists("made"));
        Assert.Single(vendor.Bodies);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--plain")]
    public async Task Escape_with_a_letter_right_behind_it_is_no_and_a_paste_decides_nothing(string plain)
    {
        await using var vendor = Vendors.Make("openai", _place, Bash("touch made"), FakeTurn.Say("Then not."));
        await using var tmux = await Tmux.StartAsync(_place, ["chat", "-m", Vendors.Model("openai"), .. plain.Length > 0 ? [plain] : Array.Empty<string>()]);
        await tmux.WaitForAsync(plain.Length > 0 ? "\n>" : "❯");
        await tmux.PasteAsync("Go \x1b[31mon\x1b[0m.\nAnd on.\n");
        await tmux.PressAsync(Tmux.Enter);
        await tmux.WaitForAsync(Question);
        Assert.Contains("Go \\u001b[31mon\\u001b[0m.\\nAnd on.", vendor.Bodies[^1].GetRawText(), StringComparison.OrdinalIgnoreCase);
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        await tmux.PasteAsync("y\nalways\n");
        await tmux.PressAsync("Escape", "a");
        await tmux.WaitForAsync("for nothing): a");
        await tmux.SayAsync("nother time");
        await tmux.WaitForAsync("Then not.");
        Assert.False(Exists("made"));
        Assert.Contains("The person said no: another time", vendor.Bodies[^1].GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_yes_for_the_session_covers_the_same_command_and_no_other()
    {
        await using var vendor = Vendors.Make("openai", _place, Bash("touch a"), Bash("touch a"), Bash("touch a b"), FakeTurn.Say("That was it."));
        await using var tmux = await AskedAsync();
        Assert.Contains("[s] this session", await tmux.UnbrokenAsync(), StringComparison.Ordinal);
        await tmux.TypeAsync("s");
        var second = await tmux.WaitForAsync(Question, 2);
        Assert.Equal(2, second.Split("asks to run").Length - 1);
        Assert.Contains("  command: touch a b\n", second, StringComparison.Ordinal);
        Assert.Equal(3, vendor.Bodies.Count);
        await tmux.TypeAsync("n");
        await tmux.PressAsync(Tmux.Enter);
        await tmux.WaitForAsync("That was it.");
        Assert.True(Exists("a") && !Exists("b"));
    }

    [Fact]
    public async Task An_edited_command_runs_in_place_of_the_one_that_was_asked_for()
    {
        await using var vendor = Vendors.Make("openai", _place, Bash("touch made"), FakeTurn.Say("Done it."));
        await using var tmux = await AskedAsync();
        await tmux.TypeAsync("e");
        await tmux.WaitForAsync("  command: touch made", 2);
        await tmux.TypeAsync("-otherwise");
        await tmux.WaitForAsync("  command: touch made-otherwise");
        await tmux.PressAsync(Tmux.Enter);
        await tmux.WaitForAsync("Done it.");
        Assert.True(Exists("made-otherwise") && !Exists("made"));
    }

    [Fact]
    public async Task A_change_of_a_file_is_shown_as_a_diff_before_it_is_made()
    {
        _place.Write("old.txt", "alpha\nbeta\ngamma\n");
        await using var vendor = Vendors.Make("openai", _place,
            FakeTurn.Call("Read", """{"file_path":"old.txt"}"""),
            FakeTurn.Call("Edit", """{"file_path":"old.txt","old_string":"beta","new_string":"BETA"}"""),
            FakeTurn.Call("Write", """{"file_path":"new.txt","content":"one\ntwo\n"}"""), FakeTurn.Say("Changed."));
        await using var tmux = await AskedAsync();
        var edit = await tmux.UnbrokenAsync();
        Assert.Contains("? Edit asks to run", edit, StringComparison.Ordinal);
        Assert.Contains(" alpha\n-beta\n+BETA\n gamma\n", edit, StringComparison.Ordinal);
        Assert.Equal("alpha\nbeta\ngamma\n", _place.Read("old.txt"));
        await tmux.TypeAsync("y");
        var write = await tmux.WaitForAsync(Question, 2);
        Assert.Contains("+one\n+two\n", write, StringComparison.Ordinal);
        Assert.False(Exists("new.txt"));
        await tmux.TypeAsync("y");
        await tmux.WaitForAsync("Changed.");
        Assert.Equal(("alpha\nBETA\ngamma\n", "one\ntwo\n"), (_place.Read("old.txt"), _place.Read("new.txt")));
    }
}
