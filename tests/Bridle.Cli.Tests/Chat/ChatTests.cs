using Bridle.Cli.Tests.Terminals;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Chat;

public sealed class ChatTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    private Task<int> ChatAsync(FakeKeys keys, params string[] arguments)
    {
        _stage.Terminal = true;
        _stage.Keys = () => keys;
        return _stage.RunAsync(["chat", .. arguments]);
    }

    /// <summary>Waits for what is to be shown; a conversation that ended in a fault meanwhile says so at once.</summary>
    private static async Task UntilAsync(Task<int> chat, Task shown)
    {
        if (await Task.WhenAny(chat, shown) == chat && chat.IsFaulted)
        {
            await chat;
        }

        await shown;
    }

    /// <summary>Types each part when the turns of the parts before are over.</summary>
    private async Task<int> TalkAsync(string[] parts, params string[] arguments)
    {
        var keys = new FakeKeys(parts[0]);
        var chat = ChatAsync(keys, arguments);
        for (var turn = 1; turn < parts.Length; turn++)
        {
            await UntilAsync(chat, _stage.Error.WaitForAsync("out tokens, ", turn));
            keys.Type(parts[turn]);
        }

        return await chat;
    }

    [Theory]
    [InlineData("/exit{enter}")]
    [InlineData("/quit{enter}")]
    [InlineData("exit{enter}")]
    [InlineData("quit{enter}")]
    [InlineData("{ctrl-d}")]
    public async Task A_person_leaves_as_they_like(string keys)
    {
        _stage.Model = new ScriptedModel();
        Assert.Equal(0, await ChatAsync(new(keys)));
    }

    [Fact]
    public async Task Messages_are_answered_one_after_another_with_a_usage_line_each()
    {
        var model = new ScriptedModel(ScriptedReply.Text("one"), ScriptedReply.Text("two"));
        _stage.Model = model;
        Assert.Equal(0, await TalkAsync(["{enter}first{enter}", "second{enter}", "{ctrl-d}"]));
        Assert.Equal(["first", "one", "second"], model.Requests[1].Messages.Select(message => message.Text));
        Assert.Equal(2, _stage.Error.ToString().Split("[100 in / 10 out tokens").Length - 1);
        Assert.Contains("one\n", _stage.Out.ToString());
    }

    [Fact]
    public async Task Without_a_terminal_lines_are_messages_and_what_must_be_asked_is_denied()
    {
        _stage.Input = "write it\nyes\n";
        _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Write", """{"file_path":"a.txt","content":"x"}""")), ScriptedReply.Text("denied"), ScriptedReply.Text("really denied"));
        Assert.Equal(0, await _stage.RunAsync("chat", "--sandbox", "off"));
        Assert.Empty(Directory.GetFiles(_stage.Work));
        Assert.Contains("denied\nreally denied\n", _stage.Out.ToString());
    }

    [Fact]
    public async Task Without_a_terminal_the_exit_code_is_that_of_the_last_turn()
    {
        (_stage.Input, _stage.Model) = ("hi\n", new ScriptedModel(ScriptedReply.Failure(ModelErrorKind.Connection)));
        Assert.Equal(ExitCode.Vendor, await _stage.RunAsync("chat"));
    }

    [Fact]
    public async Task The_commands_show_and_change_what_they_say()
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Text("hello"));
        Assert.Equal(0, await TalkAsync(["/help{enter}hi{enter}", "/cost{enter}/model{enter}/model nonsense/x{enter}/tools{enter}/mode{enter}/plan{enter}/mode{enter}/mode yolo{enter}/mode bypass{enter}/mode acceptEdits{enter}/session{enter}/hlep{enter}/exit{enter}"], "--session", "s"));
        var shown = _stage.Out.ToString();
        foreach (var text in new[]
        {
            "100 in / 10 out tokens, cost unknown, 1 turn", "test/scripted", "Read", "  default\n", "Mode plan.", "  plan\n", "There is no mode yolo. The modes are plan,",
            "taken from the command line only", "Mode acceptEdits.", "session_s.jsonl", "There is no command /hlep. Did you mean /help?",
        })
        {
            Assert.Contains(text, shown);
        }

        Assert.Matches("/help +show this", shown);
    }

    [Fact]
    public async Task A_path_at_the_beginning_of_a_message_is_no_command()
    {
        var model = new ScriptedModel(ScriptedReply.Text("ok"));
        _stage.Model = model;
        await TalkAsync(["/etc/hosts says what?{enter}", "{ctrl-d}"]);
        Assert.Equal("/etc/hosts says what?", model.Requests.Single().Messages[0].Text);
    }

    [Fact]
    public async Task What_is_typed_during_a_turn_reaches_the_model_at_its_next_step()
    {
        var keys = new FakeKeys("go{enter}");
        static ScriptedReply Look(string id, string said) => ScriptedReply.Of([new TextPart(said), new ToolCallPart(new(id), "Ls", "{}")], StopReason.ToolUse, new TextArrived(said));
        var model = new ScriptedModel(
            Look("c1", "The first look.\n").After(async (_, _) =>
            {
                keys.Type("also this{enter}");
                await _stage.Out.WaitForAsync("↳ also this", 2);
            }),

            // What the model says is held back while a message is typed, so it is on the screen only when the message was posted: the step after this one must have it.
            Look("c2", "The second.\n").After((_, _) => _stage.Out.WaitForAsync("The first look.")),
            ScriptedReply.Text("heard"));
        _stage.Model = model;
        var chat = ChatAsync(keys);
        await UntilAsync(chat, _stage.Error.WaitForAsync("out tokens, "));
        keys.Type("{ctrl-d}");
        Assert.Equal(0, await chat);
        Assert.Contains(model.Requests[^1].Messages.SelectMany(message => message.Parts).OfType<TextPart>(), part => part.Text.Contains("also this", StringComparison.Ordinal));
        Assert.Contains("(passed on: also this)", _stage.Error.ToString());
    }

    [Fact]
    public async Task An_interrupt_ends_the_turn_and_the_conversation_goes_on()
    {
        _stage.Model = new ScriptedModel(
            ScriptedReply.Text("never").After(async (_, cancellationToken) =>
            {
                Assert.True(_stage.Interrupts.Request());
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }),
            ScriptedReply.Text("still here"));
        Assert.Equal(0, await TalkAsync(["first{enter}", "second{enter}", "{ctrl-d}"]));
        Assert.Contains("Interrupted.", _stage.Error.ToString());
        Assert.Contains("still here", _stage.Out.ToString());
    }

    [Fact]
    public async Task An_approval_by_the_person_lets_the_call_run()
    {
        var keys = new FakeKeys("write it{enter}");
        _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Write", """{"file_path":"a.txt","content":"x\n"}""")), ScriptedReply.Text("written"));
        var chat = ChatAsync(keys);
        await _stage.Out.WaitForAsync("[y] yes, once");
        Assert.Contains("+x", _stage.Out.ToString());
        keys.Type("y");
        await _stage.Error.WaitForAsync("out tokens, ");
        keys.Type("{ctrl-d}");
        Assert.Equal(0, await chat);
        Assert.Equal("x\n", File.ReadAllText(Path.Combine(_stage.Work, "a.txt")));
    }

    [Fact]
    public async Task With_nothing_configured_a_person_may_rehearse_or_leave()
    {
        Assert.Equal(0, await ChatAsync(new("q")));
        Assert.Contains("No model is configured", _stage.Out.ToString());
        Assert.Equal(0, await ChatAsync(new("r{ctrl-d}")));
        Assert.Contains("rehearsal/rehearsal", _stage.Error.ToString());
    }

    [Fact]
    public async Task With_nothing_configured_a_key_that_means_nothing_is_asked_again()
    {
        Assert.Equal(0, await ChatAsync(new("xr{ctrl-d}")));
        Assert.Contains("press s, r or q", _stage.Out.ToString());
        Assert.Contains("rehearsal/rehearsal", _stage.Error.ToString());
        Assert.Equal(0, await ChatAsync(new("x{ctrl-d}")));
    }

    [Fact]
    public async Task With_nothing_configured_and_nobody_to_ask_chat_is_refused()
    {
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("chat"));
        Assert.Contains("bridle init", _stage.Error.ToString());
    }

    [Fact]
    public async Task Log_level_debug_shows_every_event()
    {
        (_stage.Input, _stage.Model) = ("hi\n", new ScriptedModel(ScriptedReply.Text("ok")));
        await _stage.RunAsync("direct", "--log-level", "debug");
        Assert.Contains("\"type\":\"user_spoke\"", _stage.Error.ToString());
    }
}
