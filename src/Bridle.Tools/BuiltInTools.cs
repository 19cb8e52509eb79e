using Bridle.Tools.Files;
using Bridle.Tools.Git;
using Bridle.Tools.Planning;
using Bridle.Tools.Search;
using Bridle.Tools.Shell;
using Bridle.Tools.Web;

namespace Bridle.Tools;

/// <summary>The tools that come with Bridle, in the order of their names.</summary>
/// <param name="searchEngine">What WebSearch asks, or null: it then says that no engine is configured.</param>
public sealed class BuiltInTools(WebSearchEngine? searchEngine = null) : IToolSource
{
    /// <summary>The tool that is trusted with the repository: git's writing verbs.</summary>
    public static ToolDefinition Repository { get; } = new GitTool().AsTool().Definition;

    /// <inheritdoc/>
    public IReadOnlyList<Tool> Tools { get; } =
    [
        new AskUserTool().AsTool(),
        new BashTool().AsTool(),
        new BashOutputTool().AsTool(),
        new EditTool().AsTool(),
        new ExitPlanModeTool().AsTool(),
        new GitTool().AsTool(),
        new GlobTool().AsTool(),
        new GrepTool().AsTool(),
        new KillShellTool().AsTool(),
        new LsTool().AsTool(),
        new ReadTool().AsTool(),
        new TodoWriteTool().AsTool(),
        new WebFetchTool().AsTool(),
        new WebSearchTool(searchEngine).AsTool(),
        new WriteTool().AsTool(),
    ];
}
