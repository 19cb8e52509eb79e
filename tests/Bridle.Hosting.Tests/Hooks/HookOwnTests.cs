using Bridle.Hosting.Hooks;
using Bridle.Hosting.Trust;
using Bridle.Sandboxing;
using Bridle.Testing;

namespace Bridle.Hosting.Tests.Hooks;

/// <summary>A person's own hooks that run files of the workspace: no model changes what runs outside the sandbox.</summary>
public sealed class HookOwnTests : IDisposable
{
    private readonly HookRig _rig = new();

    public void Dispose() => _rig.Dispose();

    private void Approve()
    {
        var state = Path.Combine(_rig.Home, ".local/state/bridle");
        Directory.CreateDirectory(state);
        FolderTrust.Read(state).Accept(_rig.Work, DateTimeOffset.UnixEpoch, ProjectPrograms.Of(HostFiles.Read(_rig.Request(null))).Select(one => (one.Kind, one.Content)));
    }

    private static string Bash(string command) => $$"""{"command":{{HookRig.Quoted(command)}} }""";

    private ListedHook Listed(string command)
    {
        _rig.Hook("PostToolUse", command);
        return Assert.Single(_rig.Book().Hooks);
    }

    private Task CallsAsync(params (string Tool, string Input)[] calls) =>
        _rig.RunAsync(new ScriptedModel([.. calls.Select(call => ScriptedReply.Calls(call)), ScriptedReply.Text("done")]), mode: "bypass");

    [Theory]
    [InlineData("Write", """{"file_path":"scripts/guard.sh","content":"touch ../evil"}""")]
    [InlineData("Edit", """{"file_path":"scripts/guard.sh","old_string":"true","new_string":"touch ../evil"}""")]
    [InlineData("Write", """{"file_path":"scripts/later.sh","content":"touch ../evil"}""")]
    [InlineData("Bash", """{"command":"echo touch ../evil > scripts/guard.sh"}""")]
    [InlineData("Bash", """{"command":"S=scri; echo touch ../evil > ${S}pts/guard.sh"}""")]
    [InlineData("Git", """{"verb":"checkout","arguments":["evil","--","scripts/guard.sh"]}""")]
    [InlineData("Git", """{"verb":"checkout","arguments":["evil"]}""")]
    public async Task What_a_hook_runs_no_tool_changes_unasked_in_any_mode(string tool, string input)
    {
        Assert.SkipUnless(BubblewrapSandbox.Shared.Probe().Works, BubblewrapSandbox.Shared.Probe().Detail);
        var script = _rig.File("work/scripts/guard.sh", "true\n");
        foreach (var line in new[] { "init -q -b main", "add -A", "-c user.name=a -c user.email=a@b commit -qm a", "checkout -q -b evil" })
        {
            Git(line);
        }

        File.WriteAllText(script, "touch ../evil\n");
        Git("-c user.name=a -c user.email=a@b commit -qam b");
        Git("checkout -q main");
        _rig.Hook("PostToolUse", "sh \"$CLAUDE_PROJECT_DIR/scripts/guard.sh\"; test -f scripts/later.sh && sh scripts/later.sh");
        Approve();
        await CallsAsync(("Read", """{"file_path":"scripts/guard.sh"}"""), (tool, input), ("Bash", Bash("true")));
        Assert.Equal("true\n", _rig.Read("work/scripts/guard.sh"));
        Assert.False(_rig.Has("work/scripts/later.sh"));
        Assert.False(_rig.Has("evil"));
    }

    private void Git(string line) => System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("git", line) { WorkingDirectory = _rig.Work })!.WaitForExit();

    [Fact]
    public async Task The_question_names_the_hook()
    {
        _rig.File("work/scripts/guard.sh", "true\n");
        _rig.Hook("PreToolUse", "sh scripts/guard.sh");
        var model = new ScriptedModel(
            ScriptedReply.Calls(("Read", """{"file_path":"scripts/guard.sh"}""")), ScriptedReply.Calls(("Write", """{"file_path":"scripts/guard.sh","content":"x"}""")), ScriptedReply.Text("done"));
        await _rig.RunAsync(model, mode: "acceptEdits");
        Assert.Contains("a hook runs it: PreToolUse in ~/.config/bridle/settings.json", HookRig.LastSent(model));
    }

    [Theory]
    [InlineData("sh scripts/guard.sh", "rm scripts; ln -s evil scripts", "scripts")]
    [InlineData("sh one.sh", "rm one.sh; ln -s evil/guard.sh one.sh", "one.sh")]
    [InlineData("test -f \"$CLAUDE_PROJECT_DIR/tools/after.sh\" && sh tools/after.sh", "mkdir tools; cp evil/guard.sh tools/aft'er'.sh", "")]
    [InlineData("[ -x .hooks/post ] && .hooks/post", "mkdir .hooks; cp evil/guard.sh .hooks/p'os't; chmod +x .hooks/post", "")]
    [InlineData("python3 real/check.py", "echo 'import os; os.system(\"touch ../evil1\")' > real/json.py", "")]
    [InlineData("python3 -c 'import json'", "echo 'import os; os.system(\"touch ../evil1\")' > json.py", "")]
    [InlineData("sh real/hard.sh", "cp evil/guard.sh second", "")]
    [InlineData("for f in real/*.sh; do sh $f; done", "cp evil/guard.sh real/more.sh", "")]
    [InlineData("echo 'touch ../evil1' >> log.txt; sh ../later.sh", "ln -s ../later.sh log.txt", "")]
    public async Task What_a_command_puts_in_the_place_of_what_a_hook_runs_does_not_run_outside_now_or_later(string hook, string command, string link)
    {
        Assert.SkipUnless(BubblewrapSandbox.Shared.Probe().Works, BubblewrapSandbox.Shared.Probe().Detail);
        _rig.File("later.sh", "true\n");
        _rig.File("work/real/guard.sh", "true\n");
        _rig.File("work/real/hard.sh", "true\n");
        _rig.File("work/real/check.py", "import json\n");
        _rig.File("work/evil/guard.sh", "#!/bin/sh\ntouch ../evil1\n");
        Git("init -q");
        System.Diagnostics.Process.Start("ln", [Path.Combine(_rig.Work, "real/hard.sh"), Path.Combine(_rig.Work, "second")]).WaitForExit();
        if (link.Length > 0)
        {
            File.CreateSymbolicLink(Path.Combine(_rig.Work, link), link is "scripts" ? "real" : "real/guard.sh");
        }

        _rig.Hook("PostToolUse", hook);
        Approve();
        await CallsAsync(("Bash", Bash(command)), ("Bash", Bash("true")));
        await CallsAsync(("Bash", Bash("true")));
        Assert.False(_rig.Has("evil1"));
    }

    [Fact]
    public async Task It_runs_outside_when_it_was_approved_as_it_stands_and_inside_with_a_word_until_then()
    {
        Assert.SkipUnless(BubblewrapSandbox.Shared.Probe().Works, BubblewrapSandbox.Shared.Probe().Detail);
        _rig.File("work/scripts/note.sh", "touch ../outside inside\n");
        Assert.Contains("nobody approved", Listed("sh scripts/note.sh").Inside);
        await using (var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(_rig.Request(new ScriptedModel(ScriptedReply.Calls(("Bash", Bash("true"))), ScriptedReply.Text("done")), mode: "bypass"), TestContext.Current.CancellationToken)).Harness)
        {
            Assert.Contains(harness.Notices, notice => notice.Contains("of your own runs inside the sandbox here", StringComparison.Ordinal) && notice.Contains("bridle trust", StringComparison.Ordinal));
            await harness.Session.RunAsync("task", TestContext.Current.CancellationToken);
        }

        Assert.True(_rig.Has("work/inside"));
        Assert.False(_rig.Has("outside"));

        Approve();
        Assert.Contains("runs scripts/note.sh outside the sandbox", Listed("sh scripts/note.sh").Where(_rig.Work));
        await CallsAsync(("Bash", Bash("true")));
        Assert.True(_rig.Has("outside"));
    }

    [Theory]
    [InlineData("jq -r .tool_input.command >> ~/commands.log")]
    [InlineData("jq -r .tool_input.file_path | xargs npx prettier --write")]
    [InlineData("sh ~/hooks/guard.sh")]
    [InlineData("python3 ~/hooks/check.py")]
    [InlineData("sh \"$DOTFILES/guard.sh\"")]
    [InlineData("notify-send done; osascript -e 'display notification'")]
    [InlineData("input=$(cat); case \"$input\" in *push*) exit 2 ;; esac")]
    [InlineData("rustfmt --check m.rs")]
    [InlineData("mkdir -p ~/logs; echo x >> ~/logs/$(date +%F).log")]
    [InlineData("python3 -I -c 'import json'")]
    [InlineData("PATH=\"$HOME/.bin:$PATH\" my-guard")]
    [InlineData("export PATH=\"$HOME/.bin:$PATH\"; my-guard")]
    [InlineData("sh .claude/hooks/guard.sh")]
    [InlineData("test -f package.json && npx prettier --check .")]
    [InlineData("jq -r .version package.json")]
    public void Ordinary_hooks_of_a_persons_own_run_outside_and_hold_nothing(string command)
    {
        _rig.File("hooks/guard.sh", "true\n");
        _rig.File("hooks/check.py", "\n");
        _rig.File("work/package.json", "{}\n");
        _rig.File("work/.claude/hooks/guard.sh", "true\n");
        var one = Listed(command);
        Assert.Null(one.Inside);
        Assert.DoesNotContain(_rig.Book().Guarded, guarded => guarded.Key.EndsWith("package.json", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("PATH=\"$CLAUDE_PROJECT_DIR/tools:$PATH\" lint")]
    [InlineData("PATH=\"$CLAUDE_PROJECT_DIR/tools:$PATH\"; lint")]
    [InlineData("export PATH=\"$CLAUDE_PROJECT_DIR/tools:$PATH\"; lint")]
    [InlineData("env PATH=\"$CLAUDE_PROJECT_DIR/tools:$PATH\" lint")]
    public void One_that_looks_for_programs_in_the_folder_first_runs_inside(string command) => Assert.Contains("sets PATH", Listed(command).Inside);

    [Fact]
    public async Task A_pipe_in_the_place_of_what_a_hook_runs_is_not_waited_for()
    {
        _rig.File("work/scripts/x", "");
        System.Diagnostics.Process.Start("mkfifo", [Path.Combine(_rig.Work, "scripts/guard.sh")]).WaitForExit();
        Assert.Contains("is no script", (await Task.Run(() => Listed("\"$CLAUDE_PROJECT_DIR/scripts/guard.sh\"")).WaitAsync(TimeSpan.FromSeconds(30))).Inside);
    }

    [Fact]
    public void The_list_says_the_truth_of_one_that_runs_what_is_in_the_folder()
    {
        Assert.Contains("runs what is in the folder: it is your own, so it runs outside the sandbox all the same", Listed("npm run lint").Where(_rig.Work));
    }

    [Fact]
    public void A_file_in_another_folder_that_commands_may_write_counts_as_one_of_the_workspace()
    {
        _rig.File("opened/guard.sh", "true\n");
        _rig.UserSettings("""{"sandbox":{"filesystem":{"allowWrite":["~/opened"]}},"hooks":{"PostToolUse":[{"hooks":[{"command":"sh ~/opened/guard.sh"}]}]}}""");
        var one = Assert.Single(_rig.Book().Hooks);
        Assert.Contains("nobody approved", one.Inside);
        Assert.EndsWith("opened/guard.sh", Assert.Single(_rig.Book().Guarded).Key);
    }
}
