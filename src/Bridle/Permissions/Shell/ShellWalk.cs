namespace Bridle.Permissions.Shell;

/// <summary>Goes through a tree in the order of its text.</summary>
internal static class ShellWalk
{
    /// <summary>The node and everything in it, parents first.</summary>
    public static IEnumerable<ShellNode> All(ShellNode root)
    {
        var open = new Stack<ShellNode>();
        open.Push(root);
        while (open.TryPop(out var node))
        {
            yield return node;
            var children = Children(node);
            for (var i = children.Count - 1; i >= 0; i--)
            {
                open.Push(children[i]);
            }
        }
    }

    /// <summary>What stands directly in a node.</summary>
    public static IReadOnlyList<ShellNode> Children(ShellNode node) => node switch
    {
        ShellSequence sequence => [.. sequence.Items.Select(item => item.Command)],
        ShellStatement statement => [.. OfStatement(statement), .. statement.Redirects],
        Assignment { Subscript: { } subscript } assignment => [subscript, assignment.Value],
        Assignment assignment => [assignment.Value],
        CaseBranch branch => [.. branch.Patterns, branch.Body],
        Redirect { Document: { } document } redirect => [redirect.Target, document],
        Redirect redirect => [redirect.Target],
        HereDocument document => document.Parts,
        ShellWord word => word.Parts,
        DoubleQuotedPart part => part.Parts,
        ParameterPart { Subscript: { } subscript } part => [subscript, .. part.Argument],
        ParameterPart part => part.Argument,
        CommandSubstitution part => [part.Body],
        ProcessSubstitution part => [part.Body],
        ArithmeticPart part => part.Parts,
        SubscriptPart part => part.Parts,
        ArrayPart part => part.Elements,
        ExtendedGlobPart part => part.Parts,
        _ => [],
    };

    private static IEnumerable<ShellNode> OfStatement(ShellStatement statement) => statement switch
    {
        SimpleCommand simple => [.. simple.Assignments, .. simple.Words],
        Pipeline pipeline => pipeline.Commands,
        AndOr list => [list.First, .. list.Rest.Select(item => item.Command)],
        Block block => [block.Body],
        IfCommand branches => branches.Branches.SelectMany(branch => branch.Condition is { } condition ? new ShellNode[] { condition, branch.Body } : [branch.Body]),
        LoopCommand loop => [loop.Condition, loop.Body],
        ForCommand loop => [.. loop.Words ?? [], loop.Body],
        ArithmeticFor loop => [loop.Header, loop.Body],
        CaseCommand choice => [choice.Subject, .. choice.Branches],
        FunctionDefinition function => [function.Name, function.Body],
        Coprocess process => [process.Body],
        ArithmeticCommand arithmetic => [arithmetic.Expression],
        Conditional conditional => conditional.Terms,
        _ => [],
    };
}
