using System.Text;
using Bridle.Hosting.Settings;
using Bridle.Models;

namespace Bridle.Hosting.Tests.Settings;

public sealed class SettingsFileTests
{
    private static SettingsFile Parse(string json) => SettingsFile.Parse("settings.json", Encoding.UTF8.GetBytes(json));

    [Fact]
    public void Every_setting_is_read()
    {
        var file = Parse("""
            {
              "$schema": "https://example.org/schema.json",
              "model": "work/big", "systemPrompt": "Be brief.", "maxSteps": 7, "maxCost": 1.5, "maxTime": 60.5, "maxTokens": 900, "tools": "prompted",
              "permissionMode": "plan", "apiKey": "k", "baseUrl": "https://a.example", "webSearch": { "url": "https://s.example/?q=" }, "env": { "A": "b" },
              "permissions": { "allow": ["Read"], "ask": ["Edit"], "deny": ["Bash"], "defaultMode": "acceptEdits" },
              "providers": { "work": { "api": "openai", "baseUrl": "http://w", "keyEnv": "W", "apiKey": "x", "apiKeyHelper": "pass w", "headers": { "X-A": "1" }, "model": "big",
                "contextWindow": 10, "maxOutputTokens": 5, "tools": "native" } },
              "prices": { "work/big": { "input": 1, "output": 2, "cacheRead": 0.1, "cacheWrite": 3 } }
            }
            """);
        Assert.Null(file.Error);
        Assert.Empty(file.Notices);
        var settings = file.Settings!;
        Assert.Equal(("work/big", "Be brief.", 7, 1.5m, 60.5, 900, "prompted"), (settings.Model, settings.SystemPrompt, settings.MaxSteps!.Value, settings.MaxCost!.Value, settings.MaxTime!.Value, settings.MaxTokens!.Value, settings.Tools));
        Assert.Equal(("plan", "k", "https://a.example", "https://s.example/?q=", "b"), (settings.PermissionMode, settings.ApiKey, settings.BaseUrl, settings.WebSearch!.Url, settings.Env!["A"]));
        var permissions = settings.Permissions!;
        Assert.Equal(("Read", "Edit", "Bash", "acceptEdits"), (permissions.Allow!.Single(), permissions.Ask!.Single(), permissions.Deny!.Single(), permissions.DefaultMode));
        var work = settings.Providers!["work"];
        Assert.Equal(("openai", "http://w", "W", "x", "pass w", "1", "big"), (work.Api, work.BaseUrl, work.KeyEnv, work.ApiKey, work.ApiKeyHelper, work.Headers!["X-A"], work.Model));
        Assert.Equal((10, 5, "native", new Price(1, 2, 0.1m, 3)), (work.ContextWindow!.Value, work.MaxOutputTokens!.Value, work.Tools, settings.Prices!["work/big"]));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_said_to_be_so() =>
        Assert.Equal("It is not UTF-8 text.", SettingsFile.Parse("settings.json", (byte[])[.. "{ \""u8, 0x83, .. "sk\": [] }"u8]).Error);

    [Fact]
    public void Comments_trailing_commas_and_a_byte_order_mark_are_fine() =>
        Assert.Equal(3, Parse("\uFEFF// mine\n{ \"maxSteps\": 3, /* more */ }").Settings!.MaxSteps);

    [Theory]
    [InlineData("{ \"modle\": \"x\" }", "'modle' is not a setting and has no effect. Did you mean 'model'?")]
    [InlineData("{ \"permissions\": { \"alow\": [] } }", "'permissions.alow' is not a setting and has no effect. Did you mean 'permissions.allow'?")]
    [InlineData("{ \"providers\": { \"x\": { \"baseURL\": \"http://x\" } } }", "'providers.x.baseURL' is not a setting and has no effect. Did you mean 'providers.x.baseUrl'?")]
    [InlineData("{ \"disableBypassPermissionsMode\": \"disable\" }", "'disableBypassPermissionsMode' is not a setting and has no effect. Did you mean 'permissions.disableBypassPermissionsMode'?")]
    [InlineData("{ \"apiKeyHelper\": \"x\" }", "'apiKeyHelper' is not a setting and has no effect. Did you mean 'providers.NAME.apiKeyHelper'?")]
    [InlineData("{ \"permissions\": { \"disableAutoMode\": \"disable\" } }", "'permissions.disableAutoMode' is accepted and changes nothing: there is no mode 'auto' here that a model decides in.")]
    [InlineData("{ \"deny\": [] }", "'deny' is not a setting and has no effect. Did you mean 'permissions.deny'?")]
    [InlineData("{ \"autoAllow\": true }", "'autoAllow' is not a setting and has no effect. Did you mean 'sandbox.autoAllow'?")]
    [InlineData("{ \"sandbox\": { \"failIfUnavailable\": true } }", "'sandbox.failIfUnavailable' is not a setting and has no effect. Did you mean 'sandbox.required'?")]
    [InlineData("{ \"entirelyElse\": 1 }", "'entirelyElse' is not a setting and has no effect.")]
    [InlineData("{ \"statusLine\": {} }", "'statusLine' has no effect in this version.")]
    [InlineData("{ \"model\": \"a\", \"model\": \"b\" }", "'model' is given twice; the last one counts.")]
    [InlineData("{ \"permissions\": [ { \"tool\": \"Bash\" } ] }", "the permission { \"tool\": \"Bash\" } lacks a tool or a decision and is skipped.")]
    public void What_has_no_effect_is_reported(string json, string notice)
    {
        var file = Parse(json);
        Assert.Equal([notice], file.Notices);
        Assert.NotNull(file.Settings);
    }

    [Theory]
    [InlineData("{\n  \"model\": \"x\",\n  oops\n}", "Line 3")]
    [InlineData("{\n\"maxSteps\": \"many\"\n}", "Line 2 at 'maxSteps': the value has the wrong type.")]
    [InlineData("[]", "Line 1: settings are a JSON object")]
    [InlineData("{ \"env\": { \"A\": \"\\ud800\" } }", "half of a surrogate pair")]
    [InlineData("{ \"env\": { \"\\udc00\": \"a\" } }", "half of a surrogate pair")]
    [InlineData("{ \"maxSteps\": 0 }", "'maxSteps' is 0, but must be above zero.")]
    [InlineData("{ \"maxCost\": -1 }", "'maxCost' is -1")]
    [InlineData("{ \"prices\": { \"a/b\": { \"input\": -1, \"output\": 1 } } }", "'prices.a/b' must be a price that is not below zero.")]
    [InlineData("{ \"tools\": \"sometimes\" }", "must be one of auto, native, prompted")]
    [InlineData("{ \"permissions\": { \"defaultMode\": \"yolo\" } }", "'permissions.defaultMode' is 'yolo'")]
    [InlineData("{ \"providers\": { \"x\": { \"api\": \"soap\" } } }", "'providers.x.api' is 'soap', but must be one of openai")]
    [InlineData("{ \"providers\": { \"x\": { \"baseUrl\": \"ftp://x\" } } }", "'providers.x.baseUrl' is 'ftp://x'")]
    [InlineData("{ \"providers\": { \"a/b\": {} } }", "has no slash")]
    [InlineData("{ \"webSearch\": { \"engines\": [\"bing\", \"altavista\"] } }", "'webSearch.engines' is 'altavista', but must be one of duckduckgo, bing.")]
    [InlineData("{ \"webSearch\": { \"url\": \"file:///etc/passwd\" } }", "'webSearch.url'")]
    public void A_broken_file_gives_no_settings_and_says_where(string json, string error)
    {
        var file = Parse(json);
        Assert.Null(file.Settings);
        Assert.Contains(error, file.Error);
    }

    [Fact]
    public void ReINs_list_of_permissions_is_read()
    {
        var permissions = Parse("""{ "permissions": [ { "tool": "Edit|Write", "decision": "deny" }, { "tool": "Bash(git:*)", "decision": "allow" }, { "tool": "Read", "decision": "ask" } ] }""").Settings!.Permissions!;
        Assert.Equal(["Edit", "Write"], permissions.Deny);
        Assert.Equal(["Bash(git:*)"], permissions.Allow);
        Assert.Equal(["Read"], permissions.Ask);
    }

    [Fact]
    public void A_missing_or_empty_file_is_silence()
    {
        using var folder = new TemporaryFolder();
        var missing = SettingsFile.Read(Path.Combine(folder.Path, "none.json"));
        var empty = SettingsFile.Read(folder.Write("empty.json", ""));
        Assert.All([missing, empty], file => Assert.Equal((null, null), (file.Settings, file.Error)));
    }

    [Fact]
    public async Task A_pipe_in_the_place_of_a_settings_file_is_not_opened()
    {
        using var folder = new TemporaryFolder();
        var pipe = Path.Combine(folder.Path, "pipe");
        using var made = System.Diagnostics.Process.Start("mkfifo", [pipe]);
        await made.WaitForExitAsync();
        var read = Task.Run(() => SettingsFile.Read(pipe));
        Assert.Same(read, await Task.WhenAny(read, Task.Delay(TimeSpan.FromSeconds(10))));
        Assert.Null((await read).Settings);
        Assert.Equal("It is not an ordinary file.", SettingsFile.Read(pipe, new HashSet<string>(), mend: true).Error);
        Assert.Contains("not an ordinary file", Assert.Throws<IOException>(() => SettingsReview.Of(pipe)).Message);
        Assert.Contains("not an ordinary file", Assert.Throws<IOException>(() => Bridle.Hosting.Cases.CaseFile.Lines(pipe)).Message);
        Assert.Contains("larger than 2 MiB", Assert.Single(SettingsReview.Of(folder.Write("long.json", new string(' ', 3 * 1024 * 1024)))).Text);
    }
}
