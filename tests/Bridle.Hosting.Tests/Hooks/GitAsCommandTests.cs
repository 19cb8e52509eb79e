using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bridle.Hosting.Tests.Hooks;

/// <summary>A hook that somebody wrote for git in the shell hears of the tool Git as well, in the words of the shell.</summary>
public sealed class GitAsCommandTests : IDisposable
{
    private const string CommitCall = """{"verb":"commit","arguments":["-m","it's two words"]}""";

    // As people write them.
    private const string Guard = """
        #!/bin/bash
        command=$(grep -o '"command":"[^"]*"' | cut -d'"' -f4)
        if [[ "$command" =~ ^git[[:space:]]+(commit|push) ]]; then
          echo "No commits by agents: $command" >&2
          exit 2
        fi
        """;

    private readonly HookRig _rig = new();

    public GitAsCommandTests()
    {
        Plain("init", "-q", "-b", "main");
        Plain("config", "user.name", "A");
        Plain("config", "user.email", "a@b.example");
        Plain("commit", "-q", "--allow-empty", "-m", "first");
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_guard_for_git_in_the_shell_is_not_passed_by_with_the_tool()
    {
        var guard = _rig.Program("guard.sh", Guard);
        Settings("PreToolUse", "Bash", guard);
        var model = HookRig.Calls("Git", """{"verb":"commit","arguments":["--allow-empty","-m","second"]}""");
        await _rig.RunAsync(model);
        Assert.Contains("No commits by agents: git commit --allow-empty -m second", HookRig.LastSent(model), StringComparison.Ordinal);
        Assert.Equal("first", Plain("log", "-1", "--format=%s").Trim());

        model = HookRig.Calls("Git", """{"verb":"tag","arguments":["v1"]}""");
        await _rig.RunAsync(model);
        Assert.Equal("v1", Plain("tag").Trim());
    }

    [Theory]
    [InlineData("Bash", "Bash")]
    [InlineData("Edit|Bash", "Bash")]
    [InlineData("^Bash$", "Bash")]
    [InlineData("Git", "Git")]
    [InlineData("Bash|Git", "Git")]
    [InlineData("*", "Git")]
    [InlineData("", "Git")]
    [InlineData("Edit", null)]
    public async Task Each_hook_hears_once_and_by_its_matchers_name(string matcher, string? heard)
    {
        Settings("PreToolUse", matcher, "cat >> heard");
        await _rig.TryAsync("PreToolUse", "Git", CommitCall);
        Assert.Equal(heard is not null, _rig.Has("work/heard"));
        if (heard is null)
        {
            return;
        }

        using var told = JsonDocument.Parse(_rig.Read("work/heard"));
        Assert.Equal(heard, told.RootElement.GetProperty("tool_name").GetString());
        Assert.Equal(heard is "Bash" ? """{"command":"git commit -m 'it'\\''s two words'"}""" : """{"verb":"commit","arguments":["-m","it's two words"]}""", told.RootElement.GetProperty("tool_input").GetRawText());
    }

    [Theory]
    [InlineData("Bash(git commit:*)", true)]
    [InlineData("Bash(git push:*)", false)]
    [InlineData("Bash", true)]
    [InlineData("Git(commit:*)", true)]
    public async Task Its_rule_is_held_against_the_command(string rule, bool heard)
    {
        _rig.UserSettings($$$"""{"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","if":"{{{rule}}}","command":"touch heard"}]}]}}""");
        await _rig.TryAsync("PreToolUse", "Git", CommitCall);
        Assert.Equal(heard, _rig.Has("work/heard"));
    }

    [Theory]
    [InlineData("git commit --allow-empty -m 'by a hook'", "by a hook", null)]
    [InlineData("git commit --allow-empty -m second", "second", null)]
    [InlineData("make commit", "first", "the tool Git runs nothing but one verb of git")]
    [InlineData("git commit --allow-empty -m second && make", "first", "the tool Git runs nothing but one verb of git")]
    [InlineData("git -c alias.x=!sh commit", "first", "the tool Git runs nothing but one verb of git")]
    [InlineData("git commit --allow-empty -m $(id)", "first", "the tool Git runs nothing but one verb of git")]
    [InlineData("git push", "first", "'push' is not a verb of this tool")]
    [InlineData("git reset --hard", "first", "The rule 'deny Bash(git reset:*)'")]
    public async Task A_command_that_it_changes_is_judged_again_and_must_be_git_still(string command, string last, string? refused)
    {
        var answer = new JsonObject
        {
            ["hookSpecificOutput"] = new JsonObject { ["hookEventName"] = "PreToolUse", ["permissionDecision"] = "allow", ["updatedInput"] = new JsonObject { ["command"] = command } },
        };
        _rig.File("answer.json", answer.ToJsonString());
        _rig.UserSettings($$$"""{"permissions":{"deny":["Bash(git reset:*)"]},"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"cat {{{_rig.Home}}}/answer.json"}]}]}}""");
        var model = HookRig.Calls("Git", """{"verb":"commit","arguments":["--allow-empty","-m","second"]}""");
        await _rig.RunAsync(model);
        Assert.True(Plain("log", "-1", "--format=%s").Trim() == last, HookRig.LastSent(model));
        Assert.Contains(refused ?? "", HookRig.LastSent(model), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_came_of_it_is_told_as_of_a_command()
    {
        Settings("PostToolUse", "Bash", "cat > heard");
        await _rig.RunAsync(HookRig.Calls("Git", """{"verb":"tag","arguments":["v1"]}"""), mode: "bypass");
        using var told = JsonDocument.Parse(_rig.Read("work/heard"));
        Assert.Equal("git tag v1", told.RootElement.GetProperty("tool_input").GetProperty("command").GetString());
        Assert.Equal(0, told.RootElement.GetProperty("tool_response").GetProperty("exit_code").GetInt32());
    }

    private void Settings(string name, string matcher, string command) => _rig.UserSettings(
        $$$"""{"permissions":{"allow":["Git"]},"hooks":{"{{{name}}}":[{"matcher":"{{{matcher}}}","hooks":[{"type":"command","command":{{{HookRig.Quoted(command)}}}}]}]}}""");

    private string Plain(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = _rig.Work, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
