using System.Text.Json;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Tests.Loop;
using Bridle.Tools;

namespace Bridle.Tests.Tools;

/// <summary>A tool that is called by its name through another one is judged and run as itself.</summary>
public sealed class CallToolTests
{
    private readonly ToolSet _tools = new([new CallTool(), new FunctionTool("Look", ToolEffect.Repeatable, true, (text, _) => ToolResult.Completed($"saw {text}")), new FunctionTool("Read", ToolEffect.Repeatable, true, (text, _) => ToolResult.Completed($"read {text}"))]);

    [Theory]
    [InlineData("""{"name":"Look","arguments":"{\"text\":\"a\"}"}""", "Look", "a", "")]
    [InlineData("""{"name":"Look","arguments":{"text":"a"}}""", "Look", "a", "")]
    [InlineData("""{"name":" Look ","input":{"text":"a"}}""", "Look", "a", "")]
    [InlineData("""{"name":"look","arguments":{"text":"a"}}""", "Look", "a", "")]
    [InlineData("""{"name":"read_file","arguments":{"text":"a"}}""", "Read", "a", "")]
    [InlineData("""{"name":"Look"}""", null, null, "Look was called without arguments, but needs text. Arguments of Look: text (string, required).")]
    [InlineData("""{"name":"Look","arguments":"{text"}""", null, null, "The arguments are not valid JSON")]
    [InlineData("""{"name":"Lok","arguments":{}}""", null, null, "There is no tool 'Lok'. Did you mean 'Look'?")]
    [InlineData("""{"name":"CallTool","arguments":{"name":"Look"}}""", null, null, "CallTool calls other tools and not itself.")]
    [InlineData("""{"arguments":{}}""", null, null, "CallTool needs the name of a tool.")]
    [InlineData("", null, null, "CallTool needs the name of a tool.")]
    [InlineData("[1]", null, null, "CallTool needs the name of a tool.")]
    public async Task The_named_tool_stands_in_its_place(string arguments, string? tool, string? text, string error)
    {
        ToolInvocation? seen = null;
        var pipeline = new ToolPipeline([new BindArgumentsStage(_tools), new Watching(invocation => seen = invocation)]);
        var result = await pipeline.RunAsync(Invocation("CallTool", arguments), default);
        Assert.Equal(tool, seen?.Tool?.Definition.Name);
        Assert.Equal(text, (string?)seen?.Input?.Arguments);
        Assert.StartsWith(error, tool is null ? result.Text : "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_thousand_names_are_not_listed_to_who_made_a_slip()
    {
        var many = new ToolSet(Enumerable.Range(0, 1_000).Select(i => new FunctionTool($"tool_{i:000}", ToolEffect.Repeatable, true, (_, _) => ToolResult.Completed(""))));
        var said = many.Unknown("tool_77");
        Assert.Contains("Did you mean", said);
        Assert.EndsWith("tool_099 and 900 more.", said);
    }

    private static ToolInvocation Invocation(string tool, string arguments) => new()
    {
        Call = new ToolCallPart(new CallId("c"), tool, arguments),
        Scope = null!,
        RecordAsync = (_, _, _) => default,
    };

    private sealed class Watching(Action<ToolInvocation> see) : ToolStage
    {
        public override string Name => "watching";

        protected internal override ValueTask<ToolResult> InvokeAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
        {
            see(invocation);
            return next(invocation, cancellationToken);
        }
    }
}
