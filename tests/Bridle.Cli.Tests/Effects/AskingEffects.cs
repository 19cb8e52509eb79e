using Bridle.Events;
using Bridle.FakeVendors;
using Bridle.Permissions;

namespace Bridle.Cli.Tests.Effects;

/// <summary>What the keys do that decide about calls, questions and hooks.</summary>
internal static class AskingEffects
{
    public static readonly Dictionary<string, SettingEffect> All = new()
    {
        ["permissions.additionalDirectories"] = new(stage => ReadOutsideAsync(stage, """{ "additionalDirectories": ["OTHER"] }"""), "done", "denied"),
        ["permissions.blockReadsOutsideWorkingDirectories"] = new(stage => ReadOutsideAsync(stage, """{ "blockReadsOutsideWorkingDirectories": true }""", "--mode", "bypass"), "denied", "done"),
        ["permissions.blockWritesOutsideWorkingDirectories"] = new(WriteOutsideAsync, "denied False", "done True"),
        ["permissions.sensitivePaths"] = new(
            stage =>
            {
                var secret = stage.Write("home/.aws/config", "region\n");
                return AskedAsync(stage, """ "permissions": { "sensitivePaths": { "~/.aws/config": "ask" } } """, "Read", $$"""{ "file_path": {{SettingEffect.Quoted(secret)}} }""");
            },
            "asked", "refused"),
        ["permissions.examples"] = new(stage => ShownAsync(stage, """{ "match": ["Bash(make)"] }"""), "denied", "done"),
        ["permissions.examples.NAME.match"] = new(stage => ShownAsync(stage, """{ "match": ["Bash(git log)"] }"""), "denied", "done"),
        ["permissions.examples.NAME.notMatch"] = new(stage => ShownAsync(stage, """{ "match": ["Bash(touch a)"], "notMatch": ["Bash(touch b)"] }"""), "denied", "done"),
        ["permissions.denyInsteadOfPrompting"] = new(
            stage => AskedAsync(stage, """ "permissions": { "denyInsteadOfPrompting": true } """, "Bash", """{ "command": "touch made.txt" }"""), "refused", "asked"),
        ["permission"] = new(
            stage => SettingEffect.CallAsync(
                stage, """{ "permission": { "denied_commands": ["touch *"] }, "permissions": { "allow": ["Bash"] } }""", "Bash", """{ "command": "touch made.txt" }""", "--sandbox", "off"), "denied", "done"),
        ["blockedPlugins"] = new(
            async stage =>
            {
                // There are no plugins to block yet; what is blocked is kept together and shown.
                stage.Write("home/.config/bridle/settings.json", """{ "blockedPlugins": ["formatter@team"] }""");
                await stage.RunAsync("settings", "show");
                return stage.Out.ToString().Contains("formatter@team", StringComparison.Ordinal) ? "shown" : "not shown";
            },
            "shown", "not shown"),
        ["approvalTimeout"] = new(SlowPersonAsync, "denied", "done"),
        ["allowedHttpHookUrls"] = new(stage => HttpHookAsync(stage, """ "allowedHttpHookUrls": ["https://hooks.example.com/*"] """), "not sent", "<secret>"),
        ["httpHookAllowedEnvVars"] = new(stage => HttpHookAsync(stage, """ "httpHookAllowedEnvVars": ["OTHER"] """), "<>", "<secret>"),
    };

    // An allow rule with these examples.
    private static Task<string> ShownAsync(CliStage stage, string examples) => SettingEffect.CallAsync(
        stage, $$"""{ "permissions": { "allow": ["Bash(touch:*)"], "examples": { "Bash(touch:*)": {{examples}} } } }""", "Bash", """{ "command": "touch made.txt" }""", "--sandbox", "off");

    private static Task<string> ReadOutsideAsync(CliStage stage, string permissions, params string[] flags)
    {
        var notes = stage.Write("other/notes.txt", "the notes\n");
        var settings = $$"""{ "permissions": {{permissions.Replace("OTHER", Path.GetDirectoryName(notes), StringComparison.Ordinal)}} }""";
        return SettingEffect.CallAsync(stage, settings, "Read", $$"""{ "file_path": {{SettingEffect.Quoted(notes)}} }""", flags);
    }

    private static async Task<string> WriteOutsideAsync(CliStage stage)
    {
        var notes = Path.Combine(Path.GetDirectoryName(stage.Write("other/old.txt", ""))!, "new.txt");
        var ended = await SettingEffect.CallAsync(
            stage, """{ "permissions": { "blockWritesOutsideWorkingDirectories": true } }""", "Write", $$"""{ "file_path": {{SettingEffect.Quoted(notes)}}, "content": "x" }""", "--mode", "bypass");
        return $"{ended} {File.Exists(notes)}";
    }

    /// <summary>Whether a call is asked about, which a hook hears, or refused at once.</summary>
    private static async Task<string> AskedAsync(CliStage stage, string settings, string tool, string input)
    {
        var mark = stage.PathOf("asked");
        var ended = await SettingEffect.CallAsync(
            stage, $$"""{ {{settings}}, "hooks": { "PermissionRequest": [{ "hooks": [{ "type": "command", "command": "touch {{mark}}" }] }] } }""", tool, input, "--sandbox", "off");
        Assert.Equal("denied", ended);
        return File.Exists(mark) ? "asked" : "refused";
    }

    /// <summary>A person who says yes after a minute.</summary>
    private static Task<string> SlowPersonAsync(CliStage stage)
    {
        var time = new PushedTime();
        stage.Adjust = request => request with { Time = time, Approver = new SlowPerson(time) };
        return SettingEffect.CallAsync(stage, """{ "approvalTimeout": 30 }""", "Bash", """{ "command": "touch made.txt" }""", "--sandbox", "off");
    }

    /// <summary>The header that a hook's server is sent.</summary>
    private static async Task<string> HttpHookAsync(CliStage stage, string settings)
    {
        await using var server = new FakeHttpServer(_ => FakeReply.Json(200, "{}"));
        stage.Variables["TOKEN_OF_MINE"] = "secret";
        await SettingEffect.CallAsync(
            stage,
            $$"""{ {{settings}}, "hooks": { "PreToolUse": [{ "hooks": [{ "type": "http", "url": "{{server.Url}}", "headers": { "X-Token": "<$TOKEN_OF_MINE>" }, "allowedEnvVars": ["TOKEN_OF_MINE"] }] }] } }""",
            "Ls", "{}");
        return server.Requests.SingleOrDefault() is { } sent ? sent.Headers.GetValueOrDefault("X-Token", "") : "not sent";
    }

    private sealed class SlowPerson(PushedTime time) : IApprover
    {
        public ValueTask<ApprovalAnswer?> ApproveAsync(ApprovalPrompt prompt, CancellationToken cancellationToken)
        {
            time.Push(TimeSpan.FromMinutes(1));
            cancellationToken.ThrowIfCancellationRequested();
            return ValueTask.FromResult<ApprovalAnswer?>(new(true));
        }

        public ValueTask<string?> AnswerAsync(QuestionAsked question, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);
    }
}
