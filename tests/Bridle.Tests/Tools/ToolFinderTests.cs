using System.Text.Json;
using Bridle.Events;
using Bridle.Tools;

namespace Bridle.Tests.Tools;

public sealed class ToolFinderTests
{
    private static readonly ToolDefinition[] s_tools =
    [
        Of("mcp__github__create_issue", "Opens an issue in a repository."), Of("mcp__github__list_issues", "Lists what is open."), Of("mcp__slack__send", "Sends a message to a channel.", "channel"),
        Of("readSpreadsheet", "Reads cells.", "sheet"), Of("weather", "The weather of a place."),
    ];

    [Theory]
    [InlineData("issue", 5, "mcp__github__create_issue mcp__github__list_issues")]
    [InlineData("create an issue", 5, "mcp__github__create_issue mcp__github__list_issues")]
    [InlineData("issues", 1, "mcp__github__create_issue")]
    [InlineData("slack message", 5, "mcp__slack__send")]
    [InlineData("channel", 5, "mcp__slack__send")]
    [InlineData("spreadsheet", 5, "readSpreadsheet")]
    [InlineData("sheet", 5, "readSpreadsheet")]
    [InlineData("WEATHER", 5, "weather")]
    [InlineData("select:weather, MCP__slack__send", 20, "mcp__slack__send weather")]
    [InlineData("select:nothing", 20, "")]
    [InlineData("quantum", 5, "")]
    [InlineData("...", 5, "")]
    public void Tools_are_found_by_words_of_name_description_and_parameters(string query, int most, string names) =>
        Assert.Equal(names, string.Join(' ', ToolFinder.Find(s_tools, query, most).Select(tool => tool.Name)));

    private static ToolDefinition Of(string name, string description, string? parameter = null) => new(
        name, description, JsonDocument.Parse(parameter is null ? "{}" : $$"""{ "type": "object", "properties": { "{{parameter}}": { "type": "string" } } }""").RootElement, ToolKind.Read, ToolEffect.Repeatable, true);
}
