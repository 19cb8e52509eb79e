namespace Bridle.Permissions.Shell;

/// <summary>How much of what a command runs inside of what it runs is read: a text of ten thousand signs can be made to mean any amount. What is over a bound is asked.</summary>
internal sealed class ReadingBounds
{
    /// <summary>So many words of a wrapper are looked at, and so many wrappers stand before a command.</summary>
    public const int MaxWrapped = 64;

    private const int MaxTexts = 64;
    private const int MaxDepth = 6;
    private const int MaxSigns = 250_000;
    private const int MaxPrograms = 256;
    private const int MaxWords = 40_000;
    private readonly HashSet<string> _texts = [];
    private int _programs;
    private int _words;
    private int _signs;

    /// <summary>How many programs may be found inside of others yet.</summary>
    public int ProgramsLeft => MaxPrograms - _programs;

    /// <summary>One more program is found inside of another; false when that is too many.</summary>
    public bool TakesProgram() => ++_programs <= MaxPrograms;

    /// <summary>The words of a program inside of another, which has them too; false when all of them together are too many.</summary>
    public bool TakesWords(IReadOnlyList<ShellWord> words) => (_words += words.Count) <= MaxWords;

    /// <summary>Whether the text was not read yet.</summary>
    public bool IsNew(string text) => _texts.Add(text);

    /// <summary>Whether a text that stands so deep in others is read; all of them together may be so long.</summary>
    public bool TakesText(string text, int depth) => depth < MaxDepth && _texts.Count <= MaxTexts && (_signs += text.Length) <= MaxSigns;
}
