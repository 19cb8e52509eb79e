using Microsoft.CodeAnalysis;

namespace Bridle.Generators;

/// <summary>A file of prose that may describe a tool.</summary>
internal sealed record DescriptionFile(string Path, string Text)
{
    public static DescriptionFile Of(AdditionalText file, CancellationToken cancellationToken) =>
        new(file.Path.Replace('\\', '/'), (file.GetText(cancellationToken)?.ToString() ?? "").Replace("\r\n", "\n").Trim());

    /// <summary>The tool with its description, as far as there is one.</summary>
    public static ToolModel Describe(ToolModel tool, IReadOnlyList<DescriptionFile> files) =>
        tool.Description is null && Find(tool, files) is { } file ? tool with { Description = file.Text } : tool;

    /// <summary>That a tool has no description.</summary>
    public static IEnumerable<Problem> Problems(ToolReading reading, IReadOnlyList<DescriptionFile> files)
    {
        if (reading.Model is not { Description: null } tool)
        {
            yield break;
        }

        var file = Find(tool, files);
        if (file is { Text.Length: > 0 })
        {
            yield break;
        }

        var name = tool.DescriptionPaths[tool.DescriptionPaths.Count - 1];
        var wanted = name.Substring(name.LastIndexOf('/') + 1);
        var why = file is not null ? $"{file.Path.Substring(file.Path.LastIndexOf('/') + 1)} is empty"
            : tool.Form == ToolForm.Class ? $"write {wanted} beside its source and list it as AdditionalFiles"
            : $"add [Description(\"...\")] to the method, or write {wanted} beside its source and list it as AdditionalFiles";
        yield return Problem.At(Rules.ToolWithoutDescription, reading.Place, tool.Name, why);
    }

    private static DescriptionFile? Find(ToolModel tool, IReadOnlyList<DescriptionFile> files) =>
        tool.DescriptionPaths.Select(path => files.FirstOrDefault(file => file.Path == path)).FirstOrDefault(file => file is not null);
}
