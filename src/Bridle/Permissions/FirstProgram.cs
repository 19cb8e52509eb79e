using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>The program that a text for a shell runs first, and in any case: whoever looks whether it is there knows whether the text can work.</summary>
public static class FirstProgram
{
    /// <summary>
    /// Its words, each null where it is known only when it runs. None where nothing is run in any case, where it cannot be read, where the text makes up for a failure (<c>||</c>), and where
    /// the text decides itself what its words mean: functions, aliases, a PATH of its own.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="place">Where it runs.</param>
    public static IReadOnlyList<string?> Of(string text, FolderPlace place)
    {
        var script = ShellParser.Parse(text);
        if (script.Problem is not null || ShellWalk.All(script.Body).Any(node => node is FunctionDefinition or Assignment { Name: "PATH" } or SimpleCommand { Words: [{ Text: "alias" or "." or "source" or "eval" }, ..] })
            || First(script.Body) is not { } command)
        {
            return [];
        }

        var words = new FolderWords(place, () => null);
        words.Note(script.Body);
        return [.. command.Words.Select(word => (word.Marks & WordMarks.Glob) != 0 ? null : words.Of(word))];
    }

    private static SimpleCommand? First(ShellSequence body) => body.Items.Select(item => item.Command).FirstOrDefault(one => one is not SimpleCommand { Words.Count: 0 }) is { } first ? First(first) : null;

    private static SimpleCommand? First(ShellStatement statement) => statement switch
    {
        SimpleCommand { Words.Count: > 0 } command => command,
        AndOr { Rest: var rest } chain when !rest.Any(one => one.Operator is "||") => First(chain.First),
        Pipeline { Commands: [var one, ..] } => First(one),
        Block block => First(block.Body),
        IfCommand { Branches: [({ } condition, _), ..] } => First(condition),
        LoopCommand loop => First(loop.Condition),
        _ => null,
    };
}
