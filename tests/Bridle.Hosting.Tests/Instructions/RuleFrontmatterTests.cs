using Bridle.Hosting.Instructions;

namespace Bridle.Hosting.Tests.Instructions;

public sealed class RuleFrontmatterTests
{
    [Theory]
    [InlineData("paths: [src/a\ndescription: x")]
    [InlineData("paths: [a, b\nx: {c: d\ny: z")]
    [InlineData("paths: {a: b\nc: d")]
    [InlineData("paths: \"a")]
    [InlineData("paths: *nowhere\n\tx: y")]
    public void A_broken_head_is_told_and_the_rule_below_it_is_kept(string head)
    {
        var (patterns, text, problem) = RuleFrontmatter.Split($"---\n{head}\n---\nThe rule.");

        Assert.Null(patterns);
        Assert.Equal("The rule.", text);
        Assert.StartsWith("its head is no YAML: ", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("Stack", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_that_a_head_holds_brings_the_reader_down()
    {
        foreach (var head in StrangeHeads.Of(seed: 20_261))
        {
            Assert.Equal("The rule.", RuleFrontmatter.Split($"---\n{head}\n---\nThe rule.").Text);
        }
    }
}
