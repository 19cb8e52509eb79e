using Bridle.Cli.Terminals;

namespace Bridle.Cli.Tests.Terminals;

public sealed class LineReaderTests
{
    private readonly InputHistory _history = new();

    private async Task<(LineEnd End, string Text)> ReadAsync(FakeKeys keys, TextWriter? screen = null, int width = 80) =>
        await new LineReader(new StrokeReader(keys), screen ?? new StringWriter(), () => width, _history).ReadAsync("> ", TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("hello{enter}", "hello")]
    [InlineData("helo{left}l{enter}", "hello")]
    [InlineData("hello{back}{back}y{enter}", "hely")]
    [InlineData("abc{home}x{end}y{enter}", "xabcy")]
    [InlineData("abc{ctrl-a}{del}{ctrl-e}d{enter}", "bcd")]
    [InlineData("one two{ctrl-w}three{enter}", "one three")]
    [InlineData("one two{ctrl-u}x{enter}", "x")]
    [InlineData("one two{home}{right}{right}{right}{ctrl-k}{enter}", "one")]
    [InlineData("one two{ctrl-left}my {enter}", "one my two")]
    [InlineData("one two{home}{ctrl-right}ly{enter}", "onely two")]
    [InlineData("a{alt-enter}b{enter}", "a\nb")]
    [InlineData("a{ctrl-j}b{enter}", "a\nb")]
    [InlineData("a{ctrl-enter}b{enter}", "a\nb")]
    [InlineData("a{alt-enter}bc{home}x{enter}", "a\nxbc")]
    [InlineData("gone{esc}here{enter}", "here")]
    [InlineData("x{ctrl-d}y{enter}", "xy")]
    [InlineData("e\u0301x{left}{back}{enter}", "x")]
    [InlineData("👍x{left}{back}{enter}", "x")]
    [InlineData("{left}{back}{del}{right}a{enter}", "a")]
    public async Task Editing_keys_do_what_they_do_everywhere(string keys, string text) => Assert.Equal((LineEnd.Entered, text), await ReadAsync(new(keys)));

    [Fact]
    public async Task The_end_of_input_is_told_from_an_empty_line()
    {
        Assert.Equal((LineEnd.Entered, ""), await ReadAsync(new("{enter}")));
        Assert.Equal((LineEnd.Closed, ""), await ReadAsync(new("{ctrl-d}")));
        Assert.Equal((LineEnd.Escaped, ""), await ReadAsync(new("{esc}")));
        Assert.Equal((LineEnd.Closed, "half"), await ReadAsync(new FakeKeys("half").Close()));
    }

    [Fact]
    public async Task A_paste_of_several_lines_is_one_message() =>
        Assert.Equal((LineEnd.Entered, "line one\nline two\n"), await ReadAsync(new FakeKeys().Paste("line one\nline two\n ").Type("{back}{enter}")));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_paste_is_text_whatever_is_in_it_and_ten_thousand_lines_of_it_take_no_time(bool marked)
    {
        var text = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"line {i} of what is pasted\n"));
        var keys = marked ? new FakeKeys("{esc}[200~").Paste(text).Type("{esc}[201~{enter}") : new FakeKeys().Paste(text).Type("{enter}");
        var before = System.Diagnostics.Stopwatch.StartNew();
        var screen = new StringWriter();
        var read = await new LineReader(new StrokeReader(keys, marked: marked), screen, () => 80) { Plain = true }.ReadAsync("> ", TestContext.Current.CancellationToken);
        Assert.Equal((LineEnd.Entered, text), read);
        Assert.True(before.Elapsed < TimeSpan.FromSeconds(5), $"{before.Elapsed}");
        Assert.InRange(screen.ToString().Length, text.Length, text.Length + 100);
    }

    [Fact]
    public async Task A_paste_with_colours_stays_whole_where_lines_are_read_one_after_another() =>
        Assert.Equal((LineEnd.Entered, "\x1b[31mred\x1b[0m\ny"), await ReadAsync(new("{esc}[200~{esc}[31mred{esc}[0m{enter}y{esc}[201~{enter}")));

    [Fact]
    public async Task History_goes_back_and_forth_and_keeps_the_unfinished_line()
    {
        await ReadAsync(new("first{enter}"));
        await ReadAsync(new("second{enter}"));
        Assert.Equal("first", (await ReadAsync(new("{up}{up}{up}{enter}"))).Text);
        Assert.Equal("draft!", (await ReadAsync(new("draft{up}{down}{down}!{enter}"))).Text);
    }

    [Fact]
    public async Task A_cancelled_read_keeps_what_was_typed()
    {
        using var cancel = new CancellationTokenSource();
        var keys = new FakeKeys("half");
        var reader = new LineReader(new StrokeReader(keys), new StringWriter(), () => 80);
        var read = reader.ReadAsync("> ", cancel.Token);
        while (reader.Draft != "half")
        {
            await Task.Yield();
        }

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        Assert.Equal("half", reader.Draft);
        keys.Type(" done{enter}");
        Assert.Equal("half done", (await reader.ReadAsync("> ", TestContext.Current.CancellationToken)).Text);
    }

    [Theory]
    [InlineData("short", 80)]
    [InlineData("a text that is a good deal longer than the twenty columns of this terminal", 20)]
    [InlineData("exactly eighteen c", 20)]
    [InlineData("漢字漢字漢字漢字漢字漢字漢字", 20)]
    [InlineData("two\nlines", 20)]
    public async Task The_screen_shows_the_whole_text_once_however_it_wraps(string text, int width)
    {
        var screen = new StringWriter();
        await ReadAsync(new FakeKeys(text.Replace("\n", "{alt-enter}", StringComparison.Ordinal) + "{home}{end}{enter}"), screen, width);
        var seen = new TinyTerminal(width);
        seen.Write(screen.ToString());
        Assert.Equal($"> {text}".Replace("\n", "", StringComparison.Ordinal), seen.Text);
    }

    /// <summary>As much of a terminal as the reader uses.</summary>
    private sealed class TinyTerminal(int width)
    {
        private readonly List<string[]> _rows = [];
        private int _row;
        private int _column;

        public string Text => string.Concat(_rows.Select(row => string.Concat(row)));

        public void Write(string text)
        {
            for (var i = 0; i < text.Length; i++)
            {
                switch (text[i])
                {
                    case '\r':
                        _column = 0;
                        break;
                    case '\n':
                        (_row, _column) = (_row + 1, 0);
                        break;
                    case '\x1b':
                        i = Sequence(text, i + 2);
                        break;
                    case ' ' when text[i + 1] == '\r':
                        // Only makes the terminal wrap.
                        Put("");
                        break;
                    default:
                        Put(text[i].ToString());
                        break;
                }
            }
        }

        private int Sequence(string text, int at)
        {
            var end = at;
            while (char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            var count = end > at ? int.Parse(text[at..end], System.Globalization.CultureInfo.InvariantCulture) : 1;
            switch (text[end])
            {
                case 'A':
                    Assert.InRange(_row - count, 0, 100);
                    _row -= count;
                    break;
                case 'C':
                    _column += count;
                    break;
                case 'J':
                    Row();
                    Array.Fill(_rows[_row], "", _column, width - _column);
                    _rows.RemoveRange(_row + 1, _rows.Count - _row - 1);
                    break;
                default:
                    Assert.Fail($"Not known here: {text[end]}");
                    break;
            }

            return end;
        }

        private void Put(string character)
        {
            var taken = character.Length == 0 ? 1 : TextWidth.Of(System.Text.Rune.GetRuneAt(character, 0));
            if (_column + taken > width)
            {
                (_row, _column) = (_row + 1, 0);
            }

            Row();
            _rows[_row][_column] = character;
            _column += taken;
        }

        private void Row()
        {
            while (_rows.Count <= _row)
            {
                _rows.Add([.. Enumerable.Repeat("", width)]);
            }
        }
    }
}
