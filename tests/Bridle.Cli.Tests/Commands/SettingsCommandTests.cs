using System.Text.Json;
using Bridle.Hosting.Settings;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

public sealed class SettingsCommandTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    private string Out => _stage.Out.ToString();

    private string Error => _stage.Error.ToString();

    [Fact]
    public async Task Show_prints_each_value_with_the_file_it_came_from_and_no_secret()
    {
        var managed = _stage.Write("managed/managed-settings.json", """{ "maxSteps": 9, "permissions": { "deny": ["Bash(rm:*)"] } }""");
        var user = _stage.Write("home/.config/bridle/settings.json", """
            { "maxSteps": 90, "model": "lab/m", "permissions": { "deny": ["Bash(rm:*)"], "allow": ["Bash(ls)"] }, "apiKey": "very-secret-one",
              "providers": { "lab": { "apiKey": "very-secret-two", "headers": { "X-Auth": "very-secret-three" } } }, "env": { "LAB_TOKEN": "very-secret-four", "COLOR": "red" } }
            """);
        Assert.Equal(0, await _stage.RunAsync("settings", "show", "--origin"));
        var lines = Out.Trim().Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ToList();
        Assert.Contains($"maxSteps 9 {managed}", lines);
        Assert.Contains($"model lab/m {user}", lines);
        Assert.Contains($"permissions.deny Bash(rm:*) {managed}, {user}", lines);
        Assert.Contains($"env.COLOR red {user}", lines);
        Assert.Contains($"providers.lab.headers.X-Auth (hidden) {user}", lines);
        Assert.DoesNotContain("very-secret", Out);

        Assert.Equal(0, await _stage.RunAsync("settings", "show"));
        Assert.Contains("\nmaxSteps", Out);
        Assert.DoesNotContain("very-secret", Out);
    }

    [Fact]
    public async Task Show_puts_together_what_all_files_block_and_says_which_file_blocks_what()
    {
        var managed = _stage.Write("managed/managed-settings.json", """{ "blockedPlugins": ["a@team", "b@team"] }""");
        var drop = _stage.Write("managed/managed-settings.d/10.json", """{ "blockedPlugins": ["c@team", "a@team"] }""");
        var user = _stage.Write("home/.config/bridle/settings.json", """{ "blockedPlugins": ["b@team"] }""");
        var project = _stage.Write("work/.bridle/settings.json", """{ "blockedPlugins": ["d@team"] }""");
        Assert.Equal(0, await _stage.RunAsync("settings", "show", "--origin", "--json"));
        using var shown = JsonDocument.Parse(Out);
        var blocked = shown.RootElement.GetProperty("values").EnumerateArray().Where(value => value.GetProperty("key").GetString() == "blockedPlugins")
            .ToDictionary(value => value.GetProperty("value").GetString()!, value => value.GetProperty("from").EnumerateArray().Select(from => from.GetString()!).Order(StringComparer.Ordinal).ToArray());
        Assert.Equal(["a@team", "b@team", "c@team", "d@team"], blocked.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(new[] { managed, drop }.Order(StringComparer.Ordinal), blocked["a@team"]);
        Assert.Equal(new[] { managed, user }.Order(StringComparer.Ordinal), blocked["b@team"]);
        Assert.Equal([project], blocked["d@team"]);
        Assert.DoesNotContain("blockedPlugins", Error);
    }

    [Fact]
    public async Task Show_as_json_is_one_object_with_layers_and_values()
    {
        var user = _stage.Write("home/.config/bridle/settings.json", """{ "maxSteps": 90, "apiKey": "very-secret-one" }""");
        var project = _stage.Write("work/.bridle/settings.json", """{ "permissions": { "deny": ["Bash"] } }""");
        Assert.Equal(0, await _stage.RunAsync("settings", "show", "--json"));
        using var shown = JsonDocument.Parse(Out);
        Assert.Equal([("project", project, false), ("user", user, true)], shown.RootElement.GetProperty("layers").EnumerateArray()
            .Select(layer => (layer.GetProperty("layer").GetString(), layer.GetProperty("file").GetString(), layer.GetProperty("may_widen").GetBoolean())));
        Assert.Equal(["permissions.deny Bash", "maxSteps 90", "apiKey (hidden)"], shown.RootElement.GetProperty("values").EnumerateArray()
            .Select(value => $"{value.GetProperty("key").GetString()} {value.GetProperty("value").GetString()}").OrderBy(text => text.EndsWith("Bash", StringComparison.Ordinal) ? 0 : text.EndsWith("90", StringComparison.Ordinal) ? 1 : 2));
    }

    [Fact]
    public async Task Show_looks_at_what_the_flags_say()
    {
        _stage.Write("work/.bridle/settings.json", """{ "model": "p/m", "permissions": { "deny": ["Bash"] } }""");
        Assert.Equal(0, await _stage.RunAsync("settings", "show"));
        Assert.DoesNotContain("p/m", Out);
        Assert.Contains("is not trusted, so this does not count: model in", Error);
        Assert.Equal(0, await _stage.RunAsync("settings", "show", "--trust"));
        Assert.Contains("p/m", Out);
        Assert.Equal(0, await _stage.RunAsync("settings", "show", "--settings", "{ \"maxTime\": 77 }"));
        Assert.Contains("77", Out);
        Assert.Equal(0, await _stage.RunAsync("settings", "show", "--cwd", _stage.Home));
        var before = Out.Length;
        Assert.Equal(0, await _stage.RunAsync("settings", "show", "--setting-sources", "user"));
        Assert.DoesNotContain("Bash", Out[before..]);
    }

    [Fact]
    public async Task Show_and_run_refuse_with_a_broken_managed_file_and_speak_to_the_administrator()
    {
        var managed = _stage.Write("managed/managed-settings.d/10.json", "{ oops");
        _stage.Model = new ScriptedModel(ScriptedReply.Text("ok"));
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("settings", "show"));
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("run", "task"));
        Assert.Equal(2, Error.Split($"The administrator's settings in {managed} cannot be used, and Bridle does not start without them.").Length - 1);
    }

    [Theory]
    [InlineData(".bridle/settings.json")]
    [InlineData(".bridle/settings.local.json")]
    [InlineData(".claude/settings.json")]
    public async Task A_file_of_a_clone_that_is_no_JSON_stops_the_start_only_where_the_folder_is_trusted(string name)
    {
        var broken = _stage.Write($"work/{name}", "{ \"permissions\": { \"deny\": [\"Read(x)\"], ");
        _stage.Model = new ScriptedModel(ScriptedReply.Text("ok"));
        Assert.Equal(0, await _stage.RunAsync("run", "task"));
        Assert.Equal(2, Error.Split($"{broken} cannot be used and counts for nothing, as the folder is not trusted").Length);
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("run", "--trust", "task"));
        Assert.Contains($"{broken} cannot be used. Line 1", Error);
        Assert.Equal(0, await _stage.RunAsync("settings", "show"));
    }

    [Theory]
    [InlineData("nothing.json")]
    [InlineData("/dev/null")]
    [InlineData("{ \"maxSteps\": }")]
    public async Task Run_refuses_settings_of_the_command_line_that_cannot_be_used(string settings)
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Text("ok"));
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("run", "--settings", settings, "task"));
        Assert.Contains("cannot be used.", Error);
    }

    [Fact]
    public async Task Check_prints_every_problem_with_file_and_line_and_ends_with_1()
    {
        var file = _stage.Write("work/mine.json", "{\n  \"modle\": \"x\",\n  \"maxSteps\": 0\n}");
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("settings", "check", "mine.json"));
        Assert.Equal($"{file}:2: 'modle' is not a setting and has no effect. Did you mean 'model'?\n{file}:3: 'maxSteps' is 0, but must be above zero.\n", Out);
        Assert.Contains("has 2 problems.", Error);
    }

    [Fact]
    public async Task Check_of_a_good_file_ends_with_0_and_of_none_with_2()
    {
        _stage.Write("work/mine.json", "{ \"maxSteps\": 3 }");
        Assert.Equal(0, await _stage.RunAsync("settings", "check", "mine.json"));
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("settings", "check", "other.json"));
        Assert.Contains("other.json cannot be read", Error);
    }

    [Fact]
    public async Task Check_warns_of_hooks_whose_program_is_not_there()
    {
        _stage.Variables["PATH"] = Path.GetDirectoryName(_stage.Write("work/tools/present", ""))!;
        _stage.Write("work/hooks/there.sh", "");
        string[] commands =
        [
            "/nowhere/guard.sh", "\\\"$CLAUDE_PROJECT_DIR\\\"/hooks/gone.sh x", "absent --check", "present; absent", "LEVEL=1 absent2", "cd sub && absent", "$CLAUDE_PROJECT_DIR/hooks/there.sh", "${BRIDLE_PROJECT_DIR}/hooks/gone.py",
            "$GUARD x", "hooks/gone2.sh", "~/gone3.sh", "if true; then absent; fi",
        ];
        var hooks = string.Join(",\n", commands.Select(command => $$"""{ "type": "command", "command": "{{command}}" }"""));
        var file = _stage.Write("work/.bridle/settings.json", $$"""{ "hooks": { "PreToolUse": [{ "hooks": [{{hooks}}] }] } }""");
        Assert.Equal(0, await _stage.RunAsync("settings", "check", file));
        string Line(int number, string why) => $"{file}:{number}: warning: The hook 'PreToolUse[0].hooks[{number - 1}]' will fail: {why}\n";
        Assert.Equal(
            Line(1, "there is no file /nowhere/guard.sh.") + Line(2, $"there is no file {_stage.Work}/hooks/gone.sh.") + Line(3, "the program 'absent' is not found on PATH.") + Line(5, "the program 'absent2' is not found on PATH.")
            + Line(8, $"there is no file {_stage.Work}/hooks/gone.py.") + Line(10, "there is no file hooks/gone2.sh.") + Line(11, $"there is no file {_stage.Home}/gone3.sh."),
            Out);
        Assert.Contains("is fine, but see the warnings.", Error);
    }

    [Fact]
    public async Task Check_of_a_file_of_claude_names_the_keys_that_do_not_count_here_and_none_that_do()
    {
        var file = _stage.Write("work/.claude/settings.json", """
            { "$schema": "x", "model": "opus", "statusLine": {}, "permissions": { "allow": ["Bash(ls)"], "somethingNew": 1 },
              "sandbox": { "failIfUnavailable": true, "allowUnsandboxedCommands": false, "excludedCommands": ["x"] }, "hooks": {} }
            """);
        Assert.Equal(0, await _stage.RunAsync("settings", "check", file));
        Assert.Equal(
            $"{file}:1: warning: 'model' is for Claude Code and does not count here (its names of models are not Bridle's: write provider/model).\n{file}:1: warning: 'statusLine' is for Claude Code and does not count here.\n"
            + $"{file}:1: warning: 'permissions.somethingNew' is for Claude Code and does not count here.\n{file}:2: warning: 'sandbox.excludedCommands' is for Claude Code and does not count here.\n",
            Out);
    }

    [Fact]
    public async Task Schema_prints_the_published_one()
    {
        Assert.Equal(0, await _stage.RunAsync("settings", "schema"));
        Assert.Equal(SettingsSchema.Text, Out);
    }

    [Theory]
    [InlineData("""{ "permissions": { "disableBypassPermissionsMode": "disable" } }""", "bypass")]
    [InlineData("""{ "disableDangerouslySkipPermissions": true }""", "dangerously_skip")]
    public async Task A_start_in_bypass_is_refused_where_a_file_forbids_it(string settings, string mode)
    {
        var file = _stage.Write("managed/managed-settings.json", settings);
        _stage.Model = new ScriptedModel(ScriptedReply.Text("ok"));
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("run", "--mode", mode, "task"));
        Assert.Contains($"The mode 'bypass' is forbidden by {file}.", Error);
    }

    [Fact]
    public async Task Against_the_administrators_mode_and_limits_a_flag_can_only_be_stricter()
    {
        _stage.Write("managed/managed-settings.json", """{ "maxSteps": 1, "permissions": { "defaultMode": "dontAsk" } }""");
        _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Write", """{"path":"a.txt","content":"x"}""")), ScriptedReply.Text("partly"));
        Assert.Equal(ExitCode.Limit, await _stage.RunAsync("run", "--sandbox", "off", "--mode", "acceptEdits", "--max-steps", "50", "task"));
        Assert.Contains("The administrator's settings fix the mode 'dontAsk'", Error);
        Assert.False(File.Exists(Path.Combine(_stage.Work, "a.txt")));
    }
}
