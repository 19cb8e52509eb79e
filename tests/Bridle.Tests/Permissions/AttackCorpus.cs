using System.Text.Json;
using Bridle.Permissions;
using Bridle.Tools;

namespace Bridle.Tests.Permissions;

/// <summary>Reads the attack cases and judges each with the policy it states.</summary>
internal static class AttackCorpus
{
    private static readonly string[] Judged = ["Bash", "Read", "Write", "Edit", "WebFetch"];

    public static IReadOnlyList<JsonElement> Load() =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Permissions", "attacks.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The calls of a case, or the reason why permission alone does not judge it.</summary>
    public static (CallToJudge? Call, PermissionPolicy? Policy, string? Skipped) Read(JsonElement one)
    {
        var (tool, input, policy) = (one.GetProperty("tool").GetString()!, one.GetProperty("input"), one.GetProperty("policy"));
        if (!Judged.Contains(tool))
        {
            return (null, null, $"tool {tool}");
        }

        if (one.GetProperty("class").GetString() == "sandbox" || one.TryGetProperty("how", out _))
        {
            return (null, null, "needs a sandbox or a state that data cannot set up");
        }

        if (policy.TryGetProperty("agent", out _))
        {
            return (null, null, "restrictions of sub-agents");
        }

        if (input.ValueKind is JsonValueKind.Object)
        {
            if (input.TryGetProperty("resulting_call", out var resulting))
            {
                input = resulting;
            }
            else if (input.TryGetProperty("internal", out _) || input.TryGetProperty("resume", out _))
            {
                return (null, null, "the harness's own helpers, resuming");
            }
            else if (new[] { "dns", "redirect", "body_bytes", "gzip_ratio" }.Any(name => input.TryGetProperty(name, out _)))
            {
                return (null, null, "the door to the network");
            }
        }

        var made = MakePolicy(policy);
        return (MakeCall(tool, input, made, MakeFiles(one, made)), made, null);
    }

    private static PermissionPolicy MakePolicy(JsonElement policy)
    {
        var root = policy.GetProperty("root").GetString()!;
        var rules = new List<PermissionRule>();
        foreach (var (name, verdict) in new[] { ("allow", Verdict.Allow), ("ask", Verdict.Ask), ("deny", Verdict.Deny) })
        {
            foreach (var rule in policy.GetProperty(name).EnumerateArray())
            {
                var outcome = PermissionRule.Parse(rule.GetString()!, verdict, new RuleSource(RuleLayer.User, "case"));
                Assert.True(outcome.Rule is not null && outcome.Problems.Count == 0, $"rule {rule}: {string.Join(' ', outcome.Problems)}");
                rules.Add(outcome.Rule);
            }
        }

        return new PermissionPolicy(new PolicyOptions
        {
            Root = root,
            Home = policy.TryGetProperty("home", out var home) ? home.GetString()! : "/home/u",
            Mode = PermissionModes.Parse(policy.GetProperty("mode").GetString()!)!.Mode,
            Trusted = policy.GetProperty("trusted").GetBoolean(),
            ReadOnlyCommands = policy.GetProperty("read_only_commands").GetString() != "ask",
            Rules = rules,
        });
    }

    // The files that the payloads of the corpus speak of, then what the case sets up itself.
    private static FakeFiles MakeFiles(JsonElement one, PermissionPolicy policy)
    {
        var files = new FakeFiles(policy.Options.Root, policy.Options.Home)
            .File("/ws/.env").File("/ws/f.txt").File("/ws/a.txt").File("/ws/src/a.cs").Folder("/ws/sub").File("/ws/.git/config").Link("/ws/envlink", ".env")
            .Link("/proc/self/cwd", "/ws").File("/usr/bin/touch");
        if (one.TryGetProperty("setup", out var setup))
        {
            foreach (var step in setup.EnumerateArray())
            {
                _ = step switch
                {
                    _ when step.TryGetProperty("mkdir", out var path) => files.Folder(path.GetString()!),
                    _ when step.TryGetProperty("file", out var path) => files.File(path.GetString()!, step.GetProperty("text").GetString()!),
                    _ when step.TryGetProperty("link", out var path) => files.Link(path.GetString()!, step.GetProperty("to").GetString()!),
                    _ when step.TryGetProperty("hardlink", out var path) => files.HardLink(path.GetString()!, step.GetProperty("to").GetString()!),
                    _ => throw new InvalidDataException($"An unknown step: {step}"),
                };
            }
        }

        return files;
    }

    private static CallToJudge MakeCall(string tool, JsonElement input, PermissionPolicy policy, FakeFiles files)
    {
        string Text(string name) => input.GetProperty(name).GetString()!;
        var searches = input.ValueKind is JsonValueKind.Object && (input.TryGetProperty("grep", out _) || input.TryGetProperty("glob", out _));
        var name = searches ? input.TryGetProperty("grep", out _) ? "Grep" : "Glob" : tool;
        var json = searches && name == "Glob" ? JsonDocument.Parse($$"""{"pattern":{{input.GetProperty("glob").GetRawText()}}}""").RootElement : input;
        var (kind, target) = tool switch
        {
            "Bash" => (ToolKind.Execute, (ToolTarget)new CommandTarget(input.ValueKind is JsonValueKind.String ? input.GetString()! : Text("command"))),
            "WebFetch" => (ToolKind.Network, new UrlTarget(Text("url"))),
            "Read" => (ToolKind.Read, new FileTarget(Text("path"), FileAccessKind.Read)),
            _ => (ToolKind.Write, new FileTarget(Text("path"), FileAccessKind.Write)),
        };
        var definition = new ToolDefinition(name, "", default, kind, Events.ToolEffect.Once, false);
        return CallReader.Read(definition, new ToolInput(json, json, [target]), files, policy.Options.Root);
    }
}
