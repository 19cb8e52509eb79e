using System.Text;
using System.Text.Json;
using Bridle.Events;

namespace Bridle.Tools.Tests;

public sealed class BuiltInToolsTests
{
    private const int MostBytesATool = 700;

    [Fact]
    public void The_tools_are_these_with_their_kinds_and_effects() => Assert.Equal(
        """
        AskUser: Meta, Durable
        Bash: Execute, Once
        BashOutput: Meta, Repeatable
        Edit: Write, Once
        ExitPlanMode: Meta, Repeatable
        Git: Write, Once
        Glob: Read, Repeatable, side by side
        Grep: Read, Repeatable, side by side
        KillShell: Meta, Repeatable
        Ls: Read, Repeatable, side by side
        Read: Read, Repeatable, side by side
        TodoWrite: Meta, Repeatable
        WebFetch: Network, Repeatable, side by side
        WebSearch: Network, Repeatable, side by side
        Write: Write, Once
        """,
        string.Join('\n', new BuiltInTools().Tools.Select(tool => tool.Definition).Select(tool => $"{tool.Name}: {tool.Kind}, {tool.Effect}{(tool.ParallelSafe ? ", side by side" : "")}")));

    [Fact]
    public void What_a_request_spends_on_tools_is_bounded()
    {
        var sizes = new BuiltInTools().Tools.Select(tool => (tool.Definition.Name, Size: Encoding.UTF8.GetByteCount(AsOpenAi(tool.Definition)))).ToList();
        foreach (var (name, size) in sizes)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {size} bytes");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"all: {sizes.Sum(one => one.Size)} bytes, {sizes.Average(one => one.Size):F0} a tool");
        Assert.InRange(sizes.Average(one => one.Size), 100, MostBytesATool);
    }

    [Fact]
    public void Every_parameter_is_described()
    {
        foreach (var tool in new BuiltInTools().Tools)
        {
            Assert.NotEqual("", tool.Definition.Description);
            foreach (var parameter in tool.Definition.InputSchema.GetProperty("properties").EnumerateObject())
            {
                Assert.True(parameter.Value.TryGetProperty("description", out var words) && words.GetString()!.Length > 3, $"{tool.Definition.Name}.{parameter.Name}");
            }
        }
    }

    [Theory]
    [InlineData("Read", """{"file_path":"a"}""", "read a")]
    [InlineData("Write", """{"file_path":"a","content":"x"}""", "write a")]
    [InlineData("Edit", """{"file_path":"a","old_string":"x","new_string":"y"}""", "write a")]
    [InlineData("Grep", """{"pattern":"x","path":"src"}""", "read src")]
    [InlineData("Glob", """{"pattern":"/etc/*","path":"src"}""", "read /etc/*, read src")]
    [InlineData("Ls", """{"path":"src"}""", "read src")]
    [InlineData("Bash", """{"command":"make"}""", "run make")]
    [InlineData("WebFetch", """{"url":"https://example.org/"}""", "reach https://example.org/")]
    public void Calls_say_what_they_would_touch(string name, string arguments, string expected)
    {
        using var json = JsonDocument.Parse(arguments);
        var bound = new BuiltInTools().Tools.Single(tool => tool.Definition.Name == name).Bind(json.RootElement);
        Assert.Null(bound.Error);
        Assert.Equal(expected, string.Join(", ", bound.Input!.Targets.Select(target => target switch
        {
            FileTarget file => $"{(file.Access is FileAccessKind.Read ? "read" : "write")} {file.Path}",
            CommandTarget command => $"run {command.Command}",
            UrlTarget url => $"reach {url.Url}",
            _ => "?",
        })));
    }

    [Fact]
    public async Task A_tool_runs_from_bound_arguments_and_shows_what_it_would_change()
    {
        await using var ground = new Playground();
        var tools = new BuiltInTools().Tools.ToDictionary(tool => tool.Definition.Name);
        using var arguments = JsonDocument.Parse("""{"file_path":"a.txt","content":"one\n"}""");
        var input = tools["Write"].Bind(arguments.RootElement).Input!;
        Assert.StartsWith("--- /dev/null", (await tools["Write"].PreviewAsync(input, ground.Scope, CancellationToken.None))!.Diff, StringComparison.Ordinal);
        Assert.Equal(CallOutcome.Completed, (await tools["Write"].RunAsync(input, ground.Scope, CancellationToken.None)).Outcome);
        Assert.Equal("one\n", ground.Text("a.txt"));
    }

    private static string AsOpenAi(ToolDefinition tool)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", tool.Name);
            json.WriteString("description", tool.Description);
            json.WritePropertyName("parameters");
            tool.InputSchema.WriteTo(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
