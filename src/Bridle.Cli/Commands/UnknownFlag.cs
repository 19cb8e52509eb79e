using System.CommandLine;
using System.CommandLine.Parsing;
using Bridle.Cli.Output;
using Bridle.Hosting;

namespace Bridle.Cli.Commands;

/// <summary>A mistyped flag must not become part of a task or the name of a thing, where it would be without effect and without a word.</summary>
internal static class UnknownFlag
{
    /// <summary>What to say of the first word before <c>--</c> that begins with a dash and was taken for an argument; null where there is none.</summary>
    public static Failure? In(ParseResult parsed)
    {
        // In a query a dash means "without".
        if (parsed.CommandResult.Command.Name is "recall")
        {
            return null;
        }

        var words = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).ToList();
        var beforeDashes = parsed.Tokens.TakeWhile(token => token.Type is not TokenType.DoubleDash);
        if (beforeDashes.FirstOrDefault(token => token.Value.Length > 1 && token.Value[0] == '-' && words.Exists(word => ReferenceEquals(word, token))) is not { } flag)
        {
            return null;
        }

        var near = NearestName.Of(flag.Value.Split('=')[0], parsed.CommandResult.Command.Options.Select(option => option.Name));
        var what = parsed.CommandResult.Command.Name is "run" ? "a task" : "a word";
        return new("usage", $"{flag.Value} is not a flag.{(near is null ? "" : $" Did you mean {near}?")}", $"See `{Path(parsed.CommandResult)} --help`. Put -- before {what} that begins with a dash.");
    }

    private static string Path(CommandResult command) => command.Parent is CommandResult parent ? $"{Path(parent)} {command.Command.Name}" : command.Command.Name;
}
