using Bridle.Models.Http;

namespace Bridle.Models.Tests.Http;

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
    [InlineData("the <think>secret</think> a <", "the a <", "secret")]
    [InlineData("Let me see.\n\n<think>\nsecret\n</think>\n\nTwo files.", "Let me see.\n\nTwo files.", "\nsecret\n")]
    [InlineData("Let me see.<think>a</think>\n\nTwo<think>b</think> files.", "Let me see.\n\nTwo files.", "ab")]
    [InlineData("<think>a</think>One\n<think> b</think>\nTwo", "One\nTwo", "a b")]
    [InlineData("One\n<think>never closed, so it is the answer </thi", "One\n<think>never closed, so it is the answer </thi", "")]
    [InlineData("One <think>two <thi", "One <think>two <thi", "")]
    [InlineData("One <think>", "One <think>", "")]
    [InlineData("Between \"<think>\" and \"</think>\" stands the thought.", "Between \"<think>\" and \"</think>\" stands the thought.", "")]
    [InlineData("Put **<think>**, later </think>.", "Put **<think>**, later </think>.", "")]
    [InlineData("Use `<think>x</think>` so.\n<think>y</think>", "Use `<think>x</think>` so.\n", "y")]
    [InlineData("Use ``a ` <think>x</think>`` so.", "Use ``a ` <think>x</think>`` so.", "")]
    [InlineData("See:\n```html\n<think>x</think>\n\n`\n<think>y</think>\n```\n<think>z</think>", "See:\n```html\n<think>x</think>\n\n`\n<think>y</think>\n```\n", "z")]
    [InlineData("~~~\n```\n<think>x</think>\n~~~ no\n<think>y</think>\n~~~~\nok <think>z</think>", "~~~\n```\n<think>x</think>\n~~~ no\n<think>y</think>\n~~~~\nok ", "z")]
    [InlineData("- ```\n  <think>x</think>\n\n  ```\nok <think>z</think>", "- ```\n  <think>x</think>\n\n  ```\nok ", "z")]
    [InlineData("```one line```\nok <think>z</think>", "```one line```\nok ", "z")]
    [InlineData("A lonely ` mark.\n\nok <think>z</think>", "A lonely ` mark.\n\nok ", "z")]
    [InlineData("ok \\<think>x</think>", "ok \\<think>x</think>", "")]
    [InlineData("ok\n\n    <think>x</think>", "ok\n\n    <think>x</think>", "")]
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
    public void Only_what_may_be_a_tag_or_an_unfinished_thought_is_held_back()
    {
        var tags = new ThinkTags();
        Assert.Equal(("", ""), tags.Add("<thi"));
        Assert.Equal(("", "secret"), tags.Add("nk>secret</th"));
        Assert.Equal(("ok", ""), tags.Add("ink>ok"));
        Assert.Equal((" ", ""), tags.Add(" <"));
        Assert.Equal(("<b", ""), tags.Add("b"));
        Assert.Equal((" `<think", ""), tags.Add(" `<think"));
        Assert.Equal((">` ", ""), tags.Add(">` <thi"));
        Assert.Equal(("", ""), tags.Add("nk>later</thin"));
        Assert.Equal(("on", "later"), tags.Add("k> on"));
        Assert.Equal((" <think> as a word", ""), tags.Add(" <think> as a word"));
        Assert.Equal((" <", ""), tags.Add(" <"));
    }

    // Any text, cut anywhere, comes out alike; nothing but thoughts, their tags and blanks beside them is missing; and what is in a fence is never touched.
    [Theory]
    [InlineData(7)]
    [InlineData(77)]
    public void No_cut_changes_what_is_answer_and_what_is_thought(int seed)
    {
        string[] words = ["<think>", "</think>", "<thi", "nk>", "<", "/", "`", "``", "```", "~~~", "\n", "\n\n", " ", "    ", "\\", "a", "B c", "- ", "(", ".", "\"", "ä", "😀", "\r\n", "\t"];
        var random = new Random(seed);
        for (var round = 0; round < 3_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => words[random.Next(words.Length)]));
            var fenced = $"{text.Replace('`', '\'').Replace('~', '-').Replace('<', '(')}\n```\n{text.Replace('`', '\'')}\n```\n";
            var whole = Split(text, [text.Length]);
            Assert.Equal(whole, Split(text, [random.Next(text.Length + 1), random.Next(text.Length + 1), random.Next(text.Length + 1)]));
            Assert.Equal(Letters(text), Letters(whole.Answer + whole.Thought), StringComparer.Ordinal);
            Assert.EndsWith($"\n```\n{text.Replace('`', '\'')}\n```\n", Split(fenced, [fenced.Length]).Answer, StringComparison.Ordinal);
        }
    }

    // What has to be there whatever is made of the tags, in any order: the thought may stand before or in the answer.
    private static string Letters(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character) && !"</think>".Contains(character, StringComparison.Ordinal)).Order());

    private static (string Answer, string Thought) Split(string text, int[] cuts)
    {
        var tags = new ThinkTags();
        var (answer, thought, from) = ("", "", 0);
        foreach (var to in cuts.Order().Append(text.Length))
        {
            var (a, t) = tags.Add(text[from..to]);
            (answer, thought, from) = (answer + a, thought + t, to);
        }

        var rest = tags.Finish();
        return (answer + rest.Answer, thought + rest.Thought);
    }
}
