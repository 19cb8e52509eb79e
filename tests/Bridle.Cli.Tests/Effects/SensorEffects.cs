using System.Text.Json;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Effects;

/// <summary>What the keys do that say what looks at the work. A model writes one file and then says that it is done, as often as it is asked.</summary>
internal static class SensorEffects
{
    private const string Bad = "echo 'a.cs:1:1: error X1: bad'; exit 1";
    private const string UntilFixed = "test -e fixed || { echo 'a.cs:1:1: error X1: bad'; exit 1; }";

    public static readonly Dictionary<string, SettingEffect> All = new()
    {
        ["sensors"] = new(stage => RunAsync(stage, $$"""{ "sensors": { "define": { "x": { "command": "{{Bad}}" } } } }"""), "1 in 5 steps", "0 in 2 steps"),
        ["sensors.detect"] = new(
            stage =>
            {
                stage.Write("work/package.json", "{}");
                stage.Write("work/tsconfig.json", "{}");
                var tsc = stage.Write("work/node_modules/.bin/tsc", "#!/bin/sh\necho 'a.ts(1,1): error TS1: bad'\nexit 2\n");
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(tsc, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                }

                return RunAsync(stage, """{ "sensors": { "detect": true } }""", "a.ts");
            },
            "1 in 5 steps", "0 in 2 steps"),
        ["sensors.autoFix"] = new(stage => RunAsync(stage, $$"""{ "sensors": { "autoFix": "auto", "define": { "x": { "command": "{{UntilFixed}}", "fix": "sh -c 'touch fixed'" } } } }"""), "0 in 2 steps", "1 in 5 steps"),
        ["sensors.rounds"] = new(stage => RunAsync(stage, $$"""{ "sensors": { "rounds": 1, "define": { "x": { "command": "{{Bad}}" } } } }"""), "1 in 3 steps", "1 in 5 steps"),
        ["sensors.define"] = new(stage => RunAsync(stage, $$"""{ "sensors": { "define": { "x": { "command": "{{Bad}}" } } } }"""), "1 in 5 steps", "0 in 2 steps"),
        ["sensors.define.NAME.command"] = new(stage => RunAsync(stage, $$"""{ "sensors": { "define": { "x": { "command": "{{Bad}}" } } } }"""), "1 in 5 steps", "0 in 2 steps"),
        ["sensors.define.NAME.prompt"] = new(stage => RunAsync(stage, """{ "sensors": { "define": { "x": { "prompt": "Is it good?" } } } }"""), "1 in 5 steps", "0 in 2 steps"),
        ["sensors.define.NAME.when"] = new(stage => RunAsync(stage, $$"""{ "sensors": { "define": { "x": { "command": "{{Bad}}", "when": ["commit"] } } } }"""), "0 in 2 steps", "1 in 5 steps"),
        ["sensors.define.NAME.files"] = new(stage => RunAsync(stage, $$"""{ "sensors": { "define": { "x": { "command": "{{Bad}}", "files": ["**/*.go"] } } } }"""), "0 in 2 steps", "1 in 5 steps"),
        ["sensors.define.NAME.matcher"] = new(stage => RunAsync(stage, """{ "sensors": { "define": { "x": { "command": "echo error BAD luck", "matcher": "^(?<severity>error) BAD (?<message>.*)$" } } } }"""), "1 in 5 steps", "0 in 2 steps"),
        ["sensors.define.NAME.severity"] = new(stage => RunAsync(stage, $$"""{ "sensors": { "define": { "x": { "command": "{{Bad}}", "severity": "warn" } } } }"""), "0 in 2 steps", "1 in 5 steps"),
        ["sensors.define.NAME.timeout"] = new(stage => RunAsync(stage, """{ "sensors": { "define": { "x": { "command": "sleep 1.5", "timeout": 1 } } } }"""), "1 in 5 steps", "0 in 2 steps"),
        ["sensors.define.NAME.fix"] = new(stage => RunAsync(stage, $$"""{ "sensors": { "autoFix": "auto", "define": { "x": { "command": "{{UntilFixed}}", "fix": "sh -c 'touch fixed'" } } } }"""), "0 in 2 steps", "1 in 5 steps"),
        ["sensors.define.NAME.advice"] = new(
            async stage =>
            {
                await RunAsync(stage, $$"""{ "sensors": { "define": { "x": { "command": "{{Bad}}", "advice": "Look into style.md." } } } }""");
                return $"{((ScriptedModel)stage.Model!).Requests.Any(request => request.Messages.Any(message => message.Text.Contains("Look into style.md.", StringComparison.Ordinal)))}";
            },
            "True", "False"),
        ["languageServers"] = new(stage => ServeAsync(stage), "1 in 5 steps", "0 in 2 steps"),
        ["languageServers.NAME.command"] = new(stage => ServeAsync(stage), "1 in 5 steps", "0 in 2 steps"),
        ["languageServers.NAME.args"] = new(
            stage =>
            {
                var program = stage.Write("work/server.sh", "#!/bin/sh\nexec node server.js $1\n");
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                }

                stage.Write("work/server.js", Server);
                return RunAsync(stage, $$"""{ "languageServers": { "x": { "command": {{SettingEffect.Quoted(program)}}, "args": ["bad"], "extensions": { ".cs": "csharp" } } } }""");
            },
            "1 in 5 steps", "0 in 2 steps"),
        ["languageServers.NAME.extensions"] = new(stage => ServeAsync(stage), "1 in 5 steps", "0 in 2 steps"),
        ["languageServers.NAME.when"] = new(stage => ServeAsync(stage, """, "when": ["continuous"]"""), "0 in 2 steps", "1 in 5 steps"),
        ["languageServers.NAME.severity"] = new(stage => ServeAsync(stage, """, "severity": "warn" """), "0 in 2 steps", "1 in 5 steps"),
        ["sensors.define.NAME.enabled"] = new(stage => RunAsync(stage, $$"""{ "sensors": { "define": { "x": { "command": "{{Bad}}", "enabled": false } } } }"""), "0 in 2 steps", "1 in 5 steps"),
    };

    // Says of every file that it is bad, once it is told to by its argument.
    private const string Server = """
        let left = '';
        const send = message => { const body = JSON.stringify({ jsonrpc: '2.0', ...message }); process.stdout.write(`Content-Length: ${body.length}\r\n\r\n${body}`); };
        process.stdin.on('data', chunk => {
          left += chunk;
          for (;;) {
            const head = left.indexOf('\r\n\r\n');
            const length = head < 0 ? 0 : +/(\d+)/.exec(left)[1];
            if (head < 0 || left.length < head + 4 + length) { return; }
            const message = JSON.parse(left.substr(head + 4, length));
            left = left.substr(head + 4 + length);
            if (message.method === 'initialize') { send({ id: message.id, result: { capabilities: { diagnosticProvider: {} } } }); }
            if (message.method === 'textDocument/diagnostic') { send({ id: message.id, result: { items: process.argv[2] ? [{ message: 'bad', severity: 1 }] : [] } }); }
          }
        });
        """;

    private static Task<string> ServeAsync(CliStage stage, string more = "")
    {
        stage.Write("work/server.js", Server);
        return RunAsync(stage, $$"""{ "languageServers": { "x": { "command": "node", "args": ["server.js", "bad"], "extensions": { ".cs": "csharp" }{{more}} } } }""");
    }

    private static async Task<string> RunAsync(CliStage stage, string settings, string file = "a.cs", params string[] flags)
    {
        stage.Write("home/.config/bridle/settings.json", settings);
        ScriptedReply Next() => new(request => Reply(request, stage, file).Updates(request));
        stage.Model = new ScriptedModel(Enumerable.Range(0, 9).Select(_ => Next()));
        var code = await stage.RunAsync(["run", "--sandbox", "off", "--trust", "--mode", "acceptEdits", "--output", "json", .. flags, "task"]);
        using var result = JsonDocument.Parse(stage.Out.ToString());
        return $"{code} in {result.RootElement.GetProperty("steps").GetInt32()} steps";
    }

    private static ScriptedReply Reply(ModelRequest request, CliStage stage, string file) =>
        request.System.StartsWith("You judge", StringComparison.Ordinal) ? ScriptedReply.Text("""{"verdict":"fail","reasons":[{"message":"It is not."}]}""")
        : request.Messages.Count > 1 ? ScriptedReply.Text("Done.")
        : ScriptedReply.Calls(("Write", $$"""{ "file_path": {{SettingEffect.Quoted(Path.Combine(stage.Work, file))}}, "content": "x" }"""));
}
