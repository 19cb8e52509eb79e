using System.Text;
using System.Text.Json;
using Bridle.Tools;

namespace Bridle.Tests.Tools;

public sealed class ArgumentFuzzTests(ITestOutputHelper output)
{
    private const string Schema = """
        {"type":"object","properties":{"file_path":{"type":"string"},"count":{"type":"integer","minimum":1},"edits":{"type":"array","items":{"type":"object","properties":{"old_text":{"type":"string"},"new_text":{"type":"string"}},"required":["old_text"]}},
        "form":{"enum":["json","text"]},"deep":{"type":"object","properties":{"name":{"type":"string"},"on":{"type":"boolean"}},"additionalProperties":false}},"required":["file_path"],"additionalProperties":false}
        """;

    [Fact]
    public void Whatever_a_model_sends_is_bound_to_what_the_schema_allows_or_refused_in_words()
    {
        var time = new FuzzTime(output);
        var schema = JsonElement.Parse(Schema);
        var (binder, json, bound, refused) = (new SchemaBinder(schema), new ArbitraryJson(time.Seed), 0, 0);
        while (time.Next())
        {
            var bytes = Encoding.UTF8.GetBytes(json.Object(schema)).ToList();
            for (var i = time.Random.Next(4); i > 0 && bytes.Count > 0; i--)
            {
                var at = time.Random.Next(bytes.Count);
                switch (time.Random.Next(3))
                {
                    case 0:
                        bytes[at] = (byte)"{}[]\",:\\0e-nt "[time.Random.Next(14)];
                        break;
                    case 1:
                        bytes.InsertRange(at, bytes.GetRange(at, Math.Min(20, bytes.Count - at)));
                        break;
                    default:
                        bytes.RemoveRange(at, Math.Min(3, bytes.Count - at));
                        break;
                }
            }

            JsonDocument document;
            try
            {
                document = JsonDocument.Parse(bytes.ToArray());
            }
            catch (JsonException)
            {
                continue;
            }

            using (document)
            {
                var outcome = binder.Bind(document.RootElement);
                Assert.True(outcome.Error is null != (outcome.Input is null), $"BRIDLE_SEED={time.Seed}: {document.RootElement.GetRawText()}");
                if (outcome.Input is { } input)
                {
                    bound++;
                    Assert.True(SchemaCheck.Check(schema, input.Json).Count == 0, $"BRIDLE_SEED={time.Seed}: {document.RootElement.GetRawText()} became {input.Json.GetRawText()}");
                }
                else
                {
                    refused++;
                    Assert.False(string.IsNullOrWhiteSpace(outcome.Error));
                }
            }
        }

        output.WriteLine($"{time.Rounds} texts, {bound} bound, {refused} refused");
        Assert.True(bound > 0 || time.Rounds < 1000);
    }
}
