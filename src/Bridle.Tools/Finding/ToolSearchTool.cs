using System.ComponentModel;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Tools.Finding;

/// <summary>Finds tools that requests do not show and loads them. Their definitions are told in the conversation, where they outlive a compaction.</summary>
/// <param name="deferred">The tools that requests do not show, as they are now.</param>
[Tool("ToolSearch", ToolKind.Meta, Effect = ToolEffect.Repeatable, Work = ToolWork.Session)]
public sealed class ToolSearchTool(Func<IReadOnlyList<ToolDefinition>> deferred)
{
    private const int Most = 20;
    private const int MostNamed = 100;

    /// <summary>Searches.</summary>
    public ValueTask<ToolResult> RunAsync(
        CallScope scope,
        [Description("Words of what it does, or select:NAME,NAME.")] string query,
        [Description("1 to 20.")] int maxResults = 5,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scope);
        cancellationToken.ThrowIfCancellationRequested();
        if (string.IsNullOrWhiteSpace(query) || maxResults is < 1 or > Most)
        {
            throw new ToolException($"query cannot be empty, and max_results is 1 to {Most}.");
        }

        var all = deferred();
        var found = ToolFinder.Find(all, query, query.TrimStart().StartsWith("select:", StringComparison.OrdinalIgnoreCase) ? Most : maxResults);
        if (found.Count is 0)
        {
            var more = all.Count > MostNamed ? $", and {all.Count - MostNamed} more" : "";
            return ValueTask.FromResult(ToolResult.Completed($"No tool fits '{query}'. There are: {string.Join(", ", all.Take(MostNamed).Select(tool => tool.Name))}{more}."));
        }

        var names = found.Select(tool => tool.Name).ToList();
        return ValueTask.FromResult(ToolResult.Completed($"Loaded: {string.Join(", ", names)}. How they are called is told below.") with { Loaded = names });
    }
}
