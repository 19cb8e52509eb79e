using Bridle.Skills;

namespace Bridle.Tests.Skills;

public sealed class SkillListTests
{
    [Fact]
    public void The_list_has_what_a_model_may_use_in_the_order_of_names()
    {
        Skill[] all = [Of("b", "Second."), Of("a", "First.") with { WhenToUse = "When it begins." }, Of("c", "Third.") with { ForModel = false }, Of("d", "Fourth.") with { Paths = ["**/*.cs"] }];
        Assert.Equal(
            "Skills are instructions for tasks of a kind. When one of these fits the task, call Skill with its name before you begin:\n- a: First. When it begins.\n- b: Second.", SkillList.Of(SkillList.Listed(all), 1_000));
        Assert.Equal("", SkillList.Of([], 1_000));
        Assert.Equal("", SkillList.Of(SkillList.Listed(all), 0));
    }

    [Theory]
    [InlineData(4_000)]
    [InlineData(1_000)]
    [InlineData(300)]
    [InlineData(100)]
    [InlineData(45)]
    public void It_keeps_to_its_budget_by_cutting_descriptions_before_it_leaves_out_names(int tokens)
    {
        var skills = Enumerable.Range(0, 20).Select(i => Of($"skill-{i:00}", $"{new string((char)('a' + i), 400)}")).ToList();
        var text = SkillList.Of(skills, tokens);
        var (list, more) = text.IndexOf("\n(", StringComparison.Ordinal) is > 0 and var at ? (text[..at], text[at..]) : (text, "");
        Assert.InRange(list.Length, 120, tokens * 4);
        Assert.Equal(tokens < 100, more.Length > 0);
        Assert.Equal(tokens is 4_000, text.Contains(new string('a', 400), StringComparison.Ordinal));
        Assert.Equal(tokens is 4_000, !text.Contains('…') && text.Contains("aaa"));
        Assert.All(skills, skill => Assert.Contains(skill.Name, text, StringComparison.Ordinal));
        Assert.Equal(text, SkillList.Of(skills, tokens));
    }

    private static Skill Of(string name, string description) => new(name, description, $"/s/{name}/SKILL.md", SkillScope.User);
}
