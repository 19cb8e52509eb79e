using System.Text.Json;

namespace Bridle.Hosting.Settings;

/// <summary>
/// Settings that were written for Claude Code. Of these, the keys that mean the same here count; its other keys, among them names of models that only it knows, are left to it without a word.
/// </summary>
internal static class ClaudeFile
{
    /// <summary>The keys that count.</summary>
    public static readonly IReadOnlySet<string> Keys = new HashSet<string>
    {
        "permissions", "hooks", "disableAllHooks", "allowedHttpHookUrls", "httpHookAllowedEnvVars", "env", "autoCompactEnabled", "claudeMdExcludes", "allowManagedHooksOnly", "allowManagedPermissionRulesOnly",
    };

    private static readonly IReadOnlySet<string> PermissionKeys = new HashSet<string>
    {
        "allow", "ask", "deny", "defaultMode", "additionalDirectories", "disableBypassPermissionsMode",
        "blockReadsOutsideWorkingDirectories", "blockWritesOutsideWorkingDirectories", "denyInsteadOfPrompting",
    };

    /// <summary>Reads one. Missing, broken and good files give what <see cref="SettingsFile.Read"/> gives.</summary>
    public static SettingsFile Read(string path, IReadOnlySet<string> ignored, bool mend) => SettingsFile.Read(path, ignored, Narrow, mend);

    private static JsonElement Narrow(JsonElement document)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var property in document.EnumerateObject().Where(property => Keys.Contains(property.Name)))
            {
                if (property.Name == "permissions" && property.Value.ValueKind is JsonValueKind.Object)
                {
                    writer.WriteStartObject(property.Name);
                    foreach (var permission in property.Value.EnumerateObject().Where(permission => PermissionKeys.Contains(permission.Name)))
                    {
                        permission.WriteTo(writer);
                    }

                    writer.WriteEndObject();
                }
                else
                {
                    property.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        using var narrowed = JsonDocument.Parse(buffer.ToArray());
        return narrowed.RootElement.Clone();
    }
}
