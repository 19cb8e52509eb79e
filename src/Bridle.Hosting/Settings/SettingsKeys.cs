using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Bridle.Hosting.Settings;

/// <summary>Finds keys in a settings file that nothing reads, and names the known key that is most like each.</summary>
internal static class SettingsKeys
{
    /// <summary>Keys of this or of other harnesses that mean something, only not in this version.</summary>
    private static readonly HashSet<string> WithoutEffect =
    [
        "bashSandbox", "pluginDirs", "enabledPlugins", "mcpServers", "statusLine", "outputStyle", "fallbackModel", "cleanupPeriodDays",
    ];

    // What other harnesses call what has another name here.
    private static readonly Dictionary<string, string> s_otherNames = new() { ["sandbox.failIfUnavailable"] = "sandbox.required", ["sandbox.autoAllowBashIfSandboxed"] = "sandbox.autoAllow", ["apiKeyHelper"] = "providers.NAME.apiKeyHelper" };

    // What is right to write and changes nothing here, with the reason.
    private static readonly Dictionary<string, string> s_needless = new()
    {
        ["permissions.disableAutoMode"] = "'permissions.disableAutoMode' is accepted and changes nothing: there is no mode 'auto' here that a model decides in.",
        ["disableAutoMode"] = "'disableAutoMode' is accepted and changes nothing: there is no mode 'auto' here that a model decides in.",
    };

    // Levels that a key is probably meant for when it stands at the wrong one.
    private static readonly string[] s_levels = ["", "permissions.", "sandbox.", "sandbox.network.", "sandbox.filesystem.", "sensors.", "telemetry.", "recall.", "webSearch."];

    /// <summary>Each key that has no effect, with one sentence about it.</summary>
    public static IEnumerable<SettingsProblem> Report(JsonElement root) => Report(root, SettingsJson.Default.BridleSettings, "");

    private static IEnumerable<SettingsProblem> Report(JsonElement element, JsonTypeInfo type, string path)
    {
        if (element.ValueKind is not JsonValueKind.Object || type.Kind is not (JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary))
        {
            yield break;
        }

        foreach (var property in element.EnumerateObject())
        {
            var inner = type.Kind is JsonTypeInfoKind.Dictionary
                ? type.ElementType
                : type.Properties.FirstOrDefault(candidate => candidate.Name == property.Name && candidate.Get is not null)?.PropertyType;
            if (inner is null)
            {
                yield return s_needless.TryGetValue(path + property.Name, out var needless) ? new(path + property.Name, needless) { IsWarning = true } : new(path + property.Name, Unknown(property.Name, path, type));
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

        return Meant(name, path, type) is { } meant ? $"'{path}{name}' is not a setting and has no effect. Did you mean '{meant}'?" : $"'{path}{name}' is not a setting and has no effect.";
    }

    // The same name at another level says more than a name that is only alike.
    private static string? Meant(string name, string path, JsonTypeInfo type) =>
        s_otherNames.GetValueOrDefault(path + name)
        ?? s_levels.Select(level => level + name).FirstOrDefault(Exists)
        ?? (NearestName.Of(name, Names(type)) is { } near ? path + near : null);

    private static bool Exists(string path)
    {
        JsonTypeInfo? type = SettingsJson.Default.BridleSettings;
        foreach (var key in path.Split('.'))
        {
            if (type?.Kind is not JsonTypeInfoKind.Object || type.Properties.FirstOrDefault(known => known.Name == key && known.Get is not null) is not { } property)
            {
                return false;
            }

            type = Shape(property.PropertyType);
        }

        return true;
    }

    private static IEnumerable<string> Names(JsonTypeInfo type) => type.Properties.Where(property => property.Get is not null).Select(property => property.Name);
}
