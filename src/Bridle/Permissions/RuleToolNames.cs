using System.Collections.Frozen;
using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>The names that rules may use for tools. What other harnesses call a tool, and what it was called before, means the tool of today.</summary>
internal static class RuleToolNames
{
    // Beside the names that models use. What Bridle calls KillShell has been called TaskStop elsewhere.
    private static readonly FrozenDictionary<string, string> Renamed = new Dictionary<string, string>
    {
        ["MultiEdit"] = "Edit", ["NotebookEdit"] = "Edit", ["Task"] = "Agent", ["TaskStop"] = "KillShell", ["ListPeers"] = "ListAgents", ["Brief"] = "SendUserMessage",
        ["ListMcpResources"] = "ListMcpResourcesTool", ["ReadMcpResource"] = "ReadMcpResourceTool", ["ReadMcpResourceDir"] = "ReadMcpResourceDirTool", ["ProposeGoal"] = "SetGoal",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The tool's name here; a name that nobody knows stays as it is.</summary>
    public static string Canonical(string name) => Renamed.GetValueOrDefault(name) ?? ToolAliases.Standard.Find(name)?.Tool ?? name;

    public static bool IsGlob(string name) => name.AsSpan().IndexOfAny("*?") >= 0;

    /// <summary>Whether an allow rule may use the wildcard: only after a server's name, or where <c>mcp__*__*</c> says every server in so many words.</summary>
    public static bool MayAllow(string glob)
    {
        var second = glob.StartsWith("mcp__", StringComparison.OrdinalIgnoreCase) ? glob.IndexOf("__", 5, StringComparison.Ordinal) : -1;
        return second > 5 && (!IsGlob(glob[..second]) || glob is "mcp__*__*");
    }
}
