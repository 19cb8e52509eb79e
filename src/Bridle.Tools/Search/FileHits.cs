namespace Bridle.Tools.Search;

/// <summary>A line of a file that matches, or stands near one that does.</summary>
internal readonly record struct HitLine(int Number, string Text, bool IsMatch);

/// <summary>What was found in one file. Keeps lines only until there are more matches than can be shown, but counts on.</summary>
internal sealed class FileHits(string path, int mostKept)
{
    private readonly List<HitLine> _lines = [];

    /// <summary>The absolute path.</summary>
    public string Path => path;

    /// <summary>Matching lines and those around them, in order.</summary>
    public IReadOnlyList<HitLine> Lines => _lines;

    /// <summary>How many lines match.</summary>
    public int Matches { get; private set; }

    public void Add(int number, bool isMatch, Func<string> text)
    {
        Matches += isMatch ? 1 : 0;
        if (Matches <= mostKept + 1)
        {
            _lines.Add(new HitLine(number, text(), isMatch));
        }
    }
}
