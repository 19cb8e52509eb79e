using Bridle.Cli.Terminals;

namespace Bridle.Cli.Tests.Terminals;

public sealed class StrokeReaderTests
{
    private static async Task<List<Stroke>> ReadAsync(FakeKeys keys)
    {
        var (reader, strokes) = (new StrokeReader(keys.Close(), TimeSpan.FromSeconds(5)), new List<Stroke>());
        while (await reader.ReadAsync(TestContext.Current.CancellationToken) is { } stroke)
        {
            strokes.Add(stroke);
        }

        return strokes;
    }

    [Fact]
    public async Task A_bracketed_paste_is_one_stroke_whatever_is_in_it()
    {
        var strokes = await ReadAsync(new FakeKeys("a{esc}[200~one{enter}{tab}two \x1b[31m; rm -rf {enter}{esc}[201~b"));
        Assert.Equal(["a", "one\n\ttwo \x1b[31m; rm -rf \n", "b"], strokes.Select(stroke => stroke.Text));
        Assert.Equal([false, true, false], strokes.Select(stroke => stroke.IsPaste));
    }

    [Theory]
    [InlineData("{esc}[200~a \x1b[31mb{alt-[}201~x", "a \x1b[31mb")]
    [InlineData("{alt-[}200~a{alt-[}31mb{esc}[201~x", "a\x1b[31mb")]
    public async Task A_paste_that_the_terminal_cut_in_the_middle_of_an_escape_is_whole_and_ends(string keys, string pasted)
    {
        var strokes = await ReadAsync(new FakeKeys(keys));
        Assert.Equal([(pasted, true), ("x", false)], strokes.ConvertAll(stroke => (stroke.Text, stroke.IsPaste)));
    }

    [Fact]
    public async Task Ten_thousand_pasted_lines_arrive_whole()
    {
        var text = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"line {i} of what is pasted\n"));
        var strokes = await ReadAsync(new FakeKeys("{esc}[200~").Paste(text).Type("{esc}[201~"));
        Assert.Equal(text, Assert.Single(strokes).Text);
    }

    [Theory]
    [InlineData("{esc}{enter}", ConsoleKey.Enter, ConsoleModifiers.Alt)]
    [InlineData("{esc}[Z", ConsoleKey.Tab, ConsoleModifiers.Shift)]
    [InlineData("{esc}[13;2u", ConsoleKey.Enter, ConsoleModifiers.Alt)]
    [InlineData("{esc}[A", ConsoleKey.UpArrow, ConsoleModifiers.None)]
    [InlineData("{esc}[99;99X{left}", ConsoleKey.LeftArrow, ConsoleModifiers.None)]
    public async Task Sequences_that_the_console_does_not_know_are_put_together_and_others_dropped(string keys, ConsoleKey key, ConsoleModifiers modifiers)
    {
        var stroke = Assert.Single(await ReadAsync(new FakeKeys(keys)));
        Assert.Equal((key, modifiers), (stroke.Key.Key, stroke.Key.Modifiers));
    }

    [Fact]
    public async Task A_lone_escape_is_escape_and_two_are_two()
    {
        Assert.Equal([ConsoleKey.Escape, ConsoleKey.Escape], (await ReadAsync(new FakeKeys("{esc}{esc}"))).Select(stroke => stroke.Key.Key));
        var keys = new FakeKeys("{esc}");
        var escape = await new StrokeReader(keys, TimeSpan.FromMilliseconds(1)).ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ConsoleKey.Escape, escape!.Value.Key.Key);
    }

    [Theory]
    [InlineData("a{up}b{home}c{ctrl-up}d", "abcd")]
    [InlineData("{left}{esc}[31mred{down}{esc}[0m{enter}{del}", "\x1b[31mred\x1b[0m\n")]
    public async Task Keys_that_the_console_made_of_what_is_in_a_paste_are_left_out_of_it(string pasted, string text) =>
        Assert.Equal([(text, true), ("x", false)], (await ReadAsync(new FakeKeys($"{{esc}}[200~{pasted}{{esc}}[201~x"))).ConvertAll(stroke => (stroke.Text, stroke.IsPaste)));

    [Theory]
    [InlineData("y", "y", false, null)]
    [InlineData("y{enter}", "y", false, ConsoleKey.Enter)]
    [InlineData("hello{enter}", "hello", true, ConsoleKey.Enter)]
    [InlineData("one{enter}two{enter}", "one\ntwo", true, ConsoleKey.Enter)]
    [InlineData("{esc}[31mred{esc}[0m and yes", "red\x1b[0m and yes", true, null)]
    [InlineData("no{left}", "no", true, ConsoleKey.LeftArrow)]
    public async Task Where_no_paste_is_marked_what_comes_together_is_one_and_only_the_last_line_end_is_a_key(string keys, string text, bool paste, ConsoleKey? then)
    {
        var reader = new StrokeReader(new FakeKeys(keys).Close(), TimeSpan.FromSeconds(5), marked: false);
        var stroke = await reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal((text, paste), (stroke!.Value.Text, stroke.Value.IsPaste));
        Assert.Equal(then, (await reader.ReadAsync(TestContext.Current.CancellationToken))?.Key.Key);
    }

    [Fact]
    public async Task A_wait_that_is_cancelled_in_the_middle_of_a_paste_loses_nothing_of_it()
    {
        var (keys, enough) = (new FakeKeys("{esc}[200~half"), new CancellationTokenSource());
        var reader = new StrokeReader(keys, TimeSpan.FromSeconds(5));
        var waiting = reader.ReadAsync(enough.Token).AsTask();
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        keys.Type(" and half{esc}[201~");
        Assert.Equal("half and half", (await reader.ReadAsync(TestContext.Current.CancellationToken))!.Value.Text);
    }

    [Fact]
    public async Task The_mark_of_a_paste_that_comes_in_pieces_over_a_slow_line_is_one()
    {
        var keys = new FakeKeys("{esc}[20");
        var reader = new StrokeReader(keys, TimeSpan.FromMilliseconds(200));
        var first = reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();
        await Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken);
        keys.Type("0~yes{esc}[201~");
        Assert.Equal(("yes", true), (await first is { } stroke ? (stroke.Text, stroke.IsPaste) : default));
    }

    [Fact]
    public async Task A_character_of_two_halves_is_one_stroke() => Assert.Equal(["😀", "x"], (await ReadAsync(new FakeKeys("😀x"))).Select(stroke => stroke.Text));

    [Fact]
    public async Task A_paste_whose_end_never_comes_does_not_keep_the_keyboard()
    {
        var keys = new FakeKeys("{esc}[200~half");
        var reader = new StrokeReader(keys, TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(50));
        Assert.Equal("half", (await reader.ReadAsync(TestContext.Current.CancellationToken))!.Value.Text);
        keys.Type("x");
        Assert.Equal("x", (await reader.ReadAsync(TestContext.Current.CancellationToken))!.Value.Text);
    }
}
