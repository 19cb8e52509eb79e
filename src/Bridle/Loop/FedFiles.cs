using System.Collections.Frozen;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Permissions.Shell;
using Bridle.Workspaces;

namespace Bridle.Loop;

/// <summary>
/// Files that one program finds and another shows: <c>find src -name '*.cs' -exec cat {} +</c>, <c>git ls-files src | xargs head</c>. Which ones they were the words do not say; a few of those that
/// lie in the folders that were looked through, and have the name that was looked for, stand for them.
/// </summary>
internal static class FedFiles
{
    private const int MostEntries = 400;

    private static readonly FrozenSet<string> Finders = FrozenSet.Create("find", "fd", "fdfind", "ls", "grep", "rg", "echo", "printf");

    /// <summary>Whether it hands the files that it finds to a program that shows them.</summary>
    public static bool Shows(FoundCommand command) =>
        command.Name is "find" && command.Texts.Index().Any(word => word.Item is "-exec" or "-execdir" && word.Index + 1 < command.Texts.Count && ShownOperands.Prints(ShellWords.NameOf(command.Texts[word.Index + 1])));

    /// <summary>Whether it shows files that another program names on its input.</summary>
    public static bool IsFed(FoundCommand command) => command.Wrappers.Contains("xargs") && ShownOperands.Prints(command.Name);

    /// <summary>The operands of a program that finds files, and the name that it looks for; null for another program.</summary>
    public static (IReadOnlyList<ShellWord> Where, string? Named)? Of(FoundCommand command)
    {
        if (command is { Name: "git", Texts: [_, "ls-files", ..] })
        {
            return ([.. command.Words.Skip(2).Where(word => word.Text is not ['-', ..])], null);
        }

        if (!Finders.Contains(command.Name))
        {
            return null;
        }

        if (command.Name is not "find")
        {
            return ([.. command.Words.Skip(command.Name is "grep" or "rg" or "fd" or "fdfind" ? 2 : 1).Where(word => word.Text is not ['-', ..])], null);
        }

        var named = command.Texts.Index().FirstOrDefault(word => word.Item is "-name" or "-iname").Index;
        return ([.. command.Words.Skip(1).TakeWhile(word => word.Text is not (['-', ..] or "(" or "!"))], named > 0 && named + 1 < command.Texts.Count ? command.Texts[named + 1] : null);
    }

    /// <summary>A few files in a folder with such a name, the nearest first. What is hidden is passed over.</summary>
    public static IEnumerable<string> In(ResolvedPath folder, string? named, IFiles files)
    {
        var (waiting, looked) = (new Queue<ResolvedPath>([folder]), 0);
        while (waiting.TryDequeue(out var next))
        {
            foreach (var entry in Listed(next, files))
            {
                if (looked++ > MostEntries)
                {
                    yield break;
                }

                if (entry is { Kind: FileKind.File } && (named is null || Wildcard.Matches(named, entry.Name, StringComparison.OrdinalIgnoreCase)))
                {
                    yield return Path.Join(next.Real, entry.Name);
                }
                else if (entry is { Kind: FileKind.Directory, IsLink: false } && !entry.Name.StartsWith('.') && entry.Name is not "node_modules")
                {
                    waiting.Enqueue(files.Resolve(entry.Name, next.Real));
                }
            }
        }
    }

    private static IReadOnlyList<FileEntry> Listed(ResolvedPath folder, IFiles files)
    {
        try
        {
            return files.List(folder);
        }
        catch (ToolException)
        {
            return [];
        }
    }
}
