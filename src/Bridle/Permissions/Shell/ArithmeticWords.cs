namespace Bridle.Permissions.Shell;

/// <summary>Which words and parts are computed as arithmetic, where the value of a variable may hold a command.</summary>
internal static class ArithmeticWords
{
    /// <summary>What stands in a place for arithmetic, where it is more than numbers and signs.</summary>
    public static IEnumerable<EvaluatedArgument> Of(string place, ShellNode node, IReadOnlyList<WordPart> parts) =>
        parts.Any(MayEvaluate) ? [new(place, new ShellWord(node.Span, parts), ArgumentRole.Arithmetic)] : [];

    /// <summary>What <c>[[ ]]</c> compares as numbers, or looks for as a variable.</summary>
    public static IEnumerable<EvaluatedArgument> Of(Conditional conditional)
    {
        var computes = conditional.Terms.Any(term => term.BareText is "-eq" or "-ne" or "-lt" or "-le" or "-gt" or "-ge");
        var names = conditional.Terms.Any(term => term.BareText is "-v" or "-R");
        foreach (var term in conditional.Terms.Where(term => !(term.BareText is { } text && (text[0] is '-' or '&' or '|' or '!' || text.All(char.IsAsciiDigit)))))
        {
            if (computes)
            {
                yield return new("[[", term, ArgumentRole.Arithmetic);
            }

            if (names)
            {
                yield return new("[[", term, ArgumentRole.Name);
            }
        }
    }

    private static bool MayEvaluate(ShellNode part) => part is not LiteralPart { Value: var value } || (value is not ("@" or "*") && value.Any(c => char.IsLetter(c) || c is '_' or '['));
}
