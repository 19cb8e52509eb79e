using System.Text;
using Bridle.Messages;

namespace Bridle.Tests.Context;

/// <summary>How many tokens a text is taken for before a vendor counts them.</summary>
public sealed class TokenEstimateTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("four char at a t", 4)]
    [InlineData("数据库迁移必须先备份", 10)]
    [InlineData("データベース", 6)]
    [InlineData("데이터베이스", 6)]
    [InlineData("，。（）", 4)]
    [InlineData("Привет, мир!", 6)]
    [InlineData("naïve café", 3)]
    [InlineData("𠀀", 2)]
    [InlineData("ab数cd", 2)]
    public void Letters_count_by_their_script(string text, int tokens) => Assert.Equal(tokens, TokenEstimate.Of(text));

    [Fact]
    public void Utf8_counts_as_its_text_does_and_what_fits_fits()
    {
        var random = new Random(7);
        string[] pieces = ["plain words ", "数据", "カナ", "한글", "é", "Ж", "→", "𠀀", "😀", "\u0e01", "ﾊ", "\uabcd", "\n"];
        for (var round = 0; round < 2_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => pieces[random.Next(pieces.Length)]));
            var quarters = TokenEstimate.QuartersOf(text);
            Assert.Equal(text.EnumerateRunes().Sum(rune => TokenEstimate.QuartersOf(rune.ToString())), quarters);
            Assert.Equal(quarters, TokenEstimate.QuartersOfUtf8(Encoding.UTF8.GetBytes(text)));

            var room = random.Next(0, 80);
            var fitting = TokenEstimate.Fitting(text, room);
            Assert.True(TokenEstimate.QuartersOf(text.AsSpan(0, fitting)) <= room);
            Assert.False(fitting > 0 && char.IsHighSurrogate(text[fitting - 1]));
            var next = fitting == text.Length ? 0 : char.IsHighSurrogate(text[fitting]) ? 2 : 1;
            Assert.True(next == 0 || TokenEstimate.QuartersOf(text.AsSpan(0, fitting + next)) > room);
        }
    }
}
