using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

public sealed class SessionEditTests : IDisposable
{
    private readonly CliStage _stage = new() { Terminal = true };

    public void Dispose() => _stage.Dispose();

    private string Log => Path.Combine(_stage.Home, ".local/share/bridle/sessions/session_talk.jsonl");

    private async Task TalkAsync()
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Text("A horse."));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--session", "talk", "What is the zebra?"));
        _stage.Out.Take();
    }

    [Fact]
    public async Task The_editor_opens_the_session_and_its_change_counts_after_a_yes()
    {
        await TalkAsync();
        (_stage.Variables["EDITOR"], _stage.Variables["VISUAL"], _stage.Input) = ("false", "sed -i s/zebra/zebu/", "y\n");
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "edit", "talk"));
        Assert.Contains("- What is the zebra?", _stage.Error.ToString());
        Assert.Contains("+ What is the zebu?", _stage.Error.ToString());
        Assert.Contains("1 change was taken over and sealed", _stage.Out.Take());

        var model = new ScriptedModel(ScriptedReply.Text("An ox."));
        _stage.Model = model;
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--resume", "talk", "Sure?"));
        Assert.Equal("What is the zebu?", model.Requests[0].Messages[0].Text);
    }

    [Fact]
    public async Task Without_a_yes_the_session_keeps_every_byte_and_the_text_is_kept_and_can_be_taken_over_later()
    {
        await TalkAsync();
        var before = File.ReadAllBytes(Log);
        (_stage.Variables["EDITOR"], _stage.Input) = ("sed -i s/zebra/zebu/", "n\n");
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("sessions", "edit", "talk"));
        Assert.Equal(before, File.ReadAllBytes(Log));
        var kept = Directory.GetFiles(Path.Combine(_stage.Home, ".local/share/bridle/drafts"), "*.jsonl", SearchOption.AllDirectories).Single();
        Assert.Contains(kept, _stage.Error.ToString().Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "edit", "talk", "--from", kept, "--yes"));
        Assert.Contains("zebu", File.ReadAllText(Log));
    }

    [Fact]
    public async Task A_broken_line_is_named_and_offered_again_until_it_is_whole()
    {
        await TalkAsync();
        var editor = _stage.Write("editor", """
            if [ -e "$0.once" ]; then sed -i '2s/^oops//; s/zebra/zebu/' "$1"; else touch "$0.once"; sed -i '2s/^/oops/' "$1"; fi
            """);
        (_stage.Variables["EDITOR"], _stage.Input) = ($"sh {editor}", "y\ny\n");
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "edit", "talk"));
        Assert.Contains("  line 2: it is not a JSON object", _stage.Error.ToString());
        Assert.Contains("zebu", File.ReadAllText(Log));
        Assert.DoesNotContain("oops", File.ReadAllText(Log));
    }

    [Theory]
    [InlineData(null, "There is no editor")]
    [InlineData("exit 3 #", "ended with 3")]
    [InlineData("no-such-editor", "ended with 127")]
    public async Task An_editor_that_is_missing_or_fails_changes_nothing(string? editor, string said)
    {
        await TalkAsync();
        var before = File.ReadAllBytes(Log);
        if (editor is not null)
        {
            _stage.Variables["EDITOR"] = editor;
        }

        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sessions", "edit", "talk"));
        Assert.Contains(said, _stage.Error.ToString());
        Assert.Equal(before, File.ReadAllBytes(Log));
    }

    [Fact]
    public async Task With_nobody_to_ask_a_change_needs_the_flag()
    {
        await TalkAsync();
        (_stage.Terminal, _stage.Variables["EDITOR"]) = (false, "sed -i s/zebra/zebu/");
        var before = File.ReadAllBytes(Log);
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("sessions", "edit", "talk"));
        Assert.Equal(before, File.ReadAllBytes(Log));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "edit", "talk", "--yes"));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "edit", "talk", "--yes"));
        Assert.Contains("talk: Nothing was changed.", _stage.Out.ToString());
    }
}
