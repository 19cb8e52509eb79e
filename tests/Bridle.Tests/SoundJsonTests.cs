using System.Text;
using System.Text.Json;
using Bridle.Messages;

namespace Bridle.Tests;

public sealed class SoundJsonTests
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    [Theory]
    [InlineData("""{"a":"h\ud800"}""")]
    [InlineData("""{"a":"\udc00\ud800"}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"a":{"b":["x",{"c\uDFFF":null}]}}""")]
    [InlineData("\"\\ud83d\"")]
    public void Half_of_a_pair_is_no_JSON(string json) => Assert.Contains("half of a surrogate pair", Assert.Throws<JsonException>(() => SoundJson.Parse(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"a":"\ud83d\ude00 \u00e4"}""", "\ud83d\ude00 \u00e4")]
    [InlineData("""{"a":"\\ud800"}""", "\\ud800")]
    [InlineData("""{"a":""}""", "")]
    public void What_is_text_comes_back(string json, string expected)
    {
        using var document = SoundJson.Parse(json);

        Assert.Equal(expected, document.RootElement.GetProperty("a").GetString());
    }

    [Fact]
    public void The_line_is_told_also_behind_comments()
    {
        var wrong = Assert.Throws<JsonException>(() => SoundJson.Parse("{ // \\ud800 is fine here\n \"a\": 1,\n  \"b\": \"\\ud800\",\n}", Lenient));

        Assert.Equal((2, 7), (wrong.LineNumber, wrong.BytePositionInLine));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused() =>
        Assert.Throws<JsonException>(() => SoundJson.Parse((byte[])[.. "{\"a\":\""u8, 0xFF, .. "\"}"u8]));

    [Fact]
    public void Names_can_be_looked_at_alone()
    {
        SoundJson.CheckNames(Encoding.UTF8.GetBytes("""{"a":"\ud800"}"""));

        Assert.Throws<JsonException>(() => SoundJson.CheckNames(Encoding.UTF8.GetBytes("""{"b":1,"\ud800":"a"}""")));
    }
}
