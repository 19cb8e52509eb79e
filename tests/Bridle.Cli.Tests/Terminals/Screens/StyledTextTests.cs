using Bridle.Cli.Terminals;
using Bridle.Cli.Terminals.Screens;

namespace Bridle.Cli.Tests.Terminals.Screens;

public sealed class StyledTextTests
{
    [Theory]
    [InlineData("abc", 3)]
    [InlineData("漢字", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("👍🏽", 2)]
    [InlineData("👨‍👩‍👧", 2)]
    [InlineData("🇩🇪", 2)]
    [InlineData("✅ ⚡ ❌", 8)]
    [InlineData("❤️", 2)]
    [InlineData("한글", 4)]
    [InlineData("\x1b[1mab\x1b[0m", 2)]
    [InlineData("", 0)]
    public void Width_counts_what_people_see_as_one_character_once(string text, int columns) => Assert.Equal(columns, StyledText.Width(text));

    [Theory]
    [InlineData("one two three", 8, 0, "one two|three")]
    [InlineData("one two three", 8, 2, "one two|  three")]
    [InlineData("abcdefghijkl", 5, 0, "abcde|fghij|kl")]
    [InlineData("漢字漢字漢字", 5, 0, "漢字|漢字|漢字")]
    [InlineData("a  b\nc", 10, 0, "a  b|c")]
    [InlineData("", 10, 0, "")]
    public void Lines_are_broken_between_words_and_long_words_anywhere(string text, int width, int hang, string lines) =>
        Assert.Equal(lines.Split('|'), StyledText.Wrap(text, width, hang));

    [Fact]
    public void A_style_goes_on_in_the_next_line_and_ends_with_each() =>
        Assert.Equal(["\x1b[1mbold words\x1b[0m", "\x1b[1mgo on\x1b[0m"], StyledText.Wrap("\x1b[1mbold words go on\x1b[0m", 11));

    [Fact]
    public void Cutting_never_takes_more_columns_and_ends_the_style()
    {
        Assert.Equal("漢字…", StyledText.Cut("漢字漢字", 6));
        Assert.Equal("\x1b[1mab…\x1b[0m", StyledText.Cut("\x1b[1mabcdef\x1b[0m", 3));
        Assert.Equal("abc", StyledText.Cut("abc", 3));
    }

    [Fact]
    public void A_style_inside_of_another_gives_way_to_the_outer_one_again() =>
        Assert.Equal("\x1b[2ma\x1b[1mb\x1b[0m\x1b[2mc\x1b[0m", new Styling(true).Dim($"a{new Styling(true).Bold("b")}c"));
}
