using System.Text;
using System.Text.Json;
using Bridle.Context;
using Bridle.Tools.Search;

namespace Bridle.Hosting.Guides;

/// <summary>Reads the setting <c>guides</c> of one file: a list of objects, each with a name and one of <c>text</c>, <c>file</c>, <c>command</c> and <c>prompt</c>.</summary>
internal static class GuideReading
{
    private const int MostName = 60;
    private const int MostSeconds = 600;
    private const int MostTask = 200;

    private static readonly string[] s_kinds = ["text", "file", "command", "prompt"];
    private static readonly string[] s_fields = ["name", .. s_kinds, "when", "at", "maxTokens", "timeout", "enabled"];
    private static readonly string[] s_times = ["start", "step"];
    private static readonly string[] s_scopes = ["task", "files"];

    /// <summary>The guides, and what is wrong with the others.</summary>
    public static (IReadOnlyList<DeclaredGuide> Guides, IReadOnlyList<string> Problems) Read(JsonElement? setting, string from = "")
    {
        if (setting is not { } list)
        {
            return ([], []);
        }

        if (list.ValueKind is not JsonValueKind.Array)
        {
            return ([], ["'guides' must be a list: [ { \"name\": …, \"text\": … } ]."]);
        }

        var (guides, problems) = (new List<DeclaredGuide>(), new List<string>());
        foreach (var (item, i) in list.EnumerateArray().Select((item, i) => (item, i)))
        {
            if ((ProblemOf(item) ?? (guides.Exists(one => one.Name == NameOf(item)) ? $"has the name '{NameOf(item)}', as one before it in this file." : null)) is { } problem)
            {
                problems.Add($"'guides[{i}]' {problem}");
            }
            else
            {
                guides.Add(GuideOf(item, from));
            }
        }

        return (guides, problems);
    }

    private static string? ProblemOf(JsonElement item)
    {
        if (item.ValueKind is not JsonValueKind.Object || NameOf(item) is not { } name || name.Length is 0 or > MostName || name.Any(c => char.IsControl(c) || c is '\'' or '`' or ':'))
        {
            return $"must be an object with a 'name' of 1 to {MostName} characters without quotes, colons and control characters.";
        }

        if (item.EnumerateObject().Select(field => field.Name).FirstOrDefault(field => !s_fields.Contains(field)) is { } strange)
        {
            return $"has '{strange}', which means nothing in a guide.{(NearestName.Of(strange, s_fields) is { } near ? $" Did you mean '{near}'?" : "")}";
        }

        if (item.TryGetProperty("enabled", out var enabled) && enabled.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            return "must have true or false in 'enabled'.";
        }

        var kinds = s_kinds.Where(kind => item.TryGetProperty(kind, out _)).ToList();
        return kinds.Count != 1 && !(kinds.Count == 0 && IsOff(item)) ? "must have exactly one of 'text', 'file', 'command' and 'prompt'."
            : kinds.Find(kind => TextOf(item, kind) is not { } text || string.IsNullOrWhiteSpace(text) || text.Contains('\0')) is { } empty ? $"has no text in '{empty}'."
            : item.TryGetProperty("timeout", out _) && kinds is not ["command"] ? "has 'timeout', which means something beside 'command' only."
            : item.TryGetProperty("at", out _) && !s_times.Contains(TextOf(item, "at")) ? "must have 'start' or 'step' in 'at'."
            : ScopeProblem(item) ?? WholeNumber(item, "maxTokens", DeclaredGuide.LeastTokens, DeclaredGuide.MostEver) ?? WholeNumber(item, "timeout", 1, MostSeconds);
    }

    private static string? ScopeProblem(JsonElement item)
    {
        const string wanted = "must have \"always\", { \"task\": [words] } or { \"files\": [patterns] } in 'when'.";
        if (!item.TryGetProperty("when", out var when) || (when.ValueKind is JsonValueKind.String && when.ValueEquals("always"u8)))
        {
            return null;
        }

        if (when.ValueKind is not JsonValueKind.Object || !when.EnumerateObject().Any() || when.EnumerateObject().Any(field => !s_scopes.Contains(field.Name) || Listed(field.Value) is not { Count: > 0 }))
        {
            return wanted;
        }

        return Scope(item, "task").FirstOrDefault(words => words.Trim().Trim('*').Length is 0 or > MostTask) is { } words ? $"has '{words}' in 'when.task', which are no words of 1 to {MostTask} characters."
            : Scope(item, "files").Select(pattern => GlobPattern.Parse(pattern.TrimStart('/'), out var error) is null ? $"has the pattern '{pattern}' in 'when.files', which cannot be read: {error}." : null).FirstOrDefault(problem => problem is not null);
    }

    private static string? WholeNumber(JsonElement item, string name, int least, int most) =>
        !item.TryGetProperty(name, out var value) || (value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most)
            ? null : $"must have a whole number from {least} to {most} in '{name}'.";

    private static DeclaredGuide GuideOf(JsonElement item, string from)
    {
        var kind = s_kinds.FirstOrDefault(kind => item.TryGetProperty(kind, out _)) ?? "text";
        var files = Scope(item, "files");
        int Number(string name, int usual) => item.TryGetProperty(name, out var value) ? value.GetInt32() : usual;
        return new(NameOf(item)!, Enum.Parse<GuideKind>(kind, ignoreCase: true), TextOf(item, kind)?.Trim() ?? "", from)
        {
            Tasks = Scope(item, "task"), Files = files, At = (TextOf(item, "at") ?? (files.Count > 0 ? "step" : "start")) is "step" ? GuideTime.EachStep : GuideTime.Start,
            MostTokens = Number("maxTokens", DeclaredGuide.UsualTokens), Seconds = Number("timeout", DeclaredGuide.UsualSeconds), IsOff = IsOff(item), Content = ContentOf(item),
        };
    }

    private static IReadOnlyList<string> Scope(JsonElement item, string name) =>
        item.TryGetProperty("when", out var when) && when.ValueKind is JsonValueKind.Object && when.TryGetProperty(name, out var list) ? Listed(list) ?? [] : [];

    private static List<string>? Listed(JsonElement value) =>
        value.ValueKind is JsonValueKind.String ? [value.GetString()!]
        : value.ValueKind is JsonValueKind.Array && value.EnumerateArray().All(one => one.ValueKind is JsonValueKind.String) ? [.. value.EnumerateArray().Select(one => one.GetString()!)]
        : null;

    private static string? NameOf(JsonElement item) => TextOf(item, "name");

    private static bool IsOff(JsonElement item) => item.TryGetProperty("enabled", out var enabled) && enabled.ValueKind is JsonValueKind.False;

    private static string? TextOf(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static string ContentOf(JsonElement item)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            item.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
