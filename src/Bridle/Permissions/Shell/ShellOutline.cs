using System.Globalization;

namespace Bridle.Permissions.Shell;

/// <summary>Shows people a tree: one line for each command, substitution and redirection, indented as they stand in each other, with the place in the text.</summary>
internal static class ShellOutline
{
    /// <summary>The lines for a script.</summary>
    public static IReadOnlyList<string> Lines(ShellScript script)
    {
        var lines = new List<string>();
        Add(script.Body, 0, lines);
        if (script.Problem is { } problem)
        {
            lines.Add($"It cannot be read to its end: {problem}.");
        }

        return lines;
    }

    private static void Add(ShellNode node, int indent, List<string> lines)
    {
        var line = LineOf(node);
        if (line is not null)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{new string(' ', indent * 2)}{line}  [{node.Span.Start}..{node.Span.End}]"));
        }

        foreach (var child in ShellWalk.Children(node))
        {
            Add(child, line is null ? indent : indent + 1, lines);
        }
    }

    private static string? LineOf(ShellNode node) => node switch
    {
        SimpleCommand { Words.Count: 0, Assignments.Count: 0 } => "no command",
        SimpleCommand { Words.Count: 0 } => "assignments",
        SimpleCommand simple => $"command {string.Join(' ', simple.Words.Select(Show))}",
        Pipeline { Prefixes.Count: 0 } => "pipeline",
        Pipeline pipeline => $"pipeline after {string.Join(' ', pipeline.Prefixes)}",
        AndOr list => $"list with {string.Join(' ', list.Rest.Select(one => one.Operator).Distinct())}",
        Block { Subshell: true } => "subshell",
        Block => "group",
        IfCommand => "if",
        LoopCommand { Until: true } => "until",
        LoopCommand => "while",
        ForCommand loop => $"{(loop.Select ? "select" : "for")} {loop.Name}",
        ArithmeticFor => "arithmetic for",
        CaseCommand => "case",
        FunctionDefinition function => $"function {function.Name.Text}",
        Coprocess => "coprocess",
        ArithmeticCommand => "arithmetic command",
        Conditional => "conditional",
        Assignment assignment => $"sets {assignment.Name} to {Show(assignment.Value)}",
        Redirect redirect => $"{(redirect.Copies ? "copies a descriptor" : redirect.Writes ? "writes" : redirect.Reads ? "reads" : "input from text")} {redirect.Descriptor}{redirect.Operator} {Show(redirect.Target)}",
        CommandSubstitution => "substitution",
        ProcessSubstitution => "process substitution",
        ParameterPart part => $"expansion {part.Prefix}{part.Name}{part.Operator}",
        ArithmeticPart => "arithmetic",
        ArrayPart => "array",
        ExtendedGlobPart => "extended pattern",
        _ => null,
    };

    private static string Show(ShellWord word)
    {
        var marks = word.Marks is WordMarks.None ? "" : $" ({word.Marks.ToString().ToLowerInvariant()})";
        return (word.Text.Length == 0 ? "''" : word.Text.ReplaceLineEndings(" ")) + marks;
    }
}
