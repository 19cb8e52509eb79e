using System.Globalization;
using System.Text;
using System.Text.Json;
using Bridle.Memory;
using Bridle.Skills;
using Bridle.Testing;
using Bridle.Tools;
using Bridle.Tools.Finding;
using Bridle.Tools.Memory;
using Bridle.Tools.Skills;

namespace Bridle.Cli.Tests.Reference;

public sealed class ToolsReferenceTests
{
    [Fact]
    public void Every_tool_and_parameter_is_in_the_reference()
    {
        var skill = new SkillTool(new SkillCalls(new ListedSkills(), new SkillPlace("", ""))).AsTool();
        var tools = new BuiltInTools().Tools.Append(skill).Append(new CallTool()).Append(new ToolSearchTool(() => []).AsTool()).Concat(new MemoryTools(new NoteBook([], new())).Tools).Select(tool => tool.Definition).Append(Hosting.Recall.RecallSetup.Published).OrderBy(tool => tool.Name, StringComparer.Ordinal).ToList();
        var overview = ReferencePage.Table(["Tool", "Kind", "Effect", "Side by side"], tools.Select(tool =>
            (IReadOnlyList<string>)[$"[{tool.Name}](#{tool.Name.ToLowerInvariant()})", Word(tool.Kind), Word(tool.Effect), tool.ParallelSafe ? "yes" : "no"]));
        ReferencePage.Check("tools.md", ("overview", overview), ("tools", string.Join('\n', tools.Select(Write))));
    }

    private static string Write(ToolDefinition tool)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"## {tool.Name}\n\n{tool.Description.Trim()}\n");
        var required = tool.InputSchema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()).ToHashSet() : [];
        var parameters = tool.InputSchema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().ToList() : [];
        if (parameters.Count > 0)
        {
            text.Append('\n').Append(ReferencePage.Table(["Parameter", "Type", "What it is"], parameters.Select(parameter =>
                (IReadOnlyList<string>)[$"`{parameter.Name}`{(required.Contains(parameter.Name) ? "" : "?")}", Type(parameter.Value), Description(parameter.Value)])));
        }

        var aliases = ToolAliases.Standard.All.Where(alias => alias.Tool == tool.Name && alias.Name != tool.Name).Select(alias => $"`{alias.Name}`").Order(StringComparer.Ordinal).ToList();
        return aliases.Count is 0 ? text.ToString() : text.Append(CultureInfo.InvariantCulture, $"\nAlso understood as {string.Join(", ", aliases)}.\n").ToString();
    }

    private static string Type(JsonElement schema)
    {
        if (schema.TryGetProperty("enum", out var values))
        {
            return string.Join(", ", values.EnumerateArray().Select(value => $"`{value}`"));
        }

        var type = schema.TryGetProperty("type", out var one) ? one.ValueKind is JsonValueKind.Array ? string.Join(" or ", one.EnumerateArray()) : one.GetString()! : "any";
        return type switch
        {
            "array" when schema.TryGetProperty("items", out var items) => $"list of {Type(items)}",
            "object" when schema.TryGetProperty("properties", out var inner) => $"object ({string.Join("; ", inner.EnumerateObject().Select(field => $"`{field.Name}`: {Type(field.Value)}"))})",
            _ => type,
        };
    }

    private static string Description(JsonElement schema) => schema.TryGetProperty("description", out var text) ? text.GetString()! : "";

    private static string Word(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
