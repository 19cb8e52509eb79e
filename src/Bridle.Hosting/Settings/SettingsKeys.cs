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

    /// <summary>Each key that has no effect, with one sentence about it.</summary>
    public static IEnumerable<SettingsProblem> Report(JsonElement root) => Report(root, SettingsJson.Default.BridleSettings, "");

    private static IEnumerable<SettingsProblem> Report(JsonElement element, JsonTypeInfo type, string path)
    {
        if (element.ValueKind is not JsonValueKind.Object || type.Kind is not (JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary))
        {
            yield break;
        }

        var seen = new HashSet<string>();
        foreach (var property in element.EnumerateObject())
        {
            if (!seen.Add(property.Name))
            {
                yield return new(path + property.Name, $"'{path}{property.Name}' is given twice; the last one counts.");
            }

            var inner = type.Kind is JsonTypeInfoKind.Dictionary
                ? type.ElementType
                : type.Properties.FirstOrDefault(candidate => candidate.Name == property.Name && candidate.Get is not null)?.PropertyType;
            if (inner is null)
            {
                yield return new(path + property.Name, Unknown(property.Name, path, type));
                continue;
            }

            foreach (var report in Shape(inner) is { } known ? Report(property.Value, known, $"{path}{property.Name}.") : [])
            {
                yield return report;
            }
        }
    }

    /// <summary>What a value of this type consists of.</summary>
    public static JsonTypeInfo? Shape(Type type) =>
        type == typeof(PermissionSettings) ? SettingsJson.Default.PermissionSettings : SettingsJson.Default.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);

    private static string Unknown(string name, string path, JsonTypeInfo type)
    {
        if (path.Length == 0 && WithoutEffect.Contains(name))
        {
            return $"'{name}' has no effect in this version.";
        }

        return NearestName.Of(name, type.Properties.Where(property => property.Get is not null).Select(property => property.Name)) is { } near
            ? $"'{path}{name}' is not a setting and has no effect. Did you mean '{path}{near}'?"
            : $"'{path}{name}' is not a setting and has no effect.";
    }
}
