using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>What the words in a rule's parentheses speak of.</summary>
internal enum RuleScope
{
    /// <summary>There are none: every call of the tool.</summary>
    Tool,

    /// <summary>Shell commands.</summary>
    Command,

    /// <summary>Files that are read (and, for rules that tighten, written).</summary>
    Reads,

    /// <summary>Files that are written.</summary>
    Writes,

    /// <summary>The host of an address.</summary>
    Host,

    /// <summary>The agent or the skill that is called, by name.</summary>
    Subject,

    /// <summary>One parameter of the call; only rules that tighten.</summary>
    Parameter,
}

/// <summary>One alternative of a rule.</summary>
internal sealed record RuleTerm(string Tool, RuleScope Scope, string Specifier)
{
    private readonly string _canonical = RuleToolNames.Canonical(Tool);

    public CommandPattern? Command { get; init; }

    /// <summary>The commands that must all run in a call, where the rule names several; see <see cref="CompoundPattern"/>.</summary>
    public IReadOnlyList<CommandPattern>? Parts { get; init; }

    /// <summary>The parameter that <see cref="RuleScope.Parameter"/> speaks of; <see cref="Specifier"/> is its value.</summary>
    public string? Parameter { get; init; }

    /// <summary>Whether the rule speaks of that tool: by its name, by another harness' name for it, as a server's tool, or by a wildcard.</summary>
    public bool Names(string tool)
    {
        if (RuleToolNames.IsGlob(Tool))
        {
            return Wildcard.Matches(Tool, tool, StringComparison.OrdinalIgnoreCase);
        }

        return _canonical.Equals(tool, StringComparison.OrdinalIgnoreCase)
            || _canonical.Equals(RuleToolNames.Canonical(tool), StringComparison.OrdinalIgnoreCase)
            || (Tool.StartsWith("mcp__", StringComparison.OrdinalIgnoreCase) && Tool.IndexOf("__", 5, StringComparison.Ordinal) < 0
                && tool.StartsWith($"{Tool}__", StringComparison.OrdinalIgnoreCase));
    }
}
