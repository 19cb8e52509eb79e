using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

public sealed class TerminalLookTests : IDisposable
{
    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Colours_are_used_unless_somebody_said_no(bool colours)
    {
        if (colours)
        {
            _place.Environment.Remove("NO_COLOR");
        }

        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Call("Write", """{"file_path":"a.txt","content":"one\n"}"""), FakeTurn.Say("Done."));
        await using var tmux = await Tmux.StartAsync(_place, "chat", "-m", Vendors.Model("openai"));
        await tmux.WaitForAsync("❯");
        await tmux.SayAsync("/help");
        await tmux.SayAsync("Go.");
        await tmux.WaitForAsync("[y] yes, once");
        await tmux.TypeAsync("y");
        await tmux.WaitForAsync("2 steps");
        Assert.Equal(colours, (await tmux.ColoursAsync()).Contains('\x1b'));
    }

    [Fact]
    public async Task On_80_columns_no_line_of_the_program_is_broken_by_the_terminal()
    {
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Call("Bash", """{"command":"touch a"}"""), FakeTurn.Fail(401, "the server's own rather long words about a key that it does not know at all"));
        await using var tmux = await Tmux.StartAsync(_place, "chat", "-m", Vendors.Model("openai"), "--session", "a-rather-long-name-of-a-session");
        await tmux.WaitForAsync("❯");
        foreach (var (command, answer) in new[]
        {
            ("/help", "begins a new line"), ("/tools", "WebFetch"), ("/mode bypass", "--mode bypass."), ("/mode nonsense", "The modes are"), ("/model nowhere/some-model", "from now on."), ("/nonsense", "lists them"),
        })
        {
            await tmux.SayAsync(command);
            await WaitForWordsAsync(tmux, answer);
        }

        await tmux.SayAsync("Go.");
        await tmux.WaitForAsync("[y] yes, once");
        await tmux.TypeAsync("n");
        await tmux.PressAsync(Tmux.Enter);
        await tmux.WaitForAsync("1 step");
        Assert.Equal(await tmux.UnbrokenAsync(), await tmux.ScreenAsync());
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("doctor")]
    [InlineData("run", "--help")]
    [InlineData("init", "--help")]
    [InlineData("run", "--nonsense", "a task")]
    [InlineData("models", "list")]
    [InlineData("init", "--provider", "nowhere")]
    public async Task Other_commands_break_their_lines_between_words_too(params string[] arguments)
    {
        await using var tmux = await Tmux.StartAsync(_place, arguments);
        await tmux.WaitForAsync(arguments is ["chat"] ? "[q] leave" : "exit:");
        Assert.Equal(await tmux.UnbrokenAsync(), await tmux.ScreenAsync());
    }

    // The words may stand on two lines.
    private static async Task WaitForWordsAsync(Tmux tmux, string words)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!string.Join(' ', (await tmux.UnbrokenAsync()).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Contains(words, StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(25), patience.Token);
        }
    }
}
