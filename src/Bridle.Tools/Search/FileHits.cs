namespace Bridle.Tools.Search;

/// <summary>A line of a file that matches, or stands near one that does. Of a long one only the beginning is kept.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Text">The beginning of the line, without its end.</param>
/// <param name="Length">Characters of the whole line.</param>
/// <param name="IsMatch">Whether it matches.</param>
internal readonly record struct HitLine(int Number, string Text, int Length, bool IsMatch);

/// <summary>What was found in one file. Keeps lines only until there are more matches than can be shown, but counts on.</summary>
internal sealed class FileHits(string path, int mostKept)
{
    private const int MostLineChars = 500;
    private readonly List<HitLine> _lines = [];

    /// <summary>The absolute path.</summary>
    public string Path => path;

    /// <summary>Matching lines and those around them, in order.</summary>
    public IReadOnlyList<HitLine> Lines => _lines;

    /// <summary>How many lines match.</summary>
    public int Matches { get; private set; }

    public void Add(int number, bool isMatch, ReadOnlySpan<byte> line)
    {
        Matches += isMatch ? 1 : 0;
        if (Matches <= mostKept + 1)
        {
            var text = Files.FileText.DecodeLine(line).Text;
            var shown = Math.Min(text.Length, MostLineChars);
            shown -= shown < text.Length && char.IsHighSurrogate(text[shown - 1]) ? 1 : 0;
            _lines.Add(new HitLine(number, text[..shown], text.Length, isMatch));
        }
    }
}
