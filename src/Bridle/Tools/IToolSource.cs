namespace Bridle.Tools;

/// <summary>Provides tools: the built-in ones, a library user's own, an MCP server's.</summary>
public interface IToolSource
{
    /// <summary>The tools it offers now. May be called often; must be quick.</summary>
    IReadOnlyList<Tool> Tools { get; }
}
