using System.Text.Json;
using Bridle.Tools;

namespace Bridle.Tests.Tools;

public sealed class SchemaBinderTests
{
    private static readonly SchemaBinder s_binder = new(JsonElement.Parse("""
        {"type":"object","$defs":{"level":{"enum":["low","very_high"]}},
         "properties":{"n":{"type":"integer","minimum":1},"s":{"type":"string"},"b":{"type":"boolean"},"list":{"type":"array","items":{"type":"integer"}},
         "o":{"type":"object","properties":{"x":{"type":"number"}},"required":["x"]},"maybe":{"anyOf":[{"type":"integer"},{"type":"null"}]},
         "either":{"type":["integer","string"]},"level":{"$ref":"#/$defs/level"},"free":{}},
         "required":["n"],"additionalProperties":false}
        """));

    [Theory]
    [InlineData("""{"n":"3"}""", """{"n":3}""")]
    [InlineData("""{"n":3.0,"s":5,"b":"yes"}""", """{"n":3,"s":"5","b":true}""")]
    [InlineData("""{"n":1,"list":"4"}""", """{"n":1,"list":[4]}""")]
    [InlineData("""{"n":1,"list":"[\"4\",5]"}""", """{"n":1,"list":[4,5]}""")]
    [InlineData("""{"n":1,"o":"{\"x\":\"1.5\"}"}""", """{"n":1,"o":{"x":1.5}}""")]
    [InlineData("""{"n":1,"s":null}""", """{"n":1}""")]
    [InlineData("""{"n":1,"maybe":null}""", """{"n":1,"maybe":null}""")]
    [InlineData("""{"n":1,"maybe":"7"}""", """{"n":1,"maybe":7}""")]
    [InlineData("""{"n":1,"either":"7"}""", """{"n":1,"either":"7"}""")]
    [InlineData("""{"n":1,"level":"Very-High"}""", """{"n":1,"level":"very_high"}""")]
    [InlineData("""{"n":1,"free":{"a":[1.50,null]}}""", """{"n":1,"free":{"a":[1.50,null]}}""")]
    public void What_is_clearly_meant_is_converted(string arguments, string understood)
    {
        var outcome = s_binder.Bind(JsonElement.Parse(arguments));

        Assert.Null(outcome.Error);
        Assert.Equal(understood, outcome.Input!.Json.GetRawText());
    }

    [Theory]
    [InlineData("""{}""", "Missing required argument 'n'.")]
    [InlineData("""{"n":3.7}""", "Argument 'n' must be a whole number, but was 3.7.")]
    [InlineData("""{"n":0}""", "Argument 'n' must be at least 1, but was 0.")]
    [InlineData("""{"n":1,"lst":[]}""", "Unknown argument 'lst'. Did you mean 'list'? Known are n, s, b, list, o, maybe, either, level, free.")]
    [InlineData("""{"n":1,"o":{}}""", "Missing required argument 'o.x'.")]
    [InlineData("""[1]""", "The arguments must be an object, but were an array.")]
    [InlineData("""{"n":1,"s":"\ud800"}""", "The arguments hold text that is not valid Unicode.")]
    public void What_does_not_fit_is_refused(string arguments, string error) => Assert.Equal(error, s_binder.Bind(JsonElement.Parse(arguments)).Error);

    [Theory]
    [InlineData("""{"anyOf":[{"$ref":"#"}]}""", "The schema or the value is nested too deeply to be checked.")]
    [InlineData("""{"$id":"\ud800","required":["a"]}""", "Missing required argument 'a'.")]
    public void A_hostile_schema_refuses_rather_than_ends_the_process(string schema, string error) =>
        Assert.Equal(error, new SchemaBinder(JsonElement.Parse(schema)).Bind(JsonElement.Parse("{}")).Error);

    [Fact]
    public void A_schema_that_multiplies_its_forms_is_given_up()
    {
        var forms = string.Join(',', Enumerable.Repeat("""{"properties":{"a":{"$ref":"#"}},"required":["z"]}""", 20));
        var value = string.Concat(Enumerable.Repeat("{\"a\":", 12)) + "1" + new string('}', 12);

        Assert.Equal(
            "The schema and the value take too much work to be checked.",
            new SchemaBinder(JsonElement.Parse($"{{\"anyOf\":[{forms}]}}")).Bind(JsonElement.Parse(value)).Error);
    }
}
