using Bridle.Cli.Terminals;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Chat.Live;

public sealed class LiveSettingsTests
{
    [Theory]
    [InlineData(null, 1, 0)]
    [InlineData("bell", 1, 0)]
    [InlineData("desktop", 0, 1)]
    [InlineData("off", 0, 0)]
    public async Task A_question_is_announced_as_the_person_wants(string? kind, int bells, int notifications)
    {
        await using var live = new LiveStage();
        if (kind is not null)
        {
            live.Stage.Write("home/.config/bridle/settings.json", $$"""{ "notifications": "{{kind}}" }""");
        }

        await live.StartAsync(new ScriptedModel(ScriptedReply.Calls(("Bash", """{"command":"touch made"}""")), ScriptedReply.Text("done")));
        await live.TypeAsync("go{enter}", "[y] yes, once");
        Assert.Equal((bells, notifications), (live.Screen.Bells, live.Screen.Notifications.Count));
        await live.TypeAsync("y", "2 steps");
        await live.LeaveAsync();
    }

    [Fact]
    public void The_end_of_a_turn_is_announced_only_when_it_took_long()
    {
        Assert.Equal("", new Notifications("bell").WhenOver(TimeSpan.FromSeconds(9)));
        Assert.Equal("\a", new Notifications("bell").WhenOver(TimeSpan.FromSeconds(10)));
        Assert.Equal("\x1b]9;Bridle is done.\a", new Notifications("desktop").WhenOver(TimeSpan.FromMinutes(1)));
        Assert.Equal("", new Notifications("off").WhenOver(TimeSpan.FromMinutes(1)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Plain_writes_one_line_after_another_and_moves_nothing(bool flag)
    {
        using var stage = new CliStage();
        var (terminal, keys) = (new LockedWriter(), new Cli.Tests.Terminals.FakeKeys("go{enter}"));
        (stage.Screen, stage.Terminal, stage.Keys) = (null, true, () => keys);
        stage.Model = new ScriptedModel(ScriptedReply.Text("It is **done**.\n"));
        if (!flag)
        {
            stage.Write("home/.config/bridle/settings.json", """{ "plain": true }""");
        }

        var context = stage.Context();
        context = context with { Io = context.Io with { Out = terminal, Error = terminal, IsScreen = true } };
        var chat = CommandLine.RunAsync(flag ? ["chat", "--plain", "--sandbox", "off"] : ["chat", "--sandbox", "off"], context, TestContext.Current.CancellationToken);
        while (!terminal.ToString().Contains("1 step", StringComparison.Ordinal))
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        keys.Type("/nonsens{back}se{back}{left}x{ctrl-d}{enter}{ctrl-d}");
        Assert.Equal(0, await chat);
        Assert.Contains("> go\nIt is **done**.\n[100 in", terminal.ToString(), StringComparison.Ordinal);
        // Only the brackets around pastes are asked for, which show nothing.
        Assert.DoesNotContain('\x1b', terminal.ToString().Replace(PasteMarks.On, "", StringComparison.Ordinal).Replace(PasteMarks.Off, "", StringComparison.Ordinal));
    }
}
