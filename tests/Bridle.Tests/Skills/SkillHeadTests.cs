using Bridle.Skills;

namespace Bridle.Tests.Skills;

public sealed class SkillHeadTests
{
    [Theory]
    [InlineData("---\nname: a\n---\nBody", "name: a\n", "Body")]
    [InlineData("\ufeff---\r\nname: a\r\n---\r\nBody\r\n", "name: a\n", "Body\n")]
    [InlineData("\n\n---  \nname: a\n--- \n\nBody", "name: a\n", "\nBody")]
    [InlineData("---\nname: a\n...\nBody", "name: a\n", "Body")]
    [InlineData("---\n---\nBody", "", "Body")]
    [InlineData("---\nname: a\n---", "name: a\n", "")]
    [InlineData("---\ntext: |\n  ---x\n---\nBody", "text: |\n  ---x\n", "Body")]
    public void The_head_stands_between_two_lines_of_dashes(string text, string head, string body) => Assert.Equal((head, body, null), SkillHead.Split(text));

    [Theory]
    [InlineData("# Title\nText", "it has no head between two lines of ---")]
    [InlineData("----\nname: a\n---\n", "it has no head between two lines of ---")]
    [InlineData("---\nname: a\nText", "its head has no end: a line of --- is missing")]
    [InlineData("---", "its head has no end: a line of --- is missing")]
    [InlineData("", "it has no head between two lines of ---")]
    public void Without_a_head_everything_is_text(string text, string problem)
    {
        var (head, body, why) = SkillHead.Split(text);
        Assert.Null(head);
        Assert.Equal(text, body);
        Assert.Equal(problem, why);
    }

    [Fact]
    public void A_head_of_a_megabyte_is_none()
    {
        var (head, body, problem) = SkillHead.Split($"---\nname: {new string('a', 1_000_000)}\n---\nBody");
        Assert.Null(head);
        Assert.Equal("Body", body);
        Assert.Equal("its head is longer than 64 KiB", problem);
    }
}
