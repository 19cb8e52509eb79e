using System.ComponentModel;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Tools;

namespace Bridle.Tests.Tools;

public sealed class BindArgumentsStageTests
{
    private readonly ToolSet _tools = new([new SampleTool("ran").AsTool(), GeneratedTools.Later, BindTools.Reading(), BindTools.Searching(), BindTools.Changing()]);

    [Fact]
    public async Task A_bound_call_goes_on_to_its_tool()
    {
        var (result, call) = await BindAsync("Sample", """{"file_path":"a","count":"2"}""");

        Assert.Equal("ran", result.Text);
        Assert.Equal("""{"file_path":"a","count":2}""", call.Input!.Json.GetRawText());
        Assert.Equal("Sample", call.Tool!.Definition.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public async Task Nothing_counts_as_no_arguments_where_none_are_needed(string arguments)
    {
        var (result, call) = await BindAsync("Later", arguments);

        Assert.Equal("later", result.Text);
        Assert.Equal("{}", call.Input!.Json.GetRawText());
    }

    [Theory]
    [InlineData("Read", "", "Read was called without arguments, but needs file_path. Arguments of Read: file_path (string, required), offset (integer).")]
    [InlineData("Read", "{\"file_path\":\"src/a", "The arguments end in the middle at character 20, after {\"file_path\":\"src/a: the call was probably cut off. Send the whole call again, and split it when it is long. Arguments of Read: file_path (string, required), offset (integer).")]
    [InlineData("Read", "{\"file_path\":\"a\"", "The arguments end in the middle at character 17, after {\"file_path\":\"a\": the call was probably cut off. Send the whole call again, and split it when it is long. Arguments of Read: file_path (string, required), offset (integer).")]
    [InlineData("Read", "{\"offset\":1", "The arguments end in the middle at character 12, after {\"offset\":1: the call was probably cut off. Send the whole call again, and split it when it is long. Arguments of Read: file_path (string, required), offset (integer).")]
    [InlineData("Read", "{\"file_path\":\"a\",}", "The arguments are not valid JSON at character 18, after {\"file_path\":\"a\",. Send one JSON object; escape quotes, backslashes and line ends inside of strings. Arguments of Read: file_path (string, required), offset (integer).")]
    [InlineData("Read", "{\"file_path\":\"a\"} {}", "The arguments are not valid JSON at character 19, after {\"file_path\":\"a\"} . Send one JSON object; escape quotes, backslashes and line ends inside of strings. Arguments of Read: file_path (string, required), offset (integer).")]
    [InlineData("Read", "nonsense", "The arguments are not valid JSON at character 2, after n. Send one JSON object; escape quotes, backslashes and line ends inside of strings. Arguments of Read: file_path (string, required), offset (integer).")]
    [InlineData("Read", "{\"file_path\":\"a\",\"file_path\":\"b\"}", "The arguments name 'file_path' twice at character 18, after {\"file_path\":\"a\",. Send each argument once. Arguments of Read: file_path (string, required), offset (integer).")]
    [InlineData("Read", "3", "The arguments must be an object, but were 3. Arguments of Read: file_path (string, required), offset (integer).")]
    [InlineData("Read", "{\"offset\":1}", "Missing required argument 'file_path'. Arguments of Read: file_path (string, required), offset (integer).")]
    [InlineData("read_file", "{}", "'read_file' is called Read here. Missing required argument 'file_path'. Arguments of Read: file_path (string, required), offset (integer).")]
    [InlineData("Later", "{\"x\":1}", "Unknown argument 'x': there are none. Later takes no arguments: send {}.")]
    [InlineData("Reed", "{}", "There is no tool 'Reed'. Did you mean 'Read'? The tools are: Edit, Grep, Later, Read, Sample.")]
    public async Task What_cannot_be_bound_is_answered_with_what_to_send(string tool, string arguments, string answer)
    {
        var (result, call) = await BindAsync(tool, arguments);

        Assert.Equal(CallOutcome.Failed, result.Outcome);
        Assert.Equal(answer, result.Text);
        Assert.Null(call.Input);
    }

    [Fact]
    public async Task A_key_that_stands_twice_deep_inside_is_refused_as_well()
    {
        var (result, _) = await BindAsync("Sample", """{"file_path":"a","count":1,"extra":{"k":[{"x":1,"y":2,"x":3}]}}""");

        Assert.StartsWith("The arguments name 'x' twice", result.Text);
    }

    [Fact]
    public async Task Bottomless_arguments_are_refused()
    {
        var (result, _) = await BindAsync("Sample", """{"file_path":"a","count":1,"extra":""" + new string('[', 100_000));

        Assert.StartsWith("The arguments are nested deeper than 48 levels at character 83", result.Text);
    }

    [Fact]
    public async Task An_object_inside_of_a_string_is_understood()
    {
        var (result, call) = await BindAsync("Read", "\"{\\\"file_path\\\":\\\"a\\\"}\"");

        Assert.Equal("read a", result.Text);
        Assert.Equal("""{"file_path":"a"}""", call.Input!.Json.GetRawText());
    }

    [Theory]
    [InlineData("read_file", """{"path":"a","offset":2}""", "Read", """{"file_path":"a","offset":2}""")]
    [InlineData("Read", """{"filePath":"a"}""", "Read", """{"file_path":"a"}""")]
    [InlineData("edit_file", """{"path":"a","old_str":"x","new_str":"y"}""", "Edit", """{"file_path":"a","old_string":"x","new_string":"y"}""")]
    [InlineData("grep", """{"pattern":"x","root":"src","case_sensitive":false,"limit":5}""", "Grep", """{"pattern":"x","path":"src","case_insensitive":true,"max_results":5}""")]
    [InlineData("Grep", """{"pattern":"x","-i":true,"head_limit":3}""", "Grep", """{"pattern":"x","case_insensitive":true,"max_results":3}""")]
    public async Task The_arguments_of_an_alias_are_translated(string called, string arguments, string tool, string understood)
    {
        var (_, call) = await BindAsync(called, arguments);

        Assert.Equal(tool, call.Tool!.Definition.Name);
        Assert.Equal(understood, call.Input!.Json.GetRawText());
    }

    [Fact]
    public async Task A_foreign_argument_beside_the_canonical_one_is_not_guessed_at()
    {
        var (result, _) = await BindAsync("read_file", """{"path":"a","file_path":"b"}""");

        Assert.Contains("Unknown argument 'path'.", result.Text);
    }

    [Fact]
    public async Task Changed_arguments_are_bound_again_and_bad_ones_leave_the_call_as_it_was()
    {
        var (_, call) = await BindAsync("Read", """{"file_path":"a"}""");

        var bad = BindArgumentsStage.Rebind(call, """{"file_path":3,"x":1}""");
        Assert.NotNull(bad.Error);
        Assert.Equal([new FileTarget("a", FileAccessKind.Read)], call.Input!.Targets);

        Assert.Null(BindArgumentsStage.Rebind(call, """{"file_path":"b"}""").Error);
        Assert.Equal([new FileTarget("b", FileAccessKind.Read)], call.Input!.Targets);
    }

    [Fact]
    public async Task Arguments_cut_at_any_place_never_reach_the_tool()
    {
        const string whole = """{"file_path":"a\"ä😀.txt","offset":12}""";
        for (var length = 1; length < whole.Length; length++)
        {
            var (result, call) = await BindAsync("Read", whole[..length]);

            Assert.Equal(CallOutcome.Failed, result.Outcome);
            Assert.Null(call.Input);
        }
    }

    private async Task<(ToolResult Result, ToolInvocation Call)> BindAsync(string tool, string arguments)
    {
        var invocation = new ToolInvocation
        {
            Call = new ToolCallPart(new CallId("c1"), tool, arguments),
            Scope = null!,
            RecordAsync = (_, _, _) => ValueTask.CompletedTask,
        };
        return (await new ToolPipeline([new BindArgumentsStage(_tools)]).RunAsync(invocation, TestContext.Current.CancellationToken), invocation);
    }
}

/// <summary>Tools with the names that aliases lead to.</summary>
internal static class BindTools
{
    public static Tool Reading() => GeneratedTools.Read;

    public static Tool Searching() => GeneratedTools.Grep;

    public static Tool Changing() => GeneratedTools.Edit;

    [Tool("Read", ToolKind.Read)]
    [Description("Reads.")]
    internal static string Read([Description("File.")][Path(FileAccessKind.Read)] string filePath, [Description("Start.")] int offset = 0) =>
        offset == 0 ? $"read {filePath}" : $"read {filePath} from {offset}";

    [Tool("Grep", ToolKind.Read)]
    [Description("Searches.")]
    internal static string Grep(
        [Description("Pattern.")] string pattern, [Description("Folder.")] string? path = null, [Description("Any case.")] bool caseInsensitive = false, [Description("Most.")] int maxResults = 200) =>
        $"{pattern} {path} {caseInsensitive} {maxResults}";

    [Tool("Edit", ToolKind.Write)]
    [Description("Changes.")]
    internal static string Edit([Description("File.")] string filePath, [Description("Old.")] string oldString, [Description("New.")] string newString) =>
        $"{filePath} {oldString} {newString}";
}
