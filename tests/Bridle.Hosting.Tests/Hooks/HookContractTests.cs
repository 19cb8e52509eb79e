using System.Diagnostics;
using System.Text;
using Bridle.Events;
using Bridle.Hosting.Hooks;
using Bridle.Sessions;
using Bridle.Testing;
using Bridle.Tools;

namespace Bridle.Hosting.Tests.Hooks;

/// <summary>What a hook's exit code, output and fields mean, run as real programs through a trial.</summary>
public sealed class HookContractTests : IDisposable
{
    private readonly HookRig _rig = new();

    public void Dispose() => _rig.Dispose();

    // The answer of one PreToolUse hook: verdict, reason, and whether a person was told of a failure.
    [Theory]
    [InlineData("exit 0", null, null, false)]
    [InlineData("echo hello", null, null, false)]
    [InlineData("echo why >&2; exit 2", Verdict.Deny, "why", false)]
    [InlineData("echo why >&2; exit 1", null, null, true)]
    [InlineData("echo '{\"decision\":\"block\",\"reason\":\"old form\"}'", Verdict.Deny, "old form", false)]
    [InlineData("echo '{\"decision\":\"approve\"}'", Verdict.Allow, null, false)]
    [InlineData("echo '{\"hookSpecificOutput\":{\"permissionDecision\":\"deny\",\"permissionDecisionReason\":\"r\"}}'", Verdict.Deny, "r", false)]
    [InlineData("echo '{\"hookSpecificOutput\":{\"permissionDecision\":\"ask\"}}'", Verdict.Ask, null, false)]
    [InlineData("echo '{\"hookSpecificOutput\":{\"permissionDecision\":\"allow\"}}'", Verdict.Allow, null, false)]
    [InlineData("echo '{\"hookSpecificOutput\":{\"permissionDecision\":\"allow\"}}'; exit 2", Verdict.Deny, "", false)]
    [InlineData("echo '{\"hookSpecificOutput\":{\"permissionDecision\":\"deny\",\"permissionDecisionReason\":\"json decides\"}}'; exit 1", Verdict.Deny, "json decides", false)]
    [InlineData("echo '{\"permissionDecision\":\"allow\"'", null, null, true)]
    [InlineData("echo '{\"hookSpecificOutput\":{\"hookEventName\":\"Stop\",\"permissionDecision\":\"allow\"}}'", null, null, true)]
    [InlineData("echo '{\"hookSpecificOutput\":7,\"decision\":[],\"continue\":\"no\"}'", null, null, true)]
    [InlineData("/no/such/program --guard", null, null, true)]
    public async Task The_exit_code_and_the_output_decide(string command, Verdict? verdict, string? reason, bool failed)
    {
        _rig.Hook("PreToolUse", command);
        var one = (await _rig.TryAsync("PreToolUse")).Hooks.Single();
        Assert.Equal((verdict, reason), (one.Answer?.Verdict, one.Answer?.Reason));
        Assert.Equal(failed, one.Notices.Any(notice => notice.Contains("failed:", StringComparison.Ordinal)) || one.Hook.Standing is HookStanding.Rejected);
    }

    [Theory]
    [InlineData("exit 1")]
    [InlineData("sleep 30")]
    [InlineData("echo '{oops'")]
    [InlineData("/no/such/program")]
    public async Task With_onFailure_block_a_failure_is_a_no(string command)
    {
        _rig.UserSettings($$$"""{"hooks":{"PreToolUse":[{"hooks":[{"type":"command","command":{{{HookRig.Quoted(command)}}},"onFailure":"block","timeout":0.3}]}]}}""");
        Assert.Equal(Verdict.Deny, (await _rig.TryAsync("PreToolUse")).Together.Verdict);
    }

    [Fact]
    public async Task At_its_time_limit_a_hook_and_all_that_it_started_are_killed()
    {
        _rig.UserSettings($$$"""{"hooks":{"PreToolUse":[{"hooks":[{"type":"command","command":"(setsid sleep 60 & echo $! > {{{_rig.Home}}}/child); echo $$ > {{{_rig.Home}}}/parent; sleep 60","timeout":0.5}]}]}}""");
        var clock = Stopwatch.StartNew();
        var one = (await _rig.TryAsync("PreToolUse")).Hooks.Single();
        Assert.Contains("longer than 0.5 s", one.Run!.Failure);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}");
        Assert.All(new[] { "child", "parent" }, name => Assert.False(Directory.Exists($"/proc/{_rig.Read(name).Trim()}")));
    }

    [Fact]
    public async Task Hooks_of_one_event_run_side_by_side()
    {
        // Each waits for the other: one after the other would never end.
        string Meet(string mine, string other) => $"touch {_rig.Home}/{mine}; while [ ! -e {_rig.Home}/{other} ]; do sleep 0.01; done";
        _rig.Hook("PreToolUse", Meet("a", "b"), Meet("b", "a"));
        Assert.All((await _rig.TryAsync("PreToolUse")).Hooks, one => Assert.Equal(0, one.Run!.ExitCode));
    }

    [Fact]
    public async Task The_same_hook_in_several_files_runs_once()
    {
        const string Settings = """{"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"echo x >> ../ran"}]}]}}""";
        _rig.UserSettings(Settings);
        _rig.File("work/.bridle/settings.json", Settings);
        _rig.File("work/.claude/settings.json", Settings);
        await _rig.TryAsync("PreToolUse", trust: true);
        Assert.Equal("x\n", _rig.Read("ran"));
        Assert.Equal(2, _rig.Book(trust: true).Hooks.Count(one => one.Reason?.Contains("runs once", StringComparison.Ordinal) is true));
    }

    [Fact]
    public async Task The_strongest_layers_rewrite_counts_and_a_no_beats_an_ask_beats_a_yes()
    {
        string Answer(string fields) => $$$"""echo '{"hookSpecificOutput":{"hookEventName":"PreToolUse",{{{fields}}}}}'""";
        _rig.Hook("PreToolUse", Answer("\"updatedInput\":{\"command\":\"user\"}"), Answer("\"permissionDecision\":\"allow\""));
        var lines = $$$"""{"hooks":{"PreToolUse":[{"hooks":[{"type":"command","command":{{{HookRig.Quoted(Answer("\"updatedInput\":{\"command\":\"project\"}"))}}} }]}]}}""";
        _rig.File("work/.bridle/settings.json", lines);
        var together = (await _rig.TryAsync("PreToolUse", trust: true)).Together;
        Assert.Equal("""{"command":"project"}""", together.Rewriter!.Answer.UpdatedInput);
        Assert.Null(together.Verdict);

        _rig.Hook("PreToolUse", Answer("\"permissionDecision\":\"allow\""), Answer("\"permissionDecision\":\"ask\""));
        Assert.Equal(Verdict.Ask, (await _rig.TryAsync("PreToolUse")).Together.Verdict);
    }

    [Fact]
    public async Task Commands_get_the_folder_of_the_project_no_terminal_and_no_keys()
    {
        _rig.Hook("PreToolUse", "echo \"$CLAUDE_PROJECT_DIR $BRIDLE_PROJECT_DIR $PWD ${OPENAI_API_KEY-none}\"; [ -t 0 ] || echo piped; [ -c /dev/tty ] && (: < /dev/tty) 2>/dev/null && echo terminal");
        var output = (await _rig.TryAsync("PreToolUse")).Hooks.Single().Run!.Output;
        Assert.Equal($"{_rig.Work} {_rig.Work} {_rig.Work} none\npiped\n", output);
    }

    [Fact]
    public async Task With_args_the_program_is_started_without_a_shell()
    {
        _rig.UserSettings("""{"hooks":{"PreToolUse":[{"hooks":[{"type":"command","command":"printf","args":["%s|","$(id)","${CLAUDE_PROJECT_DIR}/x","a b"]}]}]}}""");
        Assert.Equal($"$(id)|{_rig.Work}/x|a b|", (await _rig.TryAsync("PreToolUse")).Hooks.Single().Run!.Output);
    }

    [Theory]
    [InlineData("printf %s $ARGUMENTS > ../argument")]
    [InlineData("printf %s \"$ARGUMENTS\" > ../argument")]
    [InlineData("printf %s \"$OPENHARNESS_HOOK_PAYLOAD\" > ../argument")]
    [InlineData("cat > ../argument")]
    public async Task OpenHarness_arguments_are_one_word_and_nothing_in_them_is_run(string command)
    {
        _rig.UserSettings($$$"""{"hooks":{"pre_tool_use":[{"type":"command","matcher":"ba*","command":{{{HookRig.Quoted(command)}}},"timeout_seconds":5}]}}""");
        const string Command = "echo $(touch ../pwned) `touch ../pwned` '; touch ../pwned; ' \\\" x";
        var one = (await _rig.TryAsync("PreToolUse", input: $$"""{"command":{{HookRig.Quoted(Command)}} }""")).Hooks.Single();
        Assert.Equal(one.Run!.Input, _rig.Read("argument"));
        Assert.False(_rig.Has("pwned"));
    }

    [Fact]
    public async Task OpenHarness_block_on_failure_and_ReINs_short_form_are_understood()
    {
        _rig.UserSettings("""{"hooks":{"pre_tool_use":[{"type":"command","command":"exit 1","block_on_failure":true}],"PreToolUse":[{"command":"true"}]}}""");
        Assert.Equal(2, _rig.Book().Active.Count());
        Assert.Equal(Verdict.Deny, (await _rig.TryAsync("pre_tool_use")).Together.Verdict);
    }

    [Theory]
    [InlineData("Bash", "Bash", true)]
    [InlineData("Edit", "Write", false)]
    [InlineData("Bas", "Bash", false)]
    [InlineData("Edit|Write", "Write", true)]
    [InlineData("Edit, Write", "Write", true)]
    [InlineData("", "Write", true)]
    [InlineData("*", "Write", true)]
    [InlineData("Wr.*", "Write", true)]
    [InlineData("^rite", "Write", false)]
    [InlineData("mcp__memory", "mcp__memory__store", false)]
    [InlineData("mcp__memory__.*", "mcp__memory__store", true)]
    [InlineData("write_file", "Write", true)]
    public async Task A_matcher_fits_as_it_is_written(string matcher, string tool, bool fits)
    {
        _rig.UserSettings($$$"""{"hooks":{"PreToolUse":[{"matcher":{{{HookRig.Quoted(matcher)}}},"hooks":[{"command":"true"}]}]}}""");
        Assert.Equal(fits, (await _rig.TryAsync("PreToolUse", tool)).Hooks.Single().Run is not null);
    }

    [Theory]
    [InlineData("Bash(git push:*)", "git push origin main", true)]
    [InlineData("Bash(git push:*)", "ls && git push", true)]
    [InlineData("Bash(git push:*)", "ls", false)]
    [InlineData("Bash(git push:*)", "echo $(git push)", true)]
    [InlineData("Bash(git push:*)", "$(printf 'git push')", true)]
    [InlineData("Bash(git push:*)", "cat .env", false)]
    [InlineData("Bash(git push:*)", "rm -rf /", false)]
    [InlineData("Read(.env)", "cat .env", true)]
    [InlineData("Read(.env)", "cat .e*", true)]
    [InlineData("Read(.env)", "cat a.txt", false)]
    [InlineData("Bash", "ls", true)]
    [InlineData("mcp__*", "ls", false)]
    [InlineData("Bash(timeout:5)", "ls", false)]
    public async Task A_rule_narrows_a_hook_to_calls_that_it_speaks_of(string rule, string command, bool runs)
    {
        _rig.UserSettings($$$"""{"hooks":{"PreToolUse":[{"hooks":[{"command":"true","if":"{{{rule}}}"}]}]}}""");
        Assert.Equal(runs, (await _rig.TryAsync("PreToolUse", input: $$"""{"command":{{HookRig.Quoted(command)}} }""")).Hooks.Single().Run is not null);
    }

    [Theory]
    [InlineData("{\"ok\":false,\"reason\":\"blocked by policy\"}", Verdict.Deny, "blocked by policy")]
    [InlineData("```json\n{\"ok\":false,\"reason\":\"r\"}\n```", Verdict.Deny, "r")]
    [InlineData("{\"ok\":true}", null, null)]
    [InlineData("Yes.", null, null)]
    [InlineData("I would rather not say", null, null)]
    public async Task A_prompt_hook_asks_the_model(string reply, Verdict? verdict, string? reason)
    {
        _rig.UserSettings("""{"hooks":{"PreToolUse":[{"hooks":[{"type":"prompt","prompt":"Is this harmless? $ARGUMENTS"}]}]}}""");
        var asked = "";
        var one = (await _rig.TryAsync("PreToolUse", ask: (question, _, _) =>
        {
            asked = question;
            return new(reply);
        })).Hooks.Single();
        Assert.Contains("Is this harmless? {\"session_id\"", asked);
        Assert.Equal((verdict, reason), (one.Answer!.Verdict, one.Answer.Reason));
    }

    [Fact]
    public async Task A_prompt_hook_refuses_a_call_with_the_sessions_own_model()
    {
        _rig.UserSettings("""{"hooks":{"PreToolUse":[{"hooks":[{"type":"prompt","prompt":"Harmless?"}]}]}}""");
        var model = new ScriptedModel(ScriptedReply.Calls(("Ls", "{}")), ScriptedReply.Text("""{"ok":false,"reason":"blocked by policy"}"""), ScriptedReply.Text("done"));
        Assert.Contains("blocked by policy", Assert.Single((await _rig.RunAsync(model)).Denied).Reason);
    }

    [Fact]
    public async Task A_prompt_hook_obeys_its_time_limit()
    {
        _rig.UserSettings("""{"hooks":{"PreToolUse":[{"hooks":[{"type":"prompt","prompt":"Harmless?","timeout":0.2,"onFailure":"block"}]}]}}""");
        var one = (await _rig.TryAsync("PreToolUse", ask: async (_, _, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return "";
        })).Hooks.Single();
        Assert.Contains("longer than 0.2 s", one.Answer!.Reason);
    }

    [Theory]
    [InlineData(200, "{\"hookSpecificOutput\":{\"permissionDecision\":\"deny\",\"permissionDecisionReason\":\"by http\"}}", Verdict.Deny)]
    [InlineData(200, "", null)]
    [InlineData(200, "plain", null)]
    [InlineData(500, "{\"decision\":\"block\"}", null)]
    [InlineData(302, "", null)]
    public async Task An_http_hook_gets_the_event_and_blocks_by_json_only(int status, string body, Verdict? verdict)
    {
        using var server = new OneAnswer(status, body);
        _rig.UserSettings($$$"""{"hooks":{"PreToolUse":[{"hooks":[{"type":"http","url":"{{{server.Url}}}","headers":{"X-Home":"$HOME ${PATH}"},"allowedEnvVars":["PATH"]}]}]}}""");
        var one = (await _rig.TryAsync("PreToolUse")).Hooks.Single();
        Assert.Equal(verdict, one.Answer!.Verdict);
        Assert.Equal(one.Run!.Input, server.Body);
        Assert.Equal($" {Environment.GetEnvironmentVariable("PATH")}", $" {server.Header?.Trim()}");
    }

    [Theory]
    [InlineData(null, false, true)]
    [InlineData("[\"http://127.0.0.1:*/*\"]", false, true)]
    [InlineData("[\"https://hooks.example.com/*\"]", false, false)]
    [InlineData(null, true, false)]
    [InlineData("[\"http://127.0.0.1:*/*\"]", true, true)]
    [InlineData("[\"http://127.0.0.1*\"]", true, false)]
    public void Http_hooks_are_sent_only_where_the_person_lets_them(string? allowed, bool fromProject, bool runs)
    {
        const string Hooks = """ "hooks":{"PreToolUse":[{"hooks":[{"type":"http","url":"http://127.0.0.1:9/x"}]}]}""";
        _rig.UserSettings($$"""{ {{string.Join(',', new[] { allowed is null ? null : $"\"allowedHttpHookUrls\":{allowed}", fromProject ? null : Hooks }.OfType<string>())}} }""");
        if (fromProject)
        {
            _rig.File("work/.bridle/settings.json", $"{{{Hooks}}}");
        }

        Assert.Equal(runs, _rig.Book(trust: true).Active.Any());
    }

    [Fact]
    public async Task An_async_hook_holds_nobody_up_and_what_it_tells_comes_at_the_next_step()
    {
        using var begun = Pipe("begun");
        using var said = Pipe("said");
        _rig.UserSettings($$$"""{"hooks":{"PreToolUse":[{"matcher":"Ls","hooks":[{"command":"read go < {{{_rig.Home}}}/begun; echo '{\"decision\":\"block\",\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"additionalContext\":\"late news\"}}'; echo said > {{{_rig.Home}}}/said","async":true}]}]}}""");
        var model = new ScriptedModel(ScriptedReply.Calls(("Ls", "{}")), ScriptedReply.Calls(("Ls", """{"path":"."}""")).After(async (_, token) =>
        {
            // The second call comes when the hook of the first has ended.
            begun.Write("go\n"u8);
            begun.Flush();
            await said.ReadExactlyAsync(new byte["said\n".Length], token);
        }), ScriptedReply.Text("done"));
        await using var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(_rig.Request(model), TestContext.Current.CancellationToken)).Harness;
        Assert.Empty((await harness.Session.RunAsync("look", TestContext.Current.CancellationToken)).Denied);

        // It has said its words and is about to end; what it said is told at the first step after that, whenever the machine comes to it.
        await HookRig.TalkUntilToldAsync(harness, model, "late news");
    }

    [Fact]
    public async Task An_answer_is_kept_for_the_same_call_and_used_again_after_a_crash()
    {
        _rig.Hook("PreToolUse", "echo x >> ../asked; echo no >&2; exit 2");
        await using (var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(_rig.Request(HookRig.Calls("Ls", "{}")) with { SessionName = "s" }, TestContext.Current.CancellationToken)).Harness)
        {
            await harness.Session.RunAsync("look", TestContext.Current.CancellationToken);
        }

        // The program died right after the hook had answered.
        _rig.DieAfter("s", "hook_ran");
        await using var again = Assert.IsType<HarnessStarted>(await Composition.StartAsync(_rig.Request(new ScriptedModel(ScriptedReply.Text("done"))) with { SessionName = "s" }, TestContext.Current.CancellationToken)).Harness;
        Assert.Single((await again.Session.RunAsync([], "", TestContext.Current.CancellationToken)).Denied);
        Assert.Equal("x\n", _rig.Read("asked"));
    }

    [Fact]
    public async Task A_rule_about_a_parameter_narrows_a_hook()
    {
        _rig.UserSettings("""{"hooks":{"PreToolUse":[{"hooks":[{"command":"true","if":"Bash(run_in_background:true)"}]}]}}""");
        Assert.NotNull((await _rig.TryAsync("PreToolUse", input: """{"command":"ls","run_in_background":true}""")).Hooks.Single().Run);
        Assert.Null((await _rig.TryAsync("PreToolUse", input: """{"command":"ls"}""")).Hooks.Single().Run);
    }

    [Fact]
    public async Task A_hook_that_ended_the_turn_before_a_crash_ends_it_afterwards()
    {
        _rig.Hook("PreToolUse", "echo x >> ../asked; echo '{\"continue\":false,\"stopReason\":\"enough\"}'");
        await using (var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(_rig.Request(HookRig.Calls("Ls", "{}")) with { SessionName = "s" }, TestContext.Current.CancellationToken)).Harness)
        {
            await harness.Session.RunAsync("look", TestContext.Current.CancellationToken);
        }

        _rig.DieAfter("s", "hook_ran");
        await using var again = Assert.IsType<HarnessStarted>(await Composition.StartAsync(_rig.Request(new ScriptedModel(ScriptedReply.Text("done"))) with { SessionName = "s" }, TestContext.Current.CancellationToken)).Harness;
        var result = await again.Session.RunAsync([], "", TestContext.Current.CancellationToken);
        Assert.Equal((TurnOutcome.Stopped, 1), (result.Outcome, result.Denied.Count));
        Assert.Equal("x\n", _rig.Read("asked"));
    }

    // Those that a call waits for, and one that nobody waits for: its note comes at the next step.
    [Theory]
    [InlineData("UserPromptSubmit", "head -c 30000 /dev/zero | tr '\\0' x", false)]
    [InlineData("SessionStart", "head -c 30000 /dev/zero | tr '\\0' x", false)]
    [InlineData("UserPromptSubmit", "head -c 30000 /dev/zero | tr '\\0' x", true)]
    public async Task What_it_said_at_length_may_be_read_after_a_resume_as_well_but_not_in_a_copy_of_the_session(string name, string command, bool isAsync)
    {
        _rig.UserSettings($$$"""{"hooks":{"{{{name}}}":[{"hooks":[{"type":"command","command":{{{HookRig.Quoted(command)}}},"async":{{{(isAsync ? "true" : "false")}}} }]}]}}""");
        var model = new ScriptedModel();
        await using (var harness = await StartAsync("s", model))
        {
            await HookRig.TalkUntilToldAsync(harness, model, "all of it is in");
        }

        var place = HookRig.LastSent(model).Split("all of it is in ")[1].Split(']')[0];
        Assert.Equal(30_000, new FileInfo(place).Length);

        _rig.UserSettings("{}");
        ScriptedModel Reader() => HookRig.Calls("Read", $$"""{"file_path":{{HookRig.Quoted(place)}} }""");
        Assert.Empty((await RunAsync("s", Reader())).Denied);
        var sessions = Path.Combine(_rig.Home, ".local/share/bridle/sessions");
        File.Copy(Path.Combine(sessions, "session_s.jsonl"), Path.Combine(sessions, "session_copy.jsonl"));
        Assert.Single((await RunAsync("copy", Reader())).Denied);
        Assert.Single((await RunAsync("other", Reader())).Denied);
    }

    private async Task<TurnResult> RunAsync(string session, ScriptedModel model)
    {
        await using var harness = await StartAsync(session, model);
        return await harness.Session.RunAsync("look", TestContext.Current.CancellationToken);
    }

    private async Task<Harness> StartAsync(string session, ScriptedModel model) =>
        Assert.IsType<HarnessStarted>(await Composition.StartAsync(_rig.Request(model) with { SessionName = session }, TestContext.Current.CancellationToken)).Harness;

    [Fact]
    public async Task What_a_hook_writes_is_bounded()
    {
        _rig.Hook("UserPromptSubmit", "head -c 3000000 /dev/zero | tr '\\0' x");
        var one = (await _rig.TryAsync("UserPromptSubmit")).Hooks.Single();
        Assert.Contains("more than 1 MiB", Assert.Single(one.Notices));
        _rig.Hook("UserPromptSubmit", "head -c 30000 /dev/zero | tr '\\0' x");
        var model = new ScriptedModel(ScriptedReply.Text("ok"));
        await _rig.RunAsync(model);
        Assert.True(HookRig.LastSent(model).Length < 11_000);
        Assert.Contains("20,000 characters left out; all of it is in", HookRig.LastSent(model));

        // The model may look where it is told to, and nobody else's model may.
        var place = HookRig.LastSent(model).Split("all of it is in ")[1].Split(']')[0];
        ScriptedModel Reader() => HookRig.Calls("Read", $$"""{"file_path":{{HookRig.Quoted(place)}} }""");
        Assert.Empty((await _rig.RunAsync(Reader())).Denied);
        _rig.Hook("UserPromptSubmit", "printf '{\"systemMessage\":\"'; head -c 30000 /dev/zero | tr '\\0' x; printf '\"}'");
        Assert.Single((await _rig.RunAsync(Reader())).Denied);
        Assert.Contains(_rig.Told, notice => notice.Contains(place, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Inputs_look_as_hook_scripts_know_them_and_come_back_as_the_tools_know_them()
    {
        _rig.Hook("PreToolUse", "cat > ../told.json; echo '{\"hookSpecificOutput\":{\"updatedInput\":{\"command\":\"pwd\",\"timeout\":2500}}}'");
        var one = (await _rig.TryAsync("PreToolUse", "Bash", """{"command":"ls","timeout":120000}""")).Hooks.Single();
        Assert.Contains("\"tool_input\":{\"command\":\"ls\",\"timeout\":120000}", one.Run!.Input.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("""{"command":"pwd","timeout":3}""", one.Answer!.UpdatedInput);
        Assert.Contains("\"-i\":true", (await _rig.TryAsync("PreToolUse", "Grep", """{"pattern":"x","-i":true,"head_limit":3}""")).Hooks.Single().Run!.Input);
    }

    // A named pipe beside the project, open at both ends so that neither side waits for the other to open it.
    private FileStream Pipe(string name)
    {
        var path = Path.Combine(_rig.Home, name);
        using var made = System.Diagnostics.Process.Start("mkfifo", [path]);
        made.WaitForExit();
        return new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
    }
}
