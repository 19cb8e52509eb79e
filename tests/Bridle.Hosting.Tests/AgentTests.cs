using Bridle.Events;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Hosting.Tests;

public sealed class AgentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private AgentOptions Options => new() { Environment = _folder.Environment(("PATH", Environment.GetEnvironmentVariable("PATH")!)) };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_agent_answers_with_real_tools_on_real_files_and_remembers()
    {
        _folder.Write("a.txt", "alpha\n");
        var model = new ScriptedModel(ScriptedReply.Calls(("Read", """{"file_path":"a.txt"}""")), ScriptedReply.Text("It says alpha."), ScriptedReply.Text("As I said."));
        await using var agent = Agent.Create(model, _folder.Path, Options);
        Assert.Equal("It says alpha.", await agent.AskAsync("What does a.txt say?", TestContext.Current.CancellationToken));
        Assert.Equal("As I said.", await agent.AskAsync("Again?", TestContext.Current.CancellationToken));
        Assert.Equal(5, model.Requests[2].Messages.Count);
    }

    [Fact]
    public async Task A_list_of_things_to_do_is_known_in_the_next_turn_and_after_a_resume()
    {
        static ScriptedReply List() => ScriptedReply.Calls(("TodoWrite", """{"todos":[{"content":"look","status":"pending"}]}"""));
        static string Told(ScriptedModel model) => model.Requests[^1].Messages[^1].Parts.OfType<ToolResultPart>().Single().Content.OfType<TextPart>().Single().Text;
        var options = Options with { SessionName = "list" };
        var first = new ScriptedModel(List(), ScriptedReply.Text("Planned."));
        await using (var agent = Agent.Create(first, _folder.Path, options))
        {
            await agent.AskAsync("Plan.", TestContext.Current.CancellationToken);
        }

        Assert.Equal("[ ] look\n0 of 1 done.", Told(first));
        var second = new ScriptedModel(List(), ScriptedReply.Text("As before."));
        await using var resumed = Agent.Create(second, _folder.Path, options);
        await resumed.AskAsync("Plan.", TestContext.Current.CancellationToken);
        Assert.StartsWith("No change", Told(second), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_options_it_changes_nothing_and_with_them_what_they_allow()
    {
        ScriptedModel Writing() => new(ScriptedReply.Calls(("Write", """{"file_path":"b.txt","content":"x\n"}""")), ScriptedReply.Text("ok"));
        await using (var careful = Agent.Create(Writing(), _folder.Path))
        {
            Assert.Single((await careful.RunAsync("write", TestContext.Current.CancellationToken)).Denied);
        }

        Assert.False(File.Exists(Path.Combine(_folder.Path, "b.txt")));
        await using var allowed = Agent.Create(Writing(), _folder.Path, Options with { Mode = "acceptEdits" });
        Assert.Empty((await allowed.RunAsync("write", TestContext.Current.CancellationToken)).Denied);
        Assert.Equal("x\n", File.ReadAllText(Path.Combine(_folder.Path, "b.txt")));
    }

    [Fact]
    public async Task No_answer_is_an_exception_that_says_why_and_keeps_the_result()
    {
        await using var agent = Agent.Create(new ScriptedModel(ScriptedReply.Failure(ModelErrorKind.Connection)), _folder.Path, Options);
        var failed = await Assert.ThrowsAsync<AgentException>(() => agent.AskAsync("hi", TestContext.Current.CancellationToken));
        Assert.Equal(TurnOutcome.ModelFailed, failed.Result!.Outcome);
        await using var nowhere = Agent.Create(new ScriptedModel(), Path.Combine(_folder.Path, "missing"), Options);
        Assert.Null((await Assert.ThrowsAsync<AgentException>(() => nowhere.AskAsync("hi", TestContext.Current.CancellationToken))).Result);
    }

    [Fact]
    public async Task A_program_brings_its_own_tools_approver_and_watchers()
    {
        var sink = new CollectingSink();
        var approver = TestApprover.Yes();
        var model = new ScriptedModel(ScriptedReply.Calls(("Bash", """{"command":"echo hi"}""")), ScriptedReply.Text("ok"));
        await using var agent = Agent.Create(model, _folder.Path, Options with { Approver = approver, Sinks = [sink], Mode = "default", SystemPrompt = "Be brief." });
        await agent.AskAsync("run", TestContext.Current.CancellationToken);
        Assert.StartsWith("Be brief.", model.Requests[0].System);
        Assert.NotEmpty(sink.Events);
        Assert.Contains("hi", model.Requests[1].Messages[^1].Parts.OfType<ToolResultPart>().Single().Content.OfType<TextPart>().Single().Text);
    }
}
