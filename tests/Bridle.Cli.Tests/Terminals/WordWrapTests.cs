using Bridle.Cli.Terminals;

namespace Bridle.Cli.Tests.Terminals;

public sealed class WordWrapTests
{
    [Theory]
    [InlineData("short", 20, null, "short")]
    [InlineData("one two three four", 9, null, "one two\nthree\nfour")]
    [InlineData("exactly ten", 11, null, "exactly ten")]
    [InlineData("  indented words go on below", 16, null, "  indented words\n  go on below")]
    [InlineData("  /help   show all of this", 20, 10, "  /help   show all\n          of this")]
    [InlineData("a unbreakablylongword b", 10, null, "a\nunbreakablylongword\nb")]
    [InlineData("unbreakablylongword", 10, null, "unbreakablylongword")]
    [InlineData("first line\n\nsecond line", 6, null, "first\nline\n\nsecond\nline")]
    [InlineData("漢字漢字 漢字", 9, null, "漢字漢字\n漢字")]
    [InlineData("trailing   ", 9, null, "trailing   ")]
    public void Lines_break_between_words_and_go_on_where_they_should(string text, int width, int? hang, string wrapped) =>
        Assert.Equal(wrapped, WordWrap.Of(text, width, hang));

    [Fact]
    public void Colours_take_no_room() =>
        Assert.Equal("\x1b[33mone two\nthree\x1b[0m", WordWrap.Of("\x1b[33mone two three\x1b[0m", 8));

    [Fact]
    public void No_word_is_lost_or_changed_at_any_width()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var words = Enumerable.Range(0, random.Next(1, 30)).Select(_ => new string('w', random.Next(1, 12))).ToList();
            var width = random.Next(12, 60);
            var wrapped = WordWrap.Of(string.Join(' ', words), width);
            Assert.Equal(words, wrapped.Split([' ', '\n']));
            Assert.All(wrapped.Split('\n'), line => Assert.True(line.Length <= width));
        }
    }
}
