namespace Bridle.Tests.Permissions.Shell;

/// <summary>Where bash's reading depends on what no reader can know, the parser refuses on purpose: how its words for that begin.</summary>
internal static class DeliberateRefusals
{
    public static readonly string[] All =
    [
        "quotes stand in an arithmetic", "a backslash stands in an arithmetic", "a dollar stands alone", "a single quote stands in an expansion", "an escaped quote stands in backticks", "a here-document has no body",
        "a here-document is without its end", "a here-document stands in two parentheses", "a line of a here-document begins", "the end of a here-document is", "a substitution crosses", "an array crosses", "a condition crosses", "a pair of parentheses crosses",
    ];
}
