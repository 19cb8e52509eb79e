using Bridle.Models.OpenAI;

namespace Bridle.Models.Tests.OpenAI;

public sealed class ThinkTagsTests
{
    [Theory]
    [InlineData("<think>secret</think>ok", "ok", "secret")]
    [InlineData("\n<think>\nsecret\n</think>\n\nok\nfine", "ok\nfine", "\nsecret\n")]
    [InlineData("<think></think>ok", "ok", "")]
    [InlineData("<think>a</think>\n<think>b</think> ok", "ok", "ab")]
    [InlineData("<think>a < b </thin c</think>ok", "ok", "a < b </thin c")]
    [InlineData("<think>never closed </thi", "", "never closed </thi")]
    [InlineData("a <", "a <", "")]
    [InlineData("<", "<", "")]
    [InlineData("<thin", "<thin", "")]
    [InlineData("<b>bold</b>", "<b>bold</b>", "")]
    [InlineData("  indented", "  indented", "")]
    [InlineData("Use <think> and </think> like so:\n<think>x</think>", "Use <think> and </think> like so:\n<think>x</think>", "")]
    [InlineData("", "", "")]
    public void Thoughts_are_separated_alike_however_the_text_is_split(string text, string answer, string thought)
    {
        for (var size = 1; size <= text.Length + 1; size++)
        {
            var tags = new ThinkTags();
            var got = (Answer: "", Thought: "");
            foreach (var piece in text.Chunk(size))
            {
                var (a, t) = tags.Add(new string(piece));
                got = (got.Answer + a, got.Thought + t);
            }

            var (restAnswer, restThought) = tags.Finish();
            Assert.Equal((answer, thought), (got.Answer + restAnswer, got.Thought + restThought));
        }
    }

    [Fact]
    public void Nothing_is_held_back_once_the_answer_has_begun()
    {
        var tags = new ThinkTags();
        Assert.Equal(("", ""), tags.Add("<thi"));
        Assert.Equal(("", "secret"), tags.Add("nk>secret</th"));
        Assert.Equal(("ok", ""), tags.Add("ink>ok"));
        Assert.Equal((" <", ""), tags.Add(" <"));
    }
}
