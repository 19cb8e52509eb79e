using Bridle.Events;
using Bridle.Hosting;
using Bridle.Testing;

namespace Example.TestYourAgent;

public sealed class AgentTests
{
    // Nobody's settings and keys: what the tests show must not depend on who runs them.
    private static readonly HostEnvironment Nobody = new(new Dictionary<string, string>(), "/home/nobody", "/", HostPlatform.Linux);

    private readonly InMemoryWorkspace _world = new();
    private readonly CollectingSink _seen = new();

    [Fact]
    public async Task What_the_agent_writes_is_in_the_workspace_and_nowhere_else()
    {
        var model = new ScriptedModel(
            ScriptedReply.Calls(("Write", """{"file_path": "notes/today.md", "content": "ride out\n"}""")),
            ScriptedReply.Text("Written."));
        await using var agent = Agent.Create(model, "/work", new() { Environment = Nobody, Workspace = _world, Mode = "acceptEdits", Sinks = [_seen] });

        Assert.Equal("Written.", await agent.AskAsync("Note that we ride out."));
        Assert.Equal("ride out\n", _world.Files["notes/today.md"]);
    }

    [Fact]
    public async Task What_nobody_allowed_does_not_happen()
    {
        var model = new ScriptedModel(
            ScriptedReply.Calls(("Bash", """{"command": "git push"}""")),
            ScriptedReply.Text("I could not push."));
        await using var agent = Agent.Create(model, "/work", new() { Environment = Nobody, Workspace = _world, Sinks = [_seen] });

        var result = await agent.RunAsync("Push.");

        Assert.Equal("Bash", Assert.Single(result.Denied).Tool);
        Assert.Empty(_world.Processes.Started);
        Assert.DoesNotContain(_seen.Events, one => one is Recorded { Event: ToolStarted });
    }

    [Fact]
    public async Task The_person_is_asked_and_the_model_sees_what_the_command_said()
    {
        _world.Processes.Answer("3 passed, 0 failed\n");
        var model = new ScriptedModel(
            ScriptedReply.Calls(("Bash", """{"command": "dotnet test"}""")),
            ScriptedReply.Text("All tests pass."));
        var person = TestApprover.Yes();
        await using var agent = Agent.Create(model, "/work", new() { Environment = Nobody, Workspace = _world, Approver = person, Sinks = [_seen] });

        await agent.AskAsync("Do the tests pass?");

        Assert.Contains("dotnet test", Assert.Single(person.Prompts).Request.Input, StringComparison.Ordinal);
        Assert.Contains("3 passed", EventText.Of(_seen.Events), StringComparison.Ordinal);
    }
}
