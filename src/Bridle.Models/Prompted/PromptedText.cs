using System.Text;
using System.Text.Json;
using Bridle.Models.Http;

namespace Bridle.Models.Prompted;

/// <summary>The words that offer tools in a prompt.</summary>
internal static class PromptedText
{
    private static readonly string Intro = Read("PromptedTools.md");

    /// <summary>What a model reads when its block was no JSON.</summary>
    public static string Repair { get; } = Read("PromptedRepair.md");

    /// <summary>The end of the system text: how to call, and what there is to be called.</summary>
    public static string Of(IReadOnlyList<ToolSchema> tools)
    {
        var text = new StringBuilder(Intro);
        foreach (var tool in tools)
        {
            text.Append("\n\n### ").Append(tool.Name).Append('\n').Append(tool.Description.Trim());
            WriteParameters(text, tool.Parameters);
        }

        return text.ToString();
    }

    private static void WriteParameters(StringBuilder text, JsonElement schema)
    {
        if (schema.At("properties") is not { ValueKind: JsonValueKind.Object } properties || !properties.EnumerateObject().Any())
        {
            text.Append("\nParameters: none");
            return;
        }

        var required = schema.ItemsAt("required").Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.Text()).ToHashSet(StringComparer.Ordinal);
        text.Append("\nParameters:");
        foreach (var property in properties.EnumerateObject())
        {
            text.Append("\n- ").Append(property.Name).Append(": ").Append(TypeOf(property.Value));
            text.Append(required.Contains(property.Name) ? " (required)" : "");
            if (property.Value.TextAt("description") is { Length: > 0 } description)
            {
                text.Append(" — ").Append(description);
            }
        }
    }

    private static string TypeOf(JsonElement schema)
    {
        if (schema.At("enum") is { ValueKind: JsonValueKind.Array } values)
        {
            return "one of " + string.Join(", ", values.EnumerateArray().Select(value => value.GetRawText()));
        }

        var type = schema.At("type") switch
        {
            { ValueKind: JsonValueKind.String } name => name.Text(),
            { ValueKind: JsonValueKind.Array } names => string.Join(" or ", names.EnumerateArray().Select(name => name.ToString())),
            _ => "any",
        };
        // What a word cannot say is said in full.
        return type switch
        {
            "array" when schema.At("items") is { } items => $"array of {TypeOf(items)}",
            "object" when schema.At("properties") is not null => $"object {schema.GetRawText()}",
            "any" when schema.ValueKind == JsonValueKind.Object && schema.EnumerateObject().Any(field => field.Name is not "description") => schema.GetRawText(),
            _ => type,
        };
    }

    private static string Read(string name)
    {
        using var stream = typeof(PromptedText).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not built in.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n").TrimEnd();
    }
}
