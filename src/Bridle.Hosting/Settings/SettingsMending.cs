using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bridle.Hosting.Settings;

/// <summary>
/// Takes out of a project's settings what cannot be used, so that the rest counts: whoever clones a repository cannot be kept from working in it by one wrong value.
/// A person's own file and the administrator's are not mended: a limit that is silently gone would open something.
/// </summary>
internal static class SettingsMending
{
    private const int MostValues = 100;

    /// <summary>The document without what is wrong in it, which is said. Throws <see cref="JsonException"/> when it is wrong in a way that no single value is to blame for.</summary>
    public static JsonElement Usable(JsonElement root, List<string> said)
    {
        var (found, wrong) = (new List<SettingsProblem>(), new List<string[]>());
        SettingsReview.FindWrongTypes(root, SettingsJson.Default.BridleSettings, [], found, wrong);
        var rest = JsonObject.Create(root.Clone())!;
        foreach (var (problem, path) in found.Zip(wrong))
        {
            LeaveOut(rest, path);
            said.Add($"{problem.Text} What is wrong there is left out; the rest of the file counts.");
        }

        for (var i = 0; i < MostValues && FirstProblem(rest) is { } problem; i++)
        {
            LeaveOut(rest, [.. KeysOf(rest, problem.Path)]);
            said.Add($"{problem.Text} It is left out; the rest of the file counts.");
        }

        using var document = JsonDocument.Parse(rest.ToJsonString());
        return document.RootElement.Clone();
    }

    private static SettingsProblem? FirstProblem(JsonObject rest)
    {
        foreach (var problem in SettingsCheck.Problems(JsonSerializer.Deserialize(rest.ToJsonString(), SettingsJson.Default.BridleSettings)!))
        {
            return problem;
        }

        return null;
    }

    // Of a list the entries that are no text; else the whole value.
    private static void LeaveOut(JsonObject from, string[] keys)
    {
        var at = from;
        foreach (var key in keys[..^1])
        {
            at = at[key]!.AsObject();
        }

        if (at[keys[^1]] is JsonArray list && list.Any(IsText) && !list.All(IsText))
        {
            list.RemoveAll(one => !IsText(one));
            return;
        }

        at.Remove(keys[^1]);
    }

    private static bool IsText(JsonNode? node) => node?.GetValueKind() is JsonValueKind.String;

    // Keys may hold dots themselves; the longest that fits is meant.
    private static IEnumerable<string> KeysOf(JsonObject root, string path)
    {
        JsonNode? at = root;
        while (path.Length > 0 && at is JsonObject here)
        {
            var key = here.Select(one => one.Key).Where(one => path == one || path.StartsWith(one + '.', StringComparison.Ordinal) || path.StartsWith(one + '[', StringComparison.Ordinal)).MaxBy(one => one.Length)
                ?? throw new JsonException($"'{path}' cannot be used.");
            yield return key;
            (at, path) = (here[key], path[key.Length..].TrimStart('.'));
        }
    }
}
