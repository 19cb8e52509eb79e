using Bridle.Testing;
using Bridle.Tests;

namespace Bridle.Cli.Tests.Chat.Live;

/// <summary>What is typed while a command of the chat runs or asks for a line, and an interrupt then.</summary>
public sealed class LiveCommandTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_that_is_sent_while_a_command_runs_is_shown_and_an_interrupt_gives_it_back(bool signal)
    {
        await using var live = new LiveStage();
        var model = new ScriptedModel(ScriptedReply.Text("Paid."));
        await live.StartAsync(model);
        await live.TypeAsync("!touch begun; sleep 600{enter}", "❯ !touch begun");
        await Eventually.Async(() => File.Exists(live.Stage.PathOf("work/begun")), seconds: 60);
        await live.TypeAsync("paid message{enter}", "↳ paid message  (queued)");
        await live.TypeAsync("/cost{enter}", "↳ /cost  (queued)");
        _ = signal ? live.Stage.Interrupts.Request() : live.Keys.Type("{esc}") is null;
        await live.WaitForAsync("(not done: /cost)");
        await live.WaitForAsync("❯ paid message");
        Assert.Empty(model.Requests);
        await live.TypeAsync("!{enter}", "Paid.");
        Assert.Equal("paid message!", Assert.Single(model.Requests).Messages[^1].Text);
        await live.LeaveAsync();
    }

    [Fact]
    public async Task A_message_that_is_sent_while_a_command_runs_is_the_next_one()
    {
        await using var live = new LiveStage();
        var model = new ScriptedModel(ScriptedReply.Text("Heard."));
        await live.StartAsync(model);
        await live.TypeAsync("!while [ ! -e go ]; do sleep 0.05; done{enter}", "❯ !while");
        await live.TypeAsync("next{enter}", "↳ next  (queued)");
        live.Stage.Write("work/go", "");
        await live.WaitForAsync("Heard.");
        Assert.DoesNotContain("(queued)", live.Window, StringComparison.Ordinal);
        await live.LeaveAsync();
    }

    [Fact]
    public async Task Ctrl_C_at_a_line_that_a_command_asks_for_takes_the_question_back_and_the_conversation_goes_on()
    {
        await using var live = new LiveStage();
        await live.StartAsync(new ScriptedModel(ScriptedReply.Text("One."), ScriptedReply.Text("Two.")));
        await live.TypeAsync("first{enter}", "1 step, test/scripted]");
        await live.TypeAsync("/rewind{enter}", "Enter for none:");
        Assert.True(live.Stage.Interrupts.Request());
        await live.WaitForAsync("(Ctrl+C)");
        await live.TypeAsync("second{enter}", "Two.");
        await live.LeaveAsync();
    }
}
