using System.Text.Json;
using System.Text.RegularExpressions;
using Bridle.Cli.Tests.Reference;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

public sealed class HooksCommandTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    // The settings and the scripts of docs/hooks.md, put where the page says.
    private void TakeExamples()
    {
        var page = File.ReadAllText(Path.Combine(ReferencePage.Root, "docs", "hooks.md"));
        foreach (Match example in Regex.Matches(page, @"<!-- example: (?<name>\S+) -->\n```\w+\n(?<text>.*?)```", RegexOptions.Singleline))
        {
            var name = example.Groups["name"].Value;
            _stage.Write(name == "settings" ? "home/.config/bridle/settings.json" : $"home/hooks/{name}", example.Groups["text"].Value);
        }

        _stage.Variables["HOME"] = _stage.Home;
    }

    private async Task<JsonElement> TestAsync(params string[] arguments)
    {
        _stage.Out.GetStringBuilder().Clear();
        Assert.Equal(0, await _stage.RunAsync(["hooks", "test", .. arguments, "--json"]));
        using var document = JsonDocument.Parse(_stage.Out.ToString());
        return document.RootElement.Clone();
    }

    [Fact]
    public async Task The_examples_of_the_page_do_what_the_page_says()
    {
        TakeExamples();
        var settings = File.ReadAllText(Path.Combine(_stage.Home, ".config/bridle/settings.json"));
        _stage.Write("home/.config/bridle/settings.json", settings.Replace("~/", $"{_stage.Home}/", StringComparison.Ordinal));

        var push = await TestAsync("PreToolUse", "--tool", "Bash", "--input", """{"command":"git push origin main"}""");
        Assert.Equal(("deny", "Pushing is for people. Say what you would push."), (push.GetProperty("verdict").GetString(), push.GetProperty("reason").GetString()));
        Assert.Equal(JsonValueKind.Null, (await TestAsync("PreToolUse", "--input", """{"command":"git status"}""")).GetProperty("verdict").ValueKind);

        var lockFile = await TestAsync("PreToolUse", "--tool", "Write", "--input", """{"file_path":"yarn.lock","content":""}""");
        Assert.Equal(("deny", "Lock files are made by the package manager. Run it instead."), (lockFile.GetProperty("verdict").GetString(), lockFile.GetProperty("reason").GetString()));

        var dear = await TestAsync("PreModelSwitch", "--input", """{"to_model":"a/b","pricing":{"input":15,"output":75}}""");
        Assert.Equal(("ask", "it costs $15 for a million tokens of input"), (dear.GetProperty("verdict").GetString(), dear.GetProperty("reason").GetString()));
        Assert.Equal(JsonValueKind.Null, (await TestAsync("PreModelSwitch", "--input", """{"pricing":{"input":2,"output":10}}""")).GetProperty("verdict").ValueKind);

        var prompt = await TestAsync("UserPromptSubmit", "--input", """{"prompt":"prepare the release"}""");
        Assert.Equal("Releases are frozen until Monday.", prompt.GetProperty("context")[0].GetString());

        var begin = (await TestAsync("SessionStart")).GetProperty("hooks")[0].GetProperty("run");
        Assert.Equal(("no branch", "Read STATUS.md before anything else."), (begin.GetProperty("session_title").GetString(), begin.GetProperty("initial_user_message").GetString()));
    }

    [Fact]
    public async Task List_says_of_every_hook_whether_it_runs_and_that_hooks_are_not_confined()
    {
        _stage.Write("home/.config/bridle/settings.json", """{"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[{"command":"true"}]}],"Stopp":[],"TeammateIdle":[{"hooks":[{"command":"true"}]}]}}""");
        _stage.Write("work/.bridle/settings.json", """{"hooks":{"Stop":[{"hooks":[{"command":"true"}]}]}}""");
        Assert.Equal(0, await _stage.RunAsync("hooks", "list"));
        var shown = _stage.Out.ToString();
        foreach (var text in new[] { "active   PreToolUse [Bash]  true", "waiting  TeammateIdle", "rejected Stopp", "Did you mean Stop?", "is not trusted", "Hooks run as you, outside any confinement, but for those that say otherwise." })
        {
            Assert.Contains(text, shown);
        }

        _stage.Out.GetStringBuilder().Clear();
        Assert.Equal(0, await _stage.RunAsync("hooks", "list", "--json", "--trust"));
        using var document = JsonDocument.Parse(_stage.Out.ToString());
        var all = document.RootElement.EnumerateArray().ToDictionary(one => one.GetProperty("event").GetString()!);
        Assert.Equal("active", all["Stop"].GetProperty("standing").GetString());
        Assert.All(all.Values, one => Assert.False(one.GetProperty("confined").GetBoolean()));
    }

    [Fact]
    public async Task A_managed_file_that_is_broken_is_a_failure_of_list_and_test_as_of_a_start()
    {
        _stage.Write("managed/managed-settings.json", "{ broken");
        Assert.Equal(2, await _stage.RunAsync("hooks", "list"));
        Assert.Equal(2, await _stage.RunAsync("hooks", "test", "PreToolUse"));
        Assert.Contains("managed-settings.json", _stage.Error.ToString());
    }

    [Fact]
    public async Task List_says_of_a_projects_hook_what_its_approval_covers_or_why_it_runs_inside_the_sandbox()
    {
        _stage.Write("work/check.sh", "true\n");
        _stage.Write("work/.bridle/settings.json", """{"hooks":{"Stop":[{"hooks":[{"command":"sh check.sh"},{"command":"make -s lint"}]}]}}""");
        Assert.Equal(0, await _stage.RunAsync("hooks", "list", "--trust"));
        Assert.Contains("covered by its approval: check.sh", _stage.Out.ToString());
        Assert.Contains("it starts 'make', which runs what is in the folder: so it runs inside the sandbox", _stage.Out.ToString());
    }

    [Fact]
    public async Task Init_runs_the_hooks_of_Setup_once_and_not_for_each_session_of_a_conversation()
    {
        _stage.Write("home/.config/bridle/settings.json", """{"hooks":{"Setup":[{"hooks":[{"command":"echo setup >> ../seen"}]}],"SessionStart":[{"hooks":[{"command":"echo start >> ../seen"}]}]}}""");
        _stage.Model = new ScriptedModel();
        _stage.Input = "/session new\n";
        Assert.Equal(0, await _stage.RunAsync("chat", "--init"));
        Assert.Equal("setup\nstart\nstart\n", File.ReadAllText(_stage.PathOf("seen")));
    }

    [Fact]
    public async Task Help_names_the_event_and_does_not_list_all_of_them_in_its_first_column()
    {
        foreach (var words in new[] { new[] { "hooks", "--help" }, ["hooks", "test", "--help"] })
        {
            Assert.Equal(0, await _stage.RunAsync(words));
            var shown = _stage.Out.Take();
            Assert.Contains("<EVENT>", shown);
            Assert.DoesNotContain("PreToolUse|", shown);
        }
    }

    [Fact]
    public async Task Test_shows_what_a_hook_read_wrote_and_said()
    {
        _stage.Write("home/.config/bridle/settings.json", """{"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[{"command":"echo out; echo err >&2; exit 2"}]}]}}""");
        Assert.Equal(0, await _stage.RunAsync("hooks", "test", "PreToolUse"));
        var shown = _stage.Out.ToString();
        foreach (var text in new[] { "stdin  {\"session_id\"", "exit   2", "stdout out", "stderr err", "time   ", "Together: deny; because: err" })
        {
            Assert.Contains(text, shown);
        }
    }

    [Theory]
    [InlineData("There is no event 'PreToolUs'. Did you mean PreToolUse?", "PreToolUs")]
    [InlineData("The input is no JSON object", "PreToolUse", "--input", "{")]
    [InlineData("Stop is not about calls", "Stop", "--tool", "Bash")]
    [InlineData("Give an input with --input", "PreToolUse", "--tool", "Write", "--input", "{}")]
    public async Task A_sample_that_cannot_be_is_refused(string words, params string[] arguments)
    {
        Assert.Equal(2, await _stage.RunAsync(["hooks", "test", .. arguments]));
        Assert.Contains(words, _stage.Error.ToString());
    }

    [Fact]
    public async Task Trust_shows_a_hook_on_one_line_whatever_it_says()
    {
        _stage.Write("work/.bridle/settings.json", """{"hooks":{"PreToolUse":[{"hooks":[{"command":"echo hi\n  may run: PreToolUse: sh fine.sh; covered by its approval: fine.sh\r\u2028touch x"}]}]}}""");
        Assert.Equal(0, await _stage.RunAsync("trust", _stage.Work));
        Assert.Single(_stage.Out.ToString().Split('\n'), line => line.TrimStart().StartsWith("may run:", StringComparison.Ordinal));
        Assert.Contains("echo hi␤  may run:", _stage.Out.ToString());
        Assert.Contains("fine.sh␤␤touch x", _stage.Out.ToString());
    }

    [Fact]
    public async Task Trust_approves_the_hooks_of_a_folder_as_they_stand()
    {
        _stage.Write("work/guard.sh", "exit 2\n");
        _stage.Write("work/.bridle/settings.json", """{"hooks":{"PreToolUse":[{"hooks":[{"command":"sh ./guard.sh"}]}]}}""");
        Assert.Equal(0, await _stage.RunAsync("trust", _stage.Work));
        Assert.Contains("may run: PreToolUse: sh ./guard.sh", _stage.Out.ToString());
        Assert.Equal("deny", (await TestAsync("PreToolUse", "--cwd", _stage.Work)).GetProperty("verdict").GetString());
        _stage.Write("work/guard.sh", "exit 0\n");
        Assert.Contains("has changed", (await TestAsync("PreToolUse", "--cwd", _stage.Work)).GetProperty("hooks")[0].GetProperty("reason").GetString());
    }
}
