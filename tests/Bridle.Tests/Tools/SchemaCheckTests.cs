using System.Text.Json;
using Bridle.Tools;

namespace Bridle.Tests.Tools;

public sealed class SchemaCheckTests
{
    // A group of the suite that asks for what is not offered, and why it is not.
    private static readonly Dictionary<string, string> s_unsupported = new()
    {
        ["ref.json: ref overrides any sibling keywords"] = "since draft 2019-09 the siblings count as well",
        ["ref.json: remote ref, containing refs itself"] = "refers to another document",
        ["ref.json: Recursive references between schemas"] = "a schema inside with an $id of its own",
        ["definitions.json: valid definition"] = "refers to another document",
        ["definitions.json: invalid definition"] = "refers to another document",
    };

    [Fact]
    public void The_public_test_suite_agrees()
    {
        var (wrong, left, checkedCases) = (new List<string>(), new HashSet<string>(s_unsupported.Keys), 0);
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Tools", "JsonSchemaTestSuite"), "*.json").Order())
        {
            using var groups = JsonDocument.Parse(File.ReadAllText(file));
            foreach (var group in groups.RootElement.EnumerateArray())
            {
                var name = $"{Path.GetFileName(file)}: {group.GetProperty("description").GetString()}";
                if (left.Remove(name))
                {
                    continue;
                }

                foreach (var test in group.GetProperty("tests").EnumerateArray())
                {
                    checkedCases++;
                    var errors = SchemaCheck.Check(group.GetProperty("schema"), test.GetProperty("data"));
                    if ((errors.Count == 0) != test.GetProperty("valid").GetBoolean())
                    {
                        wrong.Add($"{name}: {test.GetProperty("description").GetString()} -> {string.Join(' ', errors)}");
                    }
                }
            }
        }

        Assert.Empty(wrong);
        Assert.Empty(left);
        Assert.Equal(426, checkedCases);
    }

    [Theory]
    [InlineData("""{"type":"integer"}""", "\"x\"", "The value must be a whole number, but was \"x\".")]
    [InlineData("""{"required":["a"]}""", "{}", "Missing required field 'a'.")]
    [InlineData("""{"properties":{"file_path":{}},"additionalProperties":false}""", """{"file_pth":1}""", "Unknown field 'file_pth'. Did you mean 'file_path'? Known are file_path.")]
    [InlineData("""{"properties":{"a":{"items":{"properties":{"b":{"enum":["x","y"]}}}}}}""", """{"a":[{"b":"x"},{"b":"z"}]}""", "Field 'a[1].b' must be one of \"x\", \"y\", but was \"z\".")]
    [InlineData("""{"properties":{"n":{"minimum":1}}}""", """{"n":0}""", "Field 'n' must be at least 1, but was 0.")]
    [InlineData("""{"minLength":3}""", "\"ab\"", "The value must have at least 3 characters, but has 2.")]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"null"}]}""", "1", "The value fits none of the allowed forms. (1) The value must be a string, but was 1. (2) The value must be null, but was 1.")]
    [InlineData("""{"oneOf":[{"type":"number"},{"minimum":0}]}""", "1", "The value fits 2 of the forms of which exactly one must fit.")]
    [InlineData("""{"$ref":"other.json"}""", "1", "The value cannot be checked: the schema refers to 'other.json', which is not inside it.")]
    [InlineData("""{"$ref":"#"}""", "1", "The schema or the value is nested too deeply to be checked.")]
    [InlineData("""{"pattern":"["}""", "\"a\"", "The schema's pattern '[' cannot be used.")]
    [InlineData("""{"minLength":1}""", """ "\ud800" """, "It holds text that is not valid Unicode.")]
    public void A_violation_is_told_in_words(string schema, string value, string error) =>
        Assert.Equal([error], SchemaCheck.Check(JsonElement.Parse(schema), JsonElement.Parse(value), "field"));

    [Fact]
    public void A_schema_that_would_take_forever_is_given_up()
    {
        const string bomb = """{"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/b"},{"$ref":"#/$defs/b"},{"$ref":"#/$defs/b"}]},"b":{"anyOf":[{"$ref":"#/$defs/c"},{"$ref":"#/$defs/c"},{"$ref":"#/$defs/c"}]},"c":{"allOf":[{"type":"array"},{"items":{"$ref":"#/$defs/a"}},{"items":{"$ref":"#/$defs/a"}}]}},"$ref":"#/$defs/a"}""";
        var value = string.Concat(Enumerable.Repeat("[", 12)) + string.Concat(Enumerable.Repeat("]", 12));

        var errors = SchemaCheck.Check(JsonElement.Parse(bomb), JsonElement.Parse(value));

        Assert.Equal(["The schema and the value take too much work to be checked."], errors);
    }

    [Fact]
    public void A_pattern_that_backtracks_for_ever_does_not()
    {
        var errors = SchemaCheck.Check(JsonElement.Parse("""{"pattern":"^(a+)+$"}"""), JsonElement.Parse($"\"{new string('a', 5000)}!\""));

        Assert.StartsWith("The value must match", Assert.Single(errors));
    }

    [Fact]
    public void A_pattern_that_needs_backtracking_is_given_up_when_it_takes_too_long()
    {
        var errors = SchemaCheck.Check(JsonElement.Parse("""{"pattern":"^(?=x?)(a+)+$"}"""), JsonElement.Parse($"\"{new string('a', 5000)}!\""));

        Assert.Equal(["The schema's pattern '^(?=x?)(a+)+$' takes too long."], errors);
    }
}
