using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Bridle.Hosting.Hooks;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Hosting.Settings;

/// <summary>One finding about a settings file.</summary>
/// <param name="Line">The line, counted from one.</param>
/// <param name="Text">What is wrong and, where one is near, what was probably meant.</param>
public sealed record SettingsFinding(int Line, string Text)
{
    /// <summary>The file is right; what it counts on is not there, or it says more than counts here.</summary>
    public bool IsWarning { get; init; }
}

/// <summary>Looks through a settings file for everything that is wrong with it, where a start stops at the first.</summary>
public static class SettingsReview
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Every finding, by line. With surroundings, the programs of hooks are looked for as well. Throws what reading a file throws.</summary>
    public static IReadOnlyList<SettingsFinding> Of(string path, HostEnvironment? environment = null)
    {
        // To open a pipe would wait for somebody who writes into it.
        if (SettingsFile.IsOdd(path))
        {
            throw new IOException("it is not an ordinary file");
        }

        if (SmallFile.Length(path) > SettingsFile.MaxBytes)
        {
            return [new(1, SettingsFile.TooLarge)];
        }

        var bytes = File.ReadAllBytes(path);
        return Of(bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes, path, environment);
    }

    internal static IReadOnlyList<SettingsFinding> Of(ReadOnlyMemory<byte> json, string path, HostEnvironment? environment = null)
    {
        try
        {
            using var document = SoundJson.Parse(json, Lenient);
            var lines = SettingsLines.Of(json.Span);
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
            {
                return [new(1, "Settings are a JSON object: { … }.")];
            }

            return [.. Problems(document.RootElement, path, environment).Select(problem => new SettingsFinding(LineOf(problem.Path, lines), problem.Text) { IsWarning = problem.IsWarning }).OrderBy(finding => finding.Line).Distinct()];
        }
        catch (JsonException exception)
        {
            return [new((int)(exception.LineNumber ?? 0) + 1, SettingsFile.Reason(exception))];
        }
    }

    private static IEnumerable<SettingsProblem> Problems(JsonElement root, string path, HostEnvironment? environment)
    {
        var wrong = new List<string[]>();
        var found = SettingsTwice.Report(root).ToList();
        root = SettingsTwice.Joined(root);
        if (ClaudeFile.IsOne(path))
        {
            root = ClaudeFile.Narrow(root, ofProject: Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(path))) != environment?.Home, found);
        }

        found.AddRange(SettingsKeys.Report(root));
        if (environment is not null && root.TryGetProperty("hooks", out var hooks) && hooks.ValueKind is JsonValueKind.Object)
        {
            found.AddRange(new HookPrograms(environment, path).Missing(hooks));
        }

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
        found.AddRange(InExamples(settings.Permissions, path));
        found.AddRange(SettingsMeaning.Problems(root, settings, path));
        return found;
    }

    private static IEnumerable<SettingsProblem> InRules(string list, Verdict verdict, IReadOnlyList<string>? rules, string path) =>
        (rules ?? []).SelectMany((rule, index) => PermissionRule.Parse(rule ?? "", verdict, new(RuleLayer.User, path)).Problems.Select(problem => new SettingsProblem($"permissions.{list}[{index}]", problem)));

    // Rules and examples are read against the same folder, so it does not matter which one.
    private static IEnumerable<SettingsProblem> InExamples(PermissionSettings? permissions, string path)
    {
        foreach (var orphan in ExampleCheck.Orphans(permissions))
        {
            yield return new("permissions.examples", $"'permissions.examples' names the rule '{orphan}', which is not in this file.");
        }

        if (permissions?.Examples is not { } examples)
        {
            yield break;
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var (files, options) = (new LocalFiles(folder), new PolicyOptions { Root = folder, Home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), HarnessFolders = [] });
        foreach (var (verdict, rules) in ((Verdict, IReadOnlyList<string>?)[])[(Verdict.Allow, permissions.Allow), (Verdict.Ask, permissions.Ask), (Verdict.Deny, permissions.Deny)])
        {
            foreach (var rule in (rules ?? []).Where(rule => rule is not null && examples.ContainsKey(rule.Trim())))
            {
                if (PermissionRule.Parse(rule, verdict, new(RuleLayer.User, path)).Rule is { } good)
                {
                    var broken = ExampleCheck.Of(good, examples[rule.Trim()], files, options);
                    foreach (var example in broken)
                    {
                        yield return new("permissions.examples", $"{example.Text} {ExampleCheck.Outcome(good, broken)}");
                    }
                }
            }
        }
    }

    internal static void FindWrongTypes(JsonElement value, JsonTypeInfo type, string[] path, List<SettingsProblem> found, List<string[]> wrong)
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
