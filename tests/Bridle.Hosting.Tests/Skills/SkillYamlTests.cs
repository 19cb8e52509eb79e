using Bridle.Hosting.Skills;

namespace Bridle.Hosting.Tests.Skills;

public sealed class SkillYamlTests
{
    [Theory]
    [InlineData("description: plain", "plain")]
    [InlineData("description: 'single ''quoted'''", "single 'quoted'")]
    [InlineData("description: \"double \\\"quoted\\\"\"", "double \"quoted\"")]
    [InlineData("description: >\n  folded\n  lines\n", "folded lines")]
    [InlineData("description: >-\n  folded\n  lines\n", "folded lines")]
    [InlineData("description: |\n  two\n  lines\n", "two lines")]
    [InlineData("description: on\n  more\n  lines", "on more lines")]
    [InlineData("description:\n  - a\n  - b", "a, b")]
    [InlineData("description: {a: 1, b: 2}", "a: 1, b: 2")]
    [InlineData("# a comment\ndescription: plain # and another", "plain")]
    public void Texts_of_all_kinds_are_read(string head, string expected)
    {
        var read = SkillYaml.Read($"---\n{head}\n---\nBody");
        Assert.Null(read.Problem);
        Assert.Equal(expected, Bridle.Skills.SkillReading.Line(read["description"]!.Line));
    }

    [Theory]
    [InlineData("name: a\ndescription: Use when: somebody asks", "Use when: somebody asks")]
    [InlineData("name: a\ndescription: It's \"odd\": very: odd", "It's \"odd\": very: odd")]
    [InlineData("name: a\ndescription: text\nbroken: [1, 2", "text")]
    [InlineData("name: a\n\tdescription: text\ndescription: other", "other")]
    [InlineData("name: a\ndescription: @text", "@text")]
    [InlineData("name: a\nallowed-tools: [Read, Bash\ndescription: text", "text")]
    [InlineData("name: a\nmetadata: {b: [c\ndescription: text", "text")]
    public void What_is_no_yaml_is_read_as_far_as_it_goes_and_said(string head, string expected)
    {
        var read = SkillYaml.Read($"---\n{head}\n---\nBody");
        Assert.Equal("a", read["name"]?.Text);
        Assert.Equal(expected, read["description"]?.Text);
        Assert.StartsWith("its head is no YAML", read.Problem, StringComparison.Ordinal);
        Assert.Equal("Body", read.Body);
    }

    [Fact]
    public void Metadata_is_pairs_and_deeper_things_are_left_out()
    {
        var read = SkillYaml.Read("---\nmetadata:\n  author: ann\n  deep: { a: { b: 1 } }\nlist: [a, [b]]\n? [x]\n: y\nlast: 1\n---\n");
        Assert.Equal([("author", "ann")], read["metadata"]!.Pairs!);
        Assert.True(read["metadata"]!.IsNested);
        Assert.True(read["list"]!.IsNested);
        Assert.Equal(["metadata", "list", "last"], read.Fields.Select(field => field.Name));
        Assert.Equal("its head is no YAML (it has no fields)", SkillYaml.Read("---\n- a\n---\n").Problem);
    }

    [Fact]
    public void A_head_that_is_deep_or_refers_to_itself_a_thousand_times_costs_nothing()
    {
        var deep = SkillYaml.Read($"---\nname: a\nx: {new string('[', 20_000)}\n---\nBody");
        Assert.Equal("a", deep["name"]?.Text);
        var bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"b{i}: &b{i} [{string.Join(',', Enumerable.Repeat(i is 0 ? "*a" : $"*b{i - 1}", 9))}]\n"));
        Assert.Equal("b", SkillYaml.Read($"---\n{bomb}name: b\n---\nBody")["name"]?.Text);
    }

    [Fact]
    public void Nothing_that_a_head_holds_brings_the_reader_down()
    {
        foreach (var head in StrangeHeads.Of(seed: 20_262))
        {
            Assert.EndsWith("Body", SkillYaml.Read($"---\n{head}\n---\nBody").Body, StringComparison.Ordinal);
        }
    }
}
