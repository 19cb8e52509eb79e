using System.Collections.Frozen;
using Bridle.Messages;
using Bridle.Permissions.Shell;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>
/// The files that a copy or a move writes without naming them: the sources' names in the target's folder, what lies in folders that are copied, and what lies in
/// folders that are moved or removed. As they lie there now.
/// </summary>
internal sealed class CopiedFiles(IFiles files, Func<string, string, ResolvedPath> resolve)
{
    private const int MostEntries = 4_000;
    private static readonly FrozenSet<string> Copiers = FrozenSet.Create("cp", "gcp", "mv", "gmv", "install", "ginstall", "ln", "gln", "rsync", "scp", "ditto");
    private readonly List<WordPath> _found = [];
    private int _looked;

    /// <summary>A folder held more than was looked at, or is not there yet.</summary>
    public bool Unseen { get; private set; }

    /// <summary>The files, in no order that matters.</summary>
    public IReadOnlyList<WordPath> Of(CommandReading reading, IReadOnlyList<string> folders, GlobWords patterns)
    {
        foreach (var command in reading.Commands)
        {
            if (Copiers.Contains(command.Name))
            {
                Copies(command, reading, folders, patterns);
            }
            else if (command.Name is "rm" or "grm" && command.Texts.Any(word => word is "--recursive" || (word is ['-', not '-', ..] && word.AsSpan().IndexOfAny("rR") > 0)))
            {
                foreach (var (word, folder) in Pairs(command.Words.Skip(1), folders, patterns))
                {
                    TakeContents(word, resolve(word, folder), into: null);
                }
            }
        }

        return _found;
    }

    private void Copies(FoundCommand command, CommandReading reading, IReadOnlyList<string> folders, GlobWords patterns)
    {
        var (targets, operands) = Split(command);
        if (targets.Count == 0 && operands.Count > 1)
        {
            targets.Add(operands[^1]);
            operands.RemoveAt(operands.Count - 1);
        }

        // 'ln -s ../x' makes x where it stands.
        var here = targets.Count == 0 && command.Name is "ln" or "gln";
        foreach (var (source, folder) in Pairs(operands, folders, patterns))
        {
            var from = resolve(source, folder);
            if (command.Name is "mv" or "gmv")
            {
                TakeContents(source, from, into: null);
            }

            Unseen |= from.Kind is FileKind.Missing && reading.Commands.Count(one => one.Direct) > 1 && TakesFolders(command) && !IsMadeAsFile(source, reading);

            foreach (var target in here ? ["."] : targets.Where(target => target.Value is not null).Select(target => target.Text))
            {
                var to = resolve(target, folder);
                if (to.Kind is not FileKind.File)
                {
                    TakeSource(command, source, from, target, to, folder);
                }
            }
        }
    }

    // In a folder that is there the source keeps its name; one that is not there yet may become one before the copy, or takes the source's place.
    private void TakeSource(FoundCommand command, string source, ResolvedPath from, string target, ResolvedPath to, string folder)
    {
        var name = source.TrimEnd('/') is var bare && bare.LastIndexOf('/') is var slash ? bare[(slash + 1)..] : "";
        var contents = name is "." or ".." or "" || source.EndsWith('/');
        if (name is not ("." or ".." or ""))
        {
            var inside = $"{target.TrimEnd('/')}/{name}";
            _found.Add(new WordPath(inside, resolve(inside, folder), false, true));
            if (command.Name is not ("ln" or "gln"))
            {
                TakeContents(source, from, inside, folder);
            }
        }

        if ((contents || to.Kind is FileKind.Missing || command.Texts.Any(word => word is ['-', not '-', ..] && word.Contains('T') || word.StartsWith("--no-t", StringComparison.Ordinal))) && command.Name is not ("ln" or "gln"))
        {
            TakeContents(source, from, target, folder);
        }
    }

    // What lies in a folder, under the folder's own name, or under another one where it is brought there.
    private void TakeContents(string source, ResolvedPath from, string? into, string folder = "")
    {
        var todo = new Queue<(ResolvedPath At, string Under)>();
        if (from.Kind is FileKind.Directory)
        {
            todo.Enqueue((from, ""));
        }

        while (todo.TryDequeue(out var one))
        {
            foreach (var entry in ListOf(one.At))
            {
                if (++_looked > MostEntries)
                {
                    Unseen = true;
                    return;
                }

                var under = $"{one.Under}/{entry.Name}";
                var here = new ResolvedPath($"{source.TrimEnd('/')}{under}", $"{from.Normalised.TrimEnd('/')}{under}", $"{from.Real.TrimEnd('/')}{under}", from.InsideRoot, entry.Kind);
                if (into is null)
                {
                    _found.Add(new WordPath(here.Given, here, false, true) { OnlyRules = true });
                }
                else
                {
                    var there = $"{into.TrimEnd('/')}{under}";
                    var path = resolve(there, folder);
                    _found.Add(new WordPath(there, path, false, true) { OnlyRules = SensitivePaths.Look(path.Real).Level is not Sensitivity.Protected });
                }

                if (entry is { Kind: FileKind.Directory, IsLink: false })
                {
                    todo.Enqueue((here, under));
                }
            }
        }
    }

    // What a redirection makes is no folder, nor what is copied from one file.
    private static bool IsMadeAsFile(string source, CommandReading reading) =>
        reading.Redirects.Any(redirect => redirect.Writes && redirect.Target is { Plain: true, Text: var target } && target == source)
        || reading.Commands.Any(one => one.Name is "touch" or "tee" && one.Words.Any(word => word is { Plain: true, Text: var text } && text == source));

    private static bool TakesFolders(FoundCommand command) =>
        command.Name is "mv" or "gmv" or "ditto" || command.Texts.Any(word => word is "--recursive" or "--archive" || (word is ['-', not '-', ..] && word.AsSpan().IndexOfAny("rRa") > 0));

    private IEnumerable<FileEntry> ListOf(ResolvedPath folder)
    {
        try
        {
            return files.List(folder);
        }
        catch (Exception closed) when (closed is ToolException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static IEnumerable<(string Word, string Folder)> Pairs(IEnumerable<ShellWord> words, IReadOnlyList<string> folders, GlobWords patterns)
    {
        foreach (var word in words.Where(word => word.Text.Length is > 0 and < 4096 && !word.Text.Contains('\0') && word.Text is not ['-', _, ..]))
        {
            foreach (var folder in folders)
            {
                foreach (var text in GlobWords.IsPattern(word) ? patterns.Matches(word.Text, folder) : [word.Text])
                {
                    yield return (text, folder);
                }
            }
        }
    }

    // The folders that -t names, where the program has it, and what are no options.
    private static (List<ShellWord> Targets, List<ShellWord> Operands) Split(FoundCommand command)
    {
        var words = command.Words;
        var (targets, operands) = (new List<ShellWord>(), new List<ShellWord>());
        for (var i = 1; i < words.Count; i++)
        {
            var text = words[i].Text;
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var names = text is ['-', '-', 't', ..] && "--target-directory".StartsWith(equals < 0 ? text : text[..equals], StringComparison.Ordinal);
            var letter = text is ['-', not '-', ..] ? text.IndexOf('t', StringComparison.Ordinal) : -1;
            if (command.Name is "rsync" or "scp" or "ditto" || (!names && letter < 0))
            {
                if (text is not ['-', _, ..])
                {
                    operands.Add(words[i]);
                }
            }
            else if (names ? equals > 0 : letter + 1 < text.Length)
            {
                targets.Add(ShellWord.Bare(words[i].Span, text[((names ? equals : letter) + 1)..]));
            }
            else if (i + 1 < words.Count)
            {
                targets.Add(words[++i]);
            }
        }

        return (targets, operands);
    }
}
