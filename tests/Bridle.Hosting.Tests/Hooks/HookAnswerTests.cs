using Bridle.Events;
using Bridle.Messages;
using Bridle.Testing;
using Bridle.Tools;

namespace Bridle.Hosting.Tests.Hooks;

/// <summary>What a hook can say beside a verdict: a title, a first message, skills that it made, that nobody need wait for it, and what a no of a model that was asked means.</summary>
public sealed class HookAnswerTests : IDisposable
{
    private readonly HookRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task SessionTitle_names_the_session_in_lists_from_its_start_and_from_a_message_on()
    {
        _rig.UserSettings("""{"hooks":{"SessionStart":[{"hooks":[{"command":"cat >> ../start.json; echo >> ../start.json; printf %s '{\"hookSpecificOutput\":{\"hookEventName\":\"SessionStart\",\"sessionTitle\":\"  Tides\\u001b of\\nJupiter \"}}'"}]}],"UserPromptSubmit":[{"hooks":[{"command":"cat >> ../said.json; echo >> ../said.json; if grep -q later ../said.json; then echo '{\"hookSpecificOutput\":{\"hookEventName\":\"UserPromptSubmit\",\"sessionTitle\":\"Moons\"}}'; fi"}]}]}}""");
        await RunAsync("what now?");
        Assert.Equal(("Tides of Jupiter", 1), (Title(), _rig.Records.OfType<SessionTitled>().Count()));
        Assert.DoesNotContain("session_title", _rig.Read("start.json"), StringComparison.Ordinal);
        Assert.Contains("\"session_title\":\"Tides of Jupiter\"", _rig.Read("said.json"), StringComparison.Ordinal);

        // Going on it has that title already, and gets another one with the message.
        await RunAsync("later");
        Assert.Contains("\"session_title\":\"Tides of Jupiter\"", _rig.Read("start.json"), StringComparison.Ordinal);
        Assert.Equal(("Moons", 2), (Title(), _rig.Records.OfType<SessionTitled>().Count()));
    }

    [Fact]
    public async Task InitialUserMessage_is_there_for_who_starts_a_new_session_and_not_for_one_that_goes_on()
    {
        _rig.Hook("SessionStart", """echo '{"hookSpecificOutput":{"hookEventName":"SessionStart","initialUserMessage":"Read STATUS.md first."}}'""");
        await using (var harness = await StartAsync(new ScriptedModel(ScriptedReply.Text("ok"))))
        {
            Assert.Equal("Read STATUS.md first.", harness.FirstMessage);
            await harness.Session.RunAsync("go", TestContext.Current.CancellationToken);
        }

        await using var again = await StartAsync(new ScriptedModel());
        Assert.Null(again.FirstMessage);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReloadSkills_lets_the_model_have_a_skill_that_the_hook_made(bool says)
    {
        _rig.Hook("SessionStart", $$$"""mkdir -p ../.config/bridle/skills/ship; printf -- '---\nname: ship\ndescription: Ships all.\n---\nShip it.\n' > ../.config/bridle/skills/ship/SKILL.md; echo '{"hookSpecificOutput":{"hookEventName":"SessionStart","reloadSkills":{{{(says ? "true" : "false")}}}}}'""");
        var model = new ScriptedModel(ScriptedReply.Calls(("Skill", """{"skill":"ship"}""")), ScriptedReply.Text("done"));
        await using var harness = await StartAsync(model);
        await harness.Session.RunAsync("go", TestContext.Current.CancellationToken);
        Assert.Equal((says, says), (model.Requests[0].System.Contains("- ship: Ships all.", StringComparison.Ordinal), model.Requests[0].Tools.Any(tool => tool.Name == "Skill")));
        Assert.Equal(says, HookRig.LastSent(model).Contains("Ship it.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SuppressOriginalPrompt_keeps_a_refused_message_out_of_what_is_told_of_it(bool says)
    {
        _rig.Hook("UserPromptSubmit", $$$"""if grep -q hunter2; then echo '{"decision":"block","reason":"no passwords","hookSpecificOutput":{"hookEventName":"UserPromptSubmit","suppressOriginalPrompt":{{{(says ? "true" : "false")}}}}}'; fi""");
        Harness? harness = null;
        var model = new ScriptedModel(ScriptedReply.Calls(("Ls", "{}")).After((_, _) =>
        {
            harness!.Session.Post("the password is hunter2");
            return Task.CompletedTask;
        }), ScriptedReply.Text("done"));
        await using (harness = await StartAsync(model))
        {
            await harness.Session.RunAsync("look", TestContext.Current.CancellationToken);
        }

        var told = Assert.Single(_rig.Told, notice => notice.Contains("no passwords", StringComparison.Ordinal));
        Assert.Equal(!says, told.EndsWith("The message was: the password is hunter2", StringComparison.Ordinal));
        Assert.Equal(!says, told.Contains("password is", StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", HookRig.LastSent(model), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hook_that_says_async_holds_nobody_up_decides_nothing_and_is_ended_when_its_own_time_is_over()
    {
        // It would go on for ever: the call is answered all the same, and the hook's own limit ends it.
        _rig.Hook("PreToolUse", """echo '{"async":true,"asyncTimeout":300}'; echo '{"decision":"block","reason":"too late"}'; sleep 600""");
        var one = (await _rig.TryAsync("PreToolUse")).Hooks.Single();
        Assert.Contains("longer than 0.3 s", one.Run!.Failure, StringComparison.Ordinal);
        Assert.Null(one.Answer!.Verdict);
        Assert.Contains(one.Notices, notice => notice.Contains("goes on by itself", StringComparison.Ordinal));

        await using var harness = await StartAsync(HookRig.Calls("Ls", "{}"));
        Assert.Empty((await harness.Session.RunAsync("look", TestContext.Current.CancellationToken)).Denied);
    }

    [Fact]
    public async Task The_end_of_a_session_waits_a_moment_for_what_goes_on_by_itself()
    {
        // Long enough that the session has ended by then; its own limit is longer.
        _rig.Hook("PreToolUse", """echo '{"async":true}'; sleep 0.4; touch ../over""");
        var warned = new List<string>();
        await using (var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(_rig.Request(HookRig.Calls("Ls", "{}")) with { Warn = warned.Add }, TestContext.Current.CancellationToken)).Harness)
        {
            await harness.Session.RunAsync("look", TestContext.Current.CancellationToken);
        }

        Assert.True(_rig.Has("over"));
        Assert.Empty(warned);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_still_runs_then_is_ended_and_named_at_once_when_somebody_is_in_a_hurry(bool hurry)
    {
        _rig.Hook("PreToolUse", """echo '{"async":true,"asyncTimeout":86400000}'; echo $$ > ../pid; exec sleep 600""");
        var warned = new List<string>();
        using var soon = new CancellationTokenSource();
        var request = _rig.Request(HookRig.Calls("Ls", "{}")) with { Warn = warned.Add, Hurry = soon.Token, Time = new HastyTime() };
        await using (var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(request, TestContext.Current.CancellationToken)).Harness)
        {
            await harness.Session.RunAsync("look", TestContext.Current.CancellationToken);
            if (hurry)
            {
                await soon.CancelAsync();
            }
        }

        var said = Assert.Single(warned);
        Assert.StartsWith("Still running at the end of the session and ended: the hook echo ", said, StringComparison.Ordinal);
        Assert.Equal(!hurry, said.EndsWith("The end of a session waits 5 s at most.", StringComparison.Ordinal));
        Assert.False(_rig.Has("pid") && Path.Exists($"/proc/{_rig.Read("pid").Trim()}") && !File.ReadAllText($"/proc/{_rig.Read("pid").Trim()}/stat").Contains(") Z ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_hook_that_says_async_writes_after_that_is_told_at_a_later_step()
    {
        _rig.Hook("SessionStart", """echo '{"async":true}'; echo '{"hookSpecificOutput":{"hookEventName":"SessionStart","additionalContext":"packages are there"}}'; touch ../over""");
        var model = new ScriptedModel([.. Enumerable.Range(0, 200).Select(_ => ScriptedReply.Text("ok"))]);
        await using var harness = await StartAsync(model);
        for (var turn = 0; turn < 200 && (turn == 0 || !HookRig.LastSent(model).Contains("packages are there", StringComparison.Ordinal)); turn++)
        {
            await harness.Session.RunAsync($"{turn}?", TestContext.Current.CancellationToken);
        }

        Assert.Contains("packages are there", HookRig.LastSent(model), StringComparison.Ordinal);
        Assert.DoesNotContain("async", HookRig.LastSent(model), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PostToolUse", "", TurnOutcome.Stopped)]
    [InlineData("PostToolUse", ",\"continueOnBlock\":false", TurnOutcome.Stopped)]
    [InlineData("PostToolUse", ",\"continueOnBlock\":true", TurnOutcome.Completed)]
    [InlineData("PreToolUse", "", TurnOutcome.Stopped)]
    [InlineData("PreToolUse", ",\"continueOnBlock\":true", TurnOutcome.Completed)]
    public async Task ContinueOnBlock_tells_the_model_what_would_end_the_turn(string name, string field, TurnOutcome outcome)
    {
        _rig.UserSettings($$$"""{"hooks":{"{{{name}}}":[{"hooks":[{"type":"prompt","prompt":"Is it right?"{{{field}}}}]}]}}""");
        var model = new ScriptedModel(ScriptedReply.Calls(("Ls", "{}")), ScriptedReply.Text("""{"ok":false,"reason":"look elsewhere"}"""), ScriptedReply.Text("done"));
        var result = await _rig.RunAsync(model);
        Assert.Equal(outcome, result.Outcome);
        if (outcome is TurnOutcome.Stopped)
        {
            Assert.Contains("look elsewhere", result.Error, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains("look elsewhere", HookRig.LastSent(model), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("", 3)]
    [InlineData(",\"impossible\":true", 2)]
    public async Task Impossible_lets_a_turn_end_that_a_model_would_keep_going(string more, int requests)
    {
        _rig.UserSettings("""{"hooks":{"Stop":[{"hooks":[{"type":"prompt","prompt":"Is it done?"}]}]}}""");
        var model = new ScriptedModel(ScriptedReply.Text("one"), ScriptedReply.Text($$"""{"ok":false,"reason":"the test fails"{{more}}}"""), ScriptedReply.Text("two"), ScriptedReply.Text("""{"ok":true}"""));
        Assert.Equal(TurnOutcome.Completed, (await _rig.RunAsync(model)).Outcome);
        Assert.Equal(requests == 3 ? 4 : 2, model.Requests.Count);
        Assert.Equal(requests == 2, _rig.Told.Any(notice => notice.EndsWith("says that it cannot be done: the test fails", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_command_that_prints_nothing_has_an_empty_stdout_for_hooks_and_one_that_prints_those_words_has_them()
    {
        _rig.UserSettings("""{"hooks":{"PostToolUse":[{"hooks":[{"command":"cat >> ../post.json; echo >> ../post.json"}]}],"PostToolBatch":[{"hooks":[{"command":"cat >> ../batch.json; echo >> ../batch.json"}]}]}}""");
        var model = new ScriptedModel(ScriptedReply.Calls(("Bash", """{"command":"true"}""")), ScriptedReply.Calls(("Bash", """{"command":"echo '(no output)'"}""")), ScriptedReply.Text("done"));
        await using var harness = await StartAsync(model, "bypass");
        await harness.Session.RunAsync("go", TestContext.Current.CancellationToken);
        foreach (var file in new[] { "post.json", "batch.json" })
        {
            var lines = _rig.Read(file).Trim().Split('\n');
            Assert.Equal((true, true), (lines[0].Contains("\"stdout\":\"\"", StringComparison.Ordinal), lines[1].Contains("\"stdout\":\"(no output)\"", StringComparison.Ordinal)));
        }

        Assert.Contains("\"tool_output\":\"\"", _rig.Read("post.json"), StringComparison.Ordinal);
        Assert.Equal("(no output)", _rig.Records.OfType<ToolReturned>().First().Content.OfType<TextPart>().First().Text);
    }

    [Fact]
    public async Task InstructionsLoaded_ends_what_it_belongs_to_when_it_says_continue_false_and_nothing_by_exit_code_2()
    {
        _rig.File("work/AGENTS.md", "Be brief.\n");
        _rig.Hook("InstructionsLoaded", "exit 2");
        await using (await StartAsync(new ScriptedModel()))
        {
        }

        _rig.Hook("InstructionsLoaded", """echo '{"continue":false,"stopReason":"these instructions are not ours"}'""");
        var refused = Assert.IsType<HarnessRefused>(await Composition.StartAsync(_rig.Request(new ScriptedModel()) with { SessionName = "other", Sandbox = "off" }, TestContext.Current.CancellationToken));
        Assert.Equal("A hook does not let the session begin: these instructions are not ours", refused.Message);
    }

    [Theory]
    [InlineData("""{"type":"prompt","prompt":"x","continueOnBlock":true}""", null)]
    [InlineData("""{"type":"command","command":"x","continueOnBlock":true}""", "'continueOnBlock' in the hook 'Stop[0].hooks[0]' has no effect: what a hook of type 'command' refuses is told to the model in any case. It is for hooks of type 'prompt'.")]
    [InlineData("""{"type":"command","command":"x","once":true}""", "'once' in the hook 'Stop[0].hooks[0]' has no effect: it counts in the head of a skill only.")]
    public void A_field_without_effect_where_it_stands_is_named_by_settings_check(string hook, string? problem)
    {
        using var hooks = System.Text.Json.JsonDocument.Parse($$$"""{"Stop":[{"hooks":[{{{hook}}}]}]}""");
        Assert.Equal(problem, Bridle.Hosting.Hooks.HookFields.Problems(hooks.RootElement).Select(one => one.Text).SingleOrDefault());
    }

    [Fact]
    public void An_approval_of_a_hook_that_says_nothing_of_new_fields_holds_on()
    {
        string Identity(string field)
        {
            _rig.UserSettings($$$"""{"hooks":{"pre_tool_use":[{"type":"prompt","prompt":"x"{{{field}}}}]}}""");
            return _rig.Book().Active.Single().Identity;
        }

        var before = Identity("");
        Assert.EndsWith("\n00:00:30\n", before, StringComparison.Ordinal);
        Assert.NotEqual(before, Identity(",\"continueOnBlock\":true"));
        Assert.NotEqual(Identity(",\"continueOnBlock\":true"), Identity(",\"continueOnBlock\":false"));
    }

    private async Task<Harness> StartAsync(ScriptedModel model, string? mode = null) =>
        Assert.IsType<HarnessStarted>(await Composition.StartAsync(_rig.Request(model, null, mode) with { SessionName = "s", Sandbox = "off" }, TestContext.Current.CancellationToken)).Harness;

    private async Task RunAsync(string text)
    {
        await using var harness = await StartAsync(new ScriptedModel(ScriptedReply.Text("ok")));
        await harness.Session.RunAsync(text, TestContext.Current.CancellationToken);
    }

    private string? Title() => new Journal.SessionStore(Path.Combine(_rig.Home, ".local/share/bridle"), Path.Combine(_rig.Home, ".local/state/bridle")).List().Single().ReadDetails().Title;

    // Five seconds go by in a twentieth of their time.
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero && dueTime <= TimeSpan.FromSeconds(5) ? dueTime / 20 : dueTime, period);
    }
}
