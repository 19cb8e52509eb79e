using Bridle.Hosting.Settings;

namespace Bridle.Hosting.Tests.Settings;

public sealed class ManagedSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private HostEnvironment Environment => _folder.Environment() with { ManagedFolder = Path.Combine(_folder.Path, "etc") };

    private LayeredSettings Load(bool trusted = false, string? commandLine = null, IReadOnlySet<SettingsOrigin>? sources = null) => LayeredSettings.Load(
        new(Environment, BridleFolders.For(Environment), Path.Combine(_folder.Path, "work")) { CommandLine = commandLine, Sources = sources ?? SettingsPlaces.AllSources }, trusted);

    private void Managed(string text) => _folder.Write("etc/managed-settings.json", text);

    private void User(string text) => _folder.Write(".config/bridle/settings.json", text);

    [Fact]
    public void Scalars_come_from_the_strongest_layer_that_sets_them()
    {
        string[] files =
        [
            _folder.Write("etc/managed-settings.json", """{ "model": "m/managed" }"""), "{ \"model\": \"m/flag\" }",
            _folder.Write("work/.bridle/settings.local.json", """{ "model": "m/local" }"""), _folder.Write("work/.bridle/settings.json", """{ "model": "m/project" }"""),
            _folder.Write(".config/bridle/settings.json", """{ "model": "m/user" }"""),
        ];
        var models = new List<string?>();
        for (var without = 0; without < 5; without++)
        {
            models.Add(Load(trusted: true, without <= 1 ? files[1] : null).Effective.Model);
            if (without != 1)
            {
                File.Delete(files[without]);
            }
        }

        Assert.Equal(["m/managed", "m/flag", "m/local", "m/project", "m/user"], models);
    }

    [Fact]
    public void Parts_beat_the_single_file_and_a_later_name_beats_an_earlier_one_and_hidden_ones_are_skipped()
    {
        Managed("""{ "model": "m/base", "maxSteps": 1, "maxTokens": 1 }""");
        _folder.Write("etc/managed-settings.d/10-a.json", """{ "model": "m/ten", "maxSteps": 10 }""");
        _folder.Write("etc/managed-settings.d/20-b.json", """{ "model": "m/twenty" }""");
        _folder.Write("etc/managed-settings.d/.30-c.json", """{ "model": "m/hidden" }""");
        _folder.Write("etc/managed-settings.d/40.txt", "not JSON");
        var effective = Load().Effective;
        Assert.Equal(("m/twenty", 10, 1), (effective.Model, effective.MaxSteps!.Value, effective.MaxTokens!.Value));
    }

    [Theory]
    [InlineData("managed-settings.json", "{ \"maxSteps\": ")]
    [InlineData("managed-settings.json", "")]
    [InlineData("managed-settings.json", "{ \"maxSteps\": \"many\" }")]
    [InlineData("managed-settings.d/50.json", "[]")]
    public void A_broken_managed_file_closes_with_a_word_to_the_administrator(string file, string text)
    {
        var path = _folder.Write($"etc/{file}", text);
        var error = Assert.Single(Load().Errors);
        Assert.StartsWith($"The administrator's settings in {path} cannot be used, and Bridle does not start without them.", error);
        Assert.Contains("An administrator of this machine must correct the file", error);
    }

    [Theory]
    [InlineData("plan", true)]
    [InlineData("dontAsk", true)]
    [InlineData("default", true)]
    [InlineData(null, true)]
    public void An_administrators_strict_stays_with_every_mode_that_a_flag_may_choose(string? flag, bool strict)
    {
        Managed("""{ "permissions": { "defaultMode": "strict" } }""");
        Assert.Equal(strict, Bridle.Hosting.Assembly.StartLimits.Mode(new(Environment, _folder.Path) { Mode = flag }, Load(), []).Mode!.Strict);
    }

    [Fact]
    public void A_persons_own_strict_gives_way_to_a_looser_flag_and_stays_with_a_stricter_one()
    {
        User("""{ "permissions": { "defaultMode": "strict" } }""");
        Assert.False(Bridle.Hosting.Assembly.StartLimits.Mode(new(Environment, _folder.Path) { Mode = "default" }, Load(), []).Mode!.Strict);
        Assert.True(Bridle.Hosting.Assembly.StartLimits.Mode(new(Environment, _folder.Path) { Mode = "plan" }, Load(), []).Mode!.Strict);
    }

    [Fact]
    public void A_managed_file_that_is_a_link_to_nothing_or_a_folder_closes()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "etc"));
        var file = Path.Combine(_folder.Path, "etc", "managed-settings.json");
        File.CreateSymbolicLink(file, "/nowhere/at/all");
        Assert.Single(Load().Errors);
        File.Delete(file);
        Assert.Empty(Load().Errors);
        Directory.CreateDirectory(file);
        Assert.Single(Load().Errors);
    }

    [Fact]
    public void No_variable_moves_the_administrators_folder()
    {
        var names = new[] { "BRIDLE_MANAGED", "BRIDLE_MANAGED_SETTINGS", "XDG_CONFIG_DIRS", "XDG_CONFIG_HOME", "HARNESS_ROOT_DIRS_NAME", "CLAUDE_CONFIG_DIR", "HOME", "PROGRAMFILES" };
        Assert.Equal("/etc/bridle", _folder.Environment([.. names.Select(name => (name, "/elsewhere"))]).ManagedFolder);
    }

    [Fact]
    public void Lists_and_objects_are_joined_over_all_layers_without_doubles()
    {
        Managed("""{ "permissions": { "deny": ["Bash(rm:*)", "WebFetch"] }, "env": { "A": "managed" } }""");
        User("""{ "permissions": { "deny": ["Bash(rm:*)", "Read(x)"] }, "env": { "A": "user", "B": "user" } }""");
        var layered = Load();
        Assert.Equal(["Bash(rm:*)", "WebFetch", "Read(x)"], layered.Effective.Permissions!.Deny!);
        Assert.Equal("A=managed B=user", string.Join(' ', layered.Effective.Env!.OrderBy(variable => variable.Key).Select(variable => $"{variable.Key}={variable.Value}")));
        Assert.Equal(2, layered.Values.Single(value => value.Value.ToString() == "Bash(rm:*)").Sources.Count);
    }

    [Fact]
    public void Hooks_of_all_layers_are_joined_and_each_layer_keeps_its_own()
    {
        Managed("""{ "hooks": { "Stop": [{ "hooks": [{ "type": "command", "command": "a" }] }] } }""");
        User("""{ "hooks": { "Stop": [{ "hooks": [{ "type": "command", "command": "b" }] }] } }""");
        var layered = Load();
        Assert.Equal(2, layered.Effective.Hooks!.Value.GetProperty("Stop").GetArrayLength());
        Assert.Equal([SettingsOrigin.Managed, SettingsOrigin.User], layered.Layers.Where(layer => layer["hooks"] is not null).Select(layer => layer.Origin));
    }

    [Fact]
    public void Locks_count_in_managed_settings_only()
    {
        const string Locks = """{ "allowManagedHooksOnly": true, "allowManagedPermissionRulesOnly": true }""";
        User(Locks);
        var own = Load();
        Assert.False(own.ManagedHooksOnly || own.ManagedAllowOnly);
        Assert.Contains("count in the administrator's settings only", Assert.Single(own.Notices));
        Managed(Locks);
        var managed = Load();
        Assert.True(managed.ManagedHooksOnly && managed.ManagedAllowOnly);
    }

    [Fact]
    public void With_managed_rules_only_nobody_else_allows_anything_and_everybodys_denials_stay()
    {
        Managed("""{ "allowManagedPermissionRulesOnly": true, "permissions": { "allow": ["Bash(ls)"] } }""");
        User("""{ "permissions": { "allow": ["Bash(rm:*)"], "deny": ["Read(x)"], "ask": ["Read(y)"] } }""");
        Assert.Equal(["allow Bash(ls)", "ask Read(y)", "deny Read(x)"], Load().Rules.Select(rule => $"{rule.Verdict} {rule.Text}").Order());
    }

    [Fact]
    public void What_a_lock_leaves_without_effect_is_no_effective_value_and_is_told()
    {
        Managed("""{ "allowManagedHooksOnly": true, "allowManagedPermissionRulesOnly": true, "permissions": { "allow": ["Bash(ls)"] }, "hooks": { "Stop": [{ "hooks": [{ "type": "command", "command": "a" }] }] } }""");
        User("""{ "permissions": { "allow": ["Bash(rm:*)", "Bash(ls)"], "deny": ["Read(x)"] }, "hooks": { "Stop": [{ "hooks": [{ "type": "command", "command": "b" }] }] } }""");

        var layered = Load();

        Assert.Equal(["Bash(ls)"], layered.Values.Where(value => value.Key is "permissions.allow").Select(value => value.Value.GetString()));
        Assert.Contains("\"a\"", Assert.Single(layered.Values, value => value.Key is "hooks.Stop").Value.GetRawText(), StringComparison.Ordinal);
        Assert.Collection(layered.Locked.Order(),
            hook => Assert.Matches(@"^hooks\.Stop in .*settings\.json does not count: .*\(allowManagedHooksOnly\)\.$", hook),
            rule => Assert.Matches(@"^permissions\.allow Bash\(rm:\*\) in .*settings\.json does not count: .*\(allowManagedPermissionRulesOnly\)\.$", rule));
    }

    [Theory]
    [InlineData("etc/managed-settings.json", """{ "permissions": { "disableBypassPermissionsMode": "disable" } }""")]
    [InlineData(".config/bridle/settings.json", """{ "disableDangerouslySkipPermissions": true }""")]
    [InlineData("work/.bridle/settings.json", """{ "permissions": { "disableBypassPermissionsMode": "disable" } }""")]
    [InlineData("work/.claude/settings.json", """{ "permissions": { "disableBypassPermissionsMode": "disable" } }""")]
    public void Any_layer_may_forbid_bypass(string file, string text)
    {
        var path = _folder.Write(file, text);
        Assert.Equal(path, Load().BypassForbiddenBy);
    }

    [Fact]
    public void The_files_of_claude_are_further_sources_of_the_same_layers_and_their_other_keys_are_not_ours()
    {
        _folder.Write(".claude/settings.json", """{ "model": "opus", "statusLine": { "type": "command" }, "permissions": { "allow": ["Bash(a)"], "somethingNew": true }, "env": { "A": "1" } }""");
        _folder.Write("work/.claude/settings.json", """{ "permissions": { "deny": ["Bash(b)"], "allow": ["Bash(evil)"] } }""");
        _folder.Write("work/.claude/settings.local.json", """{ "permissions": { "ask": ["Bash(c)"] } }""");
        var layered = Load();
        Assert.Equal(["allow Bash(a)", "ask Bash(c)", "deny Bash(b)"], layered.Rules.Select(rule => $"{rule.Verdict} {rule.Text}").Order());
        Assert.Null(layered.Effective.Model);
        Assert.Equal("1", layered.Effective.Env!["A"]);
        Assert.Contains(layered.Notices, notice => notice.Contains("is not trusted", StringComparison.Ordinal) && notice.Contains("permissions.allow", StringComparison.Ordinal));
        Assert.Contains(layered.Notices, notice => notice.Contains("do not count here: model (its names of models are not Bridle's: write provider/model), statusLine, permissions.somethingNew.", StringComparison.Ordinal));
        Assert.Equal(2, layered.Notices.Count);
        User("""{ "readClaudeSettings": false }""");
        Assert.Empty(Load().Rules);
    }

    [Fact]
    public void What_a_file_of_claude_says_of_its_sandbox_makes_ours_stricter_and_the_rest_of_it_is_named()
    {
        const string Sandbox = """
            { "apiKeyHelper": "print-key", "$schema": "x", "sandbox": { "enabled": true, "failIfUnavailable": true, "autoAllowBashIfSandboxed": false, "allowUnsandboxedCommands": false, "excludedCommands": ["git:*"],
              "network": { "allowedDomains": ["a.example"], "deniedDomains": ["b.example"], "allowLocalBinding": true },
              "filesystem": { "denyRead": ["~/private", "//srv/x"], "denyWrite": ["gen"], "allowWrite": ["/opt"] } } }
            """;
        var project = _folder.Write("work/.claude/settings.json", Sandbox);
        var ofProject = Load();
        Assert.True(ofProject.Effective.Sandbox is { Enabled: true, Required: true, AutoAllow: false, AllowUnsandboxedCommands: false });
        Assert.Equal(["b.example"], ofProject.Effective.Sandbox!.Network!.DeniedDomains!);
        Assert.Empty(ofProject.Effective.Sandbox.Network.AllowedDomains ?? []);
        Assert.Equal(["~/private", "/srv/x"], ofProject.Effective.Sandbox.Filesystem!.DenyRead!);
        Assert.Equal(["gen"], ofProject.Effective.Sandbox.Filesystem.DenyWrite!);
        Assert.Null(ofProject.Effective.Providers);
        foreach (var named in (string[])["apiKeyHelper (no project may run a program for a key)", "sandbox.excludedCommands", "sandbox.network.allowLocalBinding", "sandbox.filesystem.allowWrite", "sandbox.network.allowedDomains: no project may set that"])
        {
            Assert.Contains(ofProject.Notices, notice => notice.StartsWith(project, StringComparison.Ordinal) && notice.Contains(named, StringComparison.Ordinal));
        }

        File.Delete(project);
        _folder.Write(".claude/settings.json", Sandbox);
        var own = Load();
        Assert.Equal(["a.example"], own.Effective.Sandbox!.Network!.AllowedDomains!);
        Assert.Equal("print-key", own.Effective.Providers!["anthropic"].ApiKeyHelper);

        _folder.Write(".claude/settings.json", """{ "sandbox": { "enabled": false, "autoAllowBashIfSandboxed": true, "failIfUnavailable": false, "allowUnsandboxedCommands": true } }""");
        var off = Load();
        Assert.True(off.Effective.Sandbox is null or { Enabled: null, AutoAllow: null, Required: null, AllowUnsandboxedCommands: null });
        Assert.Contains("sandbox.enabled: false, sandbox.autoAllowBashIfSandboxed: true, sandbox.failIfUnavailable: false, sandbox.allowUnsandboxedCommands: true", Assert.Single(off.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_file_of_claude_is_an_error_because_its_denials_would_be_lost()
    {
        var path = _folder.Write("work/.claude/settings.json", "{ \"permissions\": ");
        Assert.StartsWith($"{path} cannot be used.", Assert.Single(Load(trusted: true).Errors));
        Assert.Empty(Load().Errors);
        Assert.Equal([path], Load().PassedOver);
    }

    [Theory]
    [InlineData("""{ "disableBypassPermissionsMode": "disable" }""", "Did you mean 'permissions.disableBypassPermissionsMode'?")]
    [InlineData("""{ "permisions": { "deny": ["Bash"] } }""", "Did you mean 'permissions'?")]
    [InlineData("""{ "permissions": { "deny": ["Bash(rm:*)"], "deny": [] } }""", "'permissions.deny' is given twice")]
    public void A_lock_of_the_administrator_at_the_wrong_place_closes(string text, string meant)
    {
        Managed(text);
        Assert.Contains(meant, Assert.Single(Load().Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "env": { "N": 3 }, RULES }""")]
    [InlineData("""{ "permissions": { "deny": ["Bash(rm:*)", 7], "defaultMode": "weird" } }""")]
    [InlineData("""{ "permissions": { "additionalDirectories": "../x", "deny": ["Bash(rm:*)"] } }""")]
    public void A_wrong_value_of_a_project_is_left_out_and_said_and_the_rest_of_its_file_counts(string text)
    {
        _folder.Write("work/.claude/settings.json", text.Replace("RULES", """ "permissions": { "deny": ["Bash(rm:*)"] } """, StringComparison.Ordinal));
        var loaded = Load();
        Assert.Empty(loaded.Errors);
        Assert.Equal(["Bash(rm:*)"], loaded.Rules.Select(rule => rule.Text));
        Assert.Contains(loaded.Notices, notice => notice.Contains("left out", StringComparison.Ordinal));
    }

    [Fact]
    public void A_list_that_tightens_and_stands_twice_is_joined_and_said()
    {
        User("""{ "permissions": { "deny": ["Bash(rm:*)"], "allow": ["Bash(ls)"], "deny": [] }, "permissions": { "allow": [], "ask": ["Bash(git:*)"] } }""");
        var loaded = Load();
        Assert.Empty(loaded.Errors);
        Assert.Equal(["Bash(git:*)", "Bash(rm:*)"], loaded.Rules.Select(rule => rule.Text).Order());
        Assert.Contains(loaded.Notices, notice => notice.Contains("'permissions.deny' is given twice; what both say counts", StringComparison.Ordinal));
    }

    [Fact]
    public void A_wrong_value_of_a_persons_own_file_is_an_error()
    {
        User("""{ "sandbox": { "required": "yes" } }""");
        Assert.Single(Load().Errors);
    }

    [Fact]
    public void Sources_can_be_left_out_but_not_the_administrators()
    {
        Managed("""{ "maxSteps": 7 }""");
        User("""{ "maxTokens": 1 }""");
        _folder.Write("work/.bridle/settings.json", """{ "maxCost": 1 }""");
        _folder.Write("work/.bridle/settings.local.json", """{ "maxTime": 1 }""");
        string Read(string? sources) => string.Join(' ', Load(sources: sources is null ? null : SettingsPlaces.ParseSources(sources)).Values.Select(value => value.Key).Order());
        Assert.Equal("maxCost maxSteps maxTime maxTokens", Read(null));
        Assert.Equal("maxSteps maxTokens", Read("user"));
        Assert.Equal("maxCost maxSteps maxTime", Read("project,local"));
        Assert.Equal("maxSteps", Read(""));
    }

    [Fact]
    public void The_command_lines_settings_are_text_or_a_file_that_must_be_there_and_be_one()
    {
        Assert.Equal(3, Load(commandLine: " { \"maxSteps\": 3 }").Effective.MaxSteps);
        var file = _folder.Write("mine.json", """{ "maxSteps": 4, "permissions": { "deny": ["Read(/x)"] } }""");
        var read = Load(commandLine: "mine.json");
        Assert.Equal((4, _folder.Path), (read.Effective.MaxSteps!.Value, read.Rules.Single().Folder));
        Assert.StartsWith($"{_folder.Path}/nothing.json cannot be used.", Assert.Single(Load(commandLine: "nothing.json").Errors));
        Assert.Single(Load(commandLine: "/dev/zero").Errors);
        Assert.Single(Load(commandLine: "{ oops }").Errors);
        File.WriteAllText(file, "{ \"systemPrompt\": \"" + new string('a', 2 * 1024 * 1024) + "\" }");
        Assert.Contains("larger than 2 MiB", Assert.Single(Load(commandLine: "mine.json").Errors));
    }

    [Fact]
    public void Path_rules_with_one_slash_start_where_their_file_belongs()
    {
        Managed("""{ "permissions": { "deny": ["Read(/m)"] } }""");
        User("""{ "permissions": { "deny": ["Read(/u)"] } }""");
        _folder.Write("work/.bridle/settings.json", """{ "permissions": { "deny": ["Read(/p)"] } }""");
        _folder.Write("work/.claude/settings.local.json", """{ "permissions": { "deny": ["Read(/l)"] } }""");
        var home = _folder.Path;
        Assert.Equal(
            [("Read(/m)", $"{home}/etc"), ("Read(/l)", $"{home}/work"), ("Read(/p)", $"{home}/work"), ("Read(/u)", $"{home}/.config/bridle")],
            Load().Rules.Select(rule => (rule.Text, rule.Folder!)));
    }

    [Fact]
    public void Only_the_person_and_the_administrator_move_sensitive_paths()
    {
        Managed("""{ "permissions": { "sensitivePaths": { "~/.aws/config": "deny" } } }""");
        User("""{ "permissions": { "sensitivePaths": { "~/.aws/config": "ask", "~/.kube/config": "ask" } } }""");
        _folder.Write("work/.bridle/settings.json", """{ "permissions": { "sensitivePaths": { "~/.ssh": "ask" } } }""");
        Assert.Equal(["~/.aws/config deny", "~/.aws/config ask", "~/.kube/config ask"], Load(trusted: true).SensitivePaths.Select(path => $"{path.Path} {path.Verdict}"));
    }
}
