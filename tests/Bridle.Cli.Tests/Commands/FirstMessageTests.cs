using System.Text.Json;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

/// <summary>What a hook of <c>SessionStart</c> says first where no person sits at it.</summary>
public sealed class FirstMessageTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    private static string Said(ModelRequest request) => request.Messages.Last(message => message.Role is Role.User).Text;

    private void Says(string message) =>
        _stage.Write("home/.config/bridle/settings.json", $$$"""{"hooks":{"SessionStart":[{"hooks":[{"command":"echo '{\"hookSpecificOutput\":{\"hookEventName\":\"SessionStart\",\"initialUserMessage\":\"{{{message}}}\"}}'"}]}]}}""");

    [Fact]
    public async Task Run_says_it_as_a_message_of_its_own_before_the_persons()
    {
        Says("Read STATUS.md first.");
        var model = new ScriptedModel(ScriptedReply.Text("read"), ScriptedReply.Text("four"));
        _stage.Model = model;
        Assert.Equal(0, await _stage.RunAsync("run", "--output", "json", "what is 2 + 2?"));
        Assert.Equal(["Read STATUS.md first.", "what is 2 + 2?"], model.Requests.Select(Said));
        using var result = JsonDocument.Parse(_stage.Out.ToString());
        Assert.Equal("four", result.RootElement.GetProperty("answer").GetString());
    }

    [Fact]
    public async Task A_conversation_of_events_begins_with_it_and_needs_no_other_one()
    {
        Says("Look around.");
        var model = new ScriptedModel(ScriptedReply.Text("seen"));
        _stage.Model = model;
        _stage.Input = "";
        Assert.Equal(0, await _stage.RunAsync("run", "--input", "events", "--output", "events"));
        Assert.Equal("Look around.", Said(Assert.Single(model.Requests)));
    }

    [Fact]
    public async Task Where_it_cannot_be_answered_the_persons_message_is_not_said()
    {
        Says("Look around.");
        var model = new ScriptedModel(ScriptedReply.Failure(ModelErrorKind.Quota));
        _stage.Model = model;
        Assert.NotEqual(0, await _stage.RunAsync("run", "what now?"));
        Assert.Single(model.Requests);
    }

    [Fact]
    public async Task A_chat_does_not_say_it()
    {
        Says("Look around.");
        var model = new ScriptedModel(ScriptedReply.Text("ok"));
        _stage.Model = model;
        _stage.Input = "hello\n";
        Assert.Equal(0, await _stage.RunAsync("chat"));
        Assert.Equal("hello", Said(Assert.Single(model.Requests)));
    }
}
