using Bridle.Messages;
using Bridle.Tools;

namespace Bridle.Tools.Tests;

/// <summary>Calls in the words of other harnesses, with their own arguments, bound for the tools that are meant.</summary>
public sealed class ForeignCallTests
{
    private static readonly ToolSet s_tools = new([], [new BuiltInTools()]);

    [Theory]
    [InlineData("bash", """{"command":"pwd","cwd":"my sub","timeout_seconds":5}""", """{"command":"(cd -- 'my sub' && {\npwd\n})","timeout":5}""")]
    [InlineData("bash", """{"command":"pwd","cwd":"."}""", """{"command":"pwd"}""")]
    [InlineData("bash", """{"cmd":"pwd","cwd":"sub"}""", """{"command":"(cd -- sub && {\npwd\n})"}""")]
    [InlineData("shell_exec", """{"program":"ls","args":["a b","it's"],"cwd":"sub"}""", """{"command":"(cd -- sub && {\nls 'a b' 'it'\\''s'\n})"}""")]
    [InlineData("shell_read", """{"program":"ls"}""", """{"command":"ls"}""")]
    [InlineData("read_file", """{"path":"a.txt","max_bytes":100}""", """{"file_path":"a.txt"}""")]
    [InlineData("write_file", """{"path":"a.txt","content":"x","create_directories":true}""", """{"file_path":"a.txt","content":"x"}""")]
    [InlineData("glob", """{"pattern":"*.cs","root":"src","limit":5}""", """{"pattern":"*.cs","path":"src"}""")]
    [InlineData("grep", """{"pattern":"x","limit":5,"timeout":20}""", """{"pattern":"x","max_results":5}""")]
    [InlineData("web_search", """{"query":"x","search_url":"http://localhost"}""", """{"query":"x"}""")]
    [InlineData("todo_write", """{"item":"buy milk","checked":false}""", """{"todos":[{"content":"buy milk","status":"pending"}]}""")]
    [InlineData("Bash", """{"command":"ls","description":"List files"}""", """{"command":"ls"}""")]
    [InlineData("WebFetch", """{"url":"http://localhost/","prompt":"What is it?"}""", """{"url":"http://localhost/"}""")]
    [InlineData("TodoWrite", """{"todos":[{"content":"look","status":"pending","activeForm":"Looking","id":"1","priority":"high"}]}""", """{"todos":[{"content":"look","status":"pending"}]}""")]
    [InlineData("update_plan", """{"explanation":"First","plan":[{"step":"look","status":"in_progress"}]}""", """{"todos":[{"content":"look","status":"in_progress"}]}""")]
    [InlineData("Grep", """{"pattern":"x","-n":true,"-i":true,"output_mode":"files_with_matches","multiline":false}""", """{"pattern":"x","output_mode":"files","case_insensitive":true}""")]
    [InlineData("Grep", """{"pattern":"x","-A":2,"-B":"5","output_mode":"content","head_limit":0}""", """{"pattern":"x","output_mode":"content","context":5,"max_results":2000}""")]
    [InlineData("Grep", """{"pattern":"x","-C":3,"type":"rust","offset":0}""", """{"pattern":"x","glob":"*.rs","context":3}""")]
    [InlineData("Grep", """{"pattern":"x","context":4,"-A":2}""", """{"pattern":"x","context":4}""")]
    public async Task Arguments_of_another_harness_are_bound(string name, string arguments, string bound)
    {
        await using var ground = new Playground();
        Assert.Equal(bound, (await BindAsync(ground, name, arguments)).Input?.Json.GetRawText());
    }

    [Theory]
    [InlineData("bash", """{"program":"ls","args":"a b"}""")]
    [InlineData("shell_exec", """{"program":"ls","args":[1]}""")]
    [InlineData("todo_write", """{"item":" "}""")]
    [InlineData("Grep", """{"pattern":"x","multiline":true}""")]
    [InlineData("Grep", """{"pattern":"x","offset":5}""")]
    [InlineData("Grep", """{"pattern":"x","type":"rust","glob":"src/**"}""")]
    [InlineData("Grep", """{"pattern":"x","type":"nothing"}""")]
    [InlineData("Grep", """{"pattern":"x","-C":"a lot"}""")]
    public async Task What_nobody_calls_so_is_refused(string name, string arguments)
    {
        await using var ground = new Playground();
        var call = await BindAsync(ground, name, arguments);
        Assert.Null(call.Input);
    }

    [Fact]
    public async Task One_item_at_a_time_is_put_into_the_list_as_it_stands()
    {
        await using var ground = new Playground();
        async Task<string> Set(string arguments)
        {
            var call = await BindAsync(ground, "todo_write", arguments);
            return ground.LastResults["TodoWrite"] = (await call.Tool!.RunAsync(call.Input!, ground.Scope, default)).Text;
        }

        await Set("""{"todos":[{"content":"look","status":"in_progress"}]}""");
        Assert.Equal("[>] look\n[ ] buy milk\n0 of 2 done.", await Set("""{"item":"buy milk","checked":false}"""));
        Assert.Equal("[>] look\n[x] buy milk\n1 of 2 done.", await Set("""{"item":"buy milk","checked":"true"}"""));
        Assert.StartsWith("No change", await Set("""{"item":"buy milk","checked":true}"""), StringComparison.Ordinal);
        Assert.Equal("[>] look\n[ ] buy milk\n0 of 2 done.", await Set("""{"item":"buy milk"}"""));
    }

    [Fact]
    public async Task A_folder_for_one_command_is_not_kept()
    {
        await using var ground = new Playground();
        ground.Put("my sub/a.txt", "");
        var call = await BindAsync(ground, "bash", """{"command":"ls # all of it","cwd":"my sub"}""");
        var result = await call.Tool!.RunAsync(call.Input!, ground.Scope, default);
        Assert.Equal(("a.txt", null), (result.Text, result.WorkingDirectory));
    }

    private static async Task<ToolInvocation> BindAsync(Playground ground, string name, string arguments)
    {
        var call = new ToolInvocation { Call = new ToolCallPart(new("c1"), name, arguments), Scope = ground.Scope, RecordAsync = (_, _, _) => default };
        await new ToolPipeline([new BindArgumentsStage(s_tools), new EndHere()]).RunAsync(call, default);
        return call;
    }

    private sealed class EndHere : ToolStage
    {
        public override string Name => "end";

        protected override ValueTask<ToolResult> InvokeAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken) => new(ToolResult.Completed("bound"));
    }
}
