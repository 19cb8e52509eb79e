using System.IO.Enumeration;
using Bridle.Permissions.Shell;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>The files of a folder that words name, in each folder below or beside it where they may be read. Folders are added and never left, so that a <c>cd</c> that fails or stands in a branch is covered.</summary>
internal sealed class FolderFiles(FolderPlace place)
{
    private const int MaxFolders = 8;
    private const int MaxMatches = 64;
    private readonly SortedSet<string> _files = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _runs = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _missing = new(StringComparer.Ordinal);
    private readonly List<string> _folders = [place.Root];

    /// <summary>All that were named.</summary>
    public IReadOnlyList<string> Named => [.. _files];

    /// <summary>Those that are run, with what they are given.</summary>
    public IReadOnlyList<string> Runs => [.. _runs];

    /// <summary>What would be run and is not there.</summary>
    public IReadOnlyList<string> Missing => [.. _missing];

    /// <summary>Why they are not all, or null.</summary>
    public string? Open { get; private set; }

    /// <summary>Why one that is run may be another by then, or null.</summary>
    public string? Loose { get; private set; }

    /// <summary>The folder where words are read, when it is certain.</summary>
    public string? OnlyFolder => _folders.Count == 1 ? _folders[0] : null;

    /// <summary>Whether a value names something in the folder.</summary>
    public bool AreNamedBy(string value) => PathsOf(value).Any(path => place.Inside(path) is { } inside && Path.Exists(inside));

    /// <summary>Whether a folder of a list such as PATH lies in the folder, or may.</summary>
    public bool AreListedIn(string list) => list.Length > 0 && list.Split(':').Any(one => one is not ['/', ..] || place.Inside(Path.GetFullPath(one)) is not null || Path.GetFullPath(one) == place.Root);

    /// <summary>From here on words may be read in that folder.</summary>
    public void Go(ShellWord target, bool isElsewhere)
    {
        if (!target.Plain || target.Text is ['-', ..] || _folders.Count >= MaxFolders)
        {
            LeaveComputed("goes to a folder that is only known when it runs", isElsewhere);
            return;
        }

        foreach (var folder in PathsOf(target.Text).ToList())
        {
            if (!_folders.Contains(folder))
            {
                _folders.Add(folder);
            }
        }
    }

    // What a link that somebody put there would lead elsewhere.
    public void Write(string? target, bool isElsewhere)
    {
        if (target is null)
        {
            LeaveComputed("writes a file that is only known when it runs", isElsewhere);
            return;
        }

        foreach (var path in PathsOf(target))
        {
            if (place.Inside(path) is { } inside && !FolderPrograms.IsHeld(Relative(inside)))
            {
                Loosen($"writes {Relative(inside)}, where a command could put a link");
            }
        }
    }

    /// <summary>Whether a path of the folder lies where no confined command writes.</summary>
    public bool IsHeld(string inside) => FolderPrograms.IsHeld(Relative(inside));

    // A file that something runs: it must be known which one it is, and be there, or another one can be put in its place.
    // The files of the folder that it may be.
    public IReadOnlyList<string> Script(ShellWord word, string program, bool isElsewhere)
    {
        if (!word.Plain || ShellWords.IsInput(word.Text))
        {
            LeaveComputed($"gives '{program}' a file that is only known when it runs", isElsewhere);
            return [];
        }

        var (isThere, missing, found) = (false, (string?)null, new List<string>());
        foreach (var path in PathsOf(word.Text))
        {
            NoteLinks(path);
            var inside = place.Inside(path);
            if (inside is null ? File.Exists(path) : File.Exists(inside))
            {
                isThere = true;
                if (inside is not null)
                {
                    found.Add(inside);
                    Run(inside);
                }
            }
            else if (inside is not null)
            {
                missing ??= inside;
                _missing.Add(inside);
            }
        }

        Loosen(!isThere && missing is not null ? $"runs {Relative(missing)}, which is no file there" : null);
        return found;
    }

    // A file of the folder that is run, or given to one that is.
    private void Run(string inside)
    {
        _runs.Add(inside);
        var walk = new PathWalk();
        var entry = LinuxCalls.Known && walk.TryReal(inside, null, out var real, out _) ? walk.WithEntry(new ResolvedPath(inside, inside, real, true, FileKind.File)) : null;
        Loosen(FolderPrograms.IsOfPackages(Relative(inside)) ? $"runs {Relative(inside)}, which loads what lies beside it"
            : entry?.Links > 1 ? $"runs {Relative(inside)}, which has {entry.Links} names on the disk (hard links)"
            : null);
    }

    /// <summary>The words of a command that runs a file of the folder: what it is given decides what it does.</summary>
    public void Give(string? value)
    {
        foreach (var path in value is null ? [] : PathsOf(value))
        {
            if (place.Inside(path) is { } inside && File.Exists(inside))
            {
                NoteLinks(path);
                Run(inside);
            }
        }
    }

    // A command may put another link in its place, and no mount holds a link. Where the link lies outside of the folder, no command can.
    private void NoteLinks(string path)
    {
        var (at, left, todo) = ("/", 40, new Stack<string>());
        void Follow(string way)
        {
            foreach (var one in way.Split('/', StringSplitOptions.RemoveEmptyEntries).AsEnumerable().Reverse())
            {
                todo.Push(one);
            }
        }

        Follow(path);
        while (todo.TryPop(out var part))
        {
            var next = part switch { "." => at, ".." => Path.GetDirectoryName(at) ?? "/", _ => Path.Combine(at, part) };
            if (part is "." or ".." || PathResolution.LinkTarget(next) is not { } target)
            {
                at = next;
                continue;
            }

            if (place.Holds(next) || left-- == 0)
            {
                Loosen($"names {Path.GetFileName(path)} by the link {Relative(next)}, in whose place a command could put another");
                return;
            }

            at = target[0] == '/' ? "/" : at;
            Follow(target);
        }
    }

    // Every file of the folder that a word names, wherever it stands.
    public void Name(string? value, bool isPattern)
    {
        if (value is null)
        {
            return;
        }

        if (isPattern)
        {
            foreach (var match in PathsOf(value).SelectMany(Matches).Take(MaxMatches))
            {
                NameFile(match);
            }

            return;
        }

        var values = new List<string> { value };
        values.AddRange(value.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? [value[(at + 1)..]] : []);
        values.AddRange(value is ['-', not '-', _, ..] ? [value[2..]] : []);
        foreach (var path in values.SelectMany(PathsOf))
        {
            NameFile(path);
        }
    }

    private void NameFile(string path)
    {
        if (place.Inside(path) is { } inside && File.Exists(inside))
        {
            NoteLinks(path);
            _files.Add(inside);
        }
    }

    private static IEnumerable<string> Matches(string pattern)
    {
        var folder = Path.GetDirectoryName(pattern);
        try
        {
            return folder is not null && Directory.Exists(folder)
                ? [.. Directory.EnumerateFiles(folder).Where(file => FileSystemName.MatchesSimpleExpression(Path.GetFileName(pattern), Path.GetFileName(file), ignoreCase: false)).Order(StringComparer.Ordinal).Take(MaxMatches)]
                : [];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // What a word means in each folder where it may be read. The system goes through links before it goes up.
    private IEnumerable<string> PathsOf(string word)
    {
        if (word.Length == 0 || word.Contains('\0', StringComparison.Ordinal))
        {
            return [];
        }

        if (word.Contains("..", StringComparison.Ordinal) && _folders.Any(folder => GoesUpBehindLink(word, folder)))
        {
            Loosen("goes up behind a link");
        }

        return word[0] == '/' ? [Path.GetFullPath(word)] : _folders.ConvertAll(folder => Path.GetFullPath(word, folder));
    }

    private static bool GoesUpBehindLink(string word, string folder)
    {
        var at = word[0] == '/' ? "/" : folder;
        foreach (var part in word.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part is ".." && new DirectoryInfo(at).LinkTarget is not null)
            {
                return true;
            }

            at = Path.GetFullPath(part, at);
        }

        return false;
    }

    private string Relative(string inside) => Path.GetRelativePath(place.Root, inside);

    /// <summary>Notes why the files are not all, where there is a reason.</summary>
    public void Leave(string? why) => Open ??= why;

    /// <summary>The same, and what is run may be another file by then.</summary>
    public void Loosen(string? why)
    {
        Loose ??= why;
        Leave(why);
    }

    /// <summary>Something is only known when it runs; <paramref name="isElsewhere"/>: in any case it is nothing of the folder.</summary>
    public void LeaveComputed(string why, bool isElsewhere)
    {
        if (isElsewhere)
        {
            Leave(why);
        }
        else
        {
            Loosen(why);
        }
    }
}
