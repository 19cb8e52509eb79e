using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Tools;

namespace Bridle.Hosting.Settings;

/// <summary>One finding about a settings file.</summary>
/// <param name="Line">The line, counted from one.</param>
/// <param name="Text">What is wrong and, where one is near, what was probably meant.</param>
public sealed record SettingsFinding(int Line, string Text);

/// <summary>Looks through a settings file for everything that is wrong with it, where a start stops at the first.</summary>
public static class SettingsReview
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Every finding, by line. Throws what reading a file throws.</summary>
    public static IReadOnlyList<SettingsFinding> Of(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return Of(bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes, path);
    }

    internal static IReadOnlyList<SettingsFinding> Of(ReadOnlyMemory<byte> json, string path)
    {
        try
        {
            using var document = SoundJson.Parse(json, Lenient);
            var lines = SettingsLines.Of(json.Span);
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
            {
                return [new(1, "Settings are a JSON object: { … }.")];
            }

            return [.. Problems(document.RootElement, path).Select(problem => new SettingsFinding(LineOf(problem.Path, lines), problem.Text)).OrderBy(finding => finding.Line).Distinct()];
        }
        catch (JsonException exception)
        {
            return [new((int)(exception.LineNumber ?? 0) + 1, SettingsFile.Reason(exception))];
        }
    }

    private static IEnumerable<SettingsProblem> Problems(JsonElement root, string path)
    {
        var wrong = new List<string[]>();
        var found = new List<SettingsProblem>(SettingsKeys.Report(root));
        FindWrongTypes(root, SettingsJson.Default.BridleSettings, [], found, wrong);

        // What has the wrong type is taken out, so that everything else can still be looked at.
        var rest = JsonObject.Create(root)!;
        foreach (var keys in wrong)
        {
            Remove(rest, keys);
        }

        var settings = JsonSerializer.Deserialize(rest.ToJsonString(), SettingsJson.Default.BridleSettings)!;
        found.AddRange(SettingsCheck.Problems(settings));
        found.AddRange((settings.Permissions?.Skipped ?? []).Select(entry => new SettingsProblem("permissions", $"The permission {entry} lacks a tool or a decision and is skipped.")));
        found.AddRange(InRules("allow", Verdict.Allow, settings.Permissions?.Allow, path));
        found.AddRange(InRules("ask", Verdict.Ask, settings.Permissions?.Ask, path));
        found.AddRange(InRules("deny", Verdict.Deny, settings.Permissions?.Deny, path));
        return found;
    }

    private static IEnumerable<SettingsProblem> InRules(string list, Verdict verdict, IReadOnlyList<string>? rules, string path) =>
        (rules ?? []).SelectMany((rule, index) => PermissionRule.Parse(rule ?? "", verdict, new(RuleLayer.User, path)).Problems.Select(problem => new SettingsProblem($"permissions.{list}[{index}]", problem)));

    private static void FindWrongTypes(JsonElement value, JsonTypeInfo type, string[] path, List<SettingsProblem> found, List<string[]> wrong)
    {
        foreach (var property in value.EnumerateObject())
        {
            var of = type.Kind is JsonTypeInfoKind.Dictionary ? type.ElementType : type.Properties.FirstOrDefault(known => known.Name == property.Name && known.Get is not null)?.PropertyType;
            if (of is null || property.Value.ValueKind is JsonValueKind.Null || (of == typeof(PermissionSettings) && property.Value.ValueKind is JsonValueKind.Array))
            {
                continue;
            }

            string[] inner = [.. path, property.Name];
            if (SettingsTypes.WhyNot(property.Value, of) is { } expected)
            {
                var name = string.Join('.', inner);
                found.Add(new(name, $"'{name}' must be {expected}."));
                wrong.Add(inner);
            }
            else if (property.Value.ValueKind is JsonValueKind.Object && SettingsKeys.Shape(of) is { Kind: JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary } shape)
            {
                FindWrongTypes(property.Value, shape, inner, found, wrong);
            }
        }
    }

    private static void Remove(JsonObject from, string[] keys)
    {
        var at = from;
        foreach (var key in keys[..^1])
        {
            at = at[key]!.AsObject();
        }

        at.Remove(keys[^1]);
    }

    // Of a value without a line of its own, the line of what it stands in.
    private static int LineOf(string path, IReadOnlyDictionary<string, int> lines)
    {
        for (var at = path; at.Length > 0; at = at.LastIndexOfAny(['.', '[']) is > 0 and var cut ? at[..cut] : "")
        {
            if (lines.TryGetValue(at, out var line))
            {
                return line;
            }
        }

        return 1;
    }
}
