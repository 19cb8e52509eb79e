using System.Text.Json;

namespace Bridle.Hosting.Settings;

/// <summary>
/// Settings that were written for Claude Code. Of these, the keys that mean the same here count, and of its sandbox what makes ours stricter; its other keys are named, so that
/// nobody takes them to hold here.
/// </summary>
internal static class ClaudeFile
{
    /// <summary>The keys that count as they are.</summary>
    public static readonly IReadOnlySet<string> Keys = new HashSet<string>
    {
        "permissions", "hooks", "disableAllHooks", "allowedHttpHookUrls", "httpHookAllowedEnvVars", "env", "autoCompactEnabled", "claudeMdExcludes", "allowManagedHooksOnly", "allowManagedPermissionRulesOnly", "skillOverrides",
    };

    private static readonly IReadOnlySet<string> PermissionKeys = new HashSet<string>
    {
        "allow", "ask", "deny", "defaultMode", "additionalDirectories", "disableBypassPermissionsMode",
        "blockReadsOutsideWorkingDirectories", "blockWritesOutsideWorkingDirectories", "denyInsteadOfPrompting",
    };

    // What says nothing about what happens: where the schema is, and what only its own screen shows.
    private static readonly IReadOnlySet<string> Unsaid = new HashSet<string> { "$schema" };

    /// <summary>Reads one. Missing, broken and good files give what <see cref="SettingsFile.Read"/> gives.</summary>
    public static SettingsFile Read(string path, IReadOnlySet<string> ignored, bool ofProject)
    {
        var left = new List<string>();
        var file = SettingsFile.Read(path, ignored, document => Narrow(document, ofProject, left), mend: ofProject);
        return file.Settings is null || left.Count == 0 ? file
            : file with { Notices = [.. file.Notices, $"of the keys for Claude Code these do not count here: {string.Join(", ", left.Distinct())}. Put what you want of it into Bridle's own settings."] };
    }

    /// <summary>Reads one of a folder that nobody trusts, above the one that is worked in: of all that it says only what is denied and asked counts.</summary>
    public static SettingsFile ReadDenials(string path, IReadOnlySet<string> ignored)
    {
        var left = new List<string>();
        var file = SettingsFile.Read(path, ignored, document => Denials(document, left), mend: true);
        return file.Settings is null || left.Count == 0 ? file
            : file with { Notices = [.. file.Notices, $"as its folder is not trusted, these keys do not count: {string.Join(", ", left.Distinct())}."] };
    }

    private static JsonElement Denials(JsonElement document, List<string> left)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var property in document.EnumerateObject())
            {
                if (property.Name != "permissions" || property.Value.ValueKind is not JsonValueKind.Object)
                {
                    left.Add(property.Name);
                    continue;
                }

                writer.WriteStartObject(property.Name);
                WriteSome(writer, property.Value, name => name is "deny" or "ask", "permissions.", left);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        using var narrowed = JsonDocument.Parse(buffer.ToArray());
        return narrowed.RootElement.Clone();
    }

    /// <summary>Whether a file by that name is one of Claude Code's.</summary>
    public static bool IsOne(string path) => Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) is ".claude" && Path.GetFileName(path) is "settings.json" or "settings.local.json";

    /// <summary>What counts of one, and a warning for each key that does not.</summary>
    public static JsonElement Narrow(JsonElement document, bool ofProject, List<SettingsProblem> said)
    {
        var left = new List<string>();
        var narrowed = Narrow(document, ofProject, left);
        said.AddRange(left.Distinct().Select(one => new SettingsProblem(one.Split(' ', ':')[0], $"'{one.Split(' ', ':')[0]}' is for Claude Code and does not count here{one[one.Split(' ', ':')[0].Length..]}.") { IsWarning = true }));
        return narrowed;
    }

    private static JsonElement Narrow(JsonElement document, bool ofProject, List<string> left)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var property in document.EnumerateObject())
            {
                var isObject = property.Value.ValueKind is JsonValueKind.Object;
                if (property.Name == "permissions" && isObject)
                {
                    writer.WriteStartObject(property.Name);
                    WriteSome(writer, property.Value, PermissionKeys.Contains, "permissions.", left);
                    writer.WriteEndObject();
                }
                else if (property.Name == "sandbox" && isObject)
                {
                    WriteSandbox(writer, property.Value, left);
                }
                else if (property.Name == "apiKeyHelper" && !ofProject && property.Value.ValueKind is JsonValueKind.String)
                {
                    // There is one vendor there.
                    writer.WriteStartObject("providers");
                    writer.WriteStartObject("anthropic");
                    property.WriteTo(writer);
                    writer.WriteEndObject();
                    writer.WriteEndObject();
                }
                else if (Keys.Contains(property.Name))
                {
                    property.WriteTo(writer);
                }
                else if (!Unsaid.Contains(property.Name))
                {
                    left.Add(WhyLeft(property.Name));
                }
            }

            writer.WriteEndObject();
        }

        using var narrowed = JsonDocument.Parse(buffer.ToArray());
        return narrowed.RootElement.Clone();
    }

    private static void WriteSome(Utf8JsonWriter writer, JsonElement from, Func<string, bool> counts, string path, List<string> left)
    {
        foreach (var property in from.EnumerateObject())
        {
            if (counts(property.Name))
            {
                property.WriteTo(writer);
            }
            else
            {
                left.Add(path + property.Name);
            }
        }
    }

    // What was written for another sandbox may make ours stricter. That it was off, or let something out, says nothing about ours; hosts are the exception, by the rules for each layer.
    private static void WriteSandbox(Utf8JsonWriter writer, JsonElement sandbox, List<string> left)
    {
        writer.WriteStartObject("sandbox");
        foreach (var property in sandbox.EnumerateObject())
        {
            var value = property.Value;
            switch (property.Name, value.ValueKind)
            {
                case ("enabled", JsonValueKind.True):
                    property.WriteTo(writer);
                    break;
                case ("failIfUnavailable", JsonValueKind.True):
                    writer.WriteBoolean("required", true);
                    break;
                case ("autoAllowBashIfSandboxed", JsonValueKind.False):
                    writer.WriteBoolean("autoAllow", false);
                    break;
                case ("allowUnsandboxedCommands", JsonValueKind.False):
                    property.WriteTo(writer);
                    break;
                case ("network", JsonValueKind.Object):
                    writer.WriteStartObject(property.Name);
                    WriteSome(writer, value, name => name is "allowedDomains" or "deniedDomains", "sandbox.network.", left);
                    writer.WriteEndObject();
                    break;
                case ("filesystem", JsonValueKind.Object):
                    writer.WriteStartObject(property.Name);
                    foreach (var places in value.EnumerateObject())
                    {
                        WritePlaces(writer, places, left);
                    }

                    writer.WriteEndObject();
                    break;
                default:
                    left.Add($"sandbox.{property.Name}{(value.ValueKind is JsonValueKind.True ? ": true" : value.ValueKind is JsonValueKind.False ? ": false" : "")}");
                    break;
            }
        }

        writer.WriteEndObject();
    }

    // There //x is the root's x, as in its rules.
    private static void WritePlaces(Utf8JsonWriter writer, JsonProperty places, List<string> left)
    {
        if (places.Name is not ("denyRead" or "denyWrite"))
        {
            left.Add($"sandbox.filesystem.{places.Name}");
            return;
        }

        if (places.Value.ValueKind is not JsonValueKind.Array)
        {
            places.WriteTo(writer);
            return;
        }

        writer.WriteStartArray(places.Name);
        foreach (var place in places.Value.EnumerateArray())
        {
            if (place.ValueKind is JsonValueKind.String && place.GetString() is ['/', '/', .. var rooted])
            {
                writer.WriteStringValue($"/{rooted}");
            }
            else
            {
                place.WriteTo(writer);
            }
        }

        writer.WriteEndArray();
    }

    private static string WhyLeft(string key) => key switch
    {
        "model" or "fallbackModel" => $"{key} (its names of models are not Bridle's: write provider/model)",
        "apiKeyHelper" => "apiKeyHelper (no project may run a program for a key)",
        _ => key,
    };
}
