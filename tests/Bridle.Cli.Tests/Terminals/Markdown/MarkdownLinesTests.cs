using Bridle.Cli.Terminals;
using Bridle.Cli.Terminals.Markdown;
using Bridle.Cli.Terminals.Screens;

namespace Bridle.Cli.Tests.Terminals.Markdown;

public sealed class MarkdownLinesTests
{
    private static string Shown(string markdown, bool colours = true, int width = 60, int piece = int.MaxValue)
    {
        var lines = new MarkdownLines(new(colours), () => width);
        var shown = new List<string>();
        for (var at = 0; at < markdown.Length; at += Math.Min(piece, markdown.Length - at))
        {
            shown.AddRange(lines.Take(markdown.Substring(at, Math.Min(piece, markdown.Length - at))));
        }

        shown.AddRange(lines.End());
        return string.Join('\n', shown).Replace("\x1b[0m", "⟧", StringComparison.Ordinal).Replace("\x1b[", "⟦", StringComparison.Ordinal).Replace("⟦1m", "⟦B:", StringComparison.Ordinal)
            .Replace("⟦3m", "⟦I:", StringComparison.Ordinal).Replace("⟦36m", "⟦C:", StringComparison.Ordinal).Replace("⟦2m", "⟦D:", StringComparison.Ordinal).Replace("⟦4m", "⟦U:", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("**bold** and *it* and `code`", "⟦B:bold⟧ and ⟦I:it⟧ and ⟦C:code⟧")]
    [InlineData("a **b *c* d** e", "a ⟦B:b ⟦I:c⟧⟦B: d⟧ e")]
    [InlineData("2 * 3 * 4, snake_case_name, a*b", "2 * 3 * 4, snake_case_name, a*b")]
    [InlineData("`**no**` \\*no\\*", "⟦C:**no**⟧ *no*")]
    [InlineData("``a ` b``", "⟦C:a ` b⟧")]
    [InlineData("**never closed", "**never closed")]
    [InlineData("# Title", "⟦B:⟦U:Title⟧⟦B:⟧")]
    [InlineData("### Part ##", "⟦B:Part⟧")]
    [InlineData("#hash", "#hash")]
    [InlineData("- [ ] open\n- [x] done", "- ☐ open\n- ☑ done")]
    [InlineData("[words](http://a.b)", "⟦U:words⟧⟦D: (http://a.b)⟧")]
    [InlineData("<!-- not hidden --> &#27;[31m <b>x</b>", "<!-- not hidden --> &#27;[31m <b>x</b>")]
    [InlineData("~~gone~~", "⟦9mgone⟧")]
    public void Marks_become_styles(string markdown, string shown) => Assert.Equal(shown, Shown(markdown));

    [Fact]
    public void Without_colours_the_text_stays_as_it_was_written()
    {
        const string text = "# Title\n**bold** `code` [a](b)\n> quote\n---\n```csharp\nvar x = 1; // note\n```\n- [ ] item";
        Assert.Equal(text, Shown(text, colours: false));
    }

    [Fact]
    public void Lists_and_quotes_hang_and_words_stay_whole() =>
        Assert.Equal("- one two three\n  four five six\n  1. seven eight\n     nine ten\n> a quote that\n> is long", Shown("- one two three four five six\n  1. seven eight nine ten\n> a quote that is long", colours: false, width: 16));

    [Fact]
    public void Code_is_never_broken_nor_read_as_markdown() =>
        Assert.Equal("```\n**a** # b and a line that is longer than the width is\n```\nafter", Shown("```\n**a** # b and a line that is longer than the width is\n```\nafter", width: 20).Replace("⟦D:", "", StringComparison.Ordinal).Replace("⟧", "", StringComparison.Ordinal));

    [Fact]
    public void A_table_is_made_even_and_one_that_is_too_wide_stays_as_it_was()
    {
        const string table = "| a | bb |\n|---|:-:|\n| longer | 漢字 |\n| `x|y` | |\n\nend";
        Assert.Equal("| a      | bb   |\n|--------|------|\n| longer | 漢字 |\n| `x|y`  |      |\n\nend", Shown(table, colours: false));
        Assert.Equal("| a | bb |\n|---|:-:|\n| longer |\n  漢字 |\n| `x|y` | |\n\nend", Shown(table, colours: false, width: 12));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public void It_looks_the_same_in_whatever_pieces_it_comes(int piece)
    {
        const string text = "# T\r\n\nsome **bold** text 漢字\n```py\ns = '''a\nb''' # c\n```\n| a | b |\n|---|---|\n| 1 | 2 |\nlast `line`";
        Assert.Equal(Shown(text), Shown(text, piece: piece));
    }

    [Fact]
    public void A_finished_line_is_given_once_and_the_open_one_is_shown_meanwhile()
    {
        var lines = new MarkdownLines(new(false), () => 20);
        Assert.Empty(lines.Take("one"));
        Assert.Equal(["one"], lines.Open());
        Assert.Equal(["one two"], lines.Take(" two\n| a |"));
        Assert.Equal(["| a |"], lines.Open());
        lines.Drop();
        Assert.Empty(lines.Open());
        Assert.Empty(lines.End());
    }

    [Theory]
    [InlineData("a **b\nc** d", "a ⟦B:b⟧\n⟦B:c⟧ d")]
    [InlineData("*one\ntwo\nthree*\n\n*four*", "⟦I:one⟧\n⟦I:two⟧\n⟦I:three⟧\n\n⟦I:four⟧")]
    [InlineData("- **item\n  goes on** here\n- *not\n- closed*", "- ⟦B:item⟧\n  ⟦B:goes on⟧ here\n- *not\n- closed*")]
    [InlineData("**a *b\nc* d\ne** f", "⟦B:a ⟦I:b⟧\n⟦B:⟦I:c⟧⟦B: d⟧\n⟦B:e⟧ f")]
    [InlineData("~~gone\nand gone~~", "⟦9mgone⟧\n⟦9mand gone⟧")]
    [InlineData("**open\n\nthe next** one", "**open\n\nthe next** one")]
    [InlineData("**open\n# Title**", "**open\n⟦B:⟦U:Title**⟧⟦B:⟧")]
    [InlineData("**open\n```\ncode**\n```", "**open\n⟦D:```⟧\ncode**\n⟦D:```⟧")]
    [InlineData("5*3 is\n15 and 4*2", "5*3 is\n15 and 4*2")]
    [InlineData("> **q\n> r** s", "⟦D:│⟧ ⟦B:q⟧\n⟦D:│⟧ ⟦B:r⟧ s")]
    public void Emphasis_goes_over_the_lines_of_one_paragraph(string markdown, string shown)
    {
        Assert.Equal(shown, Shown(markdown));
        Assert.Equal(shown, Shown(markdown, piece: 1));
        Assert.Equal(markdown, Shown(markdown, colours: false));
    }

    [Fact]
    public void Lines_wait_for_the_end_of_an_emphasis_no_longer_than_a_paragraph_and_are_shown_meanwhile()
    {
        var lines = new MarkdownLines(new(true), () => 40);
        Assert.Equal(["one"], lines.Take("one\nit is **very\nlong"));
        Assert.Equal(["it is **very", "long"], lines.Open());
        Assert.Empty(lines.Take(" and goes on"));
        Assert.Equal(["it is \x1b[1mvery\x1b[0m", "\x1b[1mlong and goes on\x1b[0m"], lines.Take("** now").Count == 0 ? lines.Open().Select(line => line.Replace(" now", "", StringComparison.Ordinal)) : []);
        Assert.Equal(2, lines.Take("\n").Count);
        Assert.Empty(lines.Open());

        // A star that nobody closes.
        var shown = lines.Take("*note\n" + string.Concat(Enumerable.Repeat("line\n", 100))).Count;
        Assert.InRange(shown, 80, 101);
        Assert.Equal(101, shown + lines.End().Count);
    }

    [Fact]
    public void A_line_that_never_ends_is_not_held_back_for_ever()
    {
        var (lines, held, shown) = (new MarkdownLines(new(false), () => 80), 0, 0);
        for (var i = 0; i < 10_000; i++)
        {
            shown += lines.Take("0123456789").Sum(line => line.Length);
            held = Math.Max(held, i % 100 == 0 ? lines.Open().Sum(line => line.Length) : 0);
        }

        Assert.InRange(held, 1, 5_000);
        Assert.Equal(100_000, shown + lines.End().Sum(line => line.Length));
    }

    [Theory]
    [InlineData("csharp", "public int x = 0x1F; // why\n/* a\nb */ string s = \"a\\\"b\";", "⟦M:public⟧ ⟦M:int⟧ x = ⟦C:0x1F⟧; ⟦D:// why⟧\n⟦D:/* a⟧\n⟦D:b */⟧ ⟦M:string⟧ s = ⟦G:\"a\\\"b\"⟧;")]
    [InlineData("python", "def f(): # c\n    \"\"\"doc\n    more\"\"\" + 'x'", "⟦M:def⟧ f(): ⟦D:# c⟧\n    ⟦G:\"\"\"doc⟧\n⟦G:    more\"\"\"⟧ + ⟦G:'x'⟧")]
    [InlineData("bash", "if true; then echo \"a # b\"; fi # end", "⟦M:if⟧ true; ⟦M:then⟧ ⟦M:echo⟧ ⟦G:\"a # b\"⟧; ⟦M:fi⟧ ⟦D:# end⟧")]
    [InlineData("json", "{ \"a\": true, \"b\": 1 }", "{ ⟦G:\"a\"⟧: ⟦M:true⟧, ⟦G:\"b\"⟧: ⟦C:1⟧ }")]
    [InlineData("nonsense", "if x", "if x")]
    public void Code_is_coloured_and_keeps_its_characters(string language, string code, string coloured)
    {
        var colours = new CodeColours(CodeLanguage.Find(language), new(true));
        var lines = code.Split('\n').Select(colours.Line).ToList();
        Assert.Equal(coloured, string.Join('\n', lines).Replace("\x1b[0m", "⟧", StringComparison.Ordinal).Replace("\x1b[35m", "⟦M:", StringComparison.Ordinal)
            .Replace("\x1b[36m", "⟦C:", StringComparison.Ordinal).Replace("\x1b[32m", "⟦G:", StringComparison.Ordinal).Replace("\x1b[2m", "⟦D:", StringComparison.Ordinal));
        Assert.Equal(code, string.Join('\n', lines.Select(line => System.Text.RegularExpressions.Regex.Replace(line, "\x1b\\[[0-9]+m", ""))));
    }

    [Fact]
    public void Any_text_at_all_keeps_its_words_and_brings_no_sequence_along()
    {
        var random = new Random(7);
        const string alphabet = "ab *_`~[]()#>-|\n\\0123456789.!<&;\x1b\u202E\u0007漢😀\t\r";
        for (var round = 0; round < 300; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 200)).Select(_ => alphabet[random.Next(alphabet.Length)]));
            var lines = new MarkdownLines(new(true), () => 30);
            foreach (var line in lines.Take(text).Concat(lines.End()))
            {
                Assert.Equal(line, StyledText.Clean(line));
            }
        }
    }
}
