using System.Text.Json;
using Bridle.Tools;

namespace Bridle.Tests.Tools;

public sealed class ArgumentBindingTests
{
    private static readonly Tool s_tool = new SampleTool().AsTool();

    [Theory]
    [InlineData("""{"count":3}""", """{"file_path":"a","count":3}""")]
    [InlineData("""{"count":"3"}""", """{"file_path":"a","count":3}""")]
    [InlineData("""{"count":" 3 "}""", """{"file_path":"a","count":3}""")]
    [InlineData("""{"count":3.0}""", """{"file_path":"a","count":3}""")]
    [InlineData("""{"count":3e2}""", """{"file_path":"a","count":300}""")]
    [InlineData("""{"count":"-3.0"}""", """{"file_path":"a","count":-3}""")]
    [InlineData("""{"count":1,"force":"yes"}""", """{"file_path":"a","count":1,"force":true}""")]
    [InlineData("""{"count":1,"force":"No"}""", """{"file_path":"a","count":1,"force":false}""")]
    [InlineData("""{"count":1,"force":"true"}""", """{"file_path":"a","count":1,"force":true}""")]
    [InlineData("""{"count":1,"force":0}""", """{"file_path":"a","count":1,"force":false}""")]
    [InlineData("""{"count":1,"ratio":"0.25"}""", """{"file_path":"a","count":1,"ratio":0.25}""")]
    [InlineData("""{"count":1,"size":9007199254740993}""", """{"file_path":"a","count":1,"size":9007199254740993}""")]
    [InlineData("""{"count":1,"command":42}""", """{"file_path":"a","count":1,"command":"42"}""")]
    [InlineData("""{"count":1,"command":1.50}""", """{"file_path":"a","count":1,"command":"1.50"}""")]
    [InlineData("""{"count":1,"form":"Plain Text"}""", """{"file_path":"a","count":1,"form":"plain_text"}""")]
    [InlineData("""{"count":1,"form":"JSON"}""", """{"file_path":"a","count":1,"form":"json"}""")]
    [InlineData("""{"count":1,"others":"b"}""", """{"file_path":"a","count":1,"others":["b"]}""")]
    [InlineData("""{"count":1,"others":"[\"b\",\"c\"]"}""", """{"file_path":"a","count":1,"others":["b","c"]}""")]
    [InlineData("""{"count":1,"others":"[b]"}""", """{"file_path":"a","count":1,"others":["[b]"]}""")]
    [InlineData("""{"count":1,"edits":{"old_text":"x","new_text":"y"}}""", """{"file_path":"a","count":1,"edits":[{"old_text":"x","new_text":"y"}]}""")]
    [InlineData("""{"count":1,"edits":"[{\"old_text\":\"x\",\"new_text\":\"y\"}]"}""", """{"file_path":"a","count":1,"edits":[{"old_text":"x","new_text":"y"}]}""")]
    [InlineData("""{"count":1,"origin":"{\"name\":\"n\"}"}""", """{"file_path":"a","count":1,"origin":{"name":"n"}}""")]
    [InlineData("""{"count":1,"limit":null,"url":null,"edits":null}""", """{"file_path":"a","count":1}""")]
    [InlineData("""{"url":"<ä>","count":1}""", """{"file_path":"a","count":1,"url":"<ä>"}""")]
    public void What_is_clearly_meant_is_converted_and_written_down(string arguments, string understood)
    {
        var outcome = s_tool.Bind(With(arguments));

        Assert.Null(outcome.Error);
        Assert.Equal(understood, outcome.Input!.Json.GetRawText());
    }

    [Theory]
    [InlineData("""{"count":3.7}""", "Argument 'count' must be a whole number, but was 3.7.")]
    [InlineData("""{"count":"3.7"}""", "Argument 'count' must be a whole number, but was \"3.7\".")]
    [InlineData("""{"count":true}""", "Argument 'count' must be a whole number, but was true.")]
    [InlineData("""{"count":"three"}""", "Argument 'count' must be a whole number, but was \"three\".")]
    [InlineData("""{"count":5000000000}""", "Argument 'count' must be a whole number from -2147483648 to 2147483647, but was 5000000000.")]
    [InlineData("""{"count":1e999}""", "Argument 'count' must be a whole number, but was 1e999.")]
    [InlineData("""{"count":{}}""", "Argument 'count' must be a whole number, but was an object.")]
    [InlineData("""{"count":null}""", "Missing required argument 'count'.")]
    [InlineData("""{}""", "Missing required argument 'count'.")]
    [InlineData("""{"count":1,"limit":3.7}""", "Argument 'limit' must be a whole number from 1 to 2000, but was 3.7.")]
    [InlineData("""{"count":1,"limit":0}""", "Argument 'limit' must be a whole number from 1 to 2000, but was 0.")]
    [InlineData("""{"count":1,"ratio":1.5}""", "Argument 'ratio' must be a number from 0 to 1, but was 1.5.")]
    [InlineData("""{"count":1,"force":"maybe"}""", "Argument 'force' must be true or false, but was \"maybe\".")]
    [InlineData("""{"count":1,"form":"xml"}""", "Argument 'form' must be one of plain_text, json, but was \"xml\".")]
    [InlineData("""{"count":1,"command":["ls"]}""", "Argument 'command' must be a string, but was an array.")]
    [InlineData("""{"count":1,"others":["b",null]}""", "Argument 'others[1]' must not be null.")]
    [InlineData("""{"count":1,"edits":[{"old_text":"x"}]}""", "Missing required argument 'edits[0].new_text'.")]
    [InlineData("""{"count":1,"edits":["x"]}""", "Argument 'edits[0]' must be an object, but was \"x\".")]
    [InlineData("""{"count":1,"origin":{"name":"n","place":{"line":"x","notes":[]}}}""", "Argument 'origin.place.line' must be a whole number, but was \"x\".")]
    [InlineData("""{"count":1,"origin":{"name":"n","plaec":1}}""", "Unknown argument 'plaec' in 'origin'. Did you mean 'place'? Known are name, place.")]
    [InlineData("""{"count":1,"command":"\ud800"}""", "Argument 'command' must be valid Unicode, but was \"\\ud800\".")]
    [InlineData("""{"count":1,"\ud800":1}""", "An argument's name is not valid Unicode.")]
    [InlineData("""{"count":1,"extra":["\ud800"]}""", "Argument 'extra' must be valid Unicode, but was an array.")]
    [InlineData("""{"count":"x","limit":"y"}""", "Argument 'count' must be a whole number, but was \"x\". Argument 'limit' must be a whole number from 1 to 2000, but was \"y\".")]
    public void What_is_not_clear_is_refused_with_the_name_of_the_argument(string arguments, string error)
    {
        var outcome = s_tool.Bind(With(arguments));

        Assert.Null(outcome.Input);
        Assert.Equal(error, outcome.Error);
    }

    [Fact]
    public void A_missing_argument_and_an_unknown_one_are_named_together()
    {
        var outcome = s_tool.Bind(JsonElement.Parse("""{"count":1,"filepath":"a"}"""));

        Assert.Equal(
            "Unknown argument 'filepath'. Did you mean 'file_path'? Known are file_path, count, limit, size, ratio, force, form, others, command, url, edits, origin, extra. "
            + "Missing required argument 'file_path'.",
            outcome.Error);
    }

    [Fact]
    public void Many_errors_are_counted_rather_than_listed()
    {
        var outcome = s_tool.Bind(JsonElement.Parse("""{"a1":1,"a2":1,"a3":1,"a4":1,"a5":1}"""));

        Assert.EndsWith(" And 2 more.", outcome.Error);
    }

    [Theory]
    [InlineData("[1]", "The arguments must be an object, but were an array.")]
    [InlineData("\"x\"", "The arguments must be an object, but were \"x\".")]
    [InlineData("null", "The arguments must be an object, but were null.")]
    public void Arguments_that_are_no_object_are_refused(string arguments, string error) =>
        Assert.Equal(error, s_tool.Bind(JsonElement.Parse(arguments)).Error);

    [Fact]
    public void What_was_understood_binds_again_to_the_same()
    {
        var first = s_tool.Bind(With("""{"count":"3","others":"b","form":"JSON","extra":{"x":[1.50]}}""")).Input!.Json;

        Assert.Equal(first.GetRawText(), s_tool.Bind(first).Input!.Json.GetRawText());
    }

    [Fact]
    public void Binding_never_throws_and_agrees_with_the_published_schema()
    {
        var binder = new SchemaBinder(s_tool.Definition.InputSchema);
        var (random, bound) = (new ArbitraryJson(20261121), 0);
        for (var i = 0; i < 10_000; i++)
        {
            var json = random.Object(s_tool.Definition.InputSchema);
            var arguments = JsonElement.Parse(json);

            var outcome = s_tool.Bind(arguments);
            var bySchema = binder.Bind(arguments);

            Assert.True(outcome.Input is null != (outcome.Error is null), json);
            if (outcome.Input is { } input)
            {
                bound++;
                Assert.True(SchemaCheck.Check(s_tool.Definition.InputSchema, input.Json).Count == 0, $"{json} was understood as {input.Json.GetRawText()}");
                Assert.True(bySchema.Error is null, $"{json}: {bySchema.Error}");
            }
        }

        Assert.InRange(bound, 200, 9_800);
    }

    private static JsonElement With(string arguments) => JsonElement.Parse(
        arguments == "{}" ? """{"file_path":"a"}""" : $$"""{"file_path":"a",{{arguments.AsSpan(1)}}""");
}
