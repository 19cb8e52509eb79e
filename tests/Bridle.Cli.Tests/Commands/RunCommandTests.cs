using System.Text.Json;
using Bridle.Cli.Terminals;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

public sealed class RunCommandTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    // What came of it, the exit code, and the outcome in the result.
    public static TheoryData<string, int, string> Ends => new()
    {
        { "answer", 0, "completed" }, { "denied", 5, "completed" }, { "steps", 4, "limit_reached" }, { "truncated", 4, "truncated" }, { "refused", 1, "refused" },
        { "empty", 1, "model_failed" }, { "key", 2, "model_failed" }, { "unknown model", 2, "model_failed" }, { "unreachable", 3, "model_failed" }, { "rate limit", 3, "model_failed" },
        { "vendor", 3, "model_failed" }, { "too long", 1, "model_failed" },
    };

    private static ScriptedModel Script(string end) => end switch
    {
        "denied" => new(ScriptedReply.Calls(("Write", """{"file_path":"a.txt","content":"x"}""")), ScriptedReply.Text("I could not.")),
        "steps" => new(ScriptedReply.Calls(("Ls", "{}")), ScriptedReply.Text("So far.")),
        "truncated" => new([.. Enumerable.Repeat(ScriptedReply.Text("part", StopReason.MaxTokens), 4)]),
        "refused" => new(ScriptedReply.Text("No.", StopReason.Refusal)),
        "empty" => new([.. Enumerable.Repeat(ScriptedReply.Text(""), 3)]),
        "key" => new(ScriptedReply.Failure(ModelErrorKind.Authentication)),
        "unknown model" => new(ScriptedReply.Failure(ModelErrorKind.NotFound)),
        "unreachable" => new(ScriptedReply.Failure(ModelErrorKind.Connection)),
        "rate limit" => new(ScriptedReply.Failure(ModelErrorKind.RateLimit)),
        "vendor" => new(ScriptedReply.Failure(ModelErrorKind.Server)),
        "too long" => new(ScriptedReply.Failure(ModelErrorKind.ContextOverflow)),
        _ => new(ScriptedReply.Text("All done.")),
    };

    [Fact]
    public async Task A_session_that_cannot_be_written_any_more_is_named_with_how_to_go_on()
    {
        var large = new ScriptedReply(_ =>
        {
            // In the place of the folder for what is too large for the log.
            var blobs = _stage.PathOf("home/.local/share/bridle/blobs");
            Directory.Delete(blobs, recursive: true);
            File.WriteAllText(blobs, "");
            return [new ReplyFinished(new ModelReply([new ToolCallPart(new CallId("c1"), "Bash", """{"command":"seq 200000"}""")], StopReason.ToolUse, null, null))];
        });
        _stage.Model = new ScriptedModel(large, ScriptedReply.Text("Never."));
        Assert.Equal(1, await _stage.RunAsync(["run", "--session", "s", "--sandbox", "off", "--mode", "bypass", "task"]));
        Assert.EndsWith("then open the session again.\nGo on with: bridle run --resume s \"…\"\n", _stage.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Each_end_has_its_exit_code_the_same_in_every_format(string end, int code, string outcome)
    {
        string[] limit = end == "steps" ? ["--max-steps", "1"] : [];
        foreach (var format in new[] { "text", "json", "events" })
        {
            using var stage = new CliStage { Model = Script(end) };
            Assert.True(code == await stage.RunAsync(["run", "--output", format, "--sandbox", "off", .. limit, "task"]), $"{format}: {stage.Error}");
            if (format != "text")
            {
                using var result = JsonDocument.Parse(stage.Out.ToString().Trim().Split('\n')[^1]);
                Assert.Equal(("result", outcome, code), (result.RootElement.GetProperty("type").GetString(), result.RootElement.GetProperty("outcome").GetString(), result.RootElement.GetProperty("exit_code").GetInt32()));
                Assert.Equal(code is not (0 or 5), result.RootElement.GetProperty("is_error").GetBoolean());
                Assert.Equal(code is 0 or 5, result.RootElement.GetProperty("error").ValueKind is JsonValueKind.Null);
            }
            else if (code is not (0 or 5))
            {
                Assert.Contains("bridle: ", stage.Error.ToString());
            }
        }
    }

    [Theory]
    [InlineData("Write", """{"file_path":"a.txt","content":"x"}""", true)]
    [InlineData("Bash", """{"command":"echo x > a.txt"}""", true)]
    [InlineData("Write", """{"file_path":"../a.txt","content":"x"}""", false)]
    [InlineData("WebFetch", """{"url":"https://example.com/"}""", false)]
    [InlineData("Bash", """{"command":"echo x > a.txt","sandbox":"off"}""", false)]
    public async Task What_the_sandbox_keeps_to_the_workspace_runs_unasked_and_nothing_else(string tool, string input, bool runs)
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Calls((tool, input)), ScriptedReply.Text("ok"));
        Assert.Equal(runs ? ExitCode.Done : ExitCode.Denied, await _stage.RunAsync("run", "task"));
        Assert.Equal(runs, File.Exists(Path.Combine(_stage.Work, "a.txt")));
    }

    [Fact]
    public async Task Standard_output_has_the_answer_and_nothing_else()
    {
        _stage.Write("work/a.txt", "alpha\n");
        _stage.Model = new ScriptedModel(
            ScriptedReply.Of([new TextPart("Let me look."), new ToolCallPart(new CallId("c1"), "Read", """{"file_path":"a.txt"}""")], StopReason.ToolUse, new TextArrived("Let me look.")),
            ScriptedReply.Text("It says alpha."));
        Assert.Equal(0, await _stage.RunAsync("run", "what does a.txt say?"));
        Assert.Equal("It says alpha.\n", _stage.Out.ToString());
        Assert.Contains("• Read a.txt", _stage.Error.ToString());
        Assert.Contains("1 alpha", _stage.Error.ToString());
        Assert.Contains("[200 in / 20 out tokens, cost unknown, 2 steps, test/scripted]", _stage.Error.ToString());
        Assert.DoesNotContain('\x1b', _stage.Error.ToString());
    }

    [Fact]
    public async Task On_a_terminal_the_words_are_shown_once_as_they_come()
    {
        _stage.Terminal = true;
        var shown = "";
        _stage.Model = new ScriptedModel(new ScriptedReply(_ => Stream()));
        IEnumerable<ModelUpdate> Stream()
        {
            yield return new TextArrived("Half ");
            shown = _stage.Out.ToString();
            yield return new TextArrived("and half.");
            yield return new ReplyFinished(new ModelReply([new TextPart("Half and half.")], StopReason.EndTurn, null, null));
        }

        Assert.Equal(0, await _stage.RunAsync("run", "task"));
        Assert.Equal("Half ", shown);
        Assert.Equal("Half and half.\n", _stage.Out.ToString());
    }

    [Theory]
    [InlineData(false, "The answer.\n", "I look first.\n• Ls\n")]
    [InlineData(true, "I look first.\nThe answer.\n", "• Ls\n")]
    public async Task Into_a_pipe_goes_the_answer_alone_also_when_it_streams(bool terminal, string printed, string told)
    {
        _stage.Terminal = terminal;
        _stage.Model = new ScriptedModel(
            ScriptedReply.Of([new TextPart("I look first."), new ToolCallPart(new("c1"), "Ls", "{}")], StopReason.ToolUse, new TextArrived("I look first.")),
            ScriptedReply.Of([new TextPart("The answer.\n")], StopReason.EndTurn, new TextArrived("The answer.\n")));
        Assert.Equal(0, await _stage.RunAsync("run", "--stream", "task"));
        Assert.Equal(printed, _stage.Out.ToString());
        Assert.Contains(told, _stage.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_that_broke_off_while_it_was_shown_is_said_not_to_count()
    {
        _stage.Terminal = true;
        _stage.Model = new ScriptedModel(ScriptedReply.Failure(ModelErrorKind.Cut, "Half of"), ScriptedReply.Text("Whole."));
        Assert.Equal(0, await _stage.RunAsync("run", "task"));
        Assert.Contains("The reply broke off and does not count", _stage.Error.ToString());
        Assert.EndsWith("Whole.\n", _stage.Out.ToString());
    }

    [Fact]
    public async Task A_wait_is_visible_while_it_lasts()
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Of([new TextPart("ok")], StopReason.EndTurn, new RetryScheduled(2, 5, TimeSpan.FromSeconds(2.5), new(ModelErrorKind.RateLimit, "slow down", ""))));
        await _stage.RunAsync("run", "task");
        Assert.Contains("Waiting 2.5 s before try 2 of 5: slow down", _stage.Error.ToString());
    }

    [Fact]
    public async Task What_a_model_or_a_tool_says_cannot_command_the_terminal()
    {
        _stage.Terminal = true;
        _stage.Write("work/evil.txt", "\x1b]0;owned\a\x1b[2J\n");
        _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Read", """{"file_path":"evil.txt"}""")), ScriptedReply.Text("\x1b[31mred\u202Egnp.exe"));
        await _stage.RunAsync("run", "task");
        Assert.DoesNotContain('\x1b', _stage.Out.ToString() + _stage.Error);
        Assert.Contains("␛[31mred<U+202E>gnp.exe", _stage.Out.ToString());
    }

    [Fact]
    public async Task Into_a_pipe_the_answer_goes_as_it_is()
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Text("a\tb\x1b[0m"));
        await _stage.RunAsync("run", "task");
        Assert.Equal("a\tb\x1b[0m\n", _stage.Out.ToString());
    }

    [Fact]
    public async Task NO_COLOR_and_dumb_terminals_get_no_colours()
    {
        Assert.False(CommandIo.Console(new(new Dictionary<string, string> { ["NO_COLOR"] = "1", ["TERM"] = "xterm" }, "/", "/", Hosting.HostPlatform.Linux), () => { }).Color);
        Assert.False(CommandIo.Console(new(new Dictionary<string, string> { ["TERM"] = "dumb" }, "/", "/", Hosting.HostPlatform.Linux), () => { }).Color);
        Assert.True(CommandIo.Console(new(new Dictionary<string, string> { ["TERM"] = "xterm" }, "/", "/", Hosting.HostPlatform.Linux), () => { }).Color);
        (_stage.Terminal, _stage.Color, _stage.Model) = (true, true, new ScriptedModel(ScriptedReply.Calls(("Ls", "{}")), ScriptedReply.Text("ok")));
        await _stage.RunAsync("run", "task");
        Assert.Contains("\x1b[1m• Ls", _stage.Error.ToString());
    }

    [Theory]
    [InlineData("look", "look", "")]
    [InlineData("look at this", "look|at|this", "")]
    [InlineData("from input", "-", "from input")]
    [InlineData("from input", "", "from input")]
    [InlineData("from a file", "--prompt-file|prompt.txt", "")]
    [InlineData("from input", "--prompt-file|-", "from input")]
    [InlineData("--odd", "--|--odd", "")]
    public async Task The_task_comes_from_words_input_or_a_file(string task, string words, string input)
    {
        _stage.Write("work/prompt.txt", "from a file");
        var model = new ScriptedModel(ScriptedReply.Text("ok"));
        (_stage.Model, _stage.Input) = (model, input);
        Assert.Equal(0, await _stage.RunAsync(["run", .. words.Split('|', StringSplitOptions.RemoveEmptyEntries)]));
        Assert.Equal(task, model.Requests[0].Messages[0].Text);
    }

    [Theory]
    [InlineData("", "There is no task")]
    [InlineData("  ", "There is no task")]
    [InlineData("task|--prompt-file|prompt.txt", "given twice")]
    [InlineData("--prompt-file|missing.txt", "cannot be read")]
    [InlineData("--prompt-file|.", "The prompt file . is a folder.")]
    [InlineData("--prompt-file|latin1.txt", "it is no UTF-8 text (byte e9 is none of it). Save it as UTF-8.")]
    [InlineData("--prompt-file|empty.txt", "The prompt file empty.txt is empty.")]
    [InlineData("task|--cwd|prompt.txt", "prompt.txt is a file, not a folder.")]
    [InlineData("task|--cwd|missing", "does not exist")]
    [InlineData("task|--resume|nothing", "There is no session 'nothing'")]
    [InlineData("task|--session|../up", "")]
    [InlineData("task|--max-cost|1", "the price of test/scripted is not known")]
    public async Task An_unmet_precondition_is_exit_2_and_asks_no_model(string words, string said)
    {
        _stage.Write("work/prompt.txt", "a task");
        _stage.Write("work/empty.txt", "\n");
        await File.WriteAllBytesAsync(_stage.PathOf("work/latin1.txt"), [.. "caf"u8, 0xe9], TestContext.Current.CancellationToken);
        var model = new ScriptedModel();
        _stage.Model = model;
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync(["run", .. words.Split('|', StringSplitOptions.RemoveEmptyEntries)]));
        Assert.Contains(said, _stage.Error.ToString());
        Assert.Empty(model.Requests);
        Assert.Empty(_stage.Out.ToString());
    }

    [Fact]
    public async Task A_cost_limit_without_a_price_can_be_insisted_on()
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Text("ok"));
        Assert.Equal(0, await _stage.RunAsync("run", "--max-cost", "1", "--allow-unpriced", "task"));
    }

    [Fact]
    public async Task A_broken_settings_file_stops_the_run_in_every_format()
    {
        var file = _stage.Write("home/.config/bridle/settings.json", "{\n  \"permissions\": {\n");
        foreach (var format in new[] { "text", "json", "events" })
        {
            _stage.Model = new ScriptedModel();
            Assert.Equal(ExitCode.Usage, await _stage.RunAsync("run", "--output", format, "task"));
        }

        Assert.Contains($"{file} cannot be used. Line 3", _stage.Error.ToString());
        Assert.Equal(2, _stage.Out.ToString().Split("\"kind\":\"settings\"").Length - 1);
    }

    [Fact]
    public async Task What_a_project_may_not_set_is_one_line_on_standard_error()
    {
        var file = _stage.Write("work/.bridle/settings.json", """{ "model": "evil/m", "permissions": { "allow": ["Bash"] } }""");
        _stage.Model = new ScriptedModel(ScriptedReply.Text("ok"));
        Assert.Equal(0, await _stage.RunAsync("run", "task"));
        Assert.Single(_stage.Error.ToString().Split('\n'), line => line.Contains($"is not trusted, so this does not count: model, permissions.allow in {file}.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Events_are_one_json_object_a_line_numbered_without_gaps_and_end_with_the_result()
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Ls", "{}")), ScriptedReply.Text("ok"));
        Assert.Equal(0, await _stage.RunAsync("run", "--output", "events", "--stream", "task"));
        var lines = _stage.Out.ToString().Trim().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var numbers = lines.Where(line => line.TryGetProperty("n", out _)).Select(line => line.GetProperty("n").GetInt64()).ToList();
        Assert.Equal(Enumerable.Range(0, numbers.Count).Select(i => numbers[0] + i), numbers);
        Assert.Equal("result", lines[^1].GetProperty("type").GetString());
        var types = lines.Select(line => line.GetProperty("type").GetString()).ToList();
        foreach (var type in new[] { "user_spoke", "run_started", "model_requested", "call_streamed", "model_replied", "tool_started", "tool_returned", "text_streamed", "run_finished" })
        {
            Assert.Contains(type, types);
        }
    }

    [Fact]
    public async Task Nothing_configured_is_rehearsed_with_one_visible_line_and_marked()
    {
        Assert.Equal(0, await _stage.RunAsync("run", "--output", "json", "list the files here"));
        Assert.Single(_stage.Error.ToString().Split('\n'), line => line.Contains("rehearsal") && line.Contains("bridle init"));
        using var result = JsonDocument.Parse(_stage.Out.ToString());
        Assert.True(result.RootElement.GetProperty("simulated").GetBoolean());
    }

    [Fact]
    public async Task An_interrupt_ends_the_turn_with_130_and_a_finished_log()
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Text("never").After(async (_, cancellationToken) =>
        {
            Assert.True(_stage.Interrupts.Request());
            Assert.False(_stage.Interrupts.Request());
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }));
        Assert.Equal(ExitCode.Interrupted, await _stage.RunAsync("run", "--output", "json", "--session", "s", "task"));
        using var result = JsonDocument.Parse(_stage.Out.ToString());
        Assert.Equal(("interrupted", 130), (result.RootElement.GetProperty("outcome").GetString(), result.RootElement.GetProperty("exit_code").GetInt32()));
        var log = Path.Combine(_stage.Home, ".local/share/bridle/sessions/session_s.jsonl");
        Assert.Contains("\"interrupted\"", File.ReadLines(log).Last());
        Assert.False(_stage.Interrupts.Request());
    }

    [Fact]
    public async Task A_session_goes_on_with_what_was_said_before()
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Text("one"));
        Assert.Equal(0, await _stage.RunAsync("run", "--session", "s", "first"));
        var model = new ScriptedModel(ScriptedReply.Text("two"));
        _stage.Model = model;
        Assert.Equal(0, await _stage.RunAsync("run", "--resume", "s", "second"));
        Assert.Equal(["first", "one", "second"], model.Requests[0].Messages.Select(message => message.Text));
    }

    [Fact]
    public async Task A_defect_of_the_program_is_said_plainly_in_every_format_and_kept_in_a_file()
    {
        _stage.Fault = () => throw new InvalidOperationException("the impossible happened");
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("run", "--output", "json", "task"));
        using var result = JsonDocument.Parse(_stage.Out.ToString());
        Assert.Equal("fault", result.RootElement.GetProperty("error").GetProperty("kind").GetString());
        Assert.Contains("Bridle failed unexpectedly (InvalidOperationException: the impossible happened).", _stage.Error.ToString());
        Assert.DoesNotContain("   at ", _stage.Error.ToString());
        Assert.Contains("   at ", File.ReadAllText(Directory.EnumerateFiles(Path.Combine(_stage.Home, ".local/state/bridle/logs")).Single()));
    }
}
