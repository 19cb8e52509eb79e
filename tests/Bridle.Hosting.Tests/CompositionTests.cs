using Bridle.Events;
using Bridle.Hosting.Providers;
using Bridle.Hosting.Settings;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Models.Catalog;
using Bridle.Sessions;
using Bridle.Testing;

namespace Bridle.Hosting.Tests;

public sealed class CompositionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CollectingSink _sink = new();

    private string Work => Directory.CreateDirectory(Path.Combine(_folder.Path, "work")).FullName;

    public void Dispose() => _folder.Dispose();

    private HarnessRequest Request(IModel? model, params (string Name, string Value)[] variables) =>
        new(_folder.Environment([("PATH", Environment.GetEnvironmentVariable("PATH")!), .. variables]), Work)
        {
            Model = model, Sinks = [_sink], FindLocalServers = _ => Task.FromResult<IReadOnlyList<LocalServerFound>>([]),
        };

    private void UserSettings(string json) => _folder.Write(".config/bridle/settings.json", json);

    private static async Task<Harness> StartAsync(HarnessRequest request) =>
        Assert.IsType<HarnessStarted>(await Composition.StartAsync(request, TestContext.Current.CancellationToken)).Harness;

    private static async Task<HarnessRefused> RefusedAsync(HarnessRequest request) =>
        Assert.IsType<HarnessRefused>(await Composition.StartAsync(request, TestContext.Current.CancellationToken));

    private static async Task<TurnResult> RunAsync(HarnessRequest request, string text = "task")
    {
        await using var harness = await StartAsync(request);
        return await harness.Session.RunAsync(text, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_stages_of_the_gate_stand_in_their_one_order()
    {
        var request = Request(new ScriptedModel(ScriptedReply.Text("ok")));
        var inForce = new Permissions.PermissionsInForce(new() { Root = Work, Home = _folder.Path });
        var pipeline = Bridle.Hosting.Assembly.GateAssembly.Pipeline(new(inForce, Bridle.Sandboxing.SandboxInForce.Nothing, new([]), SecretRedactor.ShapesOnly,
            new() { Approver = new TestApprover(), Rebind = (_, _) => throw new NotSupportedException(), NewId = () => "" }, new(null, TimeProvider.System)));
        Assert.Equal(
            ["contain", "bind", "hooks (before)", "plan isolation", "permission", "approval", "enforce", "hooks (after)", "limit", "tool"], pipeline.Stages);
        Assert.Equal(TurnOutcome.Completed, (await RunAsync(request)).Outcome);
    }

    // Each setting with what it changes.
    [Fact]
    public async Task Limits_of_the_settings_hold_and_a_flag_beats_them()
    {
        UserSettings("""{ "maxSteps": 1 }""");
        ScriptedModel Looking() => new(ScriptedReply.Calls(("Ls", "{}")), ScriptedReply.Text("so far"));
        Assert.Equal(TurnOutcome.LimitReached, (await RunAsync(Request(Looking()))).Outcome);
        Assert.Equal(TurnOutcome.Completed, (await RunAsync(Request(Looking()) with { MaxSteps = 5 })).Outcome);
        Assert.Equal(TurnOutcome.Completed, (await RunAsync(Request(Looking()) with { MaxSteps = 0 })).Outcome);
        Assert.Null(_sink.Events.OfType<Recorded>().Select(record => record.Event).OfType<RunStarted>().Last().Limits.Steps);
        UserSettings("""{ "maxTime": 77.5, "maxSteps": 9 }""");
        await RunAsync(Request(new ScriptedModel(ScriptedReply.Text("ok"))));
        Assert.Equal((77.5, 9), _sink.Events.OfType<Recorded>().Select(record => record.Event).OfType<RunStarted>().Last().Limits switch { var limits => (limits.Seconds!.Value, limits.Steps!.Value) });
    }

    [Theory]
    [InlineData(400_000, 300, "openai/big gives at most 300 tokens in one reply; the limit of 400000 is lowered to that.")]
    [InlineData(300, 300, null)]
    [InlineData(200, 200, null)]
    public async Task A_limit_above_what_the_model_can_give_is_lowered_and_told(int wanted, int sent, string? notice)
    {
        await using var vendor = new Bridle.FakeVendors.FakeOpenAiChat(Bridle.FakeVendors.FakeTurn.Say("Hi."));
        _folder.Write(".local/state/bridle/models.jsonl", """{"provider":"openai","model":"big","max_output_tokens":300}""");
        var start = await Composition.StartAsync(
            new(_folder.Environment(("OPENAI_API_KEY", "k"), ("OPENAI_BASE_URL", vendor.Url.ToString())), Work) { Wish = new() { Model = "openai/big" }, MaxTokens = wanted, InMemory = true },
            TestContext.Current.CancellationToken);
        await using var harness = Assert.IsType<HarnessStarted>(start).Harness;
        Assert.Equal(notice is null ? [] : [notice], harness.Notices.Where(line => line.Contains("lowered", StringComparison.Ordinal)));
        Assert.Equal("Hi.", (await harness.Session.RunAsync("Hello.", TestContext.Current.CancellationToken)).Answer);
        Assert.Equal(sent, vendor.Bodies[0].GetProperty("max_tokens").GetInt32());
    }

    [Theory]
    [InlineData("unheard-of", 128_000, "openai/unheard-of is asked for at most 128000 tokens in one reply; the limit of 400000 is lowered to that.")]
    [InlineData("gpt-4o", 128_000, "openai/gpt-4o is asked for at most 128000 tokens in one reply; the limit of 400000 is lowered to that.")]
    public async Task A_limit_that_no_model_gives_is_lowered_though_nobody_says_what_this_one_gives(string model, int sent, string notice)
    {
        await using var vendor = new Bridle.FakeVendors.FakeOpenAiChat(Bridle.FakeVendors.FakeTurn.Say("Hi."));
        var start = await Composition.StartAsync(
            new(_folder.Environment(("OPENAI_API_KEY", "k"), ("OPENAI_BASE_URL", vendor.Url.ToString())), Work) { Wish = new() { Model = $"openai/{model}" }, MaxTokens = 400_000, InMemory = true },
            TestContext.Current.CancellationToken);
        await using var harness = Assert.IsType<HarnessStarted>(start).Harness;
        Assert.Contains(notice, harness.Notices);
        Assert.Equal("Hi.", (await harness.Session.RunAsync("Hello.", TestContext.Current.CancellationToken)).Answer);
        Assert.Equal(sent, vendor.Bodies[0].GetProperty("max_tokens").GetInt32());
    }

    [Theory]
    [InlineData("{}", true, null)]
    [InlineData("{}", false, 2.0)]
    [InlineData("""{ "prices": { "openai/gpt-4.1": { "input": 7, "output": 8 } } }""", true, 7.0)]
    public async Task A_vendors_price_holds_at_no_strangers_address_unless_settings_say_so(string settings, bool stranger, double? input)
    {
        UserSettings(settings);
        var start = await Composition.StartAsync(
            new(_folder.Environment(("OPENAI_API_KEY", "k")), Work) { Wish = new() { BaseUrl = stranger ? "http://127.0.0.1:9/v1" : "https://api.openai.com/v1", Model = "openai/gpt-4.1" }, InMemory = true },
            TestContext.Current.CancellationToken);
        await using var harness = Assert.IsType<HarnessStarted>(start).Harness;
        Assert.Equal((decimal?)input, harness.Session.Model.Info.Price?.Input);
    }

    [Theory]
    [InlineData("""{ }""", "")]
    [InlineData("""{ "webSearch": { "engines": ["bing", "duckduckgo"] } }""", "www.bing.com html.duckduckgo.com")]
    [InlineData("""{ "webSearch": { "engines": ["duckduckgo"] } }""", "html.duckduckgo.com")]
    [InlineData("""{ "webSearch": { "url": "https://searx.example/search" } }""", "searx.example")]
    [InlineData("""{ "webSearch": { "url": "https://searx.example/search", "engines": ["bing"] } }""", "searx.example www.bing.com")]
    public async Task The_engines_of_the_settings_are_asked_in_their_order(string settings, string asked)
    {
        UserSettings(settings);
        var world = new InMemoryWorkspace();
        await RunAsync(Request(new ScriptedModel(ScriptedReply.Calls(("WebSearch", """{"query":"x"}""")), ScriptedReply.Text("ok"))) with { Workspace = world, Allow = ["WebSearch"] });
        Assert.Equal(asked, string.Join(' ', world.Network.Fetched.Select(address => address.Host).Distinct()));
    }

    [Fact]
    public async Task A_cost_limit_needs_a_price()
    {
        UserSettings("""{ "maxCost": 1 }""");
        Assert.Equal("usage", (await RefusedAsync(Request(new ScriptedModel()))).Kind);
        var priced = new ScriptedModel(ScriptedReply.Text("ok")) { Info = new("test", "m", "scripted") { Price = new(1, 1) } };
        Assert.Equal(TurnOutcome.Completed, (await RunAsync(Request(priced))).Outcome);
    }

    [Fact]
    public async Task Rules_and_the_mode_of_the_settings_hold()
    {
        ScriptedModel Writing() => new(ScriptedReply.Calls(("Write", """{"file_path":"a.txt","content":"x"}""")), ScriptedReply.Text("ok"));
        Assert.Single((await RunAsync(Request(Writing()))).Denied);
        UserSettings("""{ "permissions": { "defaultMode": "acceptEdits" } }""");
        Assert.Empty((await RunAsync(Request(Writing()))).Denied);
        UserSettings("""{ "permissions": { "defaultMode": "acceptEdits", "deny": ["Write"] } }""");
        Assert.Single((await RunAsync(Request(Writing()) with { Allow = ["Write"] })).Denied);
        UserSettings("""{ "permissions": { "allow": ["Bash(echo hi)"] } }""");
        Assert.Empty((await RunAsync(Request(new ScriptedModel(ScriptedReply.Calls(("Bash", """{"command":"echo hi"}""")), ScriptedReply.Text("ok"))))).Denied);
        UserSettings("""{ "permissions": { "ask": ["Read"] } }""");
        Assert.Single((await RunAsync(Request(new ScriptedModel(ScriptedReply.Calls(("Read", """{"file_path":"b.txt"}""")), ScriptedReply.Text("ok"))))).Denied);
    }

    [Fact]
    public async Task A_rule_that_cannot_be_understood_is_told()
    {
        UserSettings("""{ "permissions": { "allow": ["Bsh(ls)"] } }""");
        await using var harness = await StartAsync(Request(new ScriptedModel()));
        Assert.Contains(harness.Notices, notice => notice.Contains("Bsh", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_system_prompt_comes_from_the_flag_then_settings_then_the_built_in_one()
    {
        async Task<string> SystemAsync(string? flag = null)
        {
            var model = new ScriptedModel(ScriptedReply.Text("ok"));
            await RunAsync(Request(model) with { SystemPrompt = flag });
            return model.Requests[0].System;
        }

        Assert.StartsWith("You are Bridle", await SystemAsync());
        Assert.Contains($"The working folder is {Work}.", await SystemAsync());
        UserSettings("""{ "systemPrompt": "From settings." }""");
        Assert.StartsWith("From settings.", await SystemAsync());
        Assert.StartsWith("From the flag.", await SystemAsync("From the flag."));
    }

    [Fact]
    public async Task Variables_of_the_settings_reach_commands_and_Bridle_itself()
    {
        UserSettings("""{ "env": { "GREETING": "good day", "OPENAI_API_KEY": "from-settings", "OPENAI_BASE_URL": "http://127.0.0.1:1/v1" } }""");
        var model = new ScriptedModel(ScriptedReply.Calls(("Bash", """{"command":"echo $GREETING"}""")), ScriptedReply.Text("ok"));
        await RunAsync(Request(model) with { Mode = "bypass" });
        Assert.Contains("good day", model.Requests[1].Messages[^1].Parts.OfType<ToolResultPart>().Single().Content.OfType<TextPart>().Single().Text);
        await using var harness = await StartAsync(Request(null));
        Assert.Equal("openai", harness.Provider!.Provider);
    }

    [Fact]
    public async Task Streaming_is_what_was_asked_for()
    {
        foreach (var stream in new[] { true, false })
        {
            var model = new ScriptedModel(ScriptedReply.Text("ok"));
            await RunAsync(Request(model) with { Stream = stream });
            Assert.Equal(stream, model.Requests[0].Stream);
        }
    }

    [Fact]
    public void What_is_known_of_a_model_comes_from_flags_settings_catalog_and_prices()
    {
        var catalog = new ModelCatalog(_folder.Write("models.jsonl", """{"provider":"work","model":"big","context_window":1000,"max_output_tokens":500,"tools":"no","images":"yes"}"""));
        ModelInfo Describe(BridleSettings settings, string? flag = null, int? maxTokens = null, string? own = null, string model = "big") =>
            new ModelMaking(settings, catalog, _folder.Environment()).Describe(new("work", "openai", new("http://w"), model, null, "") { Tools = own }, flag, maxTokens);
        Assert.Equal((1000, 500, Known.No, Known.Yes), Describe(new()) switch { var info => (info.ContextWindow!.Value, info.MaxOutputTokens!.Value, info.Tools, info.Images) });
        int? Window(string provider, string api, string model, int? own = null) =>
            new ModelMaking(new(), catalog, _folder.Environment()).Describe(new(provider, api, new("http://w"), model, null, "") { ContextWindow = own }, null, null).ContextWindow;
        Assert.Equal((7, 1000, 200_000, ModelApis.OllamaContext, (int?)null), (Window("work", "openai", "big", 7), Window("work", "openai", "big"), Window("anthropic", "anthropic", "claude-sonnet-4-20250514"), Window("ollama", "ollama", "qwen3"), Window("lab", "openai", "x")));
        Assert.Equal(Known.Yes, Describe(new() { Tools = "native" }).Tools);
        Assert.Equal(Known.No, Describe(new() { Tools = "native" }, own: "prompted").Tools);
        Assert.Equal(Known.Yes, Describe(new() { Tools = "prompted" }, flag: "native", own: "prompted").Tools);
        Assert.Equal(Known.No, Describe(new() { Tools = "auto" }).Tools);
        Assert.Equal(Known.Unknown, Describe(new(), model: "other").Tools);
        Assert.Equal(300, Describe(new() { MaxTokens = 300 }).MaxOutputTokens);
        Assert.Equal(200, Describe(new() { MaxTokens = 300 }, maxTokens: 200).MaxOutputTokens);
        Assert.Equal(500, Describe(new(), maxTokens: 9_999).MaxOutputTokens);
        Assert.Null(Describe(new()).Price);
        Assert.Equal(new(1, 2), Describe(new() { Prices = new Dictionary<string, Price> { ["work/big"] = new(1, 2), ["default"] = new(8, 9) } }).Price);
        Assert.Equal(new(8, 9), Describe(new() { Prices = new Dictionary<string, Price> { ["default"] = new(8, 9) } }).Price);
    }

    [Fact]
    public async Task A_log_gives_nobody_more_than_the_start_does_but_keeps_what_is_stricter()
    {
        async Task<string> ModeAsync(string? flag, Func<Session, Task>? change = null)
        {
            await using var harness = await StartAsync(Request(new ScriptedModel()) with { SessionName = "s", Mode = flag });
            await (change?.Invoke(harness.Session) ?? Task.CompletedTask);
            return harness.Session.Mode;
        }

        Assert.Equal("acceptEdits", await ModeAsync(null, session => session.ChangeModeAsync("acceptEdits", default).AsTask()));
        Assert.Equal("default", await ModeAsync(null));
        Assert.Equal("plan", await ModeAsync(null, session => session.ChangeModeAsync("plan", default).AsTask()));
        Assert.Equal("plan", await ModeAsync(null));
        Assert.Equal("bypass", await ModeAsync("bypass"));
        Assert.Equal("default", await ModeAsync(null));
    }

    [Fact]
    public async Task Changing_the_mode_binds_the_very_next_call()
    {
        var model = new ScriptedModel(
            ScriptedReply.Calls(("Write", """{"file_path":"a.txt","content":"x"}""")), ScriptedReply.Text("one"),
            ScriptedReply.Calls(("Write", """{"file_path":"b.txt","content":"x"}""")), ScriptedReply.Text("two"));
        await using var harness = await StartAsync(Request(model) with { Mode = "acceptEdits" });
        Assert.Empty((await harness.Session.RunAsync("first", TestContext.Current.CancellationToken)).Denied);
        await harness.Session.ChangeModeAsync("plan", TestContext.Current.CancellationToken);
        Assert.Single((await harness.Session.RunAsync("second", TestContext.Current.CancellationToken)).Denied);
    }

    [Theory]
    [InlineData("WORK_API_KEY", "k3y-Of-The-House-42")]
    [InlineData("OPENAI_API_KEY", "onlylettersinthiskey")]
    public async Task No_known_key_reaches_the_log(string variable, string secret)
    {
        _folder.Write("work/notes.txt", $"the key is {secret}\n");
        await RunAsync(Request(new ScriptedModel(ScriptedReply.Calls(("Read", """{"file_path":"notes.txt"}""")), ScriptedReply.Text($"It is {secret}.")), (variable, secret)) with { SessionName = "s" });
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_folder.Path, ".local"), "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain(secret, File.ReadAllText(file));
        }
    }

    [Fact]
    public async Task A_session_that_goes_on_works_where_it_began()
    {
        await RunAsync(Request(new ScriptedModel(ScriptedReply.Text("ok"))) with { SessionName = "s" });
        var elsewhere = Directory.CreateDirectory(Path.Combine(_folder.Path, "elsewhere")).FullName;
        await using var harness = await StartAsync(Request(new ScriptedModel()) with { SessionName = "s", Folder = elsewhere });
        Assert.Contains($"Working in {Work}, where this session began.", harness.Notices);
        Assert.Equal(Work, harness.Session.Transcript.Root);
    }

    [Fact]
    public async Task An_edited_session_waits_for_a_yes()
    {
        await RunAsync(Request(new ScriptedModel(ScriptedReply.Text("old words"))) with { SessionName = "s" });
        var log = Path.Combine(_folder.Path, ".local/share/bridle/sessions/session_s.jsonl");
        File.WriteAllText(log, File.ReadAllText(log).Replace("old words", "new words", StringComparison.Ordinal));
        var request = Request(new ScriptedModel()) with { SessionName = "s" };
        Assert.Contains("--accept-edits", (await RefusedAsync(request)).Message);
        Assert.Equal("session", (await RefusedAsync(request with { ConfirmEdits = _ => false })).Kind);
        await using var harness = await StartAsync(request with { AcceptEdits = true });
        Assert.Contains(harness.Session.Transcript.Messages, message => message.Text.Contains("new words", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_model_is_found_by_name_or_refused_with_a_reason()
    {
        await using var harness = await StartAsync(Request(new ScriptedModel(), ("OPENAI_API_KEY", "k")));
        Assert.Equal("openai/gpt-x", (await harness.FindModelAsync("openai/gpt-x", TestContext.Current.CancellationToken)).Model!.Info.FullName);
        Assert.Equal("provider", (await harness.FindModelAsync("anthropic/x", TestContext.Current.CancellationToken)).Problem!.Kind);
    }

    [Fact]
    public async Task A_watcher_that_breaks_is_told_and_the_turn_goes_on()
    {
        var warnings = new List<string>();
        var broken = new CollectingSink { OnEvent = _ => throw new IOException("the pipe is closed") };
        Assert.Equal(TurnOutcome.Completed, (await RunAsync(Request(new ScriptedModel(ScriptedReply.Text("ok"))) with { Sinks = [broken], Warn = warnings.Add })).Outcome);
        Assert.Contains("the pipe is closed", Assert.Single(warnings));
    }
}
