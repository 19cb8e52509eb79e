using Bridle.Cli.Terminals;

namespace Bridle.Cli.Tests.Terminals;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("plain äöü 漢字 👍🏽\n\tend", "plain äöü 漢字 👍🏽\n\tend")]
    [InlineData("\x1b[2J", "␛[2J")]
    [InlineData("a\rb", "a␍b")]
    [InlineData("a\bb\0", "a␈b␀")]
    [InlineData("\u009b31m", "<U+009B>31m")]
    [InlineData("\u007f", "<U+007F>")]
    [InlineData("x\u202Egpj.exe", "x<U+202E>gpj.exe")]
    [InlineData("\u2066a\u2069", "<U+2066>a<U+2069>")]
    [InlineData("a\u2028b", "a<U+2028>b")]
    [InlineData("\U000E0041", "<U+E0041>")]
    [InlineData("npm\u200b test\u3164", "npm<U+200B> test<U+3164>")]
    [InlineData("👩\u200d💻 soft\u00adhyphen ❤\ufe0f", "👩\u200d💻 soft\u00adhyphen ❤\ufe0f")]
    public void Running_text_keeps_what_is_text_and_shows_what_commands_a_terminal(string text, string shown) => Assert.Equal(shown, VisibleText.Of(text));

    [Theory]
    [InlineData("rm\u200b -rf", "rm<U+200B> -rf")]
    [InlineData("a\u00a0b", "a<U+00A0>b")]
    [InlineData("\u00adx", "<U+00AD>x")]
    [InlineData("\ue000", "<U+E000>")]
    [InlineData("curl x\u3164y", "curl x<U+3164>y")]
    [InlineData("x\u115f\ufe0f\u034f\u2800y", "x<U+115F><U+FE0F><U+034F><U+2800>y")]
    [InlineData("👩\u200d💻", "👩<U+200D>💻")]
    [InlineData("ls a\u0430b", "ls a<U+0430>b")]
    [InlineData("\uff52m -rf", "<U+FF52>m -rf")]
    [InlineData("cat файл.txt PDF-файл µm", "cat файл.txt PDF-файл µm")]
    [InlineData("git commit", "git commit")]
    public void What_is_approved_shows_every_invisible_character(string text, string shown) => Assert.Equal(shown, VisibleText.Exactly(text));

    [Fact]
    public void No_character_at_all_gets_through_as_a_control()
    {
        for (var code = 0; code < 0x10000; code++)
        {
            if (char.IsSurrogate((char)code))
            {
                continue;
            }

            var shown = VisibleText.Of(((char)code).ToString());
            Assert.All(shown, character => Assert.False(char.IsControl(character) && character is not ('\n' or '\t'), $"U+{code:X4}"));
        }
    }

    [Fact]
    public void A_line_is_one_line_of_the_length_that_was_asked_for_and_no_character_is_halved()
    {
        Assert.Equal("a b c", VisibleText.Line("a\nb\r\nc", 80));
        Assert.Equal("abc…", VisibleText.Line("abcdefgh", 4));
        Assert.Equal("a…", VisibleText.Line("a👍👍👍", 3));
    }

    [Theory]
    [InlineData("\u001b[31mred\u001b[0m", "\u001b[31mred\u001b[0m")]
    [InlineData("\u001b[1;2mfat\u001b[0m \u001b]0;t\u0007 \u001b[2J", "\u001b[1;2mfat\u001b[0m ␛]0;t␇ ␛[2J")]
    [InlineData("plain\ttext", "plain\ttext")]
    public void Of_a_line_of_ones_own_only_colours_stay(string text, string shown) => Assert.Equal(shown, VisibleText.Styled(text));
}
