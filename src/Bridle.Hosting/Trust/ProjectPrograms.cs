using System.Text.Json;
using Bridle.Hosting.Settings;

namespace Bridle.Hosting.Trust;

/// <summary>Something that a project's own files want to run.</summary>
/// <param name="Kind">What it is, such as <c>hook</c>.</param>
/// <param name="Content">All that decides what runs; an approval is bound to it.</param>
/// <param name="Shown">What a person is shown of it.</param>
public sealed record ProjectProgram(string Kind, string Content, string Shown);

/// <summary>Finds what a project's own files want to run.</summary>
public static class ProjectPrograms
{
    /// <summary>All of it, each content once.</summary>
    public static IEnumerable<ProjectProgram> Of(LayeredSettings layers) =>
        layers.Layers.Where(layer => layer.IsOfProject && layer["hooks"] is { ValueKind: JsonValueKind.Object }).SelectMany(Hooks).DistinctBy(program => (program.Kind, program.Content));

    private static IEnumerable<ProjectProgram> Hooks(SettingsLayer layer) =>
        from occasion in layer["hooks"]!.Value.EnumerateObject()
        where occasion.Value.ValueKind is JsonValueKind.Array
        from entry in occasion.Value.EnumerateArray()
        from hook in Inner(entry)
        select new ProjectProgram("hook", $"{occasion.Name}\n{hook.GetRawText()}", $"{occasion.Name}: {Text(hook)} ({layer.Path})");

    private static IEnumerable<JsonElement> Inner(JsonElement entry) =>
        entry.ValueKind is JsonValueKind.Object && entry.TryGetProperty("hooks", out var inner) && inner.ValueKind is JsonValueKind.Array ? inner.EnumerateArray() : [entry];

    private static string Text(JsonElement hook) =>
        hook.ValueKind is JsonValueKind.Object && hook.TryGetProperty("command", out var command) && command.ValueKind is JsonValueKind.String ? command.GetString()! : hook.GetRawText();
}
