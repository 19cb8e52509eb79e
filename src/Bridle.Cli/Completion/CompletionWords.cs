using System.CommandLine;
using System.CommandLine.Completions;

namespace Bridle.Cli.Completion;

/// <summary>A flag as a shell completes it.</summary>
/// <param name="Names">All spellings.</param>
/// <param name="Description">Its description.</param>
/// <param name="TakesValue">Whether a value follows.</param>
/// <param name="Values">The values it may have; empty for anything.</param>
internal sealed record CompletionFlag(IReadOnlyList<string> Names, string Description, bool TakesValue, IReadOnlyList<string> Values);

/// <summary>A command as a shell completes it.</summary>
/// <param name="Path">Its name after those of its parents, separated by spaces; empty for the program itself.</param>
/// <param name="Description">Its description.</param>
/// <param name="Subcommands">What may follow, with descriptions.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="Values">The values of its first argument, where they are fixed.</param>
internal sealed record CompletionNode(
    string Path, string Description, IReadOnlyList<(string Name, string Description)> Subcommands, IReadOnlyList<CompletionFlag> Flags, IReadOnlyList<string> Values);

/// <summary>Reads the words that can be completed off the command tree, so that the scripts cannot lag behind it.</summary>
internal static class CompletionWords
{
    /// <summary>All commands, the program itself first.</summary>
    public static IReadOnlyList<CompletionNode> Of(Command root) => [.. Nodes(root, "", [])];

    private static IEnumerable<CompletionNode> Nodes(Command command, string path, IReadOnlyList<Option> inherited)
    {
        var subcommands = command.Subcommands.Where(child => !child.Hidden).ToList();
        var flags = command.Options.Concat(inherited).Where(option => !option.Hidden).Select(option => new CompletionFlag(
            [option.Name, .. option.Aliases.Where(alias => alias.StartsWith('-'))], option.Description ?? "", option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool) && option.ValueType != typeof(void),
            option.ValueType == typeof(bool) ? [] : Values(option)));
        yield return new(path, command.Description ?? "", [.. subcommands.Select(child => (child.Name, child.Description ?? ""))], [.. flags], [.. command.Arguments.SelectMany(Values).Distinct()]);
        foreach (var node in subcommands.SelectMany(child => Nodes(child, $"{path} {child.Name}".Trim(), [.. inherited, .. command.Options.Where(option => option.Recursive)])))
        {
            yield return node;
        }
    }

    private static List<string> Values(Option option) => [.. option.GetCompletions(CompletionContext.Empty).Select(item => item.Label).Where(label => !label.StartsWith('-'))];

    private static List<string> Values(Argument argument) => [.. argument.GetCompletions(CompletionContext.Empty).Select(item => item.Label)];
}
