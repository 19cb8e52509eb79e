using System.CommandLine;
using System.CommandLine.Parsing;

namespace Bridle.Cli.Commands;

/// <summary>Values of flags for whoever checks a command line while it is parsed.</summary>
internal static class SoundValues
{
    /// <summary>The value of a flag, or that of one that is not given where the parser has an error of its own about it: it reports that, and throws when somebody asks for the value.</summary>
    public static T? Sound<T>(this SymbolResult result, Option<T> option)
    {
        try
        {
            return result.GetValue(option);
        }
        catch (InvalidOperationException)
        {
            return default;
        }
    }
}
