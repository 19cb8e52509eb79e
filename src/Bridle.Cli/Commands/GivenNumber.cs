using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Bridle.Cli.Commands;

/// <summary>Reads the numbers of flags, so that a wrong one is told in words of the flag and not of the language it is written in.</summary>
internal static class GivenNumber
{
    /// <summary>For flags that may be missing.</summary>
    public static T? OrNone<T>(ArgumentResult result)
        where T : struct, INumber<T>
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (T.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        var flag = result.Parent is OptionResult { Option.Name: var name } ? name : "A number";
        result.AddError($"{flag} is '{text}', but must be a {(typeof(T) == typeof(decimal) ? "number such as 0.5" : "whole number such as 20")}.");
        return null;
    }

    /// <summary>For flags that have a value in any case.</summary>
    public static T Of<T>(ArgumentResult result)
        where T : struct, INumber<T> => OrNone<T>(result) ?? default;
}
