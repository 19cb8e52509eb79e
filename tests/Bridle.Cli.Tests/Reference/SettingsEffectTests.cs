using System.Text.Json;
using Bridle.Cli.Tests.Effects;
using Bridle.FakeVendors;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Reference;

/// <summary>
/// Each settings key has an effect: the smallest run that shows it is played twice, with the key and with the key ignored by the reader, and the request, the verdict or
/// the process must be another. A key without a run here fails.
/// </summary>
public sealed class SettingsEffectTests
{
    private const string Lab = """{ "model": "lab/one", "providers": { "lab": { "api": "openai", "baseUrl": "URL", "apiKey": "stored", "model": "two" } } }""";

    private static readonly Dictionary<string, Func<CliStage, Task<string>>> Runs = new()
    {
        ["model"] = stage => BodyAsync(stage, Lab, "model"),
        ["systemPrompt"] = async stage => (await BodyAsync(stage, Lab.Replace("\"model\": \"lab/one\"", "\"model\": \"lab/one\", \"systemPrompt\": \"You are a pirate.\"", StringComparison.Ordinal), "messages")).Contains("pirate", StringComparison.Ordinal).ToString(),
        ["providers"] = stage => RequestAsync(stage, Lab, request => request.Path),
        ["providers.NAME.api"] = stage => RequestAsync(stage, Lab.Replace("\"openai\"", "\"openai-responses\"", StringComparison.Ordinal), request => request.Path),
        ["providers.NAME.baseUrl"] = stage => RequestAsync(stage, Lab, request => request.Path),
        ["providers.NAME.apiKey"] = stage => RequestAsync(stage, Lab, Authorization),
        ["providers.NAME.keyEnv"] = stage => RequestAsync(stage, Lab.Replace("\"apiKey\": \"stored\"", "\"apiKey\": \"stored\", \"keyEnv\": \"LAB_OF_MINE\"", StringComparison.Ordinal), Authorization),
        ["providers.NAME.apiKeyHelper"] = stage => RequestAsync(stage, Lab.Replace("\"apiKey\": \"stored\"", "\"apiKeyHelper\": \"echo helped\"", StringComparison.Ordinal), Authorization),
        ["providers.NAME.headers"] = stage => RequestAsync(stage, Lab.Replace("\"apiKey\": \"stored\"", "\"headers\": { \"X-Team\": \"tools\" }", StringComparison.Ordinal), request => request.Headers.GetValueOrDefault("X-Team", "")),
        ["providers.NAME.model"] = stage => BodyAsync(stage, Lab.Replace("\"model\": \"lab/one\", ", "", StringComparison.Ordinal), "model"),
        ["providers.NAME.contextWindow"] = async stage => await BodyAsync(stage, """{ "model": "lab/one", "providers": { "lab": { "api": "ollama", "baseUrl": "URL", "contextWindow": 7777 } } }""", "options", new FakeOllama(Done)),
        ["providers.NAME.maxOutputTokens"] = stage => BodyAsync(stage, """{ "model": "lab/one", "providers": { "lab": { "api": "anthropic", "baseUrl": "URL", "apiKey": "k", "maxOutputTokens": 77 } } }""", "max_tokens", new FakeAnthropic(Done)),
        ["providers.NAME.tools"] = stage => BodyAsync(stage, Lab.Replace("\"apiKey\": \"stored\"", "\"tools\": \"prompted\"", StringComparison.Ordinal), "tools"),
        ["tools"] = stage => BodyAsync(stage, Lab.Replace("\"model\": \"lab/one\"", "\"model\": \"lab/one\", \"tools\": \"prompted\"", StringComparison.Ordinal), "tools"),
        ["maxTokens"] = async stage => await RequestAsync(stage, Lab.Replace("\"model\": \"lab/one\"", "\"model\": \"lab/one\", \"maxTokens\": 77", StringComparison.Ordinal), request => System.Text.Encoding.UTF8.GetString(request.Body).Contains("77", StringComparison.Ordinal).ToString()),
        ["apiKey"] = stage => AnthropicAsync(stage, request => request.Headers.GetValueOrDefault("x-api-key", "")),
        ["baseUrl"] = stage => AnthropicAsync(stage, request => request.Path),
        ["permissions"] = stage => BashAsync(stage, """{ "permissions": { "allow": ["Bash(touch:*)"] } }"""),
        ["permissions.allow"] = stage => BashAsync(stage, """{ "permissions": { "allow": ["Bash(touch:*)"] } }"""),
        ["permissions.ask"] = stage => BashAsync(stage, """{ "permissions": { "allow": ["Bash(touch:*)"], "ask": ["Bash(touch made.txt)"] } }"""),
        ["permissions.deny"] = stage => BashAsync(stage, """{ "permissions": { "allow": ["Bash(touch:*)"], "deny": ["Bash(touch made.txt)"] } }"""),
        ["permissions.defaultMode"] = stage => BashAsync(stage, """{ "permissions": { "allow": ["Bash(touch:*)"], "defaultMode": "plan" } }"""),
        ["permissionMode"] = stage => BashAsync(stage, """{ "permissionMode": "plan", "permissions": { "allow": ["Bash(touch:*)"] } }"""),
        ["permissions.disableBypassPermissionsMode"] = stage => BashAsync(stage, """{ "permissions": { "disableBypassPermissionsMode": "disable" } }""", flags: ["--mode", "bypass"]),
        ["disableDangerouslySkipPermissions"] = stage => BashAsync(stage, """{ "disableDangerouslySkipPermissions": true }""", flags: ["--mode", "bypass"]),
        ["allowManagedPermissionRulesOnly"] = stage => BashAsync(stage, """{ "permissions": { "allow": ["Bash(touch:*)"] } }""", managed: """{ "allowManagedPermissionRulesOnly": true }"""),
        ["readClaudeSettings"] = stage =>
        {
            stage.Write("home/.claude/settings.json", """{ "permissions": { "deny": ["Bash(touch:*)"] } }""");
            return BashAsync(stage, """{ "readClaudeSettings": false, "permissions": { "allow": ["Bash(touch:*)"] } }""");
        },
        ["hooks"] = stage => HookAsync(stage, "{ HOOKS }"),
        ["disableAllHooks"] = stage => HookAsync(stage, """{ "disableAllHooks": true, HOOKS }"""),
        ["allowManagedHooksOnly"] = stage => HookAsync(stage, "{ HOOKS }", """{ "allowManagedHooksOnly": true }"""),
        ["env"] = async stage =>
        {
            stage.Write("work/say.sh", "echo \"<$COLOR>\" > made.txt\n");
            await BashAsync(stage, """{ "env": { "COLOR": "red" }, "permissions": { "allow": ["Bash(sh say.sh)"] } }""", "sh say.sh");
            return await File.ReadAllTextAsync(Path.Combine(stage.Work, "made.txt"), TestContext.Current.CancellationToken);
        },
        ["worktree"] = stage =>
        {
            using var git = System.Diagnostics.Process.Start("sh", ["-c", "cd \"$0\" && git init -q && git -c user.name=t -c user.email=t@example.com commit -qm one --allow-empty", stage.Work]);
            git.WaitForExit();
            return BashAsync(stage, """{ "worktree": true, "permissions": { "allow": ["Bash"] } }""");
        },
        ["keepSessionDays"] = async stage =>
        {
            var old = stage.Write("home/.local/share/bridle/sessions/session_old.jsonl", "{\"role\":\"user\",\"content\":\"Hi\"}\n");
            File.SetLastWriteTimeUtc(old, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            stage.Adjust = request => request with { Time = new LaterTime(TimeSpan.FromDays(91)) };
            await BashAsync(stage, """{ "keepSessionDays": 90, "permissions": { "allow": ["Bash"] } }""");
            return File.Exists(old).ToString();
        },
        ["maxSteps"] = stage => BashAsync(stage, """{ "maxSteps": 1, "permissions": { "allow": ["Bash"] } }"""),
        ["maxTime"] = stage => BashAsync(stage, """{ "maxTime": 0.000001, "permissions": { "allow": ["Bash"] } }"""),
        ["maxCost"] = stage => BashAsync(stage, """{ "maxCost": 1, "permissions": { "allow": ["Bash"] } }"""),
    };

    private static readonly Dictionary<string, SettingEffect> Effects = new[] { AskingEffects.All, SandboxEffects.All, WebEffects.All, RecallEffects.All, PriceEffects.All, CompactionEffects.All, RoleEffects.All, AcceptanceEffects.All, InstructionEffects.All, SkillEffects.All, MemoryEffects.All, TerminalEffects.All }.SelectMany(table => table).ToDictionary();

    public static TheoryData<string> Keys => [.. SettingsReferenceTests.Examples.Keys];

    private static FakeTurn Done => FakeTurn.Say("Done.") with { InputTokens = 1_000_000, CachedTokens = 500_000 };

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_run_without_the_key_is_another_run(string key)
    {
        if (key == "$schema")
        {
            // What an editor reads; it must change nothing.
            Task<string> Quiet(CliStage stage) => BashAsync(stage, """{ "$schema": "https://example.com/x.json", "permissions": { "allow": ["Bash(touch:*)"] } }""");
            Assert.Equal(await PlayAsync(Quiet, null), await PlayAsync(Quiet, key));
            return;
        }

        if (Effects.TryGetValue(key, out var effect))
        {
            Assert.False(Runs.ContainsKey(key));
            Assert.Equal((effect.With, effect.Without), (await PlayAsync(effect.Run, null), await PlayAsync(effect.Run, key)));
            return;
        }

        Assert.True(Runs.TryGetValue(key, out var run), $"No run shows the effect of '{key}'. Add the smallest one that does.");
        Assert.NotEqual(await PlayAsync(run, null), await PlayAsync(run, key));
    }

    private static async Task<string> PlayAsync(Func<CliStage, Task<string>> run, string? ignored)
    {
        using var stage = new CliStage();
        if (ignored is not null)
        {
            stage.Ignored.Add(ignored);
        }

        return await run(stage);
    }

    private static string Authorization(FakeRequest request) => request.Headers.GetValueOrDefault("Authorization", "");

    private static async Task<string> BodyAsync(CliStage stage, string settings, string field, FakeVendor? vendor = null) => await RequestAsync(
        stage, settings, request => request.Json.TryGetProperty(field, out var value) ? value.GetRawText() : "nothing", vendor);

    /// <summary>Something about the first request that a run makes.</summary>
    private static async Task<string> RequestAsync(CliStage stage, string settings, Func<FakeRequest, string> look, FakeVendor? given = null)
    {
        await using var vendor = given ?? new FakeOpenAiChat(Done);
        stage.Variables["LAB_OF_MINE"] = "from-variable";
        stage.Write("home/.config/bridle/settings.json", settings.Replace("URL", vendor.Url.ToString().TrimEnd('/'), StringComparison.Ordinal));
        await stage.RunAsync("run", "task");
        return vendor.Server.Requests.Where(request => request.Method == "POST").Select(look).FirstOrDefault() ?? "no request";
    }

    private static async Task<string> AnthropicAsync(CliStage stage, Func<FakeRequest, string> look)
    {
        stage.Variables["CLAUDE_MODEL"] = "test-model";
        stage.Variables["ANTHROPIC_BASE_URL"] = "";
        return await RequestAsync(stage, """{ "apiKey": "written-key", "baseUrl": "URL" }""", look, new FakeAnthropic(Done));
    }

    /// <summary>How a run ends that wants one command, and whether the command ran.</summary>
    private static async Task<string> BashAsync(CliStage stage, string settings, string command = "touch made.txt", string? managed = null, string[]? flags = null)
    {
        stage.Write("home/.config/bridle/settings.json", settings);
        if (managed is not null)
        {
            stage.Write("managed/managed-settings.json", managed);
        }

        stage.Model = new ScriptedModel(ScriptedReply.Calls(("Bash", $$"""{ "command": "{{JsonEncodedText.Encode(command)}}" }""")), ScriptedReply.Text("done"));

        // Confined to the workspace, the command would run unasked whatever the rules allow.
        var code = await stage.RunAsync(["run", "--sandbox", "off", .. flags ?? [], "task"]);
        return $"{code} {File.Exists(Path.Combine(stage.Work, "made.txt"))}";
    }

    private static async Task<string> HookAsync(CliStage stage, string settings, string? managed = null)
    {
        var mark = Path.Combine(stage.Home, "hooked");
        await BashAsync(stage, settings.Replace("HOOKS", $$"""
            "hooks": { "SessionStart": [{ "hooks": [{ "type": "command", "command": "touch {{mark}}" }] }] }
            """, StringComparison.Ordinal), managed: managed);
        return File.Exists(mark).ToString();
    }
}
