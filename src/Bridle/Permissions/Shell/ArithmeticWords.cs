namespace Bridle.Permissions.Shell;

/// <summary>Which words and parts are computed as arithmetic, where the value of a variable may hold a command.</summary>
internal static class ArithmeticWords
{
    /// <summary>Whether a part of arithmetic is more than numbers and signs.</summary>
    public static bool MayEvaluate(ShellNode part) => part is not LiteralPart { Value: var value } || (value is not ("@" or "*") && value.Any(c => char.IsLetter(c) || c is '_' or '['));

    /// <summary>Whether <c>[[ ]]</c> compares words as numbers, or looks for a variable, that are not numbers as they stand.</summary>
    public static bool MayEvaluate(Conditional conditional) =>
        conditional.Terms.Any(term => term.BareText is "-eq" or "-ne" or "-lt" or "-le" or "-gt" or "-ge" or "-v" or "-R")
        && !conditional.Terms.All(term => term.BareText is { } text && (text[0] is '-' or '&' or '|' or '!' || text.All(char.IsAsciiDigit)));
}
