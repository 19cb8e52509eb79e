using System.IO.Enumeration;
using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>The files of a folder that words name, in each folder below or beside it where they may be read. Folders are added and never left, so that a <c>cd</c> that fails or stands in a branch is covered.</summary>
internal sealed class FolderFiles(FolderPlace place)
{
    private const int MaxFolders = 8;
    private const int MaxMatches = 64;
    private readonly SortedSet<string> _files = new(StringComparer.Ordinal);
    private readonly List<string> _folders = [place.Root];

    /// <summary>All that were named.</summary>
    public IReadOnlyList<string> Named => [.. _files];

    /// <summary>Why they are not all, or null.</summary>
    public string? Open { get; private set; }

    /// <summary>The folder where words are read, when it is certain.</summary>
    public string? OnlyFolder => _folders.Count == 1 ? _folders[0] : null;

    /// <summary>Whether a value names something in the folder.</summary>
    public bool AreNamedBy(string value) => PathsOf(value).Any(path => place.Inside(path) is { } inside && Path.Exists(inside));

    /// <summary>From here on words may be read in that folder.</summary>
    public void Go(ShellWord target)
    {
        if (!target.Plain || target.Text is ['-', ..] || _folders.Count >= MaxFolders)
        {
            Leave("goes to a folder that is only known when it runs");
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
    public void Write(string? target)
    {
        if (target is null)
        {
            Leave("writes a file that is only known when it runs");
            return;
        }

        foreach (var path in PathsOf(target))
        {
            if (place.Inside(path) is { } inside && !FolderPrograms.IsHeld(Relative(inside)))
            {
                Leave($"writes {Relative(inside)}, where a command could put a link");
            }
        }
    }

    // A file that something runs: it must be known which one it is, and be there, or another one can be put in its place.
    public void Script(ShellWord word, string program)
    {
        if (!word.Plain || ShellWords.IsInput(word.Text))
        {
            Leave($"gives '{program}' a file that is only known when it runs");
            return;
        }

        var (isThere, missing) = (false, (string?)null);
        foreach (var path in PathsOf(word.Text))
        {
            var inside = place.Inside(path);
            if (inside is null ? File.Exists(path) || path[0] != '/' : File.Exists(inside))
            {
                isThere = true;
                Leave(inside is not null && FolderPrograms.IsOfPackages(Relative(inside)) ? $"runs {Relative(inside)}, which loads what lies beside it" : null);
            }
            else
            {
                missing ??= inside;
            }
        }

        Leave(!isThere && missing is not null ? $"runs {Relative(missing)}, which is no file there" : null);
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
            Leave("goes up behind a link");
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
}
