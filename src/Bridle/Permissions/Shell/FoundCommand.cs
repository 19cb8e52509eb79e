namespace Bridle.Permissions.Shell;

/// <summary>A command that runs, or may run, when a text is run.</summary>
/// <param name="Words">Its words; the first names the program.</param>
/// <param name="Assignments">The variables set for it.</param>
/// <param name="Wrappers">The programs that run it, outermost first: <c>sudo</c>, <c>timeout</c>, <c>sh -c</c> …</param>
internal sealed record FoundCommand(IReadOnlyList<ShellWord> Words, IReadOnlyList<Assignment> Assignments, IReadOnlyList<string> Wrappers)
{
    /// <summary>The words as text; what is computed is left out of them.</summary>
    public IReadOnlyList<string> Texts { get; } = [.. Words.Select(word => word.Text)];

    /// <summary>The program without its folder and version.</summary>
    public string Name { get; } = Words.Count > 0 ? ShellWords.KindOf(Words[0].Text) : "";

    /// <summary>Stands among the wrappers of a command that is read once more as what its braces and variables make of it.</summary>
    public const string ByShell = "the shell";

    /// <summary>Stands last among the wrappers of a command that is another spelling of one that is there.</summary>
    public const string ByName = "another name";

    /// <summary>It is such a reading, of which there may be several for one command.</summary>
    public bool IsExpanded => Wrappers.Contains(ByShell);

    /// <summary>It stands in the text itself, not in an argument that a wrapper runs.</summary>
    public bool Direct => Wrappers.Count == 0;
}
