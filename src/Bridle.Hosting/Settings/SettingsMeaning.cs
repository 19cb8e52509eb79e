using System.Text.Json;
using Bridle.Hosting.Hooks;
using Bridle.Permissions;
using Bridle.Sandboxing;
using Bridle.Tools;

namespace Bridle.Hosting.Settings;

/// <summary>What a start would leave out of a file that is right as JSON: hooks, hosts, names of tools, OpenHarness' permissions and modes that mean nothing.</summary>
internal static class SettingsMeaning
{
    // Beside the tools that have other names: what a session may get from elsewhere.
    private static readonly string[] s_further = ["Git", "ListMemory", "ReadMemory", "Agent", "ListAgents", "SendUserMessage", "ListMcpResourcesTool", "ReadMcpResourceTool", "ReadMcpResourceDirTool", "SetGoal", "execute_sandboxed_command"];

    private static readonly string[] s_permissionKeys = ["mode", "allowed_tools", "denied_tools", "path_rules", "denied_commands"];

    private static readonly string[] s_pathRuleKeys = ["pattern", "allow"];

    /// <summary>The names that rules may use for the tools of this version.</summary>
    public static IReadOnlySet<string> Tools { get; } = ToolAliases.Standard.All.Select(alias => alias.Tool).Concat(s_further).ToHashSet(StringComparer.Ordinal);

    /// <summary>Everything of that kind.</summary>
    public static IEnumerable<SettingsProblem> Problems(JsonElement root, BridleSettings settings, string path) =>
    [
        .. InHooks(root, path),
        .. InHosts("sandbox.network.allowedDomains", settings.Sandbox?.Network?.AllowedDomains),
        .. InHosts("sandbox.network.privateDomains", settings.Sandbox?.Network?.PrivateDomains, whole: true),
        .. InHosts("sandbox.network.deniedDomains", settings.Sandbox?.Network?.DeniedDomains),
        .. InRules("permissions.allow", settings.Permissions?.Allow, Verdict.Allow, path),
        .. InRules("permissions.ask", settings.Permissions?.Ask, Verdict.Ask, path),
        .. InRules("permissions.deny", settings.Permissions?.Deny, Verdict.Deny, path),
        .. InForeign(settings.Permission, path),
        .. InMode("permissions.defaultMode", settings.Permissions?.DefaultMode),
        .. InMode("permissionMode", settings.PermissionMode),
    ];

    private static IEnumerable<SettingsProblem> InHooks(JsonElement root, string path)
    {
        if (root.ValueKind is not JsonValueKind.Object || !root.TryGetProperty("hooks", out var hooks) || hooks.ValueKind is JsonValueKind.Null)
        {
            yield break;
        }

        foreach (var hook in HookReader.Read(new HookFile(SettingsOrigin.User, path, hooks)).Where(hook => hook.IsBroken))
        {
            yield return new(hook.Place is "hooks" or "" ? "hooks" : $"hooks.{hook.Place}", $"The hook '{hook.Place}' does not run: {hook.Reason}");
        }

        foreach (var problem in HookFields.Problems(hooks))
        {
            yield return problem;
        }
    }

    private static IEnumerable<SettingsProblem> InHosts(string key, IReadOnlyList<string>? hosts, bool whole = false)
    {
        for (var i = 0; i < (hosts?.Count ?? 0); i++)
        {
            if (DomainRule.Parse(hosts![i] ?? "", key, out var problem) is not { } rule)
            {
                yield return new($"{key}[{i}]", problem);
            }
            else if (whole && rule.Host.Contains('*', StringComparison.Ordinal))
            {
                yield return new($"{key}[{i}]", $"'{hosts[i]}' in {key} must be one host, without '*'; it is ignored.");
            }
        }
    }

    private static IEnumerable<SettingsProblem> InRules(string key, IReadOnlyList<string>? rules, Verdict verdict, string path)
    {
        for (var i = 0; i < (rules?.Count ?? 0); i++)
        {
            if (PermissionRule.Parse(rules![i] ?? "", verdict, new(RuleLayer.User, path)).Rule is not { } rule)
            {
                continue;
            }

            foreach (var unknown in rule.UnknownTools(Tools))
            {
                yield return new($"{key}[{i}]", Unknown(rules[i], unknown));
            }

            foreach (var host in rule.Hosts)
            {
                if (DomainRule.Parse(host, rules[i], out var problem) is null)
                {
                    yield return new($"{key}[{i}]", problem);
                }
            }
        }
    }

    private static string Unknown(string rule, string tool) =>
        $"The rule '{rule}' names the tool '{tool}', which there is not, so it speaks of nothing.{(NearestName.Of(tool, Tools) is { } near ? $" Did you mean {near}?" : "")}";

    private static IEnumerable<SettingsProblem> InForeign(JsonElement? permission, string path)
    {
        if (permission is not { ValueKind: JsonValueKind.Object } foreign)
        {
            yield break;
        }

        foreach (var property in foreign.EnumerateObject())
        {
            var key = $"permission.{property.Name}";
            if (!s_permissionKeys.Contains(property.Name))
            {
                yield return new(key, $"'{key}' is not a setting and has no effect.{(NearestName.Of(property.Name, s_permissionKeys) is { } near ? $" Did you mean 'permission.{near}'?" : "")}");
            }
            else if (property.Name == "mode" ? property.Value.ValueKind is not JsonValueKind.String : property.Value.ValueKind is not JsonValueKind.Array)
            {
                yield return new(key, $"'{key}' must be {(property.Name == "mode" ? "text in quotes" : "a list")}; it is ignored.");
            }
            else
            {
                foreach (var problem in property.Name switch { "mode" => InForeignMode(property.Value.GetString()!), "path_rules" => InPathRules(property.Value), _ => InTexts(key, property.Value, path) })
                {
                    yield return problem;
                }
            }
        }
    }

    private static IEnumerable<SettingsProblem> InForeignMode(string mode) =>
        PermissionModes.Parse(mode, ModeDialect.OpenHarness) is not { } choice ? [new("permission.mode", $"'permission.mode' is '{mode}', which is no mode; the modes there are default, plan and full_auto.")]
        : InMode("permission.mode", PermissionModes.NameOf(choice.Mode));

    private static IEnumerable<SettingsProblem> InPathRules(JsonElement rules)
    {
        var at = 0;
        foreach (var rule in rules.EnumerateArray())
        {
            var key = $"permission.path_rules[{at++}]";
            if (rule.ValueKind is not JsonValueKind.Object || !rule.TryGetProperty("pattern", out var pattern) || pattern.ValueKind is not JsonValueKind.String || string.IsNullOrWhiteSpace(pattern.GetString()))
            {
                yield return new(key, $"'{key}' has no 'pattern' and is skipped.");
                continue;
            }

            foreach (var property in rule.EnumerateObject().Where(property => !s_pathRuleKeys.Contains(property.Name)))
            {
                yield return new(key, $"'{key}.{property.Name}' is not a setting and has no effect.{(NearestName.Of(property.Name, s_pathRuleKeys) is { } near ? $" Did you mean '{near}'?" : "")}");
            }

            if (!rule.TryGetProperty("allow", out var allow) || allow.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                yield return new(key, $"'{key}' does not say \"allow\": true or false; it counts as a denial.");
            }
        }
    }

    private static IEnumerable<SettingsProblem> InTexts(string key, JsonElement list, string path)
    {
        var at = 0;
        foreach (var item in list.EnumerateArray())
        {
            var place = $"{key}[{at++}]";
            if (item.ValueKind is not JsonValueKind.String || string.IsNullOrWhiteSpace(item.GetString()))
            {
                yield return new(place, $"'{place}' is no text and is skipped.");
            }
            else if (key is not "permission.denied_commands")
            {
                foreach (var problem in InRules(key, [item.GetString()!], key is "permission.allowed_tools" ? Verdict.Allow : Verdict.Deny, path))
                {
                    yield return new(place, problem.Text);
                }
            }
        }
    }

    private static IEnumerable<SettingsProblem> InMode(string key, string? spelling)
    {
        if (spelling is null || ModeName.Parse(spelling) is not { } mode)
        {
            yield break;
        }

        if (mode.Name == "bypass")
        {
            yield return new(key, $"'{key}' is '{spelling}', which no file may set; it is ignored. The mode 'bypass' is taken from the command line only (--mode bypass).");
        }
        else if (mode.Notice is { } notice)
        {
            yield return new(key, $"'{key}': {notice}");
        }
    }
}
