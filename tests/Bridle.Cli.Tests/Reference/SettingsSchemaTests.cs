using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bridle.Hosting.Settings;

namespace Bridle.Cli.Tests.Reference;

/// <summary>The published schema is made from the code, and an independent validator (ajv, by npm) agrees with the reader about what is right and what is wrong.</summary>
public sealed class SettingsSchemaTests(SettingsSchemaTests.Ajv ajv) : IClassFixture<SettingsSchemaTests.Ajv>
{
    private static readonly string[] Wrong =
    [
        """{ "maxSteps": "many" }""", """{ "maxSteps": 1.5 }""", """{ "maxSteps": 0 }""", """{ "maxCost": -1 }""", """{ "tools": "sometimes" }""", """{ "model": 3 }""", """{ "baseUrl": "ftp://x" }""",
        """{ "webSearch": { "url": "file:///etc/passwd" } }""", """{ "permissions": { "defaultMode": "yolo" } }""", """{ "permissions": { "allow": "Bash" } }""", """{ "permissions": { "allow": [1] } }""",
        """{ "permissions": { "disableBypassPermissionsMode": "yes" } }""", """{ "permissions": { "sensitivePaths": { "~/.ssh": "allow" } } }""", """{ "providers": { "x": { "api": "soap" } } }""",
        """{ "providers": { "x": { "contextWindow": 0 } } }""", """{ "prices": { "a/b": { "input": -1, "output": 1 } } }""", """{ "env": { "A": 1 } }""", """{ "readClaudeSettings": "no" }""",
        """{ "sandbox": { "limits": { "processes": -1 } } }""", """{ "sandbox": { "limits": { "memoryMb": 1.5 } } }""", """{ "sandbox": { "limits": { "openFiles": "many" } } }""",
        """{ "sandbox": { "backend": "chroot" } }""", """{ "webSearch": { "engines": ["altavista"] } }""", """{ "approvalTimeout": 0 }""", """{ "autoCompactAt": 2 }""", """{ "instructionFiles": "some" }""", """{ "compactSummary": "me" }""", """{ "memoryStore": "sql" }""", """{ "memoryIndexBytes": 0 }""", """{ "acceptanceRounds": -1 }""", """{ "sealedFiles": "tests" }""",
        """{ "sensors": { "autoFix": "always" } }""", """{ "sensors": { "rounds": 0 } }""", """{ "sensors": { "define": { "x": { "when": ["never"] } } } }""", """{ "sensors": { "define": { "x": { "severity": "error" } } } }""", """{ "sensors": { "define": { "x": { "timeout": 0 } } } }""", """{ "sensors": { "detect": "yes" } }""",
        """{ "acceptance": [{ "file": "a", "command": "b" }] }""", """{ "acceptance": [{ "command": "b", "timeout": 0 }] }""", """{ "maxDayCost": -1 }""", """{ "whenSpent": "cry" }""",
        """{ "skillListTokens": -1 }""", """{ "toolSearchOver": 0 }""",
        """{ "languageServers": { "x": { "when": ["commit"] } } }""", """{ "languageServers": { "x": { "severity": 1 } } }""",
        """{ "skillOverrides": { "a": "perhaps" } }""",
        """{ "guides": [{ "name": "a" }] }""", """{ "guides": [{ "name": "a", "text": "x", "file": "y" }] }""", """{ "guides": [{ "name": "a", "text": "x", "maxTokens": 5 }] }""", """{ "guides": [{ "name": "a", "text": "x", "at": "end" }] }""", """{ "guides": [{ "name": "a", "text": "x", "when": {} }] }""",
        """{ "modle": "x" }""", """{ "permissions": { "alow": [] } }""", """{ "providers": { "x": { "baseURL": "http://x" } } }""", "[]",
    ];

    [Fact]
    public void The_published_schema_is_what_the_code_says()
    {
        var file = Path.Combine(ReferencePage.Root, "docs", "reference", "settings.schema.json");
        var made = SchemaText.Make();
        if (made == File.ReadAllText(file))
        {
            Assert.Equal(made, SettingsSchema.Text);
            return;
        }

        var received = Path.Combine(AppContext.BaseDirectory, "received", "settings.schema.json");
        Directory.CreateDirectory(Path.GetDirectoryName(received)!);
        File.WriteAllText(received, made);
        Assert.Fail($"docs/reference/settings.schema.json is not what the code says. Look at the difference and take it over:\n  cp {received} {file}");
    }

    [Fact]
    public async Task Every_example_of_the_reference_is_valid_for_an_independent_validator()
    {
        var documents = SettingsReferenceTests.Examples.Where(example => example.Key is not ("prices.NAME.input" or "prices.NAME.output" or "prices.NAME.cacheRead" or "prices.NAME.cacheWrite"))
            .Select(example => Nested(example.Key, example.Value)).ToList();
        var verdicts = await ajv.JudgeAsync(SettingsSchema.Text, documents);
        Assert.All(documents.Zip(verdicts), pair => Assert.True(pair.Second.Ok, $"{pair.First}: {pair.Second.Why}"));
    }

    [Fact]
    public async Task What_the_schema_says_of_hooks_and_modes_the_check_of_a_file_says_as_well()
    {
        string[] right =
        [
            """{ "hooks": { "PreToolUse": [{ "matcher": "Bash", "hooks": [{ "type": "command", "command": "x", "timeout": 5, "onFailure": "block" }] }] } }""",
            """{ "hooks": { "pre_tool_use": [{ "type": "command", "command": "x", "timeout_seconds": 5, "block_on_failure": true }], "Stop": [] } }""",
            """{ "permissions": { "defaultMode": "manual" } }""", """{ "permissionMode": "strict" }""",
        ];
        string[] wrong =
        [
            """{ "hooks": { "PreToolUz": [] } }""", """{ "hooks": { "PreToolUse": {} } }""", """{ "hooks": { "PreToolUse": [{ "hooks": [] }] } }""", """{ "hooks": { "PreToolUse": [{ "hooks": [{ "type": "command", "comand": "x" }] }] } }""",
            """{ "hooks": { "Stop": [{ "hooks": [{ "type": "shell", "command": "x" }] }] } }""", """{ "hooks": { "Stop": [{ "hooks": [{ "command": "x", "timeout": 0 }] }] } }""", """{ "permissions": { "defaultMode": "manuel" } }""",
        ];
        var verdicts = await ajv.JudgeAsync(SettingsSchema.Text, [.. right, .. wrong]);
        Assert.All(right.Zip(verdicts), pair => Assert.True(pair.Second.Ok, $"{pair.First}: {pair.Second.Why}"));
        Assert.All(wrong.Zip(verdicts.Skip(right.Length)), pair => Assert.False(pair.Second.Ok, $"The schema accepts {pair.First}"));
        Assert.All(right, document => Assert.DoesNotContain(SettingsReview.Of(Encoding.UTF8.GetBytes(document), "settings.json"), finding => finding.Text.Contains("hook", StringComparison.Ordinal)));
        Assert.All(wrong, document => Assert.NotEmpty(SettingsReview.Of(Encoding.UTF8.GetBytes(document), "settings.json")));
    }

    [Fact]
    public async Task What_the_schema_refuses_the_reader_refuses_or_reports_as_well()
    {
        var verdicts = await ajv.JudgeAsync(SettingsSchema.Text, Wrong);
        Assert.All(Wrong.Zip(verdicts), pair => Assert.False(pair.Second.Ok, $"The schema accepts {pair.First}"));
        Assert.All(Wrong, document =>
        {
            var file = SettingsFile.Parse("settings.json", Encoding.UTF8.GetBytes(document));
            Assert.True(file.Error is not null || file.Notices.Count > 0, $"The reader accepts {document}");
            Assert.NotEmpty(SettingsReview.Of(Encoding.UTF8.GetBytes(document), "settings.json"));
        });
    }

    private static string Nested(string key, string example)
    {
        var parts = key.Split('.');
        return string.Concat(parts.Select(part => $"{{ \"{part}\": ")) + example + string.Concat(parts.Select(_ => " }"));
    }

    /// <summary>Installs the validator once, and again only when its lock file changed.</summary>
    public sealed class Ajv : IAsyncLifetime
    {
        private readonly string _folder = Path.Combine(AppContext.BaseDirectory, "ajv");

        public async ValueTask InitializeAsync()
        {
            var wanted = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(_folder, "package-lock.json"))));
            var mark = Path.Combine(_folder, "node_modules", ".installed");
            if (!File.Exists(mark) || await File.ReadAllTextAsync(mark) != wanted)
            {
                var (exit, output) = await RunAsync("", "npm", "ci", "--no-progress", "--no-audit", "--no-fund");
                Assert.True(exit == 0, "npm could not install the validator:\n" + output);
                await File.WriteAllTextAsync(mark, wanted);
            }
        }

        public ValueTask DisposeAsync() => default;

        internal async Task<IReadOnlyList<(bool Ok, string Why)>> JudgeAsync(string schema, IReadOnlyList<string> documents)
        {
            var (exit, output) = await RunAsync($$"""{ "schema": {{schema}}, "documents": [{{string.Join(',', documents)}}] }""", "node", "check.mjs");
            Assert.True(exit == 0, output);
            using var verdicts = JsonDocument.Parse(output);
            return [.. verdicts.RootElement.EnumerateArray().Select(verdict => (verdict.GetProperty("ok").GetBoolean(), verdict.GetProperty("errors").GetRawText()))];
        }

        private async Task<(int Exit, string Output)> RunAsync(string input, string program, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, process.ExitCode == 0 ? await output : await errors + await output);
        }
    }
}
