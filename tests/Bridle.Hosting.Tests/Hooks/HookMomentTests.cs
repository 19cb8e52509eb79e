using System.Text.Json.Nodes;
using Bridle.Events;
using Bridle.Hosting.Worktrees;
using Bridle.Journal;
using Bridle.Models;
using Bridle.Sessions;
using Bridle.Testing;

namespace Bridle.Hosting.Tests.Hooks;

/// <summary>The events about a turn, a session and its model: each with the whole of what a hook reads, and with an effect that is not there when it does not happen.</summary>
public sealed class HookMomentTests : IDisposable
{
    private readonly HookRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task UserPromptExpansion_hears_of_each_skill_in_a_message_adds_to_it_and_may_refuse_it()
    {
        _rig.File(".config/bridle/skills/ship/SKILL.md", "---\nname: ship\ndescription: Ships.\n---\nShip it.\n");
        _rig.UserSettings("""{"hooks":{"UserPromptExpansion":[{"matcher":"ship","hooks":[{"command":"cat >> ../said.json; if grep -q prod ../said.json; then echo 'not today' >&2; exit 2; fi; echo 'the branch is main'"}]},{"matcher":"other","hooks":[{"command":"touch ../wrong"}]}]}}""");
        var model = new ScriptedModel(ScriptedReply.Text("shipped"), ScriptedReply.Text("hello"));
        await RunAsync(model, "/ship test now");
        Assert.Equal(Whole("UserPromptExpansion", "default", """{"expansion_type":"slash_command","command_name":"ship","command_args":"test now","command_source":"user","prompt":"/ship test now","user_prompt":"/ship test now"}"""), Said("said.json"));
        Assert.Contains("the branch is main", HookRig.LastSent(model));

        await RunAsync(model, "hello");
        Assert.False(_rig.Has("wrong"));
        var refused = await RunAsync(model, "/ship prod");
        Assert.Equal(TurnOutcome.Stopped, refused.Outcome);
        Assert.EndsWith("refused /ship: not today", refused.Error, StringComparison.Ordinal);
        Assert.Equal(2, model.Requests.Count);
    }

    [Fact]
    public async Task PermissionDenied_hears_why_the_gate_refused_and_may_tell_the_model_to_try_again()
    {
        _rig.Hook("PermissionDenied", """cat > ../said.json; echo '{"hookSpecificOutput":{"hookEventName":"PermissionDenied","retry":true}}'""");
        var model = HookRig.Calls("Write", """{"file_path":"a.txt","content":"x"}""");
        var result = await RunAsync(model);
        Assert.Single(result.Denied);
        Assert.Equal(Whole("PermissionDenied", "default", """{"tool_name":"Write","tool_input":{"file_path":"~/work/a.txt","content":"x"},"tool_use_id":"c1","reason":"REASON"}"""),
            System.Text.RegularExpressions.Regex.Replace(Said("said.json"), "\"reason\":\"\\[Permission denied\\] [^\"]+\"", "\"reason\":\"REASON\""));
        Assert.Contains("You may try this call again.", HookRig.LastSent(model));
        Assert.False(_rig.Has("work/a.txt"));

        File.Delete(Path.Combine(_rig.Home, "said.json"));
        await RunAsync(HookRig.Calls("Write", """{"file_path":"b.txt","content":"x"}"""), approver: TestApprover.No());
        await RunAsync(HookRig.Calls("Ls", "{}"));
        Assert.False(_rig.Has("said.json"));
    }

    [Fact]
    public async Task PostToolBatch_hears_of_all_calls_of_a_reply_once_and_may_end_the_turn()
    {
        _rig.File("work/a.txt", "one\n");
        _rig.Hook("PostToolBatch", """cat >> ../said.json; echo '{"hookSpecificOutput":{"hookEventName":"PostToolBatch","additionalContext":"two were read"}}'""");
        var model = new ScriptedModel(ScriptedReply.Calls(("Read", """{"file_path":"a.txt"}"""), ("Read", """{"file_path":"missing.txt"}""")), ScriptedReply.Text("done"));
        await RunAsync(model);
        var calls = Said("said.json");
        Assert.StartsWith(Whole("PostToolBatch", "default", """{"tool_calls":[{"tool_name":"Read","tool_input":{"file_path":"~/work/a.txt"},"tool_use_id":"c1","tool_response":{"type":"text","file":{"filePath":"~/work/a.txt","content":"""), calls, StringComparison.Ordinal);
        Assert.Contains("""{"tool_input":{"file_path":"~/work/missing.txt"},"tool_use_id":"c2","tool_response":"~""".TrimStart('{').TrimEnd('~'), calls, StringComparison.Ordinal);
        Assert.EndsWith("}]}", calls, StringComparison.Ordinal);
        Assert.Contains("two were read", HookRig.LastSent(model));

        _rig.Hook("PostToolBatch", "echo 'enough' >&2; exit 2");
        var stopped = await RunAsync(new ScriptedModel(ScriptedReply.Calls(("Ls", "{}"))));
        Assert.Equal((TurnOutcome.Stopped, "A hook ended the turn: enough"), (stopped.Outcome, stopped.Error));
    }

    [Fact]
    public async Task PostToolBatch_hears_of_each_call_what_PostToolUse_hears_of_it_after_aliases_rewrites_and_changes_of_folder()
    {
        Directory.CreateDirectory(Path.Combine(_rig.Work, "sub"));
        _rig.File("work/sub/a.txt", "one\n");
        _rig.UserSettings("""{"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[{"command":"if grep -q 'echo one'; then echo '{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"updatedInput\":{\"command\":\"echo two\",\"timeout\":9000}}}'; fi"}]}],"PostToolUse":[{"hooks":[{"command":"cat >> \"$CLAUDE_PROJECT_DIR/../each.json\"; echo >> \"$CLAUDE_PROJECT_DIR/../each.json\""}]}],"PostToolBatch":[{"hooks":[{"command":"cat > \"$CLAUDE_PROJECT_DIR/../batch.json\""}]}]}}""");
        await RunAsync(new ScriptedModel(ScriptedReply.Calls(("Bash", """{"command":"echo one"}"""), ("Bash", """{"command":"cd sub","timeout_seconds":7}"""), ("Read", """{"path":"a.txt"}""")), ScriptedReply.Text("done")), mode: "bypass");
        var each = Said("each.json").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToDictionary(one => one["tool_use_id"]!.ToString(), one => one["tool_input"]!.ToJsonString());
        var batch = JsonNode.Parse(Said("batch.json"))!["tool_calls"]!.AsArray().ToDictionary(one => one!["tool_use_id"]!.ToString(), one => one!["tool_input"]!.ToJsonString());
        Assert.Equal(each, batch);
        Assert.Equal(["""{"command":"echo two","timeout":9000}""", """{"command":"cd sub","timeout":7000}""", """{"file_path":"~/work/sub/a.txt"}"""], batch.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => one.Value));
    }

    [Fact]
    public async Task StopFailure_hears_of_the_kind_of_a_models_failure_and_of_no_good_end()
    {
        _rig.UserSettings("""{"hooks":{"StopFailure":[{"matcher":"rate_limit|billing_error","hooks":[{"command":"cat > ../said.json; exit 2"}]},{"matcher":"overloaded","hooks":[{"command":"touch ../wrong"}]}]}}""");
        await RunAsync(new ScriptedModel(ScriptedReply.Text("fine")));
        Assert.False(_rig.Has("said.json"));
        var result = await RunAsync(new ScriptedModel(ScriptedReply.Failure(ModelErrorKind.Quota)));
        Assert.Equal(TurnOutcome.ModelFailed, result.Outcome);
        Assert.Equal(Whole("StopFailure", "default", """{"error":"billing_error","error_details":"scripted Quota. Nothing to do: this is a test.","last_assistant_message":""}"""), Said("said.json"));
        Assert.False(_rig.Has("wrong"));
    }

    [Fact]
    public async Task CwdChanged_hears_of_both_folders_and_leaves_variables_for_later_commands()
    {
        Directory.CreateDirectory(Path.Combine(_rig.Work, "sub"));
        _rig.Hook("CwdChanged", """cat >> ../said.json; echo "export HERE=found" >> "$CLAUDE_ENV_FILE"; echo '{"hookSpecificOutput":{"hookEventName":"CwdChanged","additionalContext":"this is the sub folder"}}'""");
        var model = new ScriptedModel(Bash("cd sub"), Bash("echo [$HERE]"), ScriptedReply.Text("done"));
        await RunAsync(model, mode: "bypass");
        Assert.Equal(Whole("CwdChanged", "bypassPermissions", """{"old_cwd":"~/work","new_cwd":"~/work/sub"}"""), Said("said.json"));
        Assert.Contains("this is the sub folder", HookRig.LastSent(model));
        Assert.Contains("[found]", HookRig.LastSent(model));
    }

    [Fact]
    public async Task Variables_are_left_in_a_file_that_only_the_hook_can_have_written()
    {
        Directory.CreateDirectory(Path.Combine(_rig.Work, "sub"));
        _rig.Hook("CwdChanged", """echo "$CLAUDE_ENV_FILE" >> ../files.txt; echo 'export TIMES=${TIMES}x' >> "$CLAUDE_ENV_FILE" """);
        var model = new ScriptedModel(Bash("cd sub"), Bash("cd .."), Bash("echo [$TIMES]"), ScriptedReply.Text("done"));

        await RunAsync(model, mode: "bypass");

        var files = File.ReadAllLines(Path.Combine(_rig.Work, "..", "files.txt"));
        Assert.Equal(2, files.Distinct().Count());
        Assert.All(files, file => Assert.Contains("/.local/state/bridle/hooks/", file, StringComparison.Ordinal));
        Assert.All(files, file => Assert.False(File.Exists(file)));
        Assert.Contains("[xx]", HookRig.LastSent(model));
    }

    [Fact]
    public async Task PreModelSwitch_keeps_a_model_asks_a_person_or_lets_it_go_and_PostModelSwitch_adds_to_the_conversation()
    {
        _rig.UserSettings("""{"hooks":{"PreModelSwitch":[{"hooks":[{"command":"cat > ../before.json; if grep -q test/dear ../before.json; then echo 'too dear' >&2; exit 2; fi; if grep -q test/new ../before.json; then echo '{\"hookSpecificOutput\":{\"hookEventName\":\"PreModelSwitch\",\"permissionDecision\":\"ask\",\"permissionDecisionReason\":\"it is new\"}}'; fi"}]}],"PostModelSwitch":[{"hooks":[{"command":"cat > ../after.json; echo '{\"hookSpecificOutput\":{\"hookEventName\":\"PostModelSwitch\",\"additionalContext\":\"you are another one now\"}}'"}]}]}}""");
        ScriptedModel Model(string name) => new(ScriptedReply.Text("ok")) { Info = new("test", name, "scripted") { ContextWindow = 200_000, MaxOutputTokens = 8_192, Tools = Known.Yes, Price = new(2m, 10m, 0.2m, 2.5m) } };
        await using var harness = await StartAsync(new ScriptedModel());
        async Task<string?> SwitchAsync(string name, bool? says) =>
            await harness.SwitchModelAsync(name, Model(name), "command", says is { } yes ? (question, _) => Task.FromResult(yes && question.EndsWith("may answer: it is new", StringComparison.Ordinal)) : null, TestContext.Current.CancellationToken);

        Assert.EndsWith("keeps test/scripted: too dear", await SwitchAsync("dear", true), StringComparison.Ordinal);
        Assert.Equal("test/scripted stays.", await SwitchAsync("new", false));
        Assert.EndsWith("asks a person, and nobody is there.", await SwitchAsync("new", null), StringComparison.Ordinal);
        Assert.Equal("test/scripted", harness.Session.Model.Info.FullName);
        Assert.False(_rig.Has("after.json"));
        Assert.Null(await SwitchAsync("new", true));
        Assert.Equal("test/new", harness.Session.Model.Info.FullName);
        const string Facts = """{"from_model":"test/scripted","to_model":"test/new","requested_model":"new","source":"command","context_tokens":N,"prompt_cache_warm":null,"cache_ttl":null,"estimated_cache_write_usd":USD,"pricing":{"input":2,"output":10,"cache_read":0.2,"cache_write":2.5}}""";
        string Counted(string file) => System.Text.RegularExpressions.Regex.Replace(System.Text.RegularExpressions.Regex.Replace(Said(file), "(?<=tokens\":)[0-9]+", "N"), "(?<=_usd\":)[0-9.]+", "USD");
        Assert.Equal(Whole("PreModelSwitch", "default", Facts), Counted("before.json"));
        Assert.Equal(Whole("PostModelSwitch", "default", Facts), Counted("after.json"));
        await harness.Session.RunAsync("go", TestContext.Current.CancellationToken);
        Assert.Contains("you are another one now", HookRig.LastSent((ScriptedModel)harness.Session.Model));
    }

    [Fact]
    public async Task PostModelSwitch_hears_of_a_session_that_goes_on_with_another_model()
    {
        _rig.UserSettings("""{"hooks":{"PostModelSwitch":[{"hooks":[{"command":"cat > ../after.json"}]}]}}""");
        await RunAsync(new ScriptedModel(ScriptedReply.Text("ok")));
        Assert.False(_rig.Has("after.json"));
        await using var harness = await StartAsync(new ScriptedModel() { Info = new("test", "other", "scripted") { Tools = Known.Yes } });
        Assert.Contains("""{"from_model":"test/scripted","to_model":"test/other","requested_model":"test/other","source":"resume","context_tokens":100,""".TrimStart('{'), _rig.Read("after.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setup_runs_before_the_session_when_a_person_asks_for_it_and_not_otherwise()
    {
        _rig.UserSettings("""{"hooks":{"Setup":[{"matcher":"init","hooks":[{"command":"cat > ../said.json; echo 'export TOOLS=ready' >> \"$CLAUDE_ENV_FILE\"; echo '{\"hookSpecificOutput\":{\"hookEventName\":\"Setup\",\"additionalContext\":\"packages are there\"}}'"}]},{"matcher":"maintenance","hooks":[{"command":"echo 'clean up first' >&2; exit 2"}]}]}}""");
        await RunAsync(new ScriptedModel(ScriptedReply.Text("ok")));
        Assert.False(_rig.Has("said.json"));
        var model = new ScriptedModel(Bash("echo [$TOOLS]"), ScriptedReply.Text("ok"));
        await RunAsync(model, mode: "bypass", setup: "init");
        Assert.Equal(Whole("Setup", "bypassPermissions", """{"trigger":"init"}"""), Said("said.json"));
        Assert.Contains("packages are there", HookRig.LastSent(model));
        Assert.Contains("[ready]", HookRig.LastSent(model));

        await RunAsync(new ScriptedModel(ScriptedReply.Text("ok")), setup: "maintenance");
        Assert.Contains(_rig.Told, notice => notice.EndsWith("said: clean up first", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WorktreeCreate_makes_the_folder_in_gits_place_and_keeps_the_work_from_beginning_where_it_cannot()
    {
        _rig.Hook("WorktreeCreate", """cat > ../said.json; mkdir -p ../apart/fix; echo made; echo "$PWD/../apart/fix" | xargs realpath""");
        var request = _rig.Request(new ScriptedModel()) with { Worktree = "fix", SessionName = "s" };
        var placed = await WorktreeStart.OpenAsync(request, TestContext.Current.CancellationToken);
        Assert.Null(placed.Refused);
        Assert.Equal(Path.Combine(_rig.Home, "apart/fix"), placed.Request.Folder);
        Assert.Equal("""{"session_id":"s","transcript_path":"","cwd":"~/work","hook_event_name":"WorktreeCreate","permission_mode":"default","name":"fix"}""", Said("said.json"));
        Assert.Contains("which a hook made", Assert.Single(await placed.Worktree!.EndAsync(TestContext.Current.CancellationToken)), StringComparison.Ordinal);

        foreach (var (script, why) in new[] { ("pwd; echo 'no space' >&2; exit 1", "exit code 1: no space"), ("echo /no/such/folder", "it named no folder that is there.") })
        {
            _rig.Hook("WorktreeCreate", script);
            var refused = await WorktreeStart.OpenAsync(request, TestContext.Current.CancellationToken);
            Assert.EndsWith(why, refused.Refused?.Message, StringComparison.Ordinal);
            Assert.Null(refused.Worktree);
        }
    }

    [Fact]
    public async Task WorktreeCreate_gives_the_session_the_real_folder_and_none_that_was_not_made_for_it()
    {
        async Task<WorktreeStart> OpenAsync(string script, bool later = false)
        {
            _rig.Hook("WorktreeCreate", script);
            return await WorktreeStart.OpenAsync(_rig.Request(new ScriptedModel()) with { Worktree = "fix", SessionName = "s", Time = later ? new Later() : TimeProvider.System }, TestContext.Current.CancellationToken);
        }

        foreach (var (script, why) in new[]
        {
            ("echo apart/fix", "it named no absolute path of a folder."),
            ("touch ../a.txt; echo $PWD/../a.txt", "a.txt is a file and no folder."),
            ("echo /", "/ holds the system; make a folder of its own."),
            ("ln -s / ../root-fix; echo $PWD/../root-fix", "root-fix, which is /, holds the system; make a folder of its own."),
            ("ln -s . ../home-fix; echo $PWD/../home-fix/.", $"home-fix/., which is {_rig.Home}, is your home folder or holds it; make a folder of its own."),
            ("cd ..; pwd", "is your home folder or holds it; make a folder of its own."),
            ("pwd", "is the project's own folder or holds it, so nothing would be kept apart."),
            ("mkdir -p ../.local/share/bridle/fix; echo $PWD/../.local/share/bridle/fix", $"holds, or lies in, a folder of Bridle's own ({_rig.Home}/.local/share/bridle)."),
            ("mkdir -p ../.local/share; echo $PWD/../.local", $"holds, or lies in, a folder of Bridle's own ({_rig.Home}/.local/share/bridle)."),
            ("mkdir -p ../.ssh/fix; echo $PWD/../.ssh/fix", "may hold secrets."),
            ("echo /usr/bin", "/usr/bin lies in a folder of the system."),
            ("mkdir -m 777 ../open-fix; echo $PWD/../open-fix", "can be written by everybody on this machine."),
        })
        {
            var refused = await OpenAsync(script);
            Assert.EndsWith(why, refused.Refused?.Message, StringComparison.Ordinal);
            Assert.Null(refused.Worktree);
        }

        // What was there before must be empty or bear the name.
        _rig.File("apart/other/a.txt", "x");
        Assert.EndsWith("does not bear the name 'fix'. The hook must make a folder for the session; one that it gives out again must have that name.", (await OpenAsync("echo $PWD/../apart/other", later: true)).Refused?.Message, StringComparison.Ordinal);
        Directory.Move(Path.Combine(_rig.Home, "apart/other"), Path.Combine(_rig.Home, "apart/the-fix"));
        Directory.CreateDirectory(Path.Combine(_rig.Home, "apart/empty"));
        foreach (var name in new[] { "the-fix", "empty" })
        {
            var placed = await OpenAsync($"rm -f ../link; ln -s apart ../link; echo $PWD/../link/{name}/", later: true);
            Assert.Equal((Path.Combine(_rig.Home, "apart", name), null), (placed.Request.Folder, placed.Refused));
        }
    }

    private sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddHours(1);
    }

    private async Task<Harness> StartAsync(ScriptedModel model, string? mode = null, string? setup = null, Permissions.IApprover? approver = null) =>
        Assert.IsType<HarnessStarted>(await Composition.StartAsync(_rig.Request(model, approver, mode) with { SessionName = "s", Setup = setup, Sandbox = "off" }, TestContext.Current.CancellationToken)).Harness;

    private async Task<TurnResult> RunAsync(ScriptedModel model, string text = "task", string? mode = null, string? setup = null, Permissions.IApprover? approver = null)
    {
        await using var harness = await StartAsync(model, mode, setup, approver);
        return await harness.Session.RunAsync(text, TestContext.Current.CancellationToken);
    }

    private static ScriptedReply Bash(string command) => ScriptedReply.Calls(("Bash", $$"""{"command":"{{command}}"}"""));

    private string Said(string file) => _rig.Read(file).Replace(_rig.Home, "~", StringComparison.Ordinal);

    // The whole of what a hook reads: what every event has, and what this one adds.
    private static string Whole(string name, string mode, string more) =>
        $$"""{"session_id":"s","transcript_path":"~/.local/share/bridle/sessions/session_s.jsonl","cwd":"~/work","hook_event_name":"{{name}}","permission_mode":"{{mode}}",""" + more[1..];
}
