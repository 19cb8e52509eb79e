using System.Text.Json;
using Bridle.Permissions;

namespace Bridle.Hosting.Settings;

/// <summary>
/// Turns OpenHarness' permissions into rules like all others, so that one engine judges them: deny beats allow, and an allow-listed shell still obeys denied commands and plan mode.
/// </summary>
internal static class OpenHarnessRules
{
    /// <summary>The settings with OpenHarness' part as rules, and what of it could not be understood.</summary>
    public static BridleSettings Fold(BridleSettings settings)
    {
        if (settings.Permission is not { ValueKind: JsonValueKind.Object } foreign)
        {
            return settings;
        }

        var own = settings.Permissions ?? new();
        var skipped = new List<string>(own.Skipped);
        var (allow, deny) = (new List<string>(own.Allow ?? []), new List<string>(own.Deny ?? []));
        allow.AddRange(Texts(foreign, "allowed_tools", skipped));
        deny.AddRange(Texts(foreign, "denied_tools", skipped));
        foreach (var rule in Items(foreign, "path_rules"))
        {
            if (PatternOf(rule) is { } pattern)
            {
                var allowed = rule.TryGetProperty("allow", out var value) && value.ValueKind is JsonValueKind.True;
                if (allowed && pattern.Split('/').Contains(".."))
                {
                    // No allow rule climbs.
                    skipped.Add(rule.GetRawText());
                    continue;
                }

                (allowed ? allow : deny).AddRange(allowed ? [$"Read({Allowed(pattern)})", $"Edit({Allowed(pattern)})"] : Spellings(pattern).Select(one => $"Read({one})"));
            }
            else
            {
                skipped.Add(rule.GetRawText());
            }
        }

        deny.AddRange(Texts(foreign, "denied_commands", skipped).Select(command => $"Bash({command})"));
        var mode = foreign.TryGetProperty("mode", out var named) && named.ValueKind is JsonValueKind.String && named.GetString() is { } word && PermissionModes.Parse(word, ModeDialect.OpenHarness) is { } choice ? PermissionModes.NameOf(choice.Mode) : null;
        return settings with
        {
            Permission = null,
            Permissions = own with { Allow = allow.Count > 0 ? allow : own.Allow, Deny = deny.Count > 0 ? deny : own.Deny, DefaultMode = own.DefaultMode ?? mode, Skipped = skipped },
        };
    }

    private static IEnumerable<JsonElement> Items(JsonElement foreign, string name) =>
        foreign.TryGetProperty(name, out var list) && list.ValueKind is JsonValueKind.Array ? list.EnumerateArray() : [];

    private static List<string> Texts(JsonElement foreign, string name, List<string> skipped)
    {
        var texts = new List<string>();
        foreach (var item in Items(foreign, name))
        {
            if (item.ValueKind is JsonValueKind.String && item.GetString()!.Trim() is { Length: > 0 } text)
            {
                texts.Add(text);
            }
            else
            {
                skipped.Add(item.GetRawText());
            }
        }

        return texts;
    }

    private static string? PatternOf(JsonElement rule) =>
        rule.ValueKind is JsonValueKind.Object && rule.TryGetProperty("pattern", out var pattern) && pattern.ValueKind is JsonValueKind.String && pattern.GetString()!.Trim() is { Length: > 0 } text ? text : null;

    // There a star crosses folders. Whole names become **; what an allow rule says within a name stays within it.
    private static string Spelled(string pattern)
    {
        var path = string.Join('/', pattern.Split('/').Select(name => name == "*" ? "**" : name));
        return pattern.StartsWith('/') ? $"/{path}" : pattern.StartsWith('~') ? path : $"//**/{path}";
    }

    // What does not begin at a root is looked for in the workspace: nobody who wrote src/* meant the src of every folder of the machine.
    private static string Allowed(string pattern) => Spelled(pattern) switch
    {
        ['/', '/', '*', '*', '/', .. var path] when !pattern.StartsWith('/') => pattern.StartsWith('*') ? $"./**/{path}" : $"./{path}",
        var rooted => rooted,
    };

    // A denial must not lose what the crossing star meant: a*b is also a…/…b.
    private static IEnumerable<string> Spellings(string pattern)
    {
        yield return Spelled(pattern);
        var crossing = string.Join('/', pattern.Split('/').Select(name => name.Trim('*').Contains('*') ? name.Replace("*", "*/**/*", StringComparison.Ordinal) : name));
        if (crossing != pattern)
        {
            yield return Spelled(crossing);
        }
    }
}
