using System.Text.Json;
using Bridle.Events;
using Bridle.Tools;

namespace Bridle.Tests.Tools;

public sealed class ToolSetTests
{
    [Fact]
    public void Tools_are_listed_by_name_and_found_by_it()
    {
        var set = new ToolSet([GeneratedTools.Later, new SampleTool().AsTool()], [new Source(GeneratedTools.Forecast)]);

        Assert.Equal(["Forecast", "Later", "Sample"], set.Tools.Select(tool => tool.Definition.Name));
        Assert.Equal(["Forecast", "Later", "Sample"], set.Schemas.Select(schema => schema.Name));
        Assert.Same(GeneratedTools.Later, set.Find("Later"));
        Assert.Null(set.Find("later"));
        Assert.Empty(set.Problems);
    }

    [Fact]
    public void The_schemas_stay_the_same_instance_until_a_source_offers_something_else()
    {
        var source = new Source(GeneratedTools.Forecast);
        var set = new ToolSet([], [source]);
        var (schemas, hash) = (set.Schemas, set.Hash);

        Assert.Same(schemas, set.Schemas);
        source.Tools = [GeneratedTools.Forecast];
        Assert.Same(schemas, set.Schemas);
        source.Tools = [GeneratedTools.Forecast, GeneratedTools.Later];
        Assert.NotSame(schemas, set.Schemas);
        Assert.NotEqual(hash, set.Hash);
        source.Tools = [GeneratedTools.Forecast];
        Assert.Equal(hash, set.Hash);
    }

    [Fact]
    public void The_hash_does_not_depend_on_the_order_of_the_offer()
    {
        var one = new ToolSet([GeneratedTools.Later, GeneratedTools.Forecast]);
        var other = new ToolSet([GeneratedTools.Forecast, GeneratedTools.Later]);

        Assert.Equal(one.Hash, other.Hash);
        Assert.Equal(64, one.Hash.Length);
    }

    [Fact]
    public void A_name_that_is_offered_twice_is_reported_and_the_first_offer_counts()
    {
        var (mine, theirs) = (new NamedTool("Read"), new NamedTool("Read"));

        var set = new ToolSet([mine], [new Source(theirs)]);

        Assert.Same(mine, set.Find("Read"));
        Assert.Equal(["The tool 'Read' is offered 2 times; the first offer is used. Rename or switch off the others."], set.Problems);
    }

    [Theory]
    [InlineData("Raed", "There is no tool 'Raed'. Did you mean 'Read'? The tools are: Bash, Read, WebFetch.")]
    [InlineData("WebFecth2", "There is no tool 'WebFecth2'. Did you mean 'WebFetch'? The tools are: Bash, Read, WebFetch.")]
    [InlineData("red_file", "There is no tool 'red_file'. Did you mean 'Read'? The tools are: Bash, Read, WebFetch.")]
    [InlineData("writ_file", "There is no tool 'writ_file'. The tools are: Bash, Read, WebFetch.")]
    [InlineData("deploy", "There is no tool 'deploy'. The tools are: Bash, Read, WebFetch.")]
    public void An_unknown_tool_is_answered_with_the_nearest_name_and_all_names(string name, string answer) =>
        Assert.Equal(answer, new ToolSet([new NamedTool("WebFetch"), new NamedTool("Read"), new NamedTool("Bash")]).Unknown(name));

    [Theory]
    [InlineData("read_file", "Read")]
    [InlineData("view", "Read")]
    [InlineData("cat", "Read")]
    [InlineData("write_file", "Write")]
    [InlineData("edit_file", "Edit")]
    [InlineData("bash", "Bash")]
    [InlineData("shell", "Bash")]
    [InlineData("run_shell_command", "Bash")]
    [InlineData("exec", "Bash")]
    [InlineData("grep", "Grep")]
    [InlineData("glob", "Glob")]
    [InlineData("list_dir", "Ls")]
    [InlineData("LS", "Ls")]
    [InlineData("web_fetch", "WebFetch")]
    [InlineData("web_search", "WebSearch")]
    [InlineData("todo_write", "TodoWrite")]
    [InlineData("ask_user_question", "AskUser")]
    [InlineData("AskUserQuestion", "AskUser")]
    [InlineData("KillBash", "KillShell")]
    [InlineData("bash_output", "BashOutput")]
    [InlineData("exit_plan_mode", "ExitPlanMode")]
    [InlineData("session_search", "SessionSearch")]
    [InlineData("functions.Read", "Read")]
    [InlineData("functions.read_file", "Read")]
    public void A_foreign_name_means_the_canonical_tool(string foreign, string canonical)
    {
        string[] names = ["Read", "Write", "Edit", "Bash", "Grep", "Glob", "Ls", "WebFetch", "WebSearch", "TodoWrite", "AskUser", "BashOutput", "KillShell", "ExitPlanMode", "SessionSearch"];
        var set = new ToolSet(names.Select(name => new NamedTool(name)));

        Assert.Equal(canonical, set.Resolve(foreign)?.Tool.Definition.Name);
    }

    [Theory]
    [InlineData("functions.multi_tool_use")]
    [InlineData("functions.functions.Read")]
    [InlineData("functions.")]
    [InlineData("tools.Read")]
    [InlineData("")]
    public void A_prefix_is_left_out_only_before_a_tool_that_there_is(string name) => Assert.Null(new ToolSet([new NamedTool("Read")]).Resolve(name));

    [Fact]
    public void A_sandboxed_command_is_never_an_alias_of_the_shell()
    {
        Assert.Null(ToolAliases.Standard.Find("execute_sandboxed_command"));
        Assert.Null(new ToolSet([new NamedTool("Bash")]).Resolve("execute_sandboxed_command"));
    }

    [Fact]
    public void A_tool_of_exactly_that_name_comes_before_an_alias()
    {
        var (own, canonical) = (new NamedTool("grep"), new NamedTool("Grep"));

        Assert.Same(own, new ToolSet([own, canonical]).Resolve("grep")?.Tool);
    }

    private sealed class Source(params Tool[] tools) : IToolSource
    {
        public IReadOnlyList<Tool> Tools { get; set; } = tools;
    }

    private sealed class NamedTool(string name) : Tool
    {
        public override ToolDefinition Definition { get; } = new(name, "", JsonElement.Parse("{}"), ToolKind.Meta, ToolEffect.Once, false);

        public override BindOutcome Bind(JsonElement arguments) => BindOutcome.Of(new ToolInput(arguments, arguments, []));

        public override ValueTask<ToolResult> RunAsync(ToolInput input, CallScope scope, CancellationToken cancellationToken) => new(ToolResult.Completed(""));
    }
}
