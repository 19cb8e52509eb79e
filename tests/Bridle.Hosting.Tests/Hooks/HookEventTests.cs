using System.Text.Json;
using Bridle.Events;
using Bridle.Permissions;
using Bridle.Testing;

namespace Bridle.Hosting.Tests.Hooks;

/// <summary>Each event that happens has an effect from a real program: a verdict, a request or a process that is another one than without it.</summary>
public sealed class HookEventTests : IDisposable
{
    private readonly HookRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task PreToolUse_refuses_a_call_that_would_have_run()
    {
        var without = await _rig.RunAsync(HookRig.Calls("Ls", "{}"));
        Assert.Empty(without.Denied);

        _rig.Hook("PreToolUse", "cat > ../pre.json; echo 'not here' >&2; exit 2");
        var model = HookRig.Calls("Ls", "{}");
        Assert.Single((await _rig.RunAsync(model)).Denied);
        Assert.Contains("not here", HookRig.LastSent(model));
        using var told = JsonDocument.Parse(_rig.Read("pre.json"));
        Assert.Equal(
            ["session_id", "transcript_path", "cwd", "hook_event_name", "permission_mode", "tool_name", "tool_input", "tool_use_id"],
            told.RootElement.EnumerateObject().Select(field => field.Name));
        Assert.Equal(_rig.Work, told.RootElement.GetProperty("cwd").GetString());
        var ran = Assert.Single(_rig.Records.OfType<HookRan>());
        Assert.Equal(("PreToolUse", "deny", "not here"), (ran.Event, ran.Verdict, ran.Reason));
        Assert.Equal(64, ran.InputHash.Length);
    }

    [Fact]
    public async Task PreToolUse_allows_what_would_be_asked_and_rewrites_it()
    {
        _rig.Hook("PreToolUse", """echo '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"allow","updatedInput":{"file_path":"b.txt","content":"rewritten"}}}'""");
        Assert.Empty((await _rig.RunAsync(HookRig.Calls("Write", """{"file_path":"a.txt","content":"original"}"""))).Denied);
        Assert.Equal("rewritten", _rig.Read("work/b.txt"));
        Assert.False(_rig.Has("work/a.txt"));
    }

    [Fact]
    public async Task PostToolUse_tells_the_model_about_a_result()
    {
        _rig.Hook("PostToolUse", """cat > ../post.json; echo '{"decision":"block","reason":"run the formatter","hookSpecificOutput":{"hookEventName":"PostToolUse","additionalContext":"line 3 is long"}}'""");
        var model = HookRig.Calls("Write", """{"file_path":"a.txt","content":"x"}""");
        await _rig.RunAsync(model, mode: "acceptEdits");
        Assert.Contains("run the formatter", HookRig.LastSent(model));
        Assert.Contains("line 3 is long", HookRig.LastSent(model));
        using var told = JsonDocument.Parse(_rig.Read("post.json"));
        Assert.Equal(Path.Combine(_rig.Work, "a.txt"), told.RootElement.GetProperty("tool_input").GetProperty("file_path").GetString());
        Assert.True(told.RootElement.GetProperty("tool_response").GetProperty("success").GetBoolean());
        Assert.Equal(JsonValueKind.Number, told.RootElement.GetProperty("duration_ms").ValueKind);
    }

    [Fact]
    public async Task PostToolUse_replaces_what_the_model_sees()
    {
        _rig.File("work/a.txt", "the secret word");
        _rig.Hook("PostToolUse", """echo '{"hookSpecificOutput":{"hookEventName":"PostToolUse","updatedToolOutput":"withheld"}}'""");
        var model = HookRig.Calls("Read", """{"file_path":"a.txt"}""");
        await _rig.RunAsync(model);
        Assert.Contains("withheld", HookRig.LastSent(model));
        Assert.DoesNotContain("secret word", HookRig.LastSent(model));
    }

    [Fact]
    public async Task PostToolUseFailure_gives_the_model_a_hint_after_a_failed_call_only()
    {
        _rig.Hook("PostToolUseFailure", "cat > ../failure.json; echo 'look in src' >&2; exit 2");
        var model = HookRig.Calls("Read", """{"file_path":"missing.txt"}""");
        await _rig.RunAsync(model);
        Assert.Contains("look in src", HookRig.LastSent(model));
        using var told = JsonDocument.Parse(_rig.Read("failure.json"));
        Assert.Contains("missing.txt", told.RootElement.GetProperty("error").GetString());
        Assert.Equal(JsonValueKind.False, told.RootElement.GetProperty("is_interrupt").ValueKind);

        var fine = HookRig.Calls("Ls", "{}");
        await _rig.RunAsync(fine);
        Assert.DoesNotContain("look in src", HookRig.LastSent(fine));
    }

    [Fact]
    public async Task PermissionRequest_answers_in_a_persons_place()
    {
        const string Write = """{"file_path":"a.txt","content":"x"}""";
        Assert.Single((await _rig.RunAsync(HookRig.Calls("Write", Write), TestApprover.No())).Denied);

        _rig.Hook("PermissionRequest", """echo '{"hookSpecificOutput":{"hookEventName":"PermissionRequest","decision":{"behavior":"allow","updatedPermissions":[{"type":"setMode","mode":"acceptEdits","destination":"session"}]}}}'""");
        var approver = TestApprover.No();
        Assert.Empty((await _rig.RunAsync(HookRig.Calls("Write", Write), approver)).Denied);
        Assert.Empty(approver.Prompts);
        Assert.Equal(("default", "acceptEdits", "hook"), _rig.Records.OfType<ModeChanged>().Select(changed => (changed.From, changed.To, changed.By)).Single());

        _rig.Hook("PermissionRequest", """echo '{"hookSpecificOutput":{"hookEventName":"PermissionRequest","decision":{"behavior":"deny","message":"frozen","interrupt":true}}}'""");
        var stopped = await _rig.RunAsync(HookRig.Calls("Write", """{"file_path":"b.txt","content":"x"}"""), TestApprover.Yes());
        Assert.Equal((TurnOutcome.Stopped, 1, 1), (stopped.Outcome, stopped.Denied.Count, stopped.Steps));
    }

    // Ls is free in the default mode and asked about in the strict one; nobody allows it here, only that the plan is right.
    [Theory]
    [InlineData("default", null, "", 0)]
    [InlineData("strict", null, "default>strict hook", 1)]
    [InlineData("default", "strict", "", 1)]
    [InlineData("plan", "strict", "strict>plan hook, plan>strict plan_approved", 1)]
    public async Task A_mode_that_a_hook_sets_is_never_less_strict_than_what_it_says_or_what_is_in_force(string sets, string? began, string changes, int denied)
    {
        var answer = $$$"""echo '{"hookSpecificOutput":{"hookEventName":"PermissionRequest","decision":{"behavior":"allow","updatedPermissions":[{"type":"setMode","mode":"{{{sets}}}"} ] } } }'""";
        _rig.UserSettings($$$"""{"hooks":{"PermissionRequest":[{"matcher":"Write|ExitPlanMode","hooks":[{"command":{{{HookRig.Quoted(answer)}}} }]}]}}""");
        List<ScriptedReply> replies = [ScriptedReply.Calls(("Write", """{"file_path":"a.txt","content":"x"}"""))];
        replies.AddRange(sets is "plan" ? [ScriptedReply.Calls(("ExitPlanMode", """{"plan":"p"}"""))] : []);

        var result = await _rig.RunAsync(new ScriptedModel([.. replies, ScriptedReply.Calls(("Ls", "{}")), ScriptedReply.Text("done")]), new TestApprover(prompt => new(prompt.Request.Tool is "ExitPlanMode")), began);

        Assert.Equal(denied, result.Denied.Count);
        Assert.Equal(changes, string.Join(", ", _rig.Records.OfType<ModeChanged>().Select(changed => $"{changed.From}>{changed.To} {changed.By}")));
    }

    [Fact]
    public async Task A_rule_that_a_hook_added_holds_to_the_end_of_the_session_also_after_a_restart_and_in_no_other()
    {
        const string Write = """{"file_path":"a.txt","content":"x"}""";
        const string Touch = """{"command":"touch b"}""";
        _rig.Hook("PermissionRequest", """echo '{"hookSpecificOutput":{"hookEventName":"PermissionRequest","decision":{"behavior":"allow","updatedPermissions":[{"type":"addRules","behavior":"allow","rules":[{"toolName":"Bash","ruleContent":"touch b"}]},{"type":"addRules","behavior":"deny","rules":[{"toolName":"Bash","ruleContent":"touch c"}]}]}}}'""");
        Assert.Equal(0, await DeniedAsync("s", HookRig.Calls("Write", Write)));

        _rig.UserSettings("{}");
        Assert.Equal(0, await DeniedAsync("s", HookRig.Calls("Bash", Touch)));
        Assert.Equal(1, await DeniedAsync("s", HookRig.Calls("Bash", """{"command":"touch c"}"""), mode: "bypass"));
        Assert.Equal(1, await DeniedAsync("t", HookRig.Calls("Bash", Touch)));
        _rig.File("etc/managed-settings.json", """{ "allowManagedPermissionRulesOnly": true }""");
        Assert.Equal(1, await DeniedAsync("s", HookRig.Calls("Bash", Touch)));
        Assert.Equal(1, await DeniedAsync("s", HookRig.Calls("Bash", """{"command":"touch c"}"""), mode: "bypass"));
    }

    private async Task<int> DeniedAsync(string session, ScriptedModel model, string? mode = null)
    {
        var request = _rig.Request(model, TestApprover.No(), mode) with { SessionName = session };
        request = request with { Environment = request.Environment with { ManagedFolder = Path.Combine(_rig.Home, "etc") } };
        await using var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(request, TestContext.Current.CancellationToken)).Harness;
        return (await harness.Session.RunAsync("task", TestContext.Current.CancellationToken)).Denied.Count;
    }

    [Fact]
    public async Task UserPromptSubmit_refuses_a_message_before_the_model_or_the_log_sees_it()
    {
        _rig.Hook("UserPromptSubmit", """cat > ../prompt.json; if grep -q password ../prompt.json; then echo 'no passwords here' >&2; exit 2; fi; echo 'it is Friday'""");
        var refused = new ScriptedModel();
        var result = await _rig.RunAsync(refused, text: "my password is x");
        Assert.Equal(TurnOutcome.Stopped, result.Outcome);
        Assert.Contains("no passwords here", result.Error);
        Assert.Empty(refused.Requests);
        Assert.DoesNotContain(_rig.Records, record => record is UserSpoke or RunStarted);

        var model = new ScriptedModel(ScriptedReply.Text("hello"));
        await _rig.RunAsync(model, text: "hello");
        Assert.Contains("it is Friday", HookRig.LastSent(model));
        using var told = JsonDocument.Parse(_rig.Read("prompt.json"));
        Assert.Equal("hello", told.RootElement.GetProperty("prompt").GetString());
        Assert.Equal("hello", told.RootElement.GetProperty("user_prompt").GetString());
    }

    [Fact]
    public async Task UserPromptSubmit_hears_also_of_what_is_typed_into_a_running_turn()
    {
        _rig.Hook("UserPromptSubmit", "if grep -q password; then exit 2; fi");
        HarnessRequest request = _rig.Request(null);
        Harness? harness = null;
        var model = new ScriptedModel(ScriptedReply.Calls(("Ls", "{}")) with { Before = (_, _) => { harness!.Session.Post("my password is x"); harness.Session.Post("be quick"); return Task.CompletedTask; } }, ScriptedReply.Text("done"));
        await using (harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(request with { Model = model }, TestContext.Current.CancellationToken)).Harness)
        {
            await harness.Session.RunAsync("look", TestContext.Current.CancellationToken);
        }

        Assert.Contains("be quick", HookRig.LastSent(model));
        Assert.DoesNotContain("password", HookRig.LastSent(model));
        Assert.Contains(_rig.Told, notice => notice.Contains("refused the message", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_keeps_the_turn_going_with_its_reason_and_knows_that_it_did()
    {
        _rig.Hook("Stop", """cat >> ../stop.json; echo >> ../stop.json; if [ ! -e ../tested ]; then touch ../tested; echo 'run the tests' >&2; exit 2; fi""");
        var model = new ScriptedModel(ScriptedReply.Text("first answer"), ScriptedReply.Text("second answer"));
        var result = await _rig.RunAsync(model);
        Assert.Equal((TurnOutcome.Completed, "second answer"), (result.Outcome, result.Answer));
        Assert.Contains("run the tests", HookRig.LastSent(model));
        var told = _rig.Read("stop.json").Trim().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal([(false, "first answer"), (true, "second answer")], told.Select(one => (one.GetProperty("stop_hook_active").GetBoolean(), one.GetProperty("last_assistant_message").GetString()!)));
    }

    [Fact]
    public async Task Stop_is_heeded_eight_times_in_a_row_and_no_more()
    {
        _rig.Hook("Stop", """echo '{"decision":"block","reason":"never content"}'""");
        var model = new ScriptedModel(Enumerable.Range(0, 9).Select(n => ScriptedReply.Text($"answer {n}")));
        Assert.Equal(TurnOutcome.Completed, (await _rig.RunAsync(model)).Outcome);
        Assert.Equal(9, model.Requests.Count);
        Assert.Contains(_rig.Told, notice => notice.Contains("8 times in a row", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SessionStart_adds_to_the_first_message_and_leaves_variables_for_commands()
    {
        _rig.Hook("SessionStart", """cat > ../start.json; echo "export HOOKED='from the hook'" >> "$CLAUDE_ENV_FILE"; echo 'PLAIN=too' >> "$CLAUDE_ENV_FILE"; echo 'the branch is main'""");
        var model = HookRig.Calls("Bash", """{"command":"echo \"[$HOOKED][$PLAIN]\""}""");
        await _rig.RunAsync(model, mode: "bypass");
        Assert.Contains("the branch is main", HookRig.LastSent(model));
        Assert.Contains("[from the hook][too]", HookRig.LastSent(model));
        using var told = JsonDocument.Parse(_rig.Read("start.json"));
        Assert.Equal(("startup", "test/scripted"), (told.RootElement.GetProperty("source").GetString(), told.RootElement.GetProperty("model").GetString()));
    }

    [Fact]
    public async Task SessionStart_says_whether_a_session_goes_on_and_a_matcher_tells_them_apart()
    {
        _rig.UserSettings("""{"hooks":{"SessionStart":[{"matcher":"resume","hooks":[{"command":"touch ../resumed"}]},{"matcher":"startup","hooks":[{"command":"touch ../started"}]}]}}""");
        await using (var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(_rig.Request(new ScriptedModel(ScriptedReply.Text("ok"))) with { SessionName = "s" }, TestContext.Current.CancellationToken)).Harness)
        {
            Assert.Equal((true, false), (_rig.Has("started"), _rig.Has("resumed")));
            await harness.Session.RunAsync("one", TestContext.Current.CancellationToken);
        }

        await using var again = Assert.IsType<HarnessStarted>(await Composition.StartAsync(_rig.Request(new ScriptedModel()) with { SessionName = "s" }, TestContext.Current.CancellationToken)).Harness;
        Assert.True(_rig.Has("resumed"));
    }

    [Fact]
    public async Task SessionStart_may_keep_a_session_from_beginning()
    {
        _rig.Hook("SessionStart", """echo '{"continue":false,"stopReason":"licence expired"}'""");
        var refused = Assert.IsType<HarnessRefused>(await Composition.StartAsync(_rig.Request(new ScriptedModel()), TestContext.Current.CancellationToken));
        Assert.Contains("licence expired", refused.Message);
    }

    [Fact]
    public async Task SessionEnd_runs_once_when_the_session_is_closed_and_is_told_why()
    {
        _rig.Hook("SessionEnd", "cat >> ../end.json");
        await _rig.RunAsync(new ScriptedModel(ScriptedReply.Text("ok")));
        using var told = JsonDocument.Parse(_rig.Read("end.json"));
        Assert.Equal("other", told.RootElement.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Notification_runs_when_a_person_is_waited_for_and_only_then()
    {
        _rig.UserSettings("""{"hooks":{"Notification":[{"matcher":"permission_prompt","hooks":[{"command":"cat > ../notified.json"}]}]}}""");
        await _rig.RunAsync(HookRig.Calls("Write", """{"file_path":"a.txt","content":"x"}"""));
        await _rig.RunAsync(HookRig.Calls("Ls", "{}"), TestApprover.Yes());
        Assert.False(_rig.Has("notified.json"));
        await _rig.RunAsync(HookRig.Calls("Write", """{"file_path":"b.txt","content":"x"}"""), TestApprover.Yes());
        using var told = JsonDocument.Parse(_rig.Read("notified.json"));
        Assert.Contains("Write", told.RootElement.GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_hook_that_says_continue_false_ends_the_turn_without_another_request()
    {
        _rig.Hook("PostToolUse", """echo '{"continue":false,"stopReason":"enough for today"}'""");
        var model = new ScriptedModel(ScriptedReply.Calls(("Ls", "{}")));
        var result = await _rig.RunAsync(model);
        Assert.Equal(TurnOutcome.Stopped, result.Outcome);
        Assert.Contains("enough for today", result.Error);
        Assert.Single(model.Requests);
    }

    [Fact]
    public async Task Hooks_of_waiting_events_are_taken_listed_and_run_by_a_trial()
    {
        _rig.UserSettings("""{"hooks":{"Elicitation":[{"hooks":[{"command":"echo 'keep the plan' >&2; exit 2"}]}],"TeammateIdle":[{"hooks":[{"command":"true"}]}],"TaskCompleted":[{"hooks":[{"command":"true"}]}]}}""");
        Assert.All(_rig.Book().Hooks, one => Assert.Equal(Bridle.Hosting.Hooks.HookStanding.Waiting, one.Standing));
        Assert.All(_rig.Book().Hooks, one => Assert.Contains("waits for a part that is not there yet", one.Reason));
        var together = (await _rig.TryAsync("Elicitation")).Together;
        Assert.Equal("keep the plan", together.Decider!.Answer.Reason);
    }
}
