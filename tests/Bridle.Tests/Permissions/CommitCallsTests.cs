using System.Text.Json;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Tests.Loop;
using Bridle.Events;
using Bridle.Tools;

namespace Bridle.Tests.Permissions;

public sealed class CommitCallsTests
{
    // "round" means itself, which git refuses as well.
    private static readonly Dictionary<string, string> s_aliases = new(StringComparer.OrdinalIgnoreCase) { ["ci"] = "-c user.name=a commit -v", ["twice"] = "ci -q", ["round"] = "round", ["st"] = "status" };

    [Theory]
    [InlineData("git commit -m x", true)]
    [InlineData("cd sub && git -C . -c user.name=a commit --amend", true)]
    [InlineData("git add -A; if true; then git commit -qm x; fi", true)]
    [InlineData("bash -c 'git commit -m x'", true)]
    [InlineData("/usr/bin/git commit", true)]
    [InlineData("env A=b git commit", true)]
    [InlineData("git commit -m 'unclosed", true)]
    [InlineData("git -c alias.ci=commit ci -m x", true)]
    [InlineData("git -c ALIAS.ci='!git commit' ci", true)]
    [InlineData("git -c alias.x=status -c alias.x=commit x", true)]
    [InlineData("git -c alias.ci=status ci", false)]
    [InlineData("git --config-env=alias.ci=HOME ci", true)]
    [InlineData("git ci -m x", true)]
    [InlineData("git CI -m x", true)]
    [InlineData("git twice", true)]
    [InlineData("git round", false)]
    [InlineData("git st", false)]
    [InlineData("G=git; $G commit -m x", true)]
    [InlineData("$(which git) commit", true)]
    [InlineData("git status && echo commit", false)]
    [InlineData("git log --grep commit", false)]
    [InlineData("git show commit", false)]
    [InlineData("echo git commit", false)]
    [InlineData("cat commit.txt", false)]
    public void A_command_that_commits_is_known_however_it_is_written(string command, bool makes) => Assert.Equal(makes, CommitCalls.Makes(Call("Bash", $$"""{"command":{{Quoted(command)}}}""", new CommandTarget(command)), () => s_aliases));

    [Theory]
    [InlineData("""{"verb":"commit","arguments":["-m","x"]}""", true)]
    [InlineData("""{"verb":"add","arguments":["commit"]}""", false)]
    public void So_is_the_tool_for_git(string input, bool makes) => Assert.Equal(makes, CommitCalls.Makes(Call("Git", input)));

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private static ToolInvocation Call(string name, string input, params ToolTarget[] targets)
    {
        var world = new EmptyWorld();
        var tool = new FunctionTool(name, ToolEffect.Once, false, (_, _) => ToolResult.Completed(""));
        using var json = JsonDocument.Parse(input);
        return new ToolInvocation
        {
            Call = new ToolCallPart(new CallId("c"), name, input), RecordAsync = (_, _, _) => ValueTask.CompletedTask, Tool = tool, Input = new ToolInput(json.RootElement.Clone(), "", targets),
            Scope = new CallScope
            {
                Call = new CallId("c"), WorkingDirectory = "/ws", Files = world, Processes = world, Network = world, Blobs = new MemoryBlobs(), Background = new BackgroundProcesses(),
                SeenFiles = new Dictionary<string, string>(), ShowProgress = _ => { }, AskAsync = (_, _, _) => ValueTask.FromResult<string?>(null),
            },
        };
    }
}
