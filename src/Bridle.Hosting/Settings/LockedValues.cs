namespace Bridle.Hosting.Settings;

/// <summary>What an administrator's lock leaves without effect.</summary>
internal static class LockedValues
{
    /// <summary>The values among these that no file of the administrator says and a lock reserves for those.</summary>
    public static IReadOnlyList<SettingsValue> Of(IReadOnlyList<SettingsValue> values, IReadOnlyList<SettingsLayer> layers, bool rules, bool hooks)
    {
        var managed = layers.Where(layer => layer.IsManaged).Select(layer => layer.Path).ToHashSet();
        return [.. values.Where(value => IsLocked(value.Key, rules, hooks) && !value.Sources.Any(managed.Contains))];
    }

    /// <summary>Why it does not count, in a line for a person.</summary>
    public static string Tell(SettingsValue value)
    {
        var (what, by) = IsRule(value.Key) ? ($"{value.Key} {ShownValue.Of(value)}", "allowManagedPermissionRulesOnly") : (value.Key, "allowManagedHooksOnly");
        return $"{what} in {string.Join(", ", value.Sources)} does not count: only the administrator may say it here ({by}).";
    }

    private static bool IsLocked(string key, bool rules, bool hooks) => (rules && IsRule(key)) || (hooks && key.StartsWith("hooks.", StringComparison.Ordinal));

    private static bool IsRule(string key) => key is "permissions.allow";
}
