using System.Text;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Bridle.Hosting.Settings;

namespace Bridle.Cli.Tests.Reference;

public sealed partial class SettingsReferenceTests
{
    // One value for each key, as somebody might write it.
    internal static readonly Dictionary<string, string> Examples = new()
    {
        ["$schema"] = "\"https://example.com/bridle.schema.json\"",
        ["model"] = "\"anthropic/claude-sonnet-4-20250514\"",
        ["systemPrompt"] = "\"You review C# code.\"",
        ["providers"] = "{ \"lab\": { \"api\": \"openai\", \"baseUrl\": \"http://gpu:8000/v1\" } }",
        ["providers.NAME.api"] = "\"openai\"",
        ["providers.NAME.baseUrl"] = "\"http://gpu:8000/v1\"",
        ["providers.NAME.keyEnv"] = "\"LAB_KEY\"",
        ["providers.NAME.apiKey"] = "\"lab-0123\"",
        ["providers.NAME.apiKeyHelper"] = "\"pass show lab/key\"",
        ["providers.NAME.headers"] = "{ \"X-Team\": \"tools\" }",
        ["providers.NAME.model"] = "\"qwen3:32b\"",
        ["providers.NAME.contextWindow"] = "131072",
        ["providers.NAME.maxOutputTokens"] = "8192",
        ["providers.NAME.tools"] = "\"prompted\"",
        ["providers.NAME.webGrounding"] = "true",
        ["permissions"] = "{ \"allow\": [\"Bash(dotnet test:*)\"], \"deny\": [\"Read(secret/**)\"] }",
        ["permissions.allow"] = "[\"Bash(dotnet test:*)\"]",
        ["permissions.ask"] = "[\"Edit(migrations/**)\"]",
        ["permissions.deny"] = "[\"Bash(git push:*)\"]",
        ["permissions.defaultMode"] = "\"plan\"",
        ["permissions.additionalDirectories"] = "[\"../shared\"]",
        ["permissions.disableBypassPermissionsMode"] = "\"disable\"",
        ["permissions.blockReadsOutsideWorkingDirectories"] = "true",
        ["permissions.blockWritesOutsideWorkingDirectories"] = "true",
        ["permissions.denyInsteadOfPrompting"] = "true",
        ["permissions.sensitivePaths"] = "{ \"~/.aws/config\": \"ask\" }",
        ["permissions.examples"] = "{ \"Bash(git log:*)\": { \"match\": [\"Bash(git log -1)\"] } }",
        ["permissions.examples.NAME.match"] = "[\"Bash(git log -1)\"]",
        ["permissions.examples.NAME.notMatch"] = "[\"Bash(git log; make)\"]",
        ["fallbackModel"] = "[\"openai/gpt-5\", \"lab/qwen3:32b\"]",
        ["roles"] = "{ \"compactor\": \"lab/qwen3:32b\" }",
        ["roles.compactor"] = "\"lab/qwen3:32b\"",
        ["roles.judge"] = "\"lab/qwen3:32b\"",
        ["roles.guide"] = "\"anthropic/claude-haiku-4-5\"",
        ["roles.planner"] = "\"anthropic/claude-opus-4-1\"",
        ["roles.large"] = "\"gemini/gemini-2.5-pro\"",
        ["roles.reviewer"] = "\"lab/qwen3:32b\"",
        ["permissionMode"] = "\"plan\"",
        ["maxSteps"] = "40",
        ["maxCost"] = "0.5",
        ["maxSessionCost"] = "5",
        ["maxDayCost"] = "10",
        ["maxMonthCost"] = "100",
        ["whenSpent"] = "\"ask\"",
        ["maxTime"] = "600",
        ["maxTokens"] = "4096",
        ["tools"] = "\"native\"",
        ["instructionFiles"] = "\"agents-first\"",
        ["instructionExcludes"] = "[\"/home/ann/work/**/CLAUDE.md\"]",
        ["claudeMdExcludes"] = "[\"/home/ann/work/**/CLAUDE.md\"]",
        ["autoCompactEnabled"] = "false",
        ["pointToEarlierReads"] = "false",
        ["guides"] = "[{ \"name\": \"sql\", \"text\": \"Never drop a column.\", \"when\": { \"files\": [\"**/*.sql\"] } }, { \"name\": \"branch\", \"command\": \"git branch --show-current\", \"at\": \"step\", \"maxTokens\": 200 }]",
        ["toolSearchOver"] = "10",
        ["skillOverrides"] = "{ \"deploy\": \"user-invocable-only\" }",
        ["skillListTokens"] = "2000",
        ["autoCompactAt"] = "0.6",
        ["compactSummary"] = "\"model\"",
        ["experienceEnabled"] = "true",
        ["learningReview"] = "true",
        ["autoMemoryEnabled"] = "false",
        ["memoryStore"] = "\"jsonl\"",
        ["memoryIndexBytes"] = "8000",
        ["acceptance"] = "[{ \"command\": \"npm test\" }, { \"file\": \"CHANGES.md\", \"contains\": \"## Next\" }]",
        ["acceptanceRounds"] = "2",
        ["sealedFiles"] = "[\"tests/**\"]",
        ["webSearch"] = "{ \"url\": \"https://search.example.com/search?format=json\" }",
        ["webSearch.url"] = "\"https://search.example.com/search?format=json\"",
        ["webSearch.engines"] = "[\"duckduckgo\", \"bing\"]",
        ["recall"] = """{ "allProjects": true }""",
        ["recall.allProjects"] = "true",
        ["recall.sqlite"] = "\"/opt/sqlite/lib/libsqlite3.so\"",
        ["recall.embeddings"] = """{ "api": "ollama", "url": "http://127.0.0.1:11434", "model": "nomic-embed-text" }""",
        ["recall.embeddings.api"] = "\"ollama\"",
        ["recall.embeddings.url"] = "\"http://127.0.0.1:11434\"",
        ["recall.embeddings.model"] = "\"nomic-embed-text\"",
        ["recall.embeddings.keyEnv"] = "\"LAB_KEY\"",
        ["prices"] = "{ \"lab/qwen3:32b\": { \"input\": 0.1, \"output\": 0.4 } }",
        ["prices.NAME.input"] = "0.1",
        ["prices.NAME.output"] = "0.4",
        ["prices.NAME.cacheRead"] = "0.01",
        ["prices.NAME.cacheWrite"] = "0.125",
        ["env"] = "{ \"DOTNET_NOLOGO\": \"1\" }",
        ["approvalTimeout"] = "120",
        ["permission"] = "{ \"denied_tools\": [\"web_fetch\"], \"path_rules\": [{ \"pattern\": \"/etc/*\", \"allow\": false }], \"denied_commands\": [\"rm -rf /\"] }",
        ["hooks"] = "{ \"PreToolUse\": [{ \"matcher\": \"Bash\", \"hooks\": [{ \"type\": \"command\", \"command\": \"./check.sh\" }] }] }",
        ["disableAllHooks"] = "true",
        ["allowedHttpHookUrls"] = "[\"https://hooks.example.com/*\"]",
        ["httpHookAllowedEnvVars"] = "[\"HOOK_TOKEN\"]",
        ["sensors"] = """{ "detect": true }""",
        ["sensors.detect"] = "true",
        ["sensors.autoFix"] = "\"auto\"",
        ["sensors.rounds"] = "5",
        ["sensors.define"] = """{ "build": { "command": "dotnet build", "files": ["**/*.cs"] } }""",
        ["sensors.define.NAME.command"] = "\"dotnet test --no-restore\"",
        ["sensors.define.NAME.prompt"] = "\"Does every public member have a doc comment?\"",
        ["sensors.define.NAME.when"] = """["edit", "commit"]""",
        ["sensors.define.NAME.files"] = """["src/**/*.cs"]""",
        ["sensors.define.NAME.matcher"] = "\"$msbuild\"",
        ["sensors.define.NAME.severity"] = "\"warn\"",
        ["sensors.define.NAME.timeout"] = "120",
        ["sensors.define.NAME.fix"] = "\"dotnet format --include {files}\"",
        ["sensors.define.NAME.advice"] = "\"See docs/style.md.\"",
        ["sensors.define.NAME.enabled"] = "false",
        ["languageServers"] = """{ "clangd": { "command": "clangd", "extensions": { ".c": "c" } } }""",
        ["languageServers.NAME.command"] = "\"typescript-language-server\"",
        ["languageServers.NAME.args"] = """["--stdio"]""",
        ["languageServers.NAME.extensions"] = """{ ".ts": "typescript" }""",
        ["languageServers.NAME.when"] = """["turn"]""",
        ["languageServers.NAME.severity"] = "\"warn\"",
        ["sandbox"] = """{ "required": true }""",
        ["sandbox.enabled"] = "true",
        ["sandbox.backend"] = "\"bubblewrap\"",
        ["sandbox.required"] = "true",
        ["sandbox.autoAllow"] = "false",
        ["sandbox.allowUnsandboxedCommands"] = "false",
        ["sandbox.allowUnconfined"] = """["git push:*"]""",
        ["sandbox.excludedCommands"] = """["docker build:*"]""",
        ["sandbox.toolchains"] = """["dotnet", "npm"]""",
        ["sandbox.network"] = """{ "deniedDomains": ["example.com"] }""",
        ["sandbox.network.allowedDomains"] = """["packages.example.com", "*.example.com"]""",
        ["sandbox.network.privateDomains"] = """["git.company.example"]""",
        ["sandbox.network.deniedDomains"] = """["example.com"]""",
        ["sandbox.network.unixSockets"] = "true",
        ["sandbox.filesystem"] = """{ "denyRead": ["~/notes"] }""",
        ["sandbox.filesystem.allowWrite"] = """["../build", "/var/tmp/out"]""",
        ["sandbox.filesystem.denyWrite"] = """["migrations"]""",
        ["sandbox.filesystem.denyRead"] = """["~/notes"]""",
        ["sandbox.filesystem.allowRead"] = """["~/.docker/config.json"]""",
        ["sandbox.container"] = """{ "network": false }""",
        ["sandbox.container.image"] = "\"localhost/build:1\"",
        ["sandbox.container.network"] = "true",
        ["sandbox.container.memoryMb"] = "4096",
        ["sandbox.limits"] = """{ "processes": 256 }""",
        ["sandbox.limits.processes"] = "256",
        ["sandbox.limits.memoryMb"] = "4096",
        ["sandbox.limits.cpuSeconds"] = "600",
        ["sandbox.limits.openFiles"] = "1024",
        ["sandbox.limits.fileSizeMb"] = "512",
        ["sandbox.environment"] = """{ "pass": ["CI"] }""",
        ["sandbox.environment.pass"] = """["CI", "JAVA_HOME"]""",
        ["telemetry"] = "{ \"enabled\": true }",
        ["telemetry.enabled"] = "true",
        ["telemetry.endpoint"] = "\"https://collector.example.com\"",
        ["telemetry.headers"] = "{ \"Authorization\": \"Bearer …\" }",
        ["telemetry.content"] = "true",
        ["worktree"] = "true",
        ["plain"] = "true",
        ["notifications"] = "\"desktop\"",
        ["keepSessionDays"] = "90",
        ["readClaudeSettings"] = "false",
        ["allowManagedHooksOnly"] = "true",
        ["blockedPlugins"] = "[\"formatter@team\"]",
        ["allowManagedPermissionRulesOnly"] = "true",
        ["disableDangerouslySkipPermissions"] = "true",
        ["apiKey"] = "\"sk-ant-…\"",
        ["baseUrl"] = "\"https://proxy.example.com\"",
    };

    [Fact]
    public void Every_setting_is_in_the_reference_with_an_example_that_is_accepted()
    {
        var rows = new List<IReadOnlyList<string>>();
        Walk(SettingsJson.Default.BridleSettings, "", rows);
        Assert.Equal([], Examples.Keys.Except(rows.Select(row => row[0].Trim('`'))));
        ReferencePage.Check("settings.md", ("settings", ReferencePage.Table(["Key", "What it says", "Example", "A project's file"], rows)));
    }

    private static void Walk(JsonTypeInfo type, string path, List<IReadOnlyList<string>> rows)
    {
        foreach (var property in type.Properties.Where(property => property.Get is not null))
        {
            var key = path + property.Name;
            Assert.True(Examples.TryGetValue(key, out var example), $"The setting '{key}' has no example here.");
            rows.Add([$"`{key}`", Summary(type.Type, property.Name), $"`{example}`", InProject(key, example)]);
            var inner = SettingsJson.Default.GetTypeInfo(property.PropertyType);
            if (inner is { Kind: JsonTypeInfoKind.Dictionary } && SettingsJson.Default.GetTypeInfo(inner.ElementType!) is { Kind: JsonTypeInfoKind.Object } element)
            {
                Walk(element, $"{key}.NAME.", rows);
            }
            else if (key == "permissions")
            {
                Walk(SettingsJson.Default.PermissionSettings, $"{key}.", rows);
            }
            else if (inner is { Kind: JsonTypeInfoKind.Object })
            {
                Walk(inner, $"{key}.", rows);
            }
        }
    }

    /// <summary>What becomes of the key in the project's own file, found out by reading one.</summary>
    private static string InProject(string key, string example)
    {
        var parts = key.Split('.');
        var json = string.Concat(parts.Select(part => $"{{ \"{part}\": ")) + example + string.Concat(parts.Select(_ => " }"));
        var file = SettingsFile.Parse("project.json", Encoding.UTF8.GetBytes(json));
        Assert.True(file.Error is null && file.Notices.Count == 0, $"The example of '{key}' is not accepted: {file.Error} {string.Join(' ', file.Notices)}");
        var nothing = new SettingsFile("none", null, null, []);
        var untrusted = LayeredSettings.Combine(nothing, file, nothing);
        var trusted = LayeredSettings.Combine(nothing, file, nothing, trusted: true);
        return key switch
        {
            "$schema" => "no effect",
            "permissions" or "sandbox" => "in part",
            _ when key.StartsWith("sandbox.limits", StringComparison.Ordinal) || key is "sandbox.enabled" or "sandbox.required" or "sandbox.autoAllow" or "sandbox.allowUnsandboxedCommands" => "where stricter",
            _ when trusted.Notices.Any(notice => notice.Contains("ignored", StringComparison.Ordinal)) => "never",
            _ when untrusted.Untrusted.Count > 0 => "once trusted",
            "permissions.defaultMode" or "permissionMode" or "maxSteps" or "maxCost" or "maxTime" or "maxTokens" => "where stricter; else once trusted",
            _ => "always",
        };
    }

    /// <summary>The summary above the property in its source.</summary>
    internal static string Summary(Type type, string name)
    {
        var file = Directory.EnumerateFiles(Path.Combine(ReferencePage.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText).First(text => Regex.IsMatch(text, $@"public sealed record {type.Name}\b"));
        var after = file[Regex.Match(file, $@"public sealed record {type.Name}\b").Index..];
        var clr = name == "$schema" ? "Schema" : name;
        var property = Regex.Match(after, $@"<summary>(?<text>[^\n]*)</summary>\s*(\[[^\n]*\]\s*)*public [^\n]*\b{clr}\b", RegexOptions.IgnoreCase);
        if (property.Success)
        {
            return Plain(property.Groups["text"].Value);
        }

        var parameter = Regex.Match(file, $"""<param name="{name}">(?<text>.*?)</param>""", RegexOptions.IgnoreCase);
        Assert.True(parameter.Success, $"{type.Name}.{name} has no summary.");
        return Plain(parameter.Groups["text"].Value);
    }

    // A reference by its name would leave a hole in the sentence.
    private static string Plain(string text) => text.Contains("<see ", StringComparison.Ordinal) ? throw new InvalidOperationException($"Write the key as <c>key</c>, not as a reference: {text}") : Tag().Replace(text.Replace("<c>", "`", StringComparison.Ordinal).Replace("</c>", "`", StringComparison.Ordinal), "");

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();
}
