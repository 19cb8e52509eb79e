using Bridle.Tools;
using Bridle.Tools.Files;
using Bridle.Tools.Search;
using Bridle.Tools.Shell;

namespace Bridle.Hosting.Assembly;

/// <summary>The tools that every agent gets.</summary>
internal static class BuiltInTools
{
    public static IReadOnlyList<Tool> Make() =>
    [
        new ReadTool().AsTool(), new WriteTool().AsTool(), new EditTool().AsTool(), new BashTool().AsTool(), new BashOutputTool().AsTool(), new KillShellTool().AsTool(),
        new GrepTool().AsTool(), new GlobTool().AsTool(), new LsTool().AsTool(),
    ];
}
