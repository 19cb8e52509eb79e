using System.Globalization;
using System.Text.RegularExpressions;

namespace Bridle.Models.Http;

/// <summary>Finds the output limit that a refusal names.</summary>
internal static partial class OutputCaps
{
    /// <summary>The name of what a server teaches with it: the largest output limit that it takes.</summary>
    public const string Quirk = "output_cap";

    /// <summary>The limit, or null when the words name none.</summary>
    public static long? In(string words)
    {
        var match = Cap().Match(words);
        return match.Success && long.TryParse(match.Groups["n"].ValueSpan, CultureInfo.InvariantCulture, out var cap) && cap > 0 ? cap : null;
    }

    [GeneratedRegex(
        @"at most (?<n>\d+) (completion|output) tokens|> (?<n>\d+), which is the maximum allowed|max(_completion|_output)?_tokens\D{0,60}(less than or equal to|at most|exceed|maximum (value )?(is|of))\D{0,5}(?<n>\d+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Cap();
}
