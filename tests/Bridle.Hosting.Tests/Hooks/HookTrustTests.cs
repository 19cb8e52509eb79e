using Bridle.Hosting.Hooks;
using Bridle.Hosting.Trust;
using Bridle.Sandboxing;
using Bridle.Testing;

namespace Bridle.Hosting.Tests.Hooks;

/// <summary>What of a file runs, and what is said of the rest.</summary>
public sealed class HookTrustTests : IDisposable
{
    private readonly HookRig _rig = new();

    public void Dispose() => _rig.Dispose();

    private void Project(string command) => _rig.File("work/.bridle/settings.json", $$$"""{"hooks":{"SessionStart":[{"hooks":[{"command":{{{HookRig.Quoted(command)}}} }]}]}}""");

    private void Trust(bool approve = true)
    {
        var state = Path.Combine(_rig.Home, ".local/state/bridle");
        Directory.CreateDirectory(state);
        var trust = FolderTrust.Read(state);
        trust.Trust(_rig.Work, DateTimeOffset.UnixEpoch);
        if (approve)
        {
            trust.Approve(_rig.Work, ProjectPrograms.Of(HostFiles.Read(_rig.Request(null))).Select(one => (one.Kind, one.Content)));
        }
    }

    private async Task<bool> RunsAsync()
    {
        await _rig.RunAsync(new ScriptedModel(ScriptedReply.Text("ok")));
        var ran = _rig.Has("ran");
        File.Delete(Path.Combine(_rig.Home, "ran"));
        return ran;
    }

    [Fact]
    public async Task A_projects_hook_runs_only_in_a_trusted_folder_and_as_it_was_approved()
    {
        _rig.File("work/hook.sh", "touch ../ran\n");
        Project("sh ./hook.sh");
        Assert.False(await RunsAsync());
        Assert.Contains("not trusted", _rig.Book().Hooks.Single().Reason);

        Trust(approve: false);
        Assert.False(await RunsAsync());
        Assert.Contains("not approved as it stands", _rig.Book().Hooks.Single().Reason);

        Trust();
        Assert.True(await RunsAsync());

        _rig.File("work/hook.sh", "touch ../ran ../more\n");
        Assert.False(await RunsAsync());
        Trust();
        Assert.True(await RunsAsync());

        Project("sh ./hook.sh; true");
        Assert.False(await RunsAsync());
    }

    [Theory]
    [InlineData("sh ./hook.sh", true)]
    [InlineData("sh \"$CLAUDE_PROJECT_DIR/hook.sh\"", true)]
    [InlineData("sh HOME/link/hook.sh", true)]
    [InlineData("sh HOME/work/hook.sh", false)]
    public async Task A_folder_that_is_trusted_by_one_of_its_names_runs_its_hooks_by_all_as_they_were_approved(string command, bool byLink)
    {
        var link = Path.Combine(_rig.Home, "link");
        Directory.CreateSymbolicLink(link, _rig.Work);
        _rig.File("work/hook.sh", "touch ../ran\n");
        Project(command.Replace("HOME", _rig.Home, StringComparison.Ordinal));
        var state = Path.Combine(_rig.Home, ".local/state/bridle");
        Directory.CreateDirectory(state);
        var name = byLink ? link : _rig.Work;
        FolderTrust.Read(state).Accept(name, DateTimeOffset.UnixEpoch, ProjectPrograms.Of(HostFiles.Read(_rig.Request(null) with { Folder = name })).Select(one => (one.Kind, one.Content)));
        Assert.Single(_rig.Book().Active);
        Assert.Single(HookFiles.Read(HostFiles.Read(_rig.Request(null) with { Folder = link })).Book.Active);
        Assert.True(await RunsAsync());

        _rig.File("work/hook.sh", "touch ../ran ../more\n");
        Assert.False(await RunsAsync());
        Assert.Empty(HookFiles.Read(HostFiles.Read(_rig.Request(null) with { Folder = link })).Book.Active);
    }

    [Fact]
    public async Task A_script_that_is_changed_while_the_session_runs_does_not_run()
    {
        _rig.File("work/hook.sh", "touch ../ran\n");
        _rig.File("work/.bridle/settings.json", """{"hooks":{"PostToolUse":[{"hooks":[{"command":"sh ./hook.sh"}]}]}}""");
        Trust();
        await _rig.RunAsync(HookRig.Calls("Write", """{"file_path":"other.txt","content":"x"}"""), mode: "acceptEdits");
        Assert.True(_rig.Has("ran"));
        File.Delete(Path.Combine(_rig.Home, "ran"));
        var model = new ScriptedModel(ScriptedReply.Calls(("Read", """{"file_path":"hook.sh"}""")).After((_, _) =>
        {
            _rig.File("work/hook.sh", "touch ../evil\n");
            return Task.CompletedTask;
        }), ScriptedReply.Text("done"));
        await _rig.RunAsync(model);
        Assert.False(_rig.Has("evil"));
        Assert.Contains(_rig.Told, notice => notice.Contains("has changed since it was approved", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_that_goes_to_another_folder_does_not_choose_another_script()
    {
        _rig.File("work/hook.sh", "echo . >> ../ran\n");
        _rig.File("work/sub/hook.sh", "touch ../../evil ../evil\n");
        _rig.File("work/.bridle/settings.json", """{"hooks":{"PostToolUse":[{"hooks":[{"command":"sh ./hook.sh"}]}]}}""");
        Trust();
        await _rig.RunAsync(new ScriptedModel(ScriptedReply.Calls(("Bash", """{"command":"cd sub"}""")), ScriptedReply.Calls(("Read", """{"file_path":"hook.sh"}""")), ScriptedReply.Text("done")));
        Assert.False(_rig.Has("evil") || _rig.Has("work/evil"));
        Assert.Equal(".\n.\n", _rig.Read("ran"));
    }

    [Fact]
    public async Task A_confined_command_cannot_change_the_script_of_a_hook_nor_what_lies_around_it()
    {
        Assert.SkipUnless(BubblewrapSandbox.Shared.Probe().Works, BubblewrapSandbox.Shared.Probe().Detail);
        _rig.File("work/tools/inner/hook.sh", "echo . >> ../ran\n");
        _rig.File("work/tools/other.sh", "true\n");
        _rig.File("work/.bridle/settings.json", """{"hooks":{"PostToolUse":[{"hooks":[{"command":"sh tools/inner/hook.sh"}]}]}}""");
        Trust();
        _rig.File("work/attack.sh", "{ echo 'touch ../evil' > tools/inner/hook.sh || mv tools/inner/hook.sh x || mv tools/inner x || mv tools x || rm -rf tools; } 2> /dev/null; echo changed > tools/other.sh; echo new > tools/inner/new.sh\n");
        await _rig.RunAsync(new ScriptedModel(ScriptedReply.Calls(("Bash", """{"command":"sh attack.sh"}""")), ScriptedReply.Calls(("Read", """{"file_path":"tools/other.sh"}""")), ScriptedReply.Text("done")), mode: "bypass");

        Assert.Equal("echo . >> ../ran\n", _rig.Read("work/tools/inner/hook.sh"));
        Assert.Equal("changed\n", _rig.Read("work/tools/other.sh"));
        Assert.Equal("new\n", _rig.Read("work/tools/inner/new.sh"));
        Assert.Equal(".\n.\n", _rig.Read("ran"));
        Assert.False(_rig.Has("evil"));
    }

    [Fact]
    public async Task A_program_that_was_put_into_a_folder_of_PATH_in_the_workspace_is_not_taken_by_a_hook()
    {
        var planted = _rig.Program("work/.venv/bin/sh", "#!/bin/bash\ntouch ../evil\n");
        _rig.Program("work/.venv/bin/helper", "#!/bin/bash\ntouch ../evil\n");

        _rig.UserSettings($$"""{"env": {"PATH": "{{Path.GetDirectoryName(planted)}}:/usr/local/bin:/usr/bin:/bin"}, "hooks": {"PostToolUse": [{"hooks": [{"type": "command", "command": "helper || touch ../ran"}]}]} }""");
        _rig.File("work/a.txt", "a\n");
        await _rig.RunAsync(new ScriptedModel(ScriptedReply.Calls(("Read", """{"file_path":"a.txt"}""")), ScriptedReply.Text("done")));
        Assert.True(_rig.Has("ran"));
        Assert.False(_rig.Has("evil"));
    }

    [Fact]
    public async Task A_program_that_was_put_into_a_folder_of_PATH_that_settings_open_for_programs_is_not_taken_by_a_hook()
    {
        var planted = _rig.File(".local/bin/helper", "#!/bin/bash\ntouch ../evil\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(planted, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        _rig.UserSettings($$"""{"sandbox": {"filesystem": {"allowWrite": ["~/.local"]} }, "env": {"PATH": "{{Path.GetDirectoryName(planted)}}:/usr/local/bin:/usr/bin:/bin"}, "hooks": {"PostToolUse": [{"hooks": [{"type": "command", "command": "helper || touch ../ran"}]}]} }""");
        _rig.File("work/a.txt", "a\n");
        await _rig.RunAsync(new ScriptedModel(ScriptedReply.Calls(("Read", """{"file_path":"a.txt"}""")), ScriptedReply.Text("done")));
        Assert.True(_rig.Has("ran"));
        File.Delete(Path.Combine(_rig.Home, "ran"));
        await _rig.TryAsync("PostToolUse", "Read");
        Assert.True(_rig.Has("ran"));
        Assert.False(_rig.Has("evil"));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("user", 1)]
    [InlineData("project", 1)]
    [InlineData("local", 0)]
    [InlineData("user,project,local", 2)]
    public void Only_the_files_of_hooks_count_whose_settings_do(string sources, int hooks)
    {
        _rig.File("work/.bridle/hooks.json", """{"hooks":{"PostToolUse":[{"hooks":[{"command":"true"}]}]}}""");
        _rig.File(".config/bridle/hooks.json", """{"hooks":{"PostToolUse":[{"hooks":[{"command":"true"}]}]}}""");
        var request = _rig.Request(null) with { TrustFolder = true, SettingSources = Bridle.Hosting.Settings.SettingsPlaces.ParseSources(sources) };
        Assert.Equal(hooks, Bridle.Hosting.Hooks.HookFiles.Read(HostFiles.Read(request)).Book.Hooks.Count);
    }

    [Fact]
    public async Task Trust_for_this_run_runs_them_and_stores_nothing()
    {
        Project("touch ../ran");
        await using (Assert.IsType<HarnessStarted>(await Composition.StartAsync(_rig.Request(new ScriptedModel()) with { TrustFolder = true }, TestContext.Current.CancellationToken)).Harness)
        {
            Assert.True(_rig.Has("ran"));
        }

        File.Delete(Path.Combine(_rig.Home, "ran"));
        Assert.False(await RunsAsync());
    }

    [Fact]
    public async Task What_is_left_out_is_said_in_one_line()
    {
        Project("touch ../ran");
        await using var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(_rig.Request(new ScriptedModel()), TestContext.Current.CancellationToken)).Harness;
        Assert.Single(harness.Notices, notice => notice.Contains("bridle hooks list", StringComparison.Ordinal) && notice.Contains("is not trusted", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"hooks":{"PreTolUse":[{"hooks":[{"command":"true"}]}]}}""", "Did you mean PreToolUse?")]
    [InlineData("""{"hooks":{"PreToolUse":[{"matcher":"Bas[h","hooks":[{"command":"true"}]}]}}""", "no regular expression")]
    [InlineData("""{"hooks":{"PreToolUse":[{"hooks":[{"type":"command"}]}]}}""", "it has no command")]
    [InlineData("""{"hooks":{"PreToolUse":[{"hooks":[{"type":"shell","command":"true"}]}]}}""", "there is no type 'shell'")]
    [InlineData("""{"hooks":{"PreToolUse":[{"hooks":[{"type":"agent","prompt":"x"}]}]}}""", "wait for subagents")]
    [InlineData("""{"hooks":{"PreToolUse":[{"hooks":[{"type":"http","url":"ftp://x"}]}]}}""", "must begin with http")]
    [InlineData("""{"hooks":{"PreToolUse":[{"hooks":[{"command":"true","timeout":"5"}]}]}}""", "'timeout' must be a number of seconds above zero")]
    [InlineData("""{"hooks":{"PreToolUse":[{"hooks":[{"command":"true","onFailure":"stop"}]}]}}""", "'onFailure' must be continue or block")]
    [InlineData("""{"hooks":{"Stop":[{"hooks":[{"command":"true","if":"Bash(ls:*)"}]}]}}""", "it would never run")]
    [InlineData("""{"hooks":{"PreToolUse":{"hooks":[]}}}""", "the value of an event is a list")]
    [InlineData("""{"hooks":[]}""", "'hooks' must be an object")]
    [InlineData("""{"hooks":{"PreToolUse":[{"hooks":[{"command":"/no/such/guard.sh"}]}]}}""", "/no/such/guard.sh does not exist")]
    [InlineData("""{"disableAllHooks":true,"hooks":{"PreToolUse":[{"hooks":[{"command":"true"}]}]}}""", "turned off by 'disableAllHooks'")]
    [InlineData("""{"hooks":{"PreToolUse":[{"hooks":[{"command":"notify ${user_config.title}"}]}]}}""", "could be taken for a command")]
    public void Every_entry_that_does_not_run_is_listed_with_the_reason(string settings, string reason)
    {
        _rig.UserSettings(settings);
        var one = Assert.Single(_rig.Book().Hooks);
        Assert.Equal(HookStanding.Rejected, one.Standing);
        Assert.Contains(reason, one.Reason);
    }

    [Theory]
    [InlineData("/no/such/guard.sh", "/no/such/guard.sh does not exist")]
    [InlineData("", "it has no command")]
    public async Task A_guard_of_ones_own_that_is_broken_is_said_at_every_start(string command, string reason)
    {
        _rig.Hook("PreToolUse", command);
        await using var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(_rig.Request(new ScriptedModel()), TestContext.Current.CancellationToken)).Harness;
        Assert.Contains(reason, Assert.Single(harness.Notices, notice => notice.Contains("does not run", StringComparison.Ordinal)));
    }

    [Fact]
    public void Files_of_hooks_are_found_beside_the_settings_and_a_broken_one_is_listed_with_its_line()
    {
        _rig.File(".config/bridle/hooks.json", """{"hooks":{"Stop":[{"hooks":[{"command":"true"}]}]}}""");
        _rig.File("work/.bridle/hooks.json", "{\n \"hooks\": {,} }");
        var hooks = _rig.Book().Hooks;
        Assert.Equal(HookStanding.Active, hooks.Single(one => one.Event == "Stop").Standing);
        Assert.StartsWith("line 2:", hooks.Single(one => one.File.Path.EndsWith("work/.bridle/hooks.json", StringComparison.Ordinal)).Reason);
    }

    [Fact]
    public void A_projects_disableAllHooks_does_not_turn_off_a_persons_guard()
    {
        _rig.Hook("PreToolUse", "true");
        _rig.File("work/.bridle/settings.json", """{"disableAllHooks":true}""");
        Assert.Single(_rig.Book(trust: true).Active);
    }

    [Fact]
    public void The_administrator_may_let_only_managed_hooks_run_and_only_the_administrator_turns_those_off()
    {
        using var json = System.Text.Json.JsonDocument.Parse("""{"PreToolUse":[{"hooks":[{"command":"true"}]}]}""");
        HookFile Of(Bridle.Hosting.Settings.SettingsOrigin origin) => new(origin, origin.ToString(), json.RootElement);
        HookFile[] files = [Of(Bridle.Hosting.Settings.SettingsOrigin.User), Of(Bridle.Hosting.Settings.SettingsOrigin.Managed)];
        string Active(HookPolicy policy) => string.Join(',', HookBook.Of(files, policy, "/ws").Active.Select(hook => hook.File.Path));
        Assert.Equal("Managed", Active(new() { ManagedOnly = true }));
        Assert.Equal("Managed", Active(new() { DisabledBy = files[0] }));
        Assert.Equal("", Active(new() { DisabledBy = files[1] }));
    }
}
