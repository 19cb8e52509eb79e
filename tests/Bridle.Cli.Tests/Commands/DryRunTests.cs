using System.Text.Json;
using System.Text.RegularExpressions;
using Bridle.Cli.Output;
using Bridle.Cli.Tests.Reference;
using Bridle.FakeVendors;
using Bridle.Hosting.DryRuns;
using Bridle.Sandboxing;
using Bridle.Testing;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Cli.Tests.Commands;

public sealed class DryRunTests : IDisposable
{
    private const string UserSettings = "home/.config/bridle/settings.json";
    private const string OneHook = """{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"touch ran"}]}]}}""";
    private readonly CliStage _stage = new();

    public DryRunTests()
    {
        _stage.Variables["ANTHROPIC_API_KEY"] = "sk-ant-secret-4711";
        _stage.Adjust = request => request with { Sandboxes = [new PretendSandbox()] };
    }

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task A_run_that_nothing_stands_in_the_way_of_is_ready()
    {
        var run = await LookAsync(0, "find the words");
        Assert.Equal("ready", run.GetProperty("verdict").GetString());
        Assert.Empty(run.GetProperty("findings").EnumerateArray());
        var model = run.GetProperty("model");
        Assert.Equal(("ANTHROPIC_API_KEY", "ANTHROPIC_API_KEY", "anthropic"), (model.GetProperty("why").GetString(), model.GetProperty("key_from").GetString(), model.GetProperty("api").GetString()));
        Assert.Equal(("default", 100), (run.GetProperty("mode").GetString(), run.GetProperty("limits").GetProperty("steps").GetInt32()));
    }

    [Fact]
    public async Task The_key_is_shown_nowhere()
    {
        await _stage.RunAsync("run", "--dry-run", "task");
        await _stage.RunAsync("run", "--dry-run", "--output-format", "json", "task");
        Assert.DoesNotContain("4711", _stage.Out.ToString());
        Assert.Contains("key from ANTHROPIC_API_KEY", _stage.Out.ToString());
    }

    // Why: what is set up, the words of the command line, the level, the kind and a part of what is said.
    public static TheoryData<string, string, string, string, string> Reasons => new()
    {
        { "no key", "", "blocked", "provider", "There is no key for Anthropic" },
        { "nothing", "", "warning", "unconfigured", "No model is configured. A run looks for a local server first" },
        { "", "--model lm-studio/", "blocked", "provider", "names a provider and no model" },
        { "", "--model ollama/some --base-url nowhere", "blocked", "provider", "--base-url is 'nowhere'" },
        { "bare", "", "warning", "provider", "Not known without asking the local servers: No provider is configured for the model 'some-model'" },
        { "listed", "--model anthropic/claude-sonet", "warning", "model", "Did you mean anthropic/claude-sonnet?" },
        { "helper", "--model anthropic/x", "warning", "provider", "The key comes from the apiKeyHelper command, which a dry run does not run." },
        { "", "--fallback-model mistral/x", "warning", "provider", "The fallback model 'mistral/x': There is no key for Mistral" },
        { "role", "", "warning", "provider", "The compactor model 'mistral/x': There is no key for Mistral" },
        { "telemetry", "", "warning", "telemetry", "The protocol 'http/json' for telemetry is not known" },
        { "project settings", "", "warning", "settings", "is not trusted, so this does not count: permissions.allow in" },
        { "project hooks", "", "warning", "hooks", "does not run" },
        { "broken hook", "", "warning", "hooks", "does not run" },
        { "project instructions", "", "warning", "instructions", "Not read as instructions" },
        { "broken settings", "", "blocked", "settings", "settings.json" },
        { "broken managed", "", "blocked", "settings", "managed-settings.json" },
        { "", "--settings nothing.json", "blocked", "settings", "nothing.json" },
        { "bad variable", "", "blocked", "settings", "HARNESS_HTTP_TIMEOUT_SECS" },
        { "open credentials", "", "blocked", "settings", "may be read or changed by others" },
        { "damaged trust", "", "warning", "settings", "so no folder is trusted" },
        { "no sandbox", "", "warning", "sandbox", "Commands are not confined: pretend: gone" },
        { "no sandbox", "--sandbox required", "blocked", "sandbox", "A sandbox is demanded and none can be started. pretend: gone" },
        { "", "--max-cost 1 --model anthropic/unpriced", "blocked", "usage", "the price of anthropic/unpriced is not known" },
        { "", "--resume nobody", "blocked", "session", "There is no session 'nobody'" },
        { "", "--continue", "blocked", "session", "There is no session of the folder" },
        { "", "--session ../x", "blocked", "usage", "" },
        { "damaged session", "--resume bad", "blocked", "session", "is damaged" },
        { "edited session", "--resume old", "blocked", "session", "was changed outside of Bridle" },
        { "open session", "--resume old", "warning", "session", "seems to be open in another process" },
        { "other folder", "--resume elsewhere", "warning", "session", "where the session began" },
        { "no bypass", "--mode bypass", "blocked", "settings", "is forbidden by" },
        { "", "--allow Reed", "warning", "permissions", "Did you mean 'Read'?" },
        { "spent", "--session new --max-day-cost 0.3 --model lab/m", "blocked", "limit", "with exit code 4: the spending limit of $0.3 a day leaves no room for another request ($1.002 spent)" },
        { "spent", "--session new --max-month-cost 0.3 --model lab/m", "blocked", "limit", "the spending limit of $0.3 a month leaves no room" },
        { "spent", "--session old --max-session-cost 0.3 --model lab/m", "blocked", "limit", "the spending limit of $0.3 for a session leaves no room" },
        { "spent", "--max-cost 0.000001 --model lab/m", "blocked", "limit", "the limit of $0.000001 leaves no room" },
        { "bad tool servers", "--trust", "warning", "mcp", ".mcp.json is no JSON (line 1)." },
        { "absent tool server", "--trust", "warning", "mcp", "The tool server 'gone' of" },
        { "", "--seal nothing/**", "warning", "seal", "The sealed pattern 'nothing/**' matches no file now" },
        { "other prompt", "--resume old --system-prompt other", "warning", "session", "--system-prompt has no effect" },
        { "", "--worktree w", "blocked", "usage", "is not in a git repository" },
        { "repository", "--worktree w", "warning", "worktree", "which a dry run does not make" },
        { "", "--cwd /nowhere/at/all", "blocked", "usage", "does not exist" },
        { "", "-- /compact", "blocked", "usage", "There is no command or skill /compact in a run" },
    };

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task Each_reason_is_told_with_its_level_and_the_exit_code_follows(string arranged, string words, string level, string kind, string said)
    {
        await ArrangeAsync(arranged);
        var spoken = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var run = await LookAsync(level == "blocked" ? 2 : 0, [.. spoken, .. words.Contains("--resume", StringComparison.Ordinal) || words.Contains("-- ", StringComparison.Ordinal) ? [] : new[] { "task" }]);
        Assert.Equal(level, run.GetProperty("verdict").GetString());
        var finding = Assert.Single(run.GetProperty("findings").EnumerateArray(), one => one.GetProperty("kind").GetString() == kind && one.GetProperty("level").GetString() == level);
        Assert.Contains(said, finding.GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("--mode acceptEdits", true)]
    [InlineData("--mode plan", false)]
    [InlineData("--mode dontAsk", false)]
    [InlineData("--mode strict", false)]
    [InlineData("--sandbox off", false)]
    [InlineData("--settings {\"sandbox\":{\"autoAllow\":false}}", false)]
    public async Task That_files_may_be_changed_unasked_is_told_and_is_what_the_run_does(string words, bool unasked)
    {
        var flags = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var run = await LookAsync(0, [.. flags, "task"]);
        Assert.Equal(unasked, run.GetProperty("sandbox").GetProperty("unasked").GetBoolean());
        _stage.Out.GetStringBuilder().Clear();
        await _stage.RunAsync(["run", "--dry-run", .. flags, "task"]);
        Assert.Equal(unasked, _stage.Out.ToString().Contains("files in it may be changed and commands may run there unasked", StringComparison.Ordinal));

        _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Write", """{"file_path":"made.txt","content":"x"}""")), ScriptedReply.Text("Done."));
        Assert.Equal(unasked ? 0 : 5, await _stage.RunAsync(["run", .. flags, "task"]));
        Assert.Equal(unasked, File.Exists(Path.Combine(_stage.Work, "made.txt")));
    }

    [Fact]
    public async Task The_same_reason_stops_the_run_itself()
    {
        foreach (var (words, kind) in new[] { ("--model lm-studio/", "provider"), ("--resume nobody", "session"), ("--max-cost 1 --model anthropic/unpriced", "usage"), ("-- /compact", "usage") })
        {
            _stage.Out.Take();
            Assert.Equal(2, await _stage.RunAsync(["run", "--output", "json", .. words.Split(' '), .. words.StartsWith("--model", StringComparison.Ordinal) || words.StartsWith("--max", StringComparison.Ordinal) ? ["task"] : Array.Empty<string>()]));
            using var result = JsonDocument.Parse(_stage.Out.ToString());
            Assert.Equal(kind, result.RootElement.GetProperty("error").GetProperty("kind").GetString());
        }
    }

    [Fact]
    public async Task A_task_behind_a_space_and_a_path_are_no_commands()
    {
        Assert.Equal("ready", (await LookAsync(0, " /compact")).GetProperty("verdict").GetString());
        Assert.Equal("ready", (await LookAsync(0, "/tmp is full")).GetProperty("verdict").GetString());
        Assert.Equal("ready", (await LookAsync(0, "/usr/share/doc has what?")).GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task What_would_hold_is_shown_with_its_source()
    {
        _stage.Write(UserSettings, """
            { "permissions": { "allow": ["Bash(ls)"], "deny": ["WebFetch"], "defaultMode": "plan" }, "maxSteps": 7, "maxTokens": 900,
              "sandbox": { "network": { "allowedDomains": ["example.com"] } },
              "hooks": { "Stop": [{ "hooks": [{ "type": "command", "command": "touch ran" }] }] } }
            """);
        _stage.Write("work/AGENTS.md", "Be brief.");
        _stage.Write("work/.bridle/rules/cs.md", "---\npaths: [\"**/*.cs\"]\n---\nNo tabs.");
        var run = await LookAsync(0, "--trust", "--max-time", "90s", "grep the files");
        Assert.Equal("ready", run.GetProperty("verdict").GetString());
        Assert.True(run.GetProperty("trusted").GetBoolean());
        Assert.Equal("plan", run.GetProperty("mode").GetString());
        var limits = run.GetProperty("limits");
        Assert.Equal((7, 90, 900), (limits.GetProperty("steps").GetInt32(), limits.GetProperty("seconds").GetDouble(), limits.GetProperty("reply_tokens").GetInt32()));
        Assert.Contains("""{"verdict":"deny","rule":"WebFetch","source":""", run.GetRawText());
        Assert.Contains("""{"verdict":"allow","rule":"Bash(ls)","source":""", run.GetRawText());
        Assert.Equal("active", run.GetProperty("hooks")[0].GetProperty("standing").GetString());
        Assert.Equal("touch ran", run.GetProperty("hooks")[0].GetProperty("runs").GetString());
        Assert.Equal("example.com", run.GetProperty("sandbox").GetProperty("hosts")[0].GetString());
        Assert.Contains(run.GetProperty("context").EnumerateArray(), part => part.GetProperty("kind").GetString() == "instructions" && part.GetProperty("source").GetString()!.EndsWith("AGENTS.md", StringComparison.Ordinal));
        Assert.Equal("**/*.cs", run.GetProperty("later")[0].GetProperty("about").GetString());
        var tools = run.GetProperty("tools").EnumerateArray().ToList();
        Assert.DoesNotContain(tools, tool => tool.GetProperty("name").GetString() == "WebFetch");
        Assert.Contains("grep", tools.Single(tool => tool.GetProperty("name").GetString() == "Grep").GetProperty("matches").EnumerateArray().Select(word => word.GetString()));
        Assert.Empty(tools.Single(tool => tool.GetProperty("name").GetString() == "AskUser").GetProperty("matches").EnumerateArray());
    }

    [Fact]
    public void Skills_are_listed_with_the_words_of_the_task_that_they_have()
    {
        var run = new DryRun("/work", "deploy the app") { Context = new([new("system", "bridle", 10, 3), new("skill", "write-tests", 20, 5), new("skill", "deploying", 20, 5)], [], []) };
        var context = _stage.Context();
        DryRunText.Write(context.Io, run);
        Assert.Contains("skills       deploying (the task has deploy), write-tests", _stage.Out.ToString());
        Assert.Contains("""skills":[{"name":"deploying","matches":["deploy"]},{"name":"write-tests","matches":[]}]""", DryRunJson.Of(run, 0));
    }

    [Fact]
    public async Task The_session_it_would_go_on_with_is_named()
    {
        await MakeSessionAsync("old");
        var run = await LookAsync(0, "--resume", "old");
        Assert.Equal(("old", 2), (run.GetProperty("session").GetProperty("name").GetString(), run.GetProperty("session").GetProperty("messages").GetInt32()));
        Assert.Equal(JsonValueKind.Null, run.GetProperty("task").ValueKind);
        Assert.Equal("old", (await LookAsync(0, "--continue", "go on")).GetProperty("session").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Nobody_is_contacted_and_nothing_is_run_or_written()
    {
        await using var vendor = new FakeHttpServer(_ => FakeReply.Json(200, "{}"));
        await MakeSessionAsync("old");
        _stage.Write(UserSettings, $$"""
            { "model": "mine/some", "providers": { "mine": { "api": "openai", "baseUrl": "{{vendor.Url}}", "apiKeyHelper": "touch {{_stage.PathOf("helped")}}" } },
              "hooks": { "SessionStart": [{ "hooks": [{ "type": "command", "command": "touch {{_stage.PathOf("hooked")}}" }, { "type": "http", "url": "{{vendor.Url}}" }] }] } }
            """);
        _stage.Adjust = request => request with { Sandboxes = [new Untouchable()] };
        var before = Listing();
        var searched = 0;
        var context = _stage.Context() with
        {
            FindLocalServers = _ =>
            {
                searched++;
                return Task.FromResult<IReadOnlyList<Hosting.Providers.LocalServerFound>>([]);
            },
        };
        foreach (string[] words in new[] { ["task"], ["--resume", "old"], ["--continue", "task"], ["--session", "new", "task"], ["--model", "ollama", "task"], new[] { "--sandbox", "required", "task" } })
        {
            await CommandLine.RunAsync(["run", "--dry-run", .. words], context, TestContext.Current.CancellationToken);
        }

        Assert.Equal(before, Listing());
        Assert.Equal((0, 0), (vendor.Connections, searched));
        Assert.Contains("the apiKeyHelper command (not run)", _stage.Out.ToString());
    }

    [Fact]
    public async Task The_page_shows_what_a_dry_run_says()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(ReferencePage.Root, "docs", "headless.md"), TestContext.Current.CancellationToken);
        var shown = Regex.Match(page, "```text\n(?<text>folder .*?)```", RegexOptions.Singleline).Groups["text"].Value;
        _stage.Variables.Remove("ANTHROPIC_API_KEY");
        _stage.Variables["OPENAI_API_KEY"] = "k";
        _stage.Write("work/AGENTS.md", "Be brief.\n");
        _stage.Write("work/.bridle/settings.json", """{ "permissions": { "allow": ["Bash(dotnet test)"] } }""");
        Assert.Equal(0, await _stage.RunAsync("run", "--dry-run", "--model", "openai/gpt-5", "run the tests and search for what fails"));
        Assert.Equal(Unsized(shown), Unsized(_stage.Out.ToString().Replace(_stage.Work, "/home/ann/app", StringComparison.Ordinal).Replace("pretend", "bubblewrap", StringComparison.Ordinal)));
    }

    // How many bytes a prompt has is not what the page is about.
    private static string Unsized(string text) => Regex.Replace(text, @"\d+ (?=bytes|tokens,)", "N ");

    private async Task<JsonElement> LookAsync(int code, params string[] words)
    {
        _stage.Out.Take();
        Assert.True(code == await _stage.RunAsync(["run", "--dry-run", "--output-format", "json", .. words]), $"{_stage.Out}{_stage.Error}");
        using var document = JsonDocument.Parse(_stage.Out.ToString());
        Assert.Equal(code, document.RootElement.GetProperty("exit_code").GetInt32());
        return document.RootElement.Clone();
    }

    private string Listing() => string.Join('\n', new DirectoryInfo(_stage.PathOf(".")).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
        .Select(one => $"{one.FullName} {one.LastWriteTimeUtc.Ticks} {(one as FileInfo)?.Length}").Order(StringComparer.Ordinal));

    private async Task<string> MakeSessionAsync(string name, string? folder = null)
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Text("Hello."));
        Assert.Equal(0, await _stage.RunAsync("run", "--sandbox", "off", "--session", name, "--cwd", folder ?? _stage.Work, "hello"));
        _stage.Model = null;
        return _stage.PathOf($"home/.local/share/bridle/sessions/session_{name}.jsonl");
    }

    private async Task ArrangeAsync(string what)
    {
        switch (what)
        {
            case "no key":
                _stage.Variables.Remove("ANTHROPIC_API_KEY");
                _stage.Write(UserSettings, """{ "model": "anthropic/x" }""");
                break;
            case "nothing":
                _stage.Variables.Remove("ANTHROPIC_API_KEY");
                break;
            case "bare":
                _stage.Variables.Remove("ANTHROPIC_API_KEY");
                _stage.Write(UserSettings, """{ "model": "some-model" }""");
                break;
            case "listed":
                _stage.Write("home/.local/state/bridle/models.jsonl", """{"provider":"anthropic","model":"claude-sonnet","at":"2026-01-02T00:00:00+00:00"}""" + "\n");
                break;
            case "helper":
                _stage.Variables.Remove("ANTHROPIC_API_KEY");
                _stage.Write(UserSettings, """{ "providers": { "anthropic": { "apiKeyHelper": "echo k" } } }""");
                break;
            case "telemetry":
                _stage.Variables["BRIDLE_ENABLE_TELEMETRY"] = "1";
                _stage.Variables["OTEL_EXPORTER_OTLP_LOGS_PROTOCOL"] = "http/json";
                break;
            case "role":
                _stage.Write(UserSettings, """{ "roles": { "compactor": "mistral/x", "judge": "anthropic/small" } }""");
                break;
            case "spent":
                await DryRunDemandTests.SpendAsync(_stage);
                break;
            case "bad tool servers":
                _stage.Write("work/.mcp.json", "{ oops");
                break;
            case "absent tool server":
                _stage.Write("work/.mcp.json", """{ "mcpServers": { "gone": { "command": "no-such-program-anywhere" } } }""");
                break;
            case "other prompt":
                await MakeSessionAsync("old");
                break;
            case "project settings":
                _stage.Write("work/.bridle/settings.json", """{ "permissions": { "allow": ["Bash(ls)"] } }""");
                break;
            case "project hooks":
                _stage.Write("work/.bridle/hooks.json", OneHook);
                break;
            case "broken hook":
                _stage.Write(UserSettings, """{"hooks":{"Stopp":[{"hooks":[{"type":"command","command":"x"}]}]}}""");
                break;
            case "project instructions":
                _stage.Write("work/AGENTS.md", "Read @~/secret.md");
                _stage.Write("home/secret.md", "x");
                break;
            case "broken settings":
                _stage.Write(UserSettings, "{ \"model\": ");
                break;
            case "broken managed":
                _stage.Write("managed/managed-settings.json", "{ oops");
                break;
            case "bad variable":
                _stage.Variables["HARNESS_HTTP_TIMEOUT_SECS"] = "soon";
                break;
            case "open credentials":
                File.SetUnixFileMode(_stage.Write("home/.config/bridle/credentials.json", "{}"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
                break;
            case "damaged trust":
                _stage.Write("home/.local/state/bridle/trust.json", "{");
                break;
            case "no sandbox":
                _stage.Adjust = request => request with { Sandboxes = [PretendSandbox.Broken("gone")] };
                break;
            case "no bypass":
                _stage.Write("managed/managed-settings.json", """{ "permissions": { "disableBypassPermissionsMode": "disable" } }""");
                break;
            case "repository":
                Directory.CreateDirectory(_stage.PathOf("work/.git"));
                break;
            default:
                await ArrangeSessionAsync(what);
                break;
        }
    }

    private async Task ArrangeSessionAsync(string what)
    {
        switch (what)
        {
            case "damaged session":
                var bad = await MakeSessionAsync("bad");
                await File.WriteAllTextAsync(bad, (await File.ReadAllTextAsync(bad)).Replace("\"type\":\"run_started\"", "\"type\":\"run_started\",\"x\":1", StringComparison.Ordinal));
                break;
            case "edited session":
                var edited = await MakeSessionAsync("old");
                await File.WriteAllTextAsync(edited, (await File.ReadAllTextAsync(edited)).Replace("Hello.", "Goodbye.", StringComparison.Ordinal));
                break;
            case "open session":
                await File.WriteAllTextAsync(await MakeSessionAsync("old") + ".lock", $"{{\"pid\":{Environment.ProcessId},\"since\":\"now\"}}\n");
                break;
            case "other folder":
                Directory.CreateDirectory(_stage.PathOf("other"));
                await MakeSessionAsync("elsewhere", _stage.PathOf("other"));
                break;
            default:
                Assert.Empty(what);
                break;
        }
    }

    /// <summary>May be looked at and nothing else.</summary>
    private sealed class Untouchable : ISandbox
    {
        public string Name => "untouchable";

        public SandboxProbe Look() => new(true, "there");

        public SandboxProbe Probe() => throw new InvalidOperationException("It was tried.");

        public IsolationPlan Plan(SandboxProfile profile) => throw new InvalidOperationException("It was planned with.");

        public IProcesses Confine(IProcesses processes, SandboxProfile profile) => throw new InvalidOperationException("It was used.");
    }
}
