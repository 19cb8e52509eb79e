using System.Text;
using System.Text.Json;
using Bridle.Events;
using Bridle.Tools;

namespace Bridle.Tests.Tools;

public sealed class GeneratedToolTests
{
    [Fact]
    public void The_definition_says_what_the_attribute_and_the_prose_say()
    {
        var definition = new SampleTool().AsTool().Definition;

        Assert.Equal("Sample", definition.Name);
        Assert.Equal("Shows what binders can do.\nDoes nothing.", definition.Description);
        Assert.Equal(ToolKind.Write, definition.Kind);
        Assert.Equal(ToolEffect.Repeatable, definition.Effect);
        Assert.True(definition.ParallelSafe);
        Assert.Same(definition, new SampleTool().AsTool().Definition);
    }

    [Fact]
    public void The_schema_is_compact_and_in_the_order_of_the_declaration()
    {
        var schema = new SampleTool().AsTool().Definition.InputSchema.GetRawText();

        Assert.Equal(
            """
            {"type":"object","properties":{"file_path":{"type":"string","description":"The file."},
            "count":{"type":"integer","description":"How often."},
            "limit":{"type":"integer","description":"How many lines.","minimum":1,"maximum":2000,"default":200},
            "size":{"type":"integer","description":"A large number."},
            "ratio":{"type":"number","description":"A share.","minimum":0,"maximum":1,"default":0.5},
            "force":{"type":"boolean","description":"Goes on.","default":false},
            "form":{"type":"string","description":"The form.","enum":["plain_text","json"],"default":"plain_text"},
            "others":{"type":"array","description":"More files.","items":{"type":"string"}},
            "command":{"type":"string","description":"What to run."},
            "url":{"type":"string","description":"Where to look."},
            "edits":{"type":"array","description":"Changes.","items":{"type":"object","properties":{"old_text":{"type":"string","description":"What to replace."},"new_text":{"type":"string"},"replace_all":{"type":"boolean","default":false}},"required":["old_text","new_text"],"additionalProperties":false}},
            "origin":{"type":"object","description":"Where from.","properties":{"name":{"type":"string"},"place":{"type":"object","properties":{"line":{"type":"integer"},"notes":{"type":"array","items":{"type":"string"}}},"required":["line","notes"],"additionalProperties":false}},"required":["name"],"additionalProperties":false},
            "extra":{"description":"Anything."}},
            "required":["file_path","count"],"additionalProperties":false}
            """.Replace("\n", ""),
            schema);
    }

    [Fact]
    public async Task What_is_bound_is_what_the_method_gets()
    {
        var sample = new SampleTool("all good");
        var tool = sample.AsTool();

        var input = tool.Bind(Json("""{"file_path":"a.txt","count":2,"form":"json","edits":[{"old_text":"a","new_text":"b"}],"origin":{"name":"n","place":{"line":4,"notes":["x"]}},"extra":{"k":[1,null]}}""")).Input!;
        var result = await tool.RunAsync(input, null!, default);

        Assert.Equal("all good", result.Text);
        var seen = sample.Seen!;
        Assert.Equal(("a.txt", 2, 200, null, 0.5, false, SampleForm.Json), (seen.FilePath, seen.Count, seen.Limit, seen.Size, seen.Ratio, seen.Force, seen.Form));
        Assert.Equal([new SampleEdit("a", "b")], seen.Edits);
        Assert.Equal(("n", 4, "x"), (seen.Origin!.Name, seen.Origin.Place!.Line, Assert.Single(seen.Origin.Place.Notes)));
        Assert.Equal("""{"k":[1,null]}""", seen.Extra?.GetRawText());
        Assert.Equal("+a.txt", (await tool.PreviewAsync(input, null!, default))?.Diff);
    }

    [Fact]
    public async Task Methods_become_tools()
    {
        var forecast = GeneratedTools.Forecast;
        var later = GeneratedTools.Later;
        var where = new SampleMethods("here").WhereTool();

        Assert.Equal("Sun in Oslo", (await forecast.RunAsync(forecast.Bind(Json("""{"city":"Oslo"}""")).Input!, null!, default)).Text);
        Assert.Equal("later", (await later.RunAsync(later.Bind(Json("{}")).Input!, null!, default)).Text);
        Assert.Equal("HERE", (await where.RunAsync(where.Bind(Json("""{"loud":"yes"}""")).Input!, null!, default)).Text);
        Assert.Equal("Says what the weather will be.", forecast.Definition.Description);
        Assert.Equal(ToolEffect.Once, forecast.Definition.Effect);
    }

    [Fact]
    public void Targets_are_read_from_the_marked_arguments()
    {
        var tool = new SampleTool().AsTool();

        var all = tool.Bind(Json("""{"file_path":"a","count":1,"others":["b","c"],"command":"ls","url":"https://x"}""")).Input!.Targets;
        var few = tool.Bind(Json("""{"file_path":"a","count":1,"others":null,"command":null}""")).Input!.Targets;

        Assert.Equal<ToolTarget>(
            [
                new FileTarget("a", FileAccessKind.Write), new FileTarget("b", FileAccessKind.Read), new FileTarget("c", FileAccessKind.Read),
                new CommandTarget("ls"), new UrlTarget("https://x"),
            ],
            all);
        Assert.Equal<ToolTarget>([new FileTarget("a", FileAccessKind.Write)], few);
    }

    [Fact]
    public void A_tool_with_described_parameters_stays_below_700_bytes_of_schema()
    {
        var schema = GeneratedTools.Forecast.Definition.InputSchema.GetRawText();

        Assert.InRange(Encoding.UTF8.GetByteCount(schema), 1, 700);
    }

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
