using System.Text.Json;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models.Extensions;
using Bridle.Tools;
using Microsoft.Extensions.AI;

namespace Bridle.Models.Tests.Extensions;

public sealed class AIFunctionToolTests
{
    private static readonly AIFunction Add = AIFunctionFactory.Create((int a, int b) => a + b, "Add", "Adds two numbers.");

    [Fact]
    public void A_function_is_published_as_it_is_and_counts_as_dangerous_unless_told_otherwise()
    {
        var tool = new AIFunctionTool(Add);
        Assert.Equal(("Add", "Adds two numbers.", ToolKind.Execute, ToolEffect.Once, false), (tool.Definition.Name, tool.Definition.Description, tool.Definition.Kind, tool.Definition.Effect, tool.Definition.ParallelSafe));
        Assert.Equal(Add.JsonSchema.GetRawText(), tool.Definition.InputSchema.GetRawText());
        Assert.Same(tool.Definition, tool.Definition);

        var harmless = new AIFunctionTool(Add, ToolKind.Read, ToolEffect.Repeatable, parallelSafe: true).Definition;
        Assert.Equal((ToolKind.Read, ToolEffect.Repeatable, true), (harmless.Kind, harmless.Effect, harmless.ParallelSafe));
    }

    [Fact]
    public async Task Bound_arguments_reach_the_function_and_its_result_comes_back_as_text()
    {
        var tool = new AIFunctionTool(Add);
        // Numbers in quotes are meant as numbers.
        var bound = tool.Bind(Talk.Schema("""{"a":1,"b":"2"}"""));
        Assert.Null(bound.Error);
        var result = await tool.RunAsync(bound.Input!, Scope(), default);

        Assert.Equal((CallOutcome.Completed, "3"), (result.Outcome, result.Text));
    }

    [Theory]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"a":1,"b":"two"}""")]
    [InlineData("[]")]
    public void Arguments_that_do_not_fit_the_schema_never_reach_the_function(string arguments)
    {
        var function = AIFunctionFactory.Create(int (int a, int b) => throw new InvalidOperationException("It was called."), "Add", "");
        var bound = new AIFunctionTool(function).Bind(Talk.Schema(arguments));
        Assert.Null(bound.Input);
        Assert.NotEmpty(bound.Error!);
    }

    [Fact]
    public async Task Text_JSON_nothing_and_pictures_are_results()
    {
        var png = new byte[] { 0x89, 0x50 };
        Assert.Equal("Häh?", (await RunAsync(() => "Häh?")).Text);
        Assert.Equal("", (await RunAsync(() => (string?)null)).Text);
        Assert.Equal("[1,2]", (await RunAsync(() => Talk.Schema("[1,2]"))).Text);
        var mixed = await RunAsync(() => (IEnumerable<AIContent>)[new TextContent("See:"), new DataContent(png, "image/png")]);
        Assert.Equal("See:", mixed.Text);
        var image = Assert.IsType<ImagePart>(mixed.Content[1]);
        Assert.Equal(("image/png", 64), (image.MediaType, image.Blob.Length));
        Assert.Equal(png, image.Bytes.ToArray());
    }

    [Fact]
    public async Task A_failing_function_throws_so_that_the_gate_contains_it()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await RunAsync(() => throw new InvalidOperationException("secret")));
    }

    private static async Task<ToolResult> RunAsync<T>(Func<T> function)
    {
        var tool = new AIFunctionTool(AIFunctionFactory.Create(function, new AIFunctionFactoryOptions { Name = "F", MarshalResult = (value, _, _) => ValueTask.FromResult(value) }));
        return await tool.RunAsync(tool.Bind(Talk.Schema("{}")).Input!, Scope(), default);
    }

    private static Task<ToolResult> RunAsync(Action function) => RunAsync<string>(() =>
    {
        function();
        return "";
    });

    private static CallScope Scope() => new()
    {
        Call = new("c"),
        WorkingDirectory = "/",
        Files = null!,
        Processes = null!,
        Network = null!,
        Blobs = new MemoryBlobStore(),
        Background = null!,
        SeenFiles = new Dictionary<string, string>(),
        ShowProgress = _ => { },
        AskAsync = (_, _, _) => ValueTask.FromResult<string?>(null),
    };

    private sealed class MemoryBlobStore : IBlobs
    {
        private readonly Dictionary<string, byte[]> _blobs = [];

        public string Put(ReadOnlySpan<byte> bytes)
        {
            var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
            _blobs[hash] = bytes.ToArray();
            return hash;
        }

        public byte[]? Get(string hash) => _blobs.GetValueOrDefault(hash);

        public string? PathOf(string hash) => null;
    }
}
