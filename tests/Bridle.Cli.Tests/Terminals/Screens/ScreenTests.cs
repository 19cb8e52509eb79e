using Bridle.Cli.Terminals;
using Bridle.Cli.Terminals.Screens;

namespace Bridle.Cli.Tests.Terminals.Screens;

public sealed class ScreenTests
{
    private VirtualTerminal _terminal = new(20, 6);
    private LiveRegion _live = LiveRegion.Empty;

    private Screen Make(int width = 20, int height = 6)
    {
        _terminal = new(width, height);
        return new Screen(_terminal, () => (_terminal.Width, _terminal.Height), (_, _) => _live);
    }

    private void Show(Screen screen, params string[] lines)
    {
        _live = new(lines, lines.Length == 0 ? null : (lines.Length - 1, StyledText.Width(lines[^1])));
        screen.Invalidate();
        screen.Frame();
    }

    [Fact]
    public void What_is_taken_back_goes_also_when_the_next_lines_are_marked_before_it_is_painted()
    {
        var screen = Make();
        screen.Commit("before");
        Show(screen, "> ");
        foreach (var half in new[] { "half\none", "half two" })
        {
            screen.Mark(kept: false);
            screen.Commit(half);
            Show(screen, "> ");
            screen.TakeBack();
        }

        screen.Mark(kept: false);
        screen.Commit("whole");
        Show(screen, "> ");
        Assert.Equal("before\nwhole\n>", _terminal.Text);
    }

    [Fact]
    public void After_the_terminal_was_lent_it_is_painted_without_anybody_asking_for_it()
    {
        var (screen, wanted) = (Make(), 0);
        Show(screen, "working", "> ");
        screen.Wanted = () => wanted++;
        using (screen.Lend())
        {
            screen.Invalidate();
        }

        Assert.True(wanted > 0);
        Assert.True(screen.Frame());
        Assert.EndsWith("working\n>▏", _terminal.Window.Replace("> ▏", ">▏", StringComparison.Ordinal), StringComparison.Ordinal);
        wanted = 0;
        screen.Invalidate();
        Assert.Equal(1, wanted);
    }

    [Fact]
    public void Committed_lines_stay_above_a_live_region_that_is_painted_in_place()
    {
        var screen = Make();
        Show(screen, "working", "> ");
        screen.Commit("first\nsecond");
        Show(screen, "working more", "> a");
        Assert.Equal("first\nsecond\nworking more\n> a▏", _terminal.Window);
        Show(screen, "> ab");
        Assert.Equal("first\nsecond\n> ab▏", _terminal.Window);
        for (var i = 0; i < 10; i++)
        {
            screen.Commit($"line {i}");
            Show(screen, "x", "y", "> ");
        }

        Assert.Equal("first\nsecond\n" + string.Concat(Enumerable.Range(0, 10).Select(i => $"line {i}\n")) + "x\ny\n>", _terminal.Text);
        screen.Clear();
        Assert.EndsWith("line 9", _terminal.Text);
    }

    [Fact]
    public void What_is_taken_back_goes_from_the_window_and_the_scrollback_keeps_what_it_has()
    {
        var screen = Make(20, 8);
        screen.Commit("before");
        Show(screen, "open", ">");
        screen.Mark(kept: false);
        screen.Commit("one");
        Show(screen, "open", ">");
        screen.Commit("wider than the window is");
        Show(screen, "open", ">");

        // One line more, which no frame has shown yet.
        screen.Commit("unseen");
        screen.TakeBack();
        screen.Commit("a notice");
        Show(screen, ">");
        Assert.Equal("before\na notice\n>", _terminal.Text);
        screen.Mark(kept: false);
        for (var i = 0; i < 30; i++)
        {
            screen.Commit($"line {i}");
            Show(screen, ">");
        }

        screen.TakeBack();
        screen.Commit("another notice");
        Show(screen, ">");
        Assert.StartsWith("before\na notice\nline 0\n", _terminal.Text, StringComparison.Ordinal);
        Assert.EndsWith("\nline 23\nanother notice\n>", _terminal.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kept")]
    [InlineData("resized")]
    [InlineData("lent")]
    [InlineData("nothing")]
    public void What_was_said_for_good_or_stands_elsewhere_by_now_is_not_taken_back(string how)
    {
        var screen = Make();
        screen.Commit("before");
        Show(screen, "> ");
        screen.Mark(kept: false);
        screen.Commit(how == "nothing" ? "" : "withdrawn");
        Show(screen, "> ");
        switch (how)
        {
            case "kept":
                screen.Mark(kept: true);
                screen.Commit("a notice");
                break;
            case "resized":
                _terminal.Resize(30, 8);
                break;
            case "lent":
                screen.Lend().Dispose();
                break;
            default:
                screen.TakeBack();
                screen.TakeBack();
                break;
        }

        Show(screen, "> ");
        screen.TakeBack();
        Show(screen, "> ");
        Assert.Contains(how switch { "kept" => "before\nwithdrawn\na notice\n>", "nothing" => "before", _ => "before\nwithdrawn\n" }, _terminal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frame_without_a_change_writes_nothing_and_a_change_only_its_line()
    {
        var screen = Make(80, 24);
        Show(screen, "one", "two", "three", "> ");
        var before = screen.Written;
        Show(screen, "one", "two", "three", "> ");
        Assert.Equal(before, screen.Written);
        Show(screen, "one", "TWO", "three", "> ");
        Assert.InRange(screen.Written - before, 1, 50);
        Assert.Equal("one\nTWO\nthree\n> ▏", _terminal.Window);
    }

    [Fact]
    public void More_live_lines_than_the_window_has_show_their_last_ones()
    {
        var screen = Make();
        Show(screen, [.. Enumerable.Range(0, 30).Select(i => $"l{i}")]);
        Show(screen, [.. Enumerable.Range(0, 31).Select(i => $"l{i}")]);
        Assert.Equal("l26\nl27\nl28\nl29\nl30", _terminal.Text);
    }

    [Fact]
    public void Lines_that_are_too_long_are_cut_when_live_and_wrapped_by_the_terminal_when_committed()
    {
        var screen = Make();
        screen.Commit("a line that is longer than twenty columns");
        Show(screen, "漢字漢字漢字漢字漢字漢字漢字", "> ");
        Assert.Equal("a line that is longe\nr than twenty column\ns\n漢字漢字漢字漢字漢…\n>", _terminal.Text);
        screen.Commit("exactly twenty cols.");
        Show(screen, "> ");
        Assert.EndsWith("exactly twenty cols.\n>", _terminal.Text);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(13)]
    [InlineData(40)]
    public void After_a_resize_nothing_of_the_old_live_region_is_left(int width)
    {
        var screen = Make(20, 12);
        screen.Commit("said");
        Show(screen, "a live line 1234567", "status", "> typed some words");
        _terminal.Resize(width, 12);
        Show(screen, "new", "> x");
        Assert.Equal("said\nnew\n> x", _terminal.Text);
        screen.Commit("more");
        Show(screen, "> y");
        Assert.Equal("said\nmore\n> y", _terminal.Text);
    }

    [Fact]
    public void Nothing_but_known_colours_passes_the_screen()
    {
        var screen = Make(80, 10);
        screen.Commit("\x1b[1mbold\x1b[0m \x1b[8mhidden \x1b]0;title\a \x1b[2J \u202Eback\u2066 \u009b3J \r over\bwrite\n\x1b[31");
        Show(screen, "\x1b[H live\u0007\u202e", "\t> ");
        Assert.Equal("bold ␛[8mhidden ␛]0;title␇ ␛[2J <U+202E>back<U+2066> <U+009B>3J ␍ over␈write\n␛[31\n␛[H live␇<U+202E>\n    >", _terminal.Text);
        Assert.Equal(["", "1"], _terminal.Styles.Order());
    }

    [Fact]
    public void A_style_over_several_lines_is_ended_with_each_and_never_colours_what_is_live()
    {
        var written = new StringWriter();
        var plain = new Screen(written, () => (80, 10), (_, _) => _live);
        plain.Commit(new Styling(true).Yellow("one\ntwo"));
        plain.Frame();
        Assert.Contains("\x1b[33mone\x1b[0m\r\n\x1b[33mtwo\x1b[0m\r\n", written.ToString());
    }

    [Fact]
    public void Two_thousand_chunks_a_second_make_at_most_sixty_frames_of_a_bounded_size()
    {
        var (time, pressed) = (new VirtualTime(), 0);
        var screen = Make(80, 24);
        var writer = new ScreenWriter(screen);
        var loop = new ScreenLoop(screen, _ => pressed++, time);
        for (var millisecond = 0; millisecond < 1000; millisecond++)
        {
            writer.Write("some words of a reply ");
            writer.Write(millisecond % 3 == 0 ? "and a line\n" : "and more ");
            _live = new([StyledText.Cut(writer.Open, 60), "> "], (1, 2));
            loop.Step();
            time.Move(TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(_terminal.Frames, 30, ScreenLoop.FramesASecond + 1);
        Assert.InRange(_terminal.LongestWrite, 1, 4096);
    }

    [Fact]
    public void A_key_is_handled_before_output_that_waits_however_much_that_is()
    {
        var time = new VirtualTime();
        var screen = Make(80, 24);
        long? writtenWhenPressed = null;
        var loop = new ScreenLoop(screen, _ => writtenWhenPressed = screen.Written, time);
        screen.Commit(string.Join('\n', Enumerable.Range(0, 100_000).Select(i => $"line {i} of a very long output")));
        loop.Step();
        loop.Press(Stroke.Of(new('x', ConsoleKey.X, false, false, false)));
        loop.Step();
        Assert.InRange(writtenWhenPressed!.Value, 1, Screen.MostCommitted * 2);
        Assert.InRange(_terminal.LongestWrite, 1, Screen.MostCommitted * 2);
        while (screen.IsDirty)
        {
            time.Move(TimeSpan.FromMilliseconds(17));
            loop.Step();
        }

        Assert.Contains("line 99999 of a very long output", _terminal.Text);
    }

    [Fact]
    public async Task The_loop_paints_when_something_is_committed_and_ends_when_it_is_cancelled()
    {
        var screen = Make();
        var pressed = new TaskCompletionSource();
        var loop = new ScreenLoop(screen, _ => pressed.TrySetResult(), TimeProvider.System);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = loop.RunAsync(over.Token);
        loop.Press(default);
        await pressed.Task.WaitAsync(TimeSpan.FromSeconds(30), over.Token);
        screen.Commit("hello");
        while (screen.IsDirty)
        {
            await Task.Yield();
        }

        await over.CancelAsync();
        await running;
        Assert.Equal("hello", _terminal.Text);
    }
}
