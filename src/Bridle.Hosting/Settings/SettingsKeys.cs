using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Bridle.Hosting.Settings;

/// <summary>Finds keys in a settings file that nothing reads, and names the known key that is most like each.</summary>
internal static class SettingsKeys
{
    /// <summary>Keys of this or of other harnesses that mean something, only not in this version.</summary>
    private static readonly HashSet<string> WithoutEffect =
    [
        "bashSandbox", "pluginDirs", "blockedPlugins", "enabledPlugins", "mcpServers", "statusLine", "outputStyle", "fallbackModel", "cleanupPeriodDays",
    ];

    /// <summary>One sentence for each key that has no effect.</summary>
    public static IEnumerable<string> Report(JsonElement root) => Report(root, SettingsJson.Default.BridleSettings, "");

    private static IEnumerable<string> Report(JsonElement element, JsonTypeInfo type, string path)
    {
        if (element.ValueKind is not JsonValueKind.Object || type.Kind is not (JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary))
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

        return NearestName.Of(name, type.Properties.Select(property => property.Name)) is { } near
            ? $"'{path}{name}' is not a setting and has no effect. Did you mean '{path}{near}'?"
            : $"'{path}{name}' is not a setting and has no effect.";
    }
}
