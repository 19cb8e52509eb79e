namespace Bridle.Permissions;

/// <summary>
/// What a command that was written down once, such as a hook's, takes from the folder in which it runs later. Who looks at its words and at these files has seen what it
/// runs, unless it is open.
/// </summary>
/// <param name="Files">The files of the folder that it names, absolute, sorted, each once.</param>
/// <param name="Open">Why they are not all that it may run, in words that go on "it …"; null when they are.</param>
public sealed record FolderUse(IReadOnlyList<string> Files, string? Open)
{
    /// <summary>Of a command that takes nothing from the folder.</summary>
    public static FolderUse Nothing { get; } = new([], null);

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
        reading.Run([.. words.Select(FolderWords.Literal)], []);
        return reading.Found;
    }
}

/// <summary>A folder in which commands run.</summary>
/// <param name="Root">Its real path.</param>
/// <param name="Home">The home folder of who runs them.</param>
/// <param name="Inside">The path, absolute and without <c>..</c>, as one below the root; null for one that lies elsewhere.</param>
/// <param name="Variables">Variables that name the root.</param>
public sealed record FolderPlace(string Root, string Home, Func<string, string?> Inside, IReadOnlyList<string> Variables);
