using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Bridle.Hosting.Settings;

/// <summary>Finds keys in a settings file that nothing reads, and names the known key that is most like each.</summary>
internal static class SettingsKeys
{
    /// <summary>Keys of this or of other harnesses that mean something, only not in this version.</summary>
    private static readonly HashSet<string> WithoutEffect =
    [
        "hooks", "sandbox", "bashSandbox", "pluginDirs", "blockedPlugins", "enabledPlugins", "allowManagedHooksOnly", "allowManagedPermissionRulesOnly",
        "disableDangerouslySkipPermissions", "mcpServers", "statusLine", "outputStyle", "fallbackModel", "cleanupPeriodDays",
    ];

    /// <summary>One sentence for each key that has no effect.</summary>
    public static IEnumerable<string> Report(JsonElement root) => Report(root, SettingsJson.Default.BridleSettings, "");

    /// <summary>The known name with the fewest changes, or null when none is near.</summary>
    public static string? Nearest(string name, IEnumerable<string> known)
    {
        var best = known.Select(candidate => (candidate, distance: Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .OrderBy(pair => pair.distance).ThenBy(pair => pair.candidate, StringComparer.Ordinal).FirstOrDefault();
        return best.candidate is not null && best.distance <= Math.Max(2, name.Length / 3) ? best.candidate : null;
    }

    private static IEnumerable<string> Report(JsonElement element, JsonTypeInfo type, string path)
    {
        if (element.ValueKind is not JsonValueKind.Object)
        {
            yield break;
        }

        if (type.Kind is JsonTypeInfoKind.Dictionary)
        {
            foreach (var entry in element.EnumerateObject())
            {
                foreach (var report in Report(entry.Value, SettingsJson.Default.GetTypeInfo(type.ElementType!)!, $"{path}{entry.Name}."))
                {
                    yield return report;
                }
            }

            yield break;
        }

        var seen = new HashSet<string>();
        foreach (var property in element.EnumerateObject())
        {
            if (!seen.Add(property.Name))
            {
                yield return $"'{path}{property.Name}' is given twice; the last one counts.";
            }

            var known = type.Properties.FirstOrDefault(candidate => candidate.Name == property.Name);
            if (known is null)
            {
                yield return Unknown(property.Name, path, type);
                continue;
            }

            foreach (var report in SettingsJson.Default.GetTypeInfo(known.PropertyType) is { } inner ? Report(property.Value, inner, $"{path}{property.Name}.") : [])
            {
                yield return report;
            }
        }
    }

    private static string Unknown(string name, string path, JsonTypeInfo type)
    {
        if (path.Length == 0 && WithoutEffect.Contains(name))
        {
            return $"'{name}' has no effect in this version.";
        }

        return Nearest(name, type.Properties.Select(property => property.Name)) is { } near
            ? $"'{path}{name}' is not a setting and has no effect. Did you mean '{path}{near}'?"
            : $"'{path}{name}' is not a setting and has no effect.";
    }

    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var current = new int[right.Length + 1];
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substitution = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(substitution, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[right.Length];
    }
}
