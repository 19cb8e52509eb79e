using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Bridle.Hosting.Hooks;
using Bridle.Hosting.Sandboxes;
using Bridle.Hosting.Sensors;
using Bridle.Hosting.Settings;
using Bridle.Models;
using Bridle.Tools.Web;

namespace Bridle.Cli.Tests.Reference;

/// <summary>Makes the JSON Schema of settings files from the types that read them and from the sentences above their properties.</summary>
internal static class SchemaText
{
    private static readonly string[] Modes = ["default", "acceptEdits", "plan", "dontAsk", "bypass", "strict", "auto", "bypassPermissions", "dangerously_skip", "full_auto", "manual"];

    private static readonly Dictionary<string, IReadOnlyList<string>> Allowed = new()
    {
        ["tools"] = SettingsCheck.ToolWays, ["providers.NAME.tools"] = SettingsCheck.ToolWays, ["providers.NAME.api"] = ModelApis.Names,
        ["permissionMode"] = Modes, ["permissions.defaultMode"] = Modes, ["permissions.disableBypassPermissionsMode"] = SettingsCheck.Disable,
        ["sandbox.backend"] = SandboxDecision.Backends, ["instructionFiles"] = Hosting.Instructions.InstructionSearch.Choices, ["compactSummary"] = SettingsCheck.SummaryWriters, ["webSearch.engines[]"] = ResultPageSearch.Names,
        ["memoryStore"] = SettingsCheck.MemoryStores,
        ["recall.embeddings.api"] = Hosting.Recall.RecallSetup.Apis,
        ["notifications"] = SettingsCheck.NotificationKinds, ["whenSpent"] = SettingsCheck.AtLimits,
        ["sensors.autoFix"] = DeclaredSensor.AutoFixes, ["sensors.define.NAME.severity"] = DeclaredSensor.Severities, ["sensors.define.NAME.when[]"] = DeclaredSensor.Moments,
        ["languageServers.NAME.severity"] = DeclaredSensor.Severities, ["languageServers.NAME.when[]"] = DeclaredSensor.ServerMoments,
    };

    private static readonly HashSet<string> Addresses = ["baseUrl", "webSearch.url", "providers.NAME.baseUrl", "recall.embeddings.url"];

    private static readonly HashSet<string> Positive = ["sensors.rounds", "sensors.define.NAME.timeout", "memoryIndexBytes", "toolSearchOver", "maxSteps", "maxTokens", "keepSessionDays", "maxTime", "approvalTimeout", "providers.NAME.contextWindow", "providers.NAME.maxOutputTokens"];

    private static readonly HashSet<string> NotBelowZero = 
    [
        "maxCost", "maxSessionCost", "maxDayCost", "maxMonthCost", "acceptanceRounds", "prices.NAME.input", "prices.NAME.output", "sandbox.limits.processes", "sandbox.limits.memoryMb", "sandbox.limits.cpuSeconds", "sandbox.limits.openFiles",
        "sandbox.limits.fileSizeMb",
    ];

    public static string Make()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("$schema", "http://json-schema.org/draft-07/schema#");
            writer.WriteString("title", "Settings of Bridle");
            WriteObject(writer, SettingsJson.Default.BridleSettings, "");
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static void WriteObject(Utf8JsonWriter writer, JsonTypeInfo type, string path)
    {
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        foreach (var property in type.Properties.Where(property => property.Get is not null))
        {
            var key = path + property.Name;
            writer.WriteStartObject(property.Name);
            writer.WriteString("description", SettingsReferenceTests.Summary(type.Type, property.Name).Replace("`", "", StringComparison.Ordinal));
            WriteValue(writer, property.PropertyType, key);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        if (type.Properties.Where(property => property.IsRequired).Select(property => property.Name).ToList() is { Count: > 0 } required)
        {
            writer.WriteStartArray("required");
            required.ForEach(writer.WriteStringValue);
            writer.WriteEndArray();
        }

        writer.WriteBoolean("additionalProperties", false);
    }

    private static void WriteValue(Utf8JsonWriter writer, Type type, string key)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (key == "acceptance")
        {
            WriteChecks(writer);
        }
        else if (key == "hooks")
        {
            WriteHooks(writer);
        }
        else if (key == "guides")
        {
            WriteGuides(writer);
        }
        else if (plain == typeof(JsonElement))
        {
            writer.WriteString("type", "object");
        }
        else if (plain == typeof(string))
        {
            WriteText(writer, key);
        }
        else if (plain == typeof(bool))
        {
            writer.WriteString("type", "boolean");
        }
        else if (plain == typeof(int) || plain == typeof(long) || plain == typeof(decimal) || plain == typeof(double))
        {
            writer.WriteString("type", plain == typeof(int) || plain == typeof(long) ? "integer" : "number");
            if (key == "autoCompactAt")
            {
                writer.WriteNumber("minimum", 0.3);
                writer.WriteNumber("maximum", 0.95);
            }
            else if (key == "skillListTokens")
            {
                writer.WriteNumber("minimum", 0);
                writer.WriteNumber("maximum", 50_000);
            }
            else if (Positive.Contains(key))
            {
                writer.WriteNumber("exclusiveMinimum", 0);
            }
            else if (NotBelowZero.Contains(key))
            {
                writer.WriteNumber("minimum", 0);
            }
        }
        else if (plain == typeof(PermissionSettings))
        {
            WritePermissions(writer);
        }
        else
        {
            WriteStructure(writer, SettingsKeys.Shape(plain)!, key);
        }
    }

    // Events by both spellings; an entry is a group of hooks with a matcher, or a hook by itself.
    private static void WriteHooks(Utf8JsonWriter writer)
    {
        var names = HookEvent.All.Select(one => one.Name).Concat(HookEvent.All.Select(one => JsonNamingPolicy.SnakeCaseLower.ConvertName(one.Name)));
        var hook = $$"""{ "type": "object", "properties": { {{string.Join(", ", HookFields.OfHook.Select(field => $"\"{field.Name}\": {field.Schema}"))}} }, "additionalProperties": false }""";
        using var shape = JsonDocument.Parse($$"""
            {
              "propertyNames": { "enum": [{{string.Join(", ", names.Select(name => $"\"{name}\""))}}] },
              "additionalProperties": { "type": "array", "items": { "anyOf": [
                { "type": "object", "properties": { "matcher": { "type": "string" }, "description": { "type": "string" }, "hooks": { "type": "array", "minItems": 1, "items": {{hook}} } }, "required": ["hooks"], "additionalProperties": false },
                {{hook}}
              ] } }
            }
            """);
        writer.WriteString("type", "object");
        foreach (var property in shape.RootElement.EnumerateObject())
        {
            property.WriteTo(writer);
        }
    }

    // One of three kinds of checks, each with its own fields.
    private static void WriteChecks(Utf8JsonWriter writer)
    {
        const string Text = """{ "type": "string", "minLength": 1 }""";
        static string Kind(string name, string more = "") => $$"""{ "type": "object", "properties": { "{{name}}": {{Text}}{{more}} }, "required": ["{{name}}"], "additionalProperties": false }""";
        writer.WriteString("type", "array");
        writer.WritePropertyName("items");
        using var kinds = JsonDocument.Parse($$"""
            { "anyOf": [{{Kind("file", $", \"contains\": {Text}")}}, {{Kind("command", """, "exitCode": { "type": "integer", "minimum": 0, "maximum": 255 }, "timeout": { "type": "integer", "minimum": 1, "maximum": 600 }""")}}, {{Kind("judge")}}] }
            """);
        kinds.RootElement.WriteTo(writer);
    }

    // One of four kinds of guides; one that is switched off needs none.
    private static void WriteGuides(Utf8JsonWriter writer)
    {
        const string Text = """{ "type": "string", "minLength": 1 }""";
        const string Texts = """{ "anyOf": [{ "type": "string", "minLength": 1 }, { "type": "array", "minItems": 1, "items": { "type": "string", "minLength": 1 } }] }""";
        static string Kind(string kind, string more = "") => $$"""
            { "type": "object", "properties": { "name": { "type": "string", "minLength": 1, "maxLength": 60 }, {{(kind.Length > 0 ? $"\"{kind}\": {Text}," : "")}} "enabled": {{(kind.Length > 0 ? """{ "type": "boolean" }""" : """{ "enum": [false] }""")}},
              "when": { "anyOf": [{ "enum": ["always"] }, { "type": "object", "minProperties": 1, "properties": { "task": {{Texts}}, "files": {{Texts}} }, "additionalProperties": false }] }, "at": { "enum": ["start", "step"] },
              "maxTokens": { "type": "integer", "minimum": 100, "maximum": 20000 }{{more}} }, "required": ["name", "{{(kind.Length > 0 ? kind : "enabled")}}"], "additionalProperties": false }
            """;
        writer.WriteString("type", "array");
        writer.WritePropertyName("items");
        using var kinds = JsonDocument.Parse($$"""{ "anyOf": [{{Kind("text")}}, {{Kind("file")}}, {{Kind("command", """, "timeout": { "type": "integer", "minimum": 1, "maximum": 600 }""")}}, {{Kind("prompt")}}, {{Kind("")}}] }""");
        kinds.RootElement.WriteTo(writer);
    }

    private static void WriteStructure(Utf8JsonWriter writer, JsonTypeInfo shape, string key)
    {
        switch (shape.Kind)
        {
            case JsonTypeInfoKind.Object:
                WriteObject(writer, shape, $"{key}.");
                break;
            case JsonTypeInfoKind.Dictionary:
                writer.WriteString("type", "object");
                writer.WriteStartObject("additionalProperties");
                if (key is "permissions.sensitivePaths" or "skillOverrides")
                {
                    WriteEnum(writer, key is "skillOverrides" ? SettingsCheck.SkillStates : SettingsCheck.PathVerdicts);
                }
                else
                {
                    WriteValue(writer, shape.ElementType!, $"{key}.NAME");
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteString("type", "array");
                writer.WriteStartObject("items");
                WriteValue(writer, shape.ElementType!, $"{key}[]");
                writer.WriteEndObject();
                break;
        }
    }

    private static void WritePermissions(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("anyOf");
        writer.WriteStartObject();
        WriteObject(writer, SettingsJson.Default.PermissionSettings, "permissions.");
        writer.WriteEndObject();
        using var list = JsonDocument.Parse(
            """{ "type": "array", "items": { "type": "object", "properties": { "tool": { "type": "string" }, "decision": { "enum": ["allow", "ask", "deny"] } }, "required": ["tool", "decision"] } }""");
        list.RootElement.WriteTo(writer);
        writer.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter writer, string key)
    {
        if (Allowed.TryGetValue(key, out var values))
        {
            WriteEnum(writer, values);
            return;
        }

        writer.WriteString("type", "string");
        if (Addresses.Contains(key))
        {
            writer.WriteString("pattern", "^[hH][tT][tT][pP][sS]?://");
        }
    }

    private static void WriteEnum(Utf8JsonWriter writer, IEnumerable<string> values)
    {
        writer.WriteStartArray("enum");
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
