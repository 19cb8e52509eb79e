namespace Bridle.Permissions.Shell;

/// <summary>The short list: kinds of nodes that rules may allow. Whatever is not on it is asked.</summary>
internal static class ShortList
{
    /// <summary>The first thing in the tree that no rule for its parts can allow, in words; null when there is none.</summary>
    public static string? Problem(ShellScript script) => script.Problem ?? ShellWalk.All(script.Body).Select(ProblemOf).FirstOrDefault(problem => problem is not null);

    private static string? ProblemOf(ShellNode node) => node switch
    {
        ShellSequence or AndOr or Block or IfCommand or LoopCommand or CaseCommand or CaseBranch or LiteralPart or HereDocument or ShellWord or CommandSubstitution or ProcessSubstitution => null,
        Pipeline => null,
        SimpleCommand { Words: [] } simple => simple.Assignments.Count > 0 ? "it sets a variable" : null,
        SimpleCommand { Words: [var name, ..] } => name.Plain ? ProblemOfName(name.Text) : "which program it runs is computed",
        Assignment assignment => ProblemOf(assignment),
        Redirect { Descriptor: ['{', ..] } => "it stores a descriptor in a variable",
        Redirect { NamesNoFile: false, Target.Plain: false } => "the target of a redirection is computed",
        Redirect => null,
        DoubleQuotedPart { Localised: false } => null,
        ParameterPart part => ProblemOf(part),
        ArithmeticPart part => part.Parts is [LiteralPart { Value: var text }] && text.AsSpan().IndexOfAnyExcept("0123456789+-*/%() \t") < 0 ? null : "it computes with variables",
        ForCommand { Select: false, Words: not null } loop => loop.Name.Length > 0 && !loop.Name.EndsWith("_proxy", StringComparison.Ordinal) && loop.Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_') ? null : $"a loop sets the variable '{loop.Name}'",
        FunctionDefinition function => function.Name.BareText is { } name && !ShellWords.Keywords.Contains(name) ? null : "a function has an unusual name",
        _ => $"it has {Describe(node)}",
    };

    private static string? ProblemOfName(string name) => name switch
    {
        "" => "a program's name is empty",
        ['%', ..] => "it names a job",
        _ => null,
    };

    // Only variables that change how something is shown, with values that cannot name a file.
    private static string? ProblemOf(Assignment assignment) =>
        assignment is { Subscript: null, Appends: false, Value.Plain: true }
        && (assignment.Name is "NODE_ENV" or "LANG" or "LANGUAGE" or "NO_COLOR" or "FORCE_COLOR" or "CLICOLOR" or "CLICOLOR_FORCE" or "CI" or "TZ" or "COLUMNS" or "LINES" or "PYTHONUNBUFFERED" or "PYTHONDONTWRITEBYTECODE"
            or "RUST_BACKTRACE" or "DOTNET_CLI_TELEMETRY_OPTOUT" or "DOTNET_NOLOGO" or "GOOS" or "GOARCH" or "CGO_ENABLED" || assignment.Name is ['L', 'C', '_', ..])
        && assignment.Value.Text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@' or ':' or ',')
            ? null
            : $"it sets the variable '{assignment.Name}'";

    private static string? ProblemOf(ParameterPart part)
    {
        if (part.Prefix == "!" || part.Subscript is { Parts: not [LiteralPart { Value: "@" or "*" }] })
        {
            return "it reads a variable that is only known when it runs";
        }

        return part.Operator is "" or ":-" or "-" or ":+" or "+" or ":?" or "?" or "#" or "##" or "%" or "%%" or "/" or "//" or "/#" or "/%" or "^" or "^^" or "," or ",," ? null
            : $"it has the expansion '{part.Operator}'";
    }

    private static string Describe(ShellNode node) => node switch
    {
        ForCommand => "a 'select', or a loop without words",
        ArithmeticFor => "an arithmetic loop",
        Coprocess => "a coprocess",
        ArithmeticCommand => "an arithmetic command",
        Conditional => "a '[[ ]]'",
        SubscriptPart => "a subscript",
        ArrayPart => "an array",
        ExtendedGlobPart => "an extended pattern",
        DoubleQuotedPart => "a translated text",
        _ => node.GetType().Name,
    };
}
