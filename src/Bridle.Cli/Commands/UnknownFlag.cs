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
        var words = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).ToList();
        var beforeDashes = parsed.Tokens.TakeWhile(token => token.Type is not TokenType.DoubleDash);
        if (beforeDashes.FirstOrDefault(token => IsMeant(parsed.CommandResult.Command, token.Value) && words.Exists(word => ReferenceEquals(word, token))) is not { } flag)
        {
            return null;
        }

        // A flag that was written in part is that flag, where only one begins so.
        var (typed, flags) = (flag.Value.Split('=')[0], parsed.CommandResult.Command.Options.Select(option => option.Name).ToList());
        var near = NearestName.Of(typed, flags) ?? (flags.FindAll(one => typed.Length > 2 && one.StartsWith(typed, StringComparison.Ordinal)) is [var only] ? only : null);
        var what = parsed.CommandResult.Command.Name is "run" ? "a task" : "a word";
        return new("usage", $"{flag.Value} is not a flag.{(near is null ? "" : $" Did you mean {near}?")}", $"See `{Path(parsed.CommandResult)} --help`. Put -- before {what} that begins with a dash.");
    }

    // In a query one dash means "without", and what has spaces in it was quoted.
    private static bool IsMeant(Command command, string word) => word.Length > 1 && word[0] == '-'
        && (command.Name is not "recall" || (word.Length > 2 && word[1] == '-' && char.IsLetterOrDigit(word[2]) && !word.Any(char.IsWhiteSpace)));

    private static string Path(CommandResult command) => command.Parent is CommandResult parent ? $"{Path(parent)} {command.Command.Name}" : command.Command.Name;
}
