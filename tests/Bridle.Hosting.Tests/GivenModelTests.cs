using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Hosting.Tests;

public sealed class GivenModelTests
{
    private static readonly HostEnvironment Nowhere = new(new Dictionary<string, string>(), "/nonexistent/home", "/", HostPlatform.Linux);

    [Fact]
    public async Task A_model_without_tool_calls_that_a_program_brings_gets_the_tools_in_its_prompt()
    {
        var world = new InMemoryWorkspace();
        var model = new ScriptedModel(
            ScriptedReply.Text("```tool_call\n{\"name\": \"Write\", \"input\": {\"file_path\": \"a.txt\", \"content\": \"x\"}}\n```"),
            ScriptedReply.Text("Written."))
        {
            Info = new("test", "plain", "scripted") { ContextWindow = 200_000, MaxOutputTokens = 8_192, Tools = Known.No },
        };
        await using var agent = Agent.Create(model, "/", new() { Workspace = world, Environment = Nowhere, Mode = "acceptEdits" });

        Assert.Equal("Written.", await agent.AskAsync("Write x.", TestContext.Current.CancellationToken));

        Assert.Equal("x", world.Files["a.txt"]);
        Assert.Contains("### Write", model.Requests[0].System, StringComparison.Ordinal);
        Assert.Empty(model.Requests[0].Tools);
        Assert.DoesNotContain(model.Requests[1].Messages.SelectMany(message => message.Parts), part => part is ToolCallPart or ToolResultPart);
    }

    [Fact]
    public async Task An_agent_on_a_workspace_of_its_own_touches_no_folder_of_this_machine()
    {
        var world = new InMemoryWorkspace();
        var model = new ScriptedModel(
            ScriptedReply.Calls(("Write", """{"file_path": "notes/a.txt", "content": "x"}""")),
            ScriptedReply.Calls(("Write", """{"file_path": "/elsewhere/a.txt", "content": "x"}""")),
            ScriptedReply.Text("Done."));
        await using var agent = Agent.Create(model, "/nonexistent/folder", new() { Workspace = world, Environment = Nowhere, Mode = "acceptEdits" });

        var result = await agent.RunAsync("Write.", TestContext.Current.CancellationToken);

        Assert.Equal(["/work/notes/a.txt"], world.Files.Paths);
        Assert.Equal("Write", Assert.Single(result.Denied).Tool);
        Assert.False(Directory.Exists("/nonexistent"));
    }
}
