using System.CommandLine.Completions;
using System.CommandLine.Parsing;

namespace Bridle.Cli.Commands;

/// <summary>
/// Says what is wrong with a command line in words of its flags: where a value is none that a flag can have, the parser names types of the language that it is written in, or the value alone.
/// </summary>
internal static class UsageWords
{
    public static string Of(ParseError error)
    {
        if ((error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult) is not { } flag)
        {
            return error.Message;
        }

        var (name, value) = (flag.Option.Name, string.Join(' ', flag.Tokens.Select(token => token.Value)));
        if (error.Message.StartsWith("Argument '", StringComparison.Ordinal))
        {
            return $"{name} is '{value}', but must be one of {string.Join(", ", flag.Option.GetCompletions(CompletionContext.Empty).Select(word => word.Label))}";
        }

        return !error.Message.Contains("System.", StringComparison.Ordinal) ? error.Message
            : value.Length is 0 ? $"{name} needs a value, but has an empty one"
            : $"{name} cannot be '{value}'";
    }

    /// <summary>What is wrong with a flag that stands alone and was given a value, or null: the parser takes <c>--trust=no</c> for <c>--trust</c> and a further word.</summary>
    public static string? FlagWithValue(CommandResult command, IReadOnlyList<string> arguments)
    {
        foreach (var word in arguments.TakeWhile(word => word != "--").Where(word => word.StartsWith('-')))
        {
            var end = word.AsSpan().IndexOfAny('=', ':');
            if (end > 0 && !bool.TryParse(word.AsSpan(end + 1), out _) && Alone(command, word[..end]) is { } flag)
            {
                return $"{flag} stands alone: it takes no value, but has '{word[(end + 1)..]}'.";
            }
        }

        return null;
    }

    private static string? Alone(CommandResult command, string name) =>
        command.Command.Options.FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name)) is { } option ? (option.ValueType == typeof(bool) ? option.Name : null)
        : command.Parent is CommandResult parent ? Alone(parent, name) : null;
}
