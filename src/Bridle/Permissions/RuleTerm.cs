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
}

/// <summary>One alternative of a rule.</summary>
internal sealed record RuleTerm(string Tool, RuleScope Scope, string Specifier)
{
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.OrdinalIgnoreCase)
    {
        ["MultiEdit"] = "Edit", ["NotebookEdit"] = "Edit", ["LS"] = "Ls", ["KillBash"] = "KillShell", ["Shell"] = "Bash",
    };

    public CommandPattern? Command { get; private init; }

    public static RuleTerm? Parse(string text, Verdict verdict, out string? problem)
    {
        problem = null;
        if (text.Length == 0)
        {
            return null;
        }

        var open = text.IndexOf('(');
        if (open >= 0 && !text.EndsWith(')'))
        {
            problem = "a parenthesis is not closed.";
            return verdict is Verdict.Allow ? null : Make(text[..open].Trim(), RuleScope.Tool, "");
        }

        var tool = (open < 0 ? text : text[..open]).Trim();
        tool = Renamed.GetValueOrDefault(tool, tool);
        var specifier = open < 0 ? null : text[(open + 1)..^1].Trim();
        if (verdict is Verdict.Allow && tool.Contains('*') && !tool.StartsWith("mcp__", StringComparison.OrdinalIgnoreCase))
        {
            problem = "an allow rule may not name tools by a wildcard, except tools of MCP servers (mcp__server__*).";
            return null;
        }

        return specifier is null or "*" ? Make(tool, RuleScope.Tool, "") : ParseSpecifier(tool, specifier, verdict, out problem);
    }

    public bool Names(string tool)
    {
        if (Tool.Contains('*') || Tool.Contains('?'))
        {
            return Wildcard.Matches(Tool, tool, StringComparison.OrdinalIgnoreCase);
        }

        return Tool.Equals(tool, StringComparison.OrdinalIgnoreCase)
            || (Tool.StartsWith("mcp__", StringComparison.OrdinalIgnoreCase) && Tool.IndexOf("__", 5, StringComparison.Ordinal) < 0
                && tool.StartsWith($"{Tool}__", StringComparison.OrdinalIgnoreCase));
    }

    private static RuleTerm? ParseSpecifier(string tool, string specifier, Verdict verdict, out string? problem)
    {
        problem = null;
        switch (tool.ToLowerInvariant())
        {
            case "bash" when specifier.Length > 0:
                return Make(tool, RuleScope.Command, specifier) with { Command = CommandPattern.Parse(specifier) };
            case "read" or "grep" or "glob" or "ls" when specifier.Length > 0:
                return Make(tool, RuleScope.Reads, specifier);
            case "write" or "edit" when specifier.Length > 0:
                return Make(tool, RuleScope.Writes, specifier);
            case "webfetch" when specifier.StartsWith("domain:", StringComparison.OrdinalIgnoreCase) && specifier.Length > 7:
                return Make(tool, RuleScope.Host, HostPattern.Normalise(specifier[7..].Trim()));
            default:
                problem = specifier.Length == 0 ? "nothing stands between the parentheses." : $"'{tool}' has no rules of the form '({specifier})'.";
                problem += verdict is Verdict.Allow ? " The rule is ignored." : " It holds for every call of the tool.";
                return verdict is Verdict.Allow ? null : Make(tool, RuleScope.Tool, "");
        }
    }

    private static RuleTerm Make(string tool, RuleScope scope, string specifier) => new(tool, scope, specifier);
}
