using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Chat.Live;

public sealed class LiveChatTests
{
    private const string Status = "test/scripted · default · 0 in 0 out";

    /// <summary>A reply that streams its text and stays open until it is let go on.</summary>
    private static ScriptedReply Streamed(string text, TaskCompletionSource? gate = null)
    {
        var reply = ScriptedReply.Of([new TextPart(text)], StopReason.EndTurn, [.. text.Chunk(5).Select(piece => new TextArrived(new string(piece)))]);
        return gate is null ? reply : reply.After((_, _) => gate.Task);
    }

    private static string WaitingCommand(LiveStage live, string output) =>
        $$"""{"command":"{{output}}; touch {{live.Stage.PathOf("started")}}; while [ ! -e {{live.Stage.PathOf("go")}} ]; do sleep 0.02; done; echo over"}""";

    [Fact]
    public async Task A_reply_that_broke_off_goes_from_the_window_and_a_line_says_so()
    {
        await using var live = new LiveStage();
        await live.StartAsync(new ScriptedModel(ScriptedReply.Failure(ModelErrorKind.Cut, "Half an\n\nanswer of three\n- lines"), Streamed("A whole answer.")));
        await live.TypeAsync("go{enter}", "1 step, test/scripted]");
        var shown = live.Screen.Text;
        Assert.True(shown.Contains("❯ go\nThe reply broke off and does not count (", StringComparison.Ordinal), shown);
        Assert.Contains("\nA whole answer.\n", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Half an", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("lines", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_turn_with_what_runs_what_is_queued_and_what_is_left_of_it()
    {
        await using var live = new LiveStage();
        await live.StartAsync(new ScriptedModel(
            ScriptedReply.Calls(("TodoWrite", """{"todos":[{"content":"look","status":"completed"},{"content":"run it","status":"in_progress"},{"content":"tell","status":"pending"}]}""")),
            ScriptedReply.Calls(("Bash", WaitingCommand(live, "for i in 1 2 3 4 5 6 7; do echo line $i; done"))),
            Streamed("# Done\n\nIt has **two** parts:\n- one\n- `two`\n")), "--mode", "bypass");
        Assert.Equal($"test/scripted, mode bypass, session s. /help lists commands, /exit leaves.\n❯ ▏\n{Status.Replace("default", "bypass", StringComparison.Ordinal)}", live.Window);
        await live.TypeAsync("do it{enter}", "| line 7");
        await live.TypeAsync("and this too{enter}", "(queued)");
        await live.TypeAsync("half a", "↳ half a");
        Assert.Equal("""
            test/scripted, mode bypass, session s. /help lists commands, /exit leaves.
            ❯ do it
            • TodoWrite todos: look; run it; tell
              [x] look (+3 lines)
            • Bash for i in 1 2 3 4 5 6 7; do echo line $i; done; touch … * 0 s
              | (+2 lines above)
              | line 3
              | line 4
              | line 5
              | line 6
              | line 7
              ☑ look
              ▸ run it
              ☐ tell
            ↳ and this too  (queued)
            ↳ half a▏
            test/scripted · bypass · 200 in 20 out · cost unknown · context 0% · 0 s
            """, System.Text.RegularExpressions.Regex.Replace(live.Window, "touch [^…]*…", "touch …").Replace(" · running Bash", "", StringComparison.Ordinal));
        live.Stage.Write("go", "");
        var shown = await live.WaitForAsync("3 steps, test/scripted]");
        Assert.Contains("""
              line 1 (+7 lines)
              (passed on: and this too)
            # Done

            It has **two** parts:
            - one
            - `two`
              ☑ look
              ▸ run it
              ☐ tell
            [300 in / 30 out tokens, cost unknown, 3 steps, test/scripted]
            """, shown);
        await live.WaitForAsync("❯ half a");
        Assert.EndsWith("❯ half a▏\ntest/scripted · bypass · 300 in 30 out · cost unknown · context 0%", live.Window);

        // The whole output on demand, once.
        Assert.Contains("  line 6\n  line 7\n  over\n", await live.TypeAsync("{ctrl-o}", "  over"));
        live.Keys.Type("{ctrl-u}");
        Assert.EndsWith("  over", await live.LeaveAsync());
        Assert.True(live.Screen is { CursorIsHidden: false, TakesPastes: false });
        Assert.Equal([""], live.Screen.Styles.DefaultIfEmpty(""));
    }

    [Fact]
    public async Task An_answer_streams_and_every_wait_says_what_for_and_how_long()
    {
        var (gate, rest) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var live = new LiveStage();
        await live.StartAsync(new ScriptedModel(Streamed("One line.\nHalf of", gate), ScriptedReply.Text("Second.")) { });
        await live.TypeAsync("say it{enter}", "Waiting for test/scripted…");
        Assert.EndsWith("❯ say it\n* Waiting for test/scripted… 0 s  Esc interrupts\n↳ ▏\n" + Status + " · 0 s", live.Window);
        gate.SetResult();
        Assert.Contains("❯ say it\nOne line.\nHalf of\n[", await live.WaitForAsync("1 step, test/scripted]"));
        await live.LeaveAsync();
    }

    [Fact]
    public async Task Escape_interrupts_the_turn_keeps_what_is_typed_and_does_not_count_towards_leaving()
    {
        await using var live = new LiveStage();
        await live.StartAsync(new ScriptedModel(Streamed("never", new()).After((_, token) => Task.Delay(Timeout.Infinite, token)), Streamed("Still here.\n")));
        await live.TypeAsync("go{enter}", "Waiting for");
        await live.TypeAsync("next", "↳ next");
        await live.TypeAsync("{esc}", "Interrupted.");
        await live.WaitForAsync("❯ next");
        Assert.True(live.Stage.Interrupts.Asked is false);
        await live.TypeAsync("{enter}", "Still here.");
        await live.WaitForAsync("1 step, test/scripted]");
        await live.LeaveAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_queued_when_a_turn_is_interrupted_goes_back_to_where_it_is_typed_and_asks_the_model_nothing(bool signal)
    {
        var asked = new TaskCompletionSource();
        var model = new ScriptedModel(Streamed("never", new()).After((_, token) =>
        {
            asked.SetResult();
            return Task.Delay(Timeout.Infinite, token);
        }), Streamed("Now.\n"));
        await using var live = new LiveStage();
        await live.StartAsync(model);
        await live.TypeAsync("go{enter}", "Waiting for");
        await live.TypeAsync("one more thing{enter}", "↳ one more thing  (queued)");
        await live.TypeAsync("/cost{enter}", "↳ /cost  (when this turn is over)");
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        _ = signal ? live.Stage.Interrupts.Request() : live.Keys.Type("{esc}") is null;
        await live.WaitForAsync("Interrupted.");
        await live.WaitForAsync("  (not done: /cost)");
        await live.WaitForAsync("❯ one more thing");
        Assert.Single(model.Requests);
        if (signal)
        {
            Assert.True(live.Stage.Interrupts.Request());
            Assert.Equal(ExitCode.Interrupted, await live.EndedAsync());
            Assert.Single(model.Requests);
            return;
        }

        await live.TypeAsync("{ctrl-u}now{enter}", "Now.");
        await live.WaitForAsync("1 step, test/scripted]");
        Assert.EndsWith("now", model.Requests[^1].Messages[^1].Text, StringComparison.Ordinal);
        await live.LeaveAsync();
    }

    [Fact]
    public async Task Nothing_stands_between_a_question_and_its_answer_and_a_long_message_is_broken_between_words()
    {
        await using var live = new LiveStage();
        await live.StartAsync(new ScriptedModel(ScriptedReply.Calls(("AskUser", """{"question":"which?","options":["this","that"]}""")), Streamed("That one.\n")));
        var asked = await live.TypeAsync($"{string.Join(' ', Enumerable.Repeat("seven77", 12))}{{enter}}", "number or text:");
        Assert.EndsWith("  1. this\n  2. that\n  number or text: ▏", live.Window[..live.Window.LastIndexOf('\n')], StringComparison.Ordinal);
        Assert.Contains("❯ " + string.Join(' ', Enumerable.Repeat("seven77", 9)) + "\n  seven77 seven77 seven77\n", asked, StringComparison.Ordinal);
        await live.TypeAsync("2{enter}", "That one.");
        await live.WaitForAsync("2 steps, test/scripted]");
        await live.LeaveAsync();
    }

    [Fact]
    public async Task The_status_counts_what_the_session_took_before()
    {
        await using var live = new LiveStage();
        var model = new ScriptedModel(ScriptedReply.Text("one"), ScriptedReply.Text("two"));
        live.Stage.Model = model;
        live.Stage.Screen = null;
        Assert.Equal(0, await live.Stage.RunAsync("run", "--session", "s", "first"));
        live.Stage.Screen = live.Screen;
        await live.StartAsync(model);
        await live.WaitForAsync("100 in 10 out · cost unknown · context 0%");
        await live.TypeAsync("second{enter}", "200 in 20 out");
        await live.TypeAsync("/session clone{enter}", "Session s-clone");
        await live.WaitForAsync("200 in 20 out · cost unknown · context 0%");
        await live.TypeAsync("/cost{enter}", "200 in / 20 out tokens, cost unknown, 2 turns");
        await live.LeaveAsync();
    }

    [Fact]
    public async Task A_program_that_ends_at_once_leaves_the_terminal_as_it_was()
    {
        await using var live = new LiveStage();
        await live.StartAsync(new ScriptedModel(Streamed("never", new()).After(async (_, token) => await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => Task.Delay(200, CancellationToken.None), TaskScheduler.Default))));
        await live.TypeAsync("go{enter}", "Waiting for");
        Assert.True(live.Stage.Interrupts.Request());
        Assert.False(live.Stage.Interrupts.Request());
        Assert.True(live.Screen is { TakesPastes: false, CursorIsHidden: false });
        Assert.DoesNotContain("Waiting for", live.Screen.Text);
    }

    [Fact]
    public async Task Shift_and_tab_go_through_the_modes_and_a_mode_that_is_forbidden_is_left_out()
    {
        await using var live = new LiveStage();
        await live.StartAsync(new ScriptedModel());
        await live.TypeAsync("{esc}[Z", "· acceptEdits ·");
        await live.TypeAsync("{esc}[Z", "· plan ·");
        await live.TypeAsync("{esc}[Z", "· default ·");
        await live.TypeAsync("{esc}[Z{esc}[Z", "· plan ·");
        await live.LeaveAsync();
    }

    [Fact]
    public async Task Ctrl_and_D_during_a_turn_leave_when_it_is_over()
    {
        var gate = new TaskCompletionSource();
        await using var live = new LiveStage();
        await live.StartAsync(new ScriptedModel(Streamed("The end.\n", gate)));
        await live.TypeAsync("go{enter}", "Waiting for");
        await live.TypeAsync("{ctrl-d}", "(leaves when this is over)");
        gate.SetResult();
        Assert.Contains("The end.", await live.LeaveAsync());
    }

    [Fact]
    public async Task Ctrl_and_L_clear_the_window_and_what_is_typed_stays()
    {
        await using var live = new LiveStage();
        await live.StartAsync(new ScriptedModel());
        await live.TypeAsync("half a message", "❯ half a message");
        live.Keys.Type("{ctrl-l}");
        for (var tries = 0; live.Screen.Text.Contains("/exit leaves.", StringComparison.Ordinal) && tries < 1_000; tries++)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        await live.TypeAsync("!", "❯ half a message!");
        Assert.StartsWith("❯ half a message!", live.Screen.Text);
        live.Keys.Type("{ctrl-u}");
        await live.LeaveAsync();
    }

    [Fact]
    public async Task A_question_has_the_keyboard_and_no_paste_decides_it()
    {
        await using var live = new LiveStage();
        await live.StartAsync(new ScriptedModel(ScriptedReply.Calls(("Bash", """{"command":"touch made"}""")), ScriptedReply.Text("then not")));
        await live.TypeAsync("go{enter}", "[y] yes, once");
        var bells = live.Screen.Bells;
        Assert.Equal(1, bells);
        live.Keys.Type("{esc}[200~yyyy{enter}{esc}[201~x");
        await live.TypeAsync("{esc}", "why not, for the model");
        Assert.Empty(Directory.GetFiles(live.Stage.Work));
        Assert.Equal(2, live.Screen.Text.Split("[y] yes, once").Length);
        Assert.EndsWith("  why not, for the model (Enter for nothing): ▏\n" + "test/scripted · default · 100 in 10 out · cost unknown · context 0% · 0 s", live.Window);
        await live.TypeAsync("because{enter}", "The person said no: because");
        await live.WaitForAsync("2 steps");
        await live.LeaveAsync();
    }

    [Fact]
    public async Task A_command_of_the_persons_own_runs_in_their_shell_and_the_model_hears_nothing_of_it()
    {
        var model = new ScriptedModel(ScriptedReply.Text("hello"));
        await using var live = new LiveStage();
        await live.StartAsync(model);
        Assert.Contains("❯ !printf 'a\\033[2Jb\\n'; echo err >&2; exit 3\n  a␛[2Jb\n", (await live.TypeAsync("!printf 'a\\033[2Jb\\n'; echo err >&2; exit 3{enter}", "(exit code 3)")).Replace("  err\n", "", StringComparison.Ordinal));
        await live.TypeAsync("hi{enter}", "1 step, test/scripted]");
        Assert.Equal("hi", Assert.Single(model.Requests.Single().Messages).Text);
        await live.TypeAsync("!echo begun; sleep 600{enter}", "  begun");
        await live.TypeAsync("{esc}", "  Interrupted.");

        await live.LeaveAsync();
    }

    [Fact]
    public async Task Files_of_the_workspace_are_suggested_without_those_that_git_ignores()
    {
        await using var live = new LiveStage();
        live.Stage.Write("work/src/plants.cs", "");
        live.Stage.Write("work/src/ignored.cs", "");
        live.Stage.Write("work/.gitignore", "ignored.cs\n");
        var model = new ScriptedModel(ScriptedReply.Text("seen"));
        await live.StartAsync(model);
        await live.TypeAsync("see @sr", "› @src/plants.cs");
        Assert.DoesNotContain("ignored", live.Screen.Text);
        await live.TypeAsync("{tab}{enter}", "1 step, test/scripted]");
        Assert.Equal("see @src/plants.cs ", Assert.Single(model.Requests.Single().Messages).Text);
        await live.LeaveAsync();
    }

    [Fact]
    public async Task Ten_thousand_pasted_lines_are_shown_as_one_mark_and_sent_whole()
    {
        var text = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"line {i}\n"));
        var model = new ScriptedModel(ScriptedReply.Text("long"));
        await using var live = new LiveStage();
        await live.StartAsync(model);
        live.Keys.Type("{esc}[200~").Paste(text).Type("{esc}[201~");
        await live.WaitForAsync("❯ [pasted #1: 10000 lines]");
        await live.TypeAsync("{enter}", "1 step, test/scripted]");
        Assert.Equal(text, model.Requests.Single().Messages[0].Text);
        Assert.DoesNotContain("line 77", live.Screen.Text);
        await live.LeaveAsync();
    }

    [Fact]
    public async Task What_was_said_before_the_program_began_is_in_the_history()
    {
        await using var first = new LiveStage();
        await first.StartAsync(new ScriptedModel(ScriptedReply.Text("one")));
        await first.TypeAsync("said long ago{enter}", "1 step");
        await first.LeaveAsync();
        const string file = ".local/share/bridle/sessions/session_s.jsonl";
        await using var again = new LiveStage();
        again.Stage.Write($"home/{file}", await File.ReadAllTextAsync(Path.Combine(first.Stage.Home, file), TestContext.Current.CancellationToken));
        await again.StartAsync(new ScriptedModel());
        await again.TypeAsync("{up}", "❯ said long ago", 2);
        await again.TypeAsync("{ctrl-u}", "❯");
        await again.LeaveAsync();
    }

    [Theory]
    [InlineData(80, 30, 50, 30)]
    [InlineData(80, 30, 120, 40)]
    [InlineData(60, 20, 30, 12)]
    public async Task After_a_resize_everything_stands_where_it_should(int width, int height, int columns, int rows)
    {
        await using var live = new LiveStage(width, height);
        await live.StartAsync(new ScriptedModel(Streamed("Answer.\n")));
        await live.TypeAsync("some words typed before", "before");
        live.Screen.Resize(columns, rows);
        await live.TypeAsync("!?", "before!?");
        await live.TypeAsync("{enter}", "scripted]");
        Assert.Equal(1, live.Screen.Text.Split("some words").Length - 1);
        await live.WaitForAsync("❯", 2);
        Assert.Equal(1, live.Screen.Text.Split("test/scripted ·").Length - 1);
        await live.LeaveAsync();
    }
}
