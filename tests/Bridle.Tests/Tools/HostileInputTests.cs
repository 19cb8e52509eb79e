using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Tools;

namespace Bridle.Tests.Tools;

public sealed class HostileInputTests
{
    private static readonly string[] s_keywords =
    [
        "$ref", "$id", "$defs", "type", "enum", "const", "properties", "patternProperties", "additionalProperties", "propertyNames", "required", "dependentRequired",
        "dependentSchemas", "dependencies", "minProperties", "maxProperties", "items", "prefixItems", "additionalItems", "contains", "minContains", "maxContains", "minItems",
        "maxItems", "uniqueItems", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern", "anyOf", "oneOf", "allOf",
        "not", "if", "then", "else",
    ];

    private static readonly string[] s_values =
    [
        "null", "true", "false", "0", "-1", "3.7", "1e400", "\"\"", "\"string\"", "\"object\"", "\"array\"", "\"#\"", "\"#/$defs/a\"", "\"#/%zz/~2\"", "\"(a+)+$\"", "\"[\"",
        "\"\\ud800\"", "[]", "[\"a\",\"b\"]", "[\"string\",\"null\"]", "[1,[2],{\"a\":1}]", "{}", "{\"a\":1,\"b\":\"x\"}", "{\"\\udfff\":true}",
    ];

    private readonly Random _random = new(7);

    [Fact]
    public void No_schema_and_no_value_make_the_check_or_the_binder_throw()
    {
        var (fitting, refused) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var (schemaText, valueText) = (Schema(0), _random.Next(4) == 0 ? s_values[_random.Next(s_values.Length)] : $"{{\"a\":{Pick()},\"b\":{Pick()},\"\":{Pick()}}}");
            var (schema, value) = (JsonElement.Parse(schemaText), JsonElement.Parse(valueText));
            try
            {
                _ = SchemaCheck.Check(schema, value).Count == 0 ? fitting++ : refused++;
                var outcome = new SchemaBinder(schema).Bind(value);
                Assert.True(outcome.Input is null != (outcome.Error is null));
                Assert.True(outcome.Input is null || SchemaCheck.Check(schema, outcome.Input.Json).Count == 0);
            }
            catch (Exception error)
            {
                Assert.Fail($"{schemaText} with {valueText}: {error}");
            }
        }

        Assert.InRange(fitting, 1000, 19_000);
        Assert.InRange(refused, 1000, 19_000);
    }

    [Fact]
    public async Task No_text_of_arguments_makes_the_stage_throw()
    {
        const string valid = """{"file_path":"a\"ä😀\u00e4.txt","count":"12","others":["b","c"],"origin":{"name":"n","place":{"line":1,"notes":["x"]}},"extra":[1.5,null,{}]}""";
        const string alphabet = "{}[]\",:\\u0x1e+-. \n\0ä\ud800";
        var stage = new ToolPipeline([new BindArgumentsStage(new ToolSet([new SampleTool("ran").AsTool()]))]);
        var outcomes = new Dictionary<CallOutcome, int>();
        for (var i = 0; i < 10_000; i++)
        {
            var text = valid.ToCharArray().ToList();
            for (var edits = _random.Next(1, 4); edits > 0; edits--)
            {
                var at = _random.Next(text.Count);
                switch (_random.Next(3))
                {
                    case 0:
                        text.RemoveAt(at);
                        break;
                    case 1:
                        text.Insert(at, alphabet[_random.Next(alphabet.Length)]);
                        break;
                    default:
                        text[at] = alphabet[_random.Next(alphabet.Length)];
                        break;
                }
            }

            var result = await stage.RunAsync(
                new ToolInvocation { Call = new ToolCallPart(new CallId("c"), "Sample", new string([.. text])), Scope = null!, RecordAsync = (_, _, _) => default },
                TestContext.Current.CancellationToken);
            outcomes[result.Outcome] = outcomes.GetValueOrDefault(result.Outcome) + 1;
        }

        Assert.Equal([CallOutcome.Completed, CallOutcome.Failed], outcomes.Keys.Order());
        Assert.All(outcomes.Values, count => Assert.True(count > 200, $"Only {count} of one kind."));
    }

    private string Pick() => s_values[_random.Next(s_values.Length)];

    private string Schema(int depth)
    {
        var members = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => s_keywords[_random.Next(s_keywords.Length)]).Distinct()
            .Select(keyword => $"\"{keyword}\":{Operand(keyword, depth)}");
        return $"{{{string.Join(',', members)}}}";
    }

    private string Operand(string keyword, int depth) => depth > 2 || _random.Next(3) == 0 ? Pick() : keyword switch
    {
        "properties" or "patternProperties" or "$defs" or "dependentSchemas" => $"{{\"a\":{Schema(depth + 1)},\"b\":{Schema(depth + 1)}}}",
        "anyOf" or "oneOf" or "allOf" or "prefixItems" => $"[{Schema(depth + 1)},{Schema(depth + 1)}]",
        "items" or "contains" or "not" or "if" or "then" or "else" or "additionalProperties" or "propertyNames" => Schema(depth + 1),
        _ => Pick(),
    };
}
