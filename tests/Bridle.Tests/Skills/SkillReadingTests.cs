using Bridle.Skills;

namespace Bridle.Tests.Skills;

public sealed class SkillReadingTests
{
    private const string Good = "Turns numbers into charts. Use when the person wants a chart.";

    [Fact]
    public void All_published_fields_are_read()
    {
        var (skill, _) = Read(
            "charts",
            ("name", "charts"), ("description", " Turns numbers\n into charts. "), ("when_to_use", "When numbers come."), ("argument-hint", "[file]"), ("arguments", "file, kind"), ("disable-model-invocation", "Yes"),
            ("user-invocable", "0"), ("allowed-tools", "Read, Bash(git add *) Bash(git:*)"), ("disallowed-tools", "Write"), ("paths", "**/*.{csv,tsv}, data/*"), ("license", "MIT"), ("x-own", "1"));
        Assert.Equal(("charts", "Turns numbers into charts.", "When numbers come.", "[file]"), (skill!.Name, skill.Description, skill.WhenToUse, skill.ArgumentHint));
        Assert.Equal(["file", "kind"], skill.ArgumentNames);
        Assert.Equal((false, false), (skill.ForModel, skill.ForPerson));
        Assert.Equal(["Read", "Bash(git add *)", "Bash(git:*)"], skill.Allowed!);
        Assert.Equal(["Write"], skill.Refused);
        Assert.Equal(["**/*.{csv,tsv}", "data/*"], skill.Paths!);
        Assert.Equal("license=MIT x-own=1", string.Join(' ', skill.Other.Select(pair => $"{pair.Key}={pair.Value}")));
        Assert.Empty(skill.Warnings);
    }

    [Theory]
    [InlineData("charts", "charts", "charts", "")]
    [InlineData("charts", "Charts_2.x", "Charts_2.x", "Its name is 'Charts_2.x' and its folder 'charts'; they should be the same.")]
    [InlineData("charts", "../../etc/passwd", "charts", "Its name '../../etc/passwd' is none that can be typed; 'charts' is taken from its folder.")]
    [InlineData("charts", "PDF Processing", "charts", "Its name 'PDF Processing' is none that can be typed; 'charts' is taken from its folder.")]
    [InlineData("charts", null, "charts", "It has no name; 'charts' is taken from its folder.")]
    [InlineData("my charts!", null, "my-charts", "It has no name; 'my-charts' is taken from its folder.")]
    public void A_name_that_is_odd_or_missing_costs_nobody_the_skill(string folder, string? name, string expected, string warning)
    {
        var (skill, _) = Read(folder, name is null ? [("description", Good)] : [("name", name), ("description", Good)]);
        Assert.Equal(expected, skill!.Name);
        Assert.Equal(warning, string.Join(' ', skill.Warnings));
    }

    [Fact]
    public void What_is_missing_or_without_effect_is_said()
    {
        var (skill, _) = Read("s", "# The title\n\nMore.", ("name", "s"), ("model", "opus"), ("context", "fork"), ("user-invocable", "perhaps"));
        Assert.Equal("The title", skill!.Description);
        Assert.Equal(
            ["It has no description; the first words of its text stand for it.", "'user-invocable' is neither true nor false; true is taken.", "'model' has no effect here. The conversation's own model follows it.", "'context' has no effect here. Its text is followed in the conversation itself, which keeps all that is read for it."],
            skill.Warnings);
        Assert.Empty(Read("s", "Body.", ("name", "s"), ("description", Good), ("model", "inherit"), ("context", "inline"), ("background", "false"), ("shell", "bash")).Skill!.Warnings);
        var (none, reason) = Read("s", " \n\n", ("name", "s"));
        Assert.Null(none);
        Assert.Equal("it has neither a description nor any text", reason);
    }

    [Fact]
    public void A_valid_skill_has_no_problem_and_each_fault_is_named()
    {
        Assert.Empty(Problems("charts", ("name", "charts"), ("description", Good), ("license", "MIT"), ("compatibility", "Needs git"), ("allowed-tools", "Read")));
        Assert.Empty(Problems("größe", ("name", "größe"), ("description", Good)));
        Assert.Equal(["The field 'name' is missing.", "The field 'description' is missing."], Problems("s"));
        Assert.Equal(["The name 'Charts' may have lower-case letters, digits and hyphens only.", "The name 'Charts' is not that of the folder, 'charts'."], Problems("charts", ("name", "Charts"), ("description", Good)));
        Assert.Contains("The name '../x' may have lower-case letters, digits and hyphens only.", Problems("x", ("name", "../x"), ("description", Good)));
        Assert.Equal(["The name '-a' must not begin or end with a hyphen."], Problems("-a", ("name", "-a"), ("description", Good)));
        Assert.Equal(["The name 'a--b' must not have two hyphens in a row."], Problems("a--b", ("name", "a--b"), ("description", Good)));
        Assert.Contains("The name has 65 characters; 64 are the most.", Problems("x", ("name", new string('a', 65)), ("description", Good)));
        Assert.Equal(["The description has 1025 characters; 1024 are the most."], Problems("a", ("name", "a"), ("description", new string('d', 1025))));
        Assert.Equal(["The field 'argument-hint' is Claude Code's and not in the specification.", "The field 'odd' is not in the specification."], Problems("a", ("name", "a"), ("description", Good), ("argument-hint", "x"), ("odd", "y")));
        Assert.Equal(["The field 'name' stands there 2 times."], Problems("a", ("name", "a"), ("name", "b"), ("description", Good)));
        Assert.Equal(["'compatibility' has 501 characters; 1 to 500 are allowed."], Problems("a", ("name", "a"), ("description", Good), ("compatibility", new string('c', 501))));
        Assert.Equal(["'metadata' must be pairs of texts."], Problems("a", ("name", "a"), ("description", Good), ("metadata", "x")));
        Assert.Equal(["The head cannot be read: it is torn."], SkillCheck.Problems(new SkillHead([], "", "it is torn"), "a"));
    }

    [Fact]
    public void Thin_and_confusable_skills_are_found()
    {
        Skill Of(string name, string description) => new(name, description, $"/s/{name}/SKILL.md", SkillScope.User);
        Assert.Equal(
            ["The description has 9 characters; say what it does and when to use it.", "The description does not say when to use it.", "The text has 2 characters; it says how to do the task."], SkillLint.Of(Of("a", "Does this"), "Do"));
        Assert.Empty(SkillLint.Of(Of("a", Good), new string('x', 100)));
        Assert.Equal(["The text has 501 lines; 500 are advised. Put what is seldom needed into files of its own."], SkillLint.Of(Of("a", Good), string.Join('\n', Enumerable.Repeat("xx", 501))));
        Assert.Equal(["The text has about 5001 tokens; 5000 are advised. Put what is seldom needed into files of its own."], SkillLint.Of(Of("a", Good), new string('x', 20_004)));
        Assert.Equal(["'chart' and 'charts' are nearly the same name."], SkillLint.Between([Of("chart", "Draws pictures of things."), Of("charts", Good)]));
        Assert.Equal(["'a' and 'b' have nearly the same description (100 % of the words)."], SkillLint.Between([Of("a", Good), Of("b", Good)]).Select(text => text.Replace("100%", "100 %")));
        Assert.Empty(SkillLint.Between([Of("a", Good), Of("b", "Writes letters. Use when somebody must be thanked.")]));
    }

    private static (Skill? Skill, string? Reason) Read(string folder, params (string, string)[] fields) => Read(folder, "Some text.", fields);

    private static (Skill? Skill, string? Reason) Read(string folder, string body, params (string, string)[] fields) =>
        SkillReading.Read(Head(body, fields), $"/skills/{folder}/SKILL.md", $"/skills/{folder}/SKILL.md", SkillScope.User);

    private static IReadOnlyList<string> Problems(string folder, params (string, string)[] fields) => SkillCheck.Problems(Head("Some text.", fields), folder);

    private static SkillHead Head(string body, (string Name, string Text)[] fields) => new([.. fields.Select(field => (field.Name, new SkillValue(field.Text)))], body, null);
}
