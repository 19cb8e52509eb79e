using System.CommandLine;
using Bridle.Cli.Commands;
using Bridle.Hosting;
using Bridle.Hosting.Settings;

namespace Bridle.Cli.Tests.Commands;

public sealed class FlagTests : IDisposable
{
    private readonly CliStage _stage = new() { OnlyParse = true };

    public void Dispose() => _stage.Dispose();

    // Every flag with what it changes in the request.
    private static readonly Dictionary<string, (string[] Words, Func<HarnessRequest, object?> Looks, object? Value)> Table = new()
    {
        ["--model"] = (["--model", "a/b"], request => request.Wish.Model, "a/b"),
        ["--fallback-model"] = (["--fallback-model", "a/b, c"], request => string.Join(';', request.FallbackModels ?? []), "a/b;c"),
        ["--base-url"] = (["--base-url", "http://x"], request => request.Wish.BaseUrl, "http://x"),
        ["--api"] = (["--api", "Anthropic"], request => request.Wish.Api, "anthropic"),
        ["--local"] = (["--local"], request => request.Wish.Local, true),
        ["--local-url"] = (["--local-url", "http://x"], request => request.Wish.LocalUrl, "http://x"),
        ["--local-model"] = (["--local-model", "m"], request => request.Wish.LocalModel, "m"),
        ["--native-tools"] = (["--native-tools"], request => request.Tools, "native"),
        ["--prompted-tools"] = (["--prompted-tools"], request => request.Tools, "prompted"),
        ["--stream"] = (["--stream"], request => request.Stream, true),
        ["--max-steps"] = (["--max-steps", "3"], request => request.MaxSteps, 3),
        ["--max-cost"] = (["--max-cost", "0.5"], request => request.MaxCost, 0.5m),
        ["--max-session-cost"] = (["--max-session-cost", "5"], request => request.MaxSessionCost, 5m),
        ["--max-day-cost"] = (["--max-day-cost", "0"], request => request.MaxDayCost, 0m),
        ["--max-month-cost"] = (["--max-month-cost", "50.5"], request => request.MaxMonthCost, 50.5m),
        ["--allow-unpriced"] = (["--allow-unpriced"], request => request.AllowUnpriced, true),
        ["--max-tokens"] = (["--max-tokens", "9"], request => request.MaxTokens, 9),
        ["--max-time"] = (["--max-time", "1.5m"], request => request.MaxTime, TimeSpan.FromSeconds(90)),
        ["--mode"] = (["--mode", "plan"], request => request.Mode, "plan"),
        ["--sandbox"] = (["--sandbox", "off"], request => request.Sandbox, "off"),
        ["--worktree"] = (["--worktree", "w"], request => Path.GetFileName(request.Folder), "w"),
        ["--init"] = (["--init"], request => request.Setup, "init"),
        ["--maintenance"] = (["--maintenance"], request => request.Setup, "maintenance"),
        ["--allow"] = (["--allow", "Read", "--allow", "Bash(ls)"], request => string.Join(';', request.Allow), "Read;Bash(ls)"),
        ["--deny"] = (["--deny", "Bash"], request => string.Join(';', request.Deny), "Bash"),
        ["--accept"] = (["--accept", "npm test", "--accept", "true"], request => string.Join(';', request.AcceptCommands), "npm test;true"),
        ["--accept-file"] = (["--accept-file", "a.md"], request => string.Join(';', request.AcceptFiles), "a.md"),
        ["--seal"] = (["--seal", "tests/**"], request => string.Join(';', request.Seal), "tests/**"),
        ["--cwd"] = (["--cwd", "/"], request => request.Folder, "/"),
        ["--settings"] = (["--settings", "{ \"maxSteps\": 2 }"], request => request.Settings, "{ \"maxSteps\": 2 }"),
        ["--setting-sources"] = (["--setting-sources", "local,user"], request => string.Join(' ', (request.SettingSources ?? new HashSet<SettingsOrigin>()).Order()), "ProjectLocal User"),
        ["--trust"] = (["--trust"], request => request.TrustFolder, true),
        ["--system-prompt"] = (["--system-prompt", "x"], request => request.SystemPrompt, "x"),
        ["--session"] = (["--session", "s"], request => $"{request.SessionName} {request.Resume}", "s False"),
        ["--resume"] = (["--resume", "s"], request => $"{request.SessionName} {request.Resume}", "s True"),
        ["--continue"] = (["--continue"], request => request.Latest, true),
        ["--accept-edits"] = (["--accept-edits"], request => request.AcceptEdits, true),
    };

    [Fact]
    public async Task Every_flag_changes_the_request()
    {
        foreach (var words in new[] { "init -q", "-c user.name=t -c user.email=t commit -q --allow-empty -m first" })
        {
            using var git = System.Diagnostics.Process.Start("git", ["-C", _stage.Work, .. words.Split(' ')]);
            await git.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        // A vendor needs no list of models, so that the program without a command gets as far as the others.
        _stage.Variables["OPENAI_API_KEY"] = _stage.Variables["ANTHROPIC_API_KEY"] = "k";
        foreach (var command in new[] { "run", "chat", "direct", "--prompt" })
        {
            foreach (var (flag, (spelled, looks, value)) in Table.Where(entry => command != "--prompt" || entry.Key != "--session"))
            {
                string[] rest = command == "run" ? ["task"] : [];
                string[] words = command == "--prompt" ? ["task", .. spelled] : spelled;
                await _stage.RunAsync([command, .. rest, .. command == "--prompt" ? ["task"] : Array.Empty<string>()]);
                var before = looks(_stage.Request!);
                await _stage.RunAsync([command, .. words, .. rest]);
                Assert.True(Equals(value, looks(_stage.Request!)), $"{command} {flag}: {looks(_stage.Request!)}");
                Assert.False(Equals(before, value), $"{flag} changes nothing");
            }
        }
    }

    [Fact]
    public async Task No_stream_wins_over_a_terminal()
    {
        _stage.Terminal = true;
        await _stage.RunAsync("run", "task");
        Assert.True(_stage.Request!.Stream);
        await _stage.RunAsync("run", "--no-stream", "task");
        Assert.False(_stage.Request!.Stream);
        await _stage.RunAsync("run", "--output", "json", "task");
        Assert.False(_stage.Request!.Stream);
    }

    [Fact]
    public void Every_flag_is_in_the_table() =>
        Assert.Equal(Table.Keys.Append("--no-stream").Order(), new SessionFlags().All.Select(option => option.Name).Order());

    [Theory]
    [InlineData("--nonsense", "--nonsense is not a flag.")]
    [InlineData("--max-stpes 3", "--max-stpes is not a flag. Did you mean --max-steps?")]
    [InlineData("--max-steps many", "many")]
    [InlineData("--max-steps -1", "--max-steps must not be below zero")]
    [InlineData("--max-cost 0", "--max-cost must be above zero")]
    [InlineData("--max-cost -1", "--max-cost must be above zero")]
    [InlineData("--max-tokens 0", "--max-tokens must be above zero")]
    [InlineData("--setting-sources managed", "--setting-sources is 'managed', but must be some of user, project, local, separated by commas.")]
    [InlineData("--max-cost abc", "--max-cost is 'abc', but must be a number such as 0.5.")]
    [InlineData("--max-steps 1.5", "--max-steps is '1.5', but must be a whole number such as 20.")]
    [InlineData("--max-tokens 99999999999", "--max-tokens is '99999999999', but must be a whole number such as 20.")]
    [InlineData("--max-time soon", "--max-time is 'soon'")]
    [InlineData("--max-time 0s", "--max-time is '0s'")]
    [InlineData("--mode yolo", "--mode is 'yolo'")]
    [InlineData("--api soap", "--api is 'soap'")]
    [InlineData("--output xml", "xml")]
    [InlineData("--stream --no-stream", "--stream and --no-stream exclude each other")]
    [InlineData("--native-tools --prompted-tools", "--native-tools and --prompted-tools exclude each other")]
    [InlineData("--session a --resume b", "--session and --resume exclude each other")]
    public async Task A_wrong_command_line_is_exit_2_with_a_word_and_starts_nothing(string words, string said)
    {
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync(["run", "task", .. words.Split(' ')]));
        Assert.Contains(said, _stage.Error.ToString());
        Assert.Contains("See `bridle run --help`", _stage.Error.ToString());
        Assert.Empty(_stage.Out.ToString());
        Assert.Null(_stage.Request);
    }

    [Theory]
    [InlineData("--accept")]
    [InlineData("--accept-file")]
    [InlineData("--seal")]
    public async Task A_demand_of_nothing_is_refused(string flag)
    {
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("run", flag, " ", "task"));
        Assert.Contains($"{flag} is empty", _stage.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("models list --jsn", "bridle models list")]
    [InlineData("models test --bogus", "bridle models test")]
    [InlineData("models refresh --bogus", "bridle models refresh")]
    [InlineData("sessions show --bogus", "bridle sessions show")]
    [InlineData("experience list --bogus", "bridle experience list")]
    public async Task A_flag_that_no_command_has_is_not_taken_for_a_name(string words, string command)
    {
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync(words.Split(' ')));
        Assert.Contains($"{words.Split(' ')[^1]} is not a flag. See `{command} --help`. Put -- before a word that begins with a dash.", _stage.Error.ToString().ReplaceLineEndings(" "));
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("models", "list", "--", "--bogus"));
        Assert.Contains("No known model contains '--bogus'", _stage.Error.ToString());
    }

    [Theory]
    [InlineData("recall --limit x")]
    [InlineData("recall --context x")]
    [InlineData("recall --session s --message x")]
    [InlineData("runs list --limit x")]
    [InlineData("sessions replay s --at x")]
    [InlineData("run task --max-day-cost x")]
    [InlineData("run task --max-month-cost x")]
    [InlineData("run task --max-session-cost x")]
    [InlineData("run task --max-steps x")]
    public async Task A_flag_that_wants_a_number_says_so_in_words_of_its_own(string words)
    {
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync(words.Split(' ')));
        Assert.Contains($"{words.Split(' ')[^2]} is 'x', but must be a ", _stage.Error.ToString());
        Assert.DoesNotContain("System.", _stage.Error.ToString());
        Assert.DoesNotContain("Exception", _stage.Error.ToString());
    }

    [Fact]
    public async Task A_wrong_command_line_is_told_in_json_when_json_was_asked_for()
    {
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("run", "--output", "json", "--mode", "yolo", "task"));
        using var result = System.Text.Json.JsonDocument.Parse(_stage.Out.ToString());
        Assert.Equal(("usage", 2), (result.RootElement.GetProperty("error").GetProperty("kind").GetString(), result.RootElement.GetProperty("exit_code").GetInt32()));
    }

    [Fact]
    public async Task Help_is_exit_0_and_names_every_flag()
    {
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--help"));
        Assert.All(new SessionFlags().All, option => Assert.Contains(option.Name, _stage.Out.ToString()));
    }

    [Theory]
    [InlineData("bridle run [<prompt>...] [options]", "run", "--help")]
    [InlineData("bridle models list", "models", "list", "-h")]
    [InlineData("bridle [command] [options]", "--help")]
    [InlineData("bridle sessions show", "sessions", "show", "--help")]
    public async Task Help_shows_the_line_that_a_person_types(string usage, params string[] arguments)
    {
        Assert.Equal(ExitCode.Done, await _stage.RunAsync(arguments));
        Assert.Contains($"  {usage}", _stage.Out.ToString());
    }

    [Fact]
    public async Task Without_a_command_the_help_is_shown_and_nothing_counts_as_done()
    {
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync());
        Assert.Contains("run", _stage.Out.ToString());
    }
}
