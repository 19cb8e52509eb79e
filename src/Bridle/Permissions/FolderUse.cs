namespace Bridle.Permissions;

/// <summary>
/// What a command that was written down once, such as a hook's, takes from the folder in which it runs later. Who looks at its words and at these files has seen what it
/// runs, unless it is open.
/// </summary>
/// <param name="Files">The files of the folder that it names, absolute, sorted, each once.</param>
/// <param name="Open">Why they are not all that it may run, in words that go on "it …"; null when they are.</param>
public sealed record FolderUse(IReadOnlyList<string> Files, string? Open)
{
    /// <summary>Those of the files that it runs, with what it gives them to read; not those that programs only look at.</summary>
    public IReadOnlyList<string> Runs { get; init; } = [];

    /// <summary>Files of the folder that it would run and that are not there, absolute.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>
    /// Why what it runs of the folder may be another file by then, though its words name it, in words that go on "it …"; null where it is not. The folder's programs are open
    /// (<see cref="Open"/>) and yet what who wrote the command wants; this nobody wants.
    /// </summary>
    public string? Loose { get; init; }

    /// <summary>Of a command that takes nothing from the folder.</summary>
    public static FolderUse Nothing { get; } = new([], null);

    /// <summary>Whether a file lies where no confined command writes, whether it is there or not.</summary>
    /// <param name="root">The workspace.</param>
    /// <param name="file">The file; both real and absolute.</param>
    public static bool IsHeld(string root, string file) => FolderPrograms.IsHeld(Path.GetRelativePath(root, file));

    /// <summary>Reads a text for a shell, as the gate reads commands. Never throws; what it cannot follow is open.</summary>
    public static FolderUse OfText(string text, FolderPlace place)
    {
        var reading = new FolderUseReading(place);
        reading.Read(text, keepsVariables: false);
        return reading.Found;
    }

    /// <summary>Reads a program with its arguments, which no shell sees.</summary>
    public static FolderUse OfWords(IReadOnlyList<string> words, FolderPlace place)
    {
        var reading = new FolderUseReading(place);
        reading.RunWords(words);
        return reading.Found;
    }
}

/// <summary>A folder in which commands run, with the others that confined programs may write.</summary>
/// <param name="Root">Its real path.</param>
/// <param name="Home">The home folder of who runs them.</param>
/// <param name="Inside">The path, absolute and without <c>..</c>, as one below the root; null for one that lies elsewhere.</param>
/// <param name="Variables">Variables that name the root.</param>
public sealed record FolderPlace(string Root, string Home, Func<string, string?> Inside, IReadOnlyList<string> Variables)
{
    /// <summary>A program is taken for one that runs nothing of the folder only where it is known for that; else unless it is known to.</summary>
    public bool OnlyKnown { get; init; }

    /// <summary>The other folders that confined programs may write; real paths.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>Whether a real path lies below one of the folders.</summary>
    public bool Holds(string real) => Others.Prepend(Root).Any(folder => real.StartsWith(folder.TrimEnd('/') + '/', StringComparison.Ordinal));
}
