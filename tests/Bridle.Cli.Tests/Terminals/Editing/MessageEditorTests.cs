using Bridle.Cli.Terminals;
using Bridle.Cli.Terminals.Editing;

namespace Bridle.Cli.Tests.Terminals.Editing;

public sealed class MessageEditorTests
{
    private readonly InputHistory _history = new();

    private MessageEditor Make() => new(_history, text => text switch
    {
        ['/', ..] => new(0, [.. ((Suggestion[])[new("/model", "which model", false), new("/mode", "which mode", true), new("/cost", "what it took", true)]).Where(one => one.Text.StartsWith(text, StringComparison.Ordinal))], true),
        [.., '@', 's'] => new(text.Length - 2, [new("@src/a.cs"), new("@src/b.cs")], true),
        _ => null,
    });

    /// <summary>Types a script of keys and gives every message that was sent.</summary>
    private static async Task<List<string>> TypeAsync(MessageEditor editor, FakeKeys keys)
    {
        var (reader, sent) = (new StrokeReader(keys.Close(), TimeSpan.FromMilliseconds(20)), new List<string>());
        while (await reader.ReadAsync(TestContext.Current.CancellationToken) is { } stroke)
        {
            if (editor.Press(stroke) is EditorEnd.Sent)
            {
                sent.Add(editor.Take().Text);
            }
        }

        return sent;
    }

    [Theory]
    [InlineData("hello{enter}", "hello")]
    [InlineData("one{alt-enter}two{enter}", "one\ntwo")]
    [InlineData("one\\{enter}two{enter}", "one\ntwo")]
    [InlineData("one{ctrl-j}two{enter}", "one\ntwo")]
    [InlineData("one{ctrl-enter}two{enter}", "one\ntwo")]
    [InlineData("one{ctrl-j}two{up}X{down}Y{enter}", "oneX\ntwoY")]
    [InlineData("{esc}[200~a{enter}b{esc}[201~!{enter}", "a\nb!")]
    [InlineData("/co{enter}", "/cost")]
    [InlineData("/mod{down}{enter}", "/mode")]
    [InlineData("/mod{enter}x/y{enter}", "/model x/y")]
    [InlineData("/model{enter}", "/model")]
    [InlineData("/nothing{enter}", "/nothing")]
    [InlineData("see @s{tab}please{enter}", "see @src/a.cs please")]
    [InlineData("see @s{down}{enter}{enter}", "see @src/b.cs ")]
    [InlineData("👨‍👩‍👧{back}x{enter}", "x")]
    public async Task Keys_write_a_message(string keys, string message) => Assert.Equal([message], await TypeAsync(Make(), new(keys)));

    [Fact]
    public async Task Escape_closes_the_list_first_and_what_is_typed_stays()
    {
        var editor = Make();
        await TypeAsync(editor, new("/mo"));
        Assert.NotNull(editor.Picker);
        Assert.Equal(EditorEnd.None, editor.Press(Stroke.Of(new('\x1b', ConsoleKey.Escape, false, false, false))));
        Assert.Equal(["/mo"], await TypeAsync(editor, new("{enter}")));
        Assert.Equal(EditorEnd.Escaped, editor.Press(Stroke.Of(new('\x1b', ConsoleKey.Escape, false, false, false))));
    }

    [Fact]
    public async Task A_long_paste_is_a_mark_that_is_removed_as_one_and_sent_whole()
    {
        var (editor, text) = (Make(), string.Concat(Enumerable.Range(0, 10_000).Select(i => $"line {i}\n")));
        await TypeAsync(editor, new FakeKeys("see {esc}[200~").Paste(text).Type("{esc}[201~ and {esc}[200~").Paste(text).Type("{esc}[201~"));
        Assert.Equal("see [pasted #1: 10000 lines] and [pasted #2: 10000 lines]", editor.Text);
        Assert.Equal(["see " + text + " and "], await TypeAsync(editor, new("{back}{enter}")));
        Assert.Empty(editor.Text);
    }

    [Fact]
    public async Task A_pasted_text_that_looks_like_a_mark_stays_as_it_was_pasted()
    {
        var (editor, text) = (Make(), "[pasted #1: 9 lines]\n" + new string('\n', 8) + "x");
        await TypeAsync(editor, new FakeKeys("{esc}[200~").Paste(text).Type("{esc}[201~"));
        Assert.Equal([text], await TypeAsync(editor, new("{enter}")));
    }

    [Fact]
    public async Task History_is_gone_through_and_searched()
    {
        var editor = Make();
        Assert.Equal(["first thing", "second", "first again"], await TypeAsync(editor, new("first thing{enter}second{enter}first again{enter}")));
        Assert.Equal(["second"], await TypeAsync(editor, new("{up}{up}{enter}")));
        var search = new HistorySearch(["apple tart", "banana bread", "apple pie"]);
        foreach (var (letter, found) in "apple".Select(letter => (letter, "apple pie")).Concat([(' ', "apple pie"), ('t', "apple tart")]))
        {
            search.Type(letter.ToString());
            Assert.Equal(found, search.Match);
        }

        await TypeAsync(editor, new("{ctrl-r}FIRST"));
        Assert.Equal("first again", editor.Search!.Match);
        await TypeAsync(editor, new("{ctrl-r}"));
        Assert.Equal("first thing", editor.Search!.Match);
        Assert.Equal(["first thing!"], await TypeAsync(editor, new("{enter}!{enter}")));
        await TypeAsync(editor, new("draft{ctrl-r}nowhere"));
        Assert.Null(editor.Search!.Match);
        await TypeAsync(editor, new("{esc}"));
        Assert.Equal("draft", editor.Text);
    }

    [Fact]
    public async Task The_lines_show_the_message_the_cursor_and_what_it_may_become()
    {
        var editor = Make();
        await TypeAsync(editor, new("漢字 one two three{ctrl-j}x\u202Ey{ctrl-j}/m"));
        var drawn = EditorLines.Of(editor, "❯ ", 14, 10, new(false));
        Assert.Equal(["❯ 漢字 one two", "   three", "  x<U+202E>y", "  /m"], drawn.Lines);
        Assert.Equal((3, 4), drawn.Cursor);
        editor.Set("");
        await TypeAsync(editor, new("/mod{down}"));
        Assert.Equal(["❯ /mod", "  /model  which model", "› /mode   which mode"], EditorLines.Of(editor, "❯ ", 40, 10, new(false)).Lines);
        editor.Set(string.Join('\n', Enumerable.Range(0, 50)));
        Assert.Equal(["  47", "  48", "  49"], EditorLines.Of(editor, "❯ ", 40, 3, new(false)).Lines);
    }
}
