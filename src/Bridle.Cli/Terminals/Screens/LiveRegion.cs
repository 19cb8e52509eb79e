namespace Bridle.Cli.Terminals.Screens;

/// <summary>What stands below everything that was said, and changes: one string a line, none wider than the screen, and where the cursor stands (null hides it).</summary>
internal sealed record LiveRegion(IReadOnlyList<string> Lines, (int Row, int Column)? Cursor)
{
    public static LiveRegion Empty { get; } = new([], (0, 0));

    /// <summary>The last lines that fit, with the cursor moved along.</summary>
    public LiveRegion Last(int height)
    {
        var above = Lines.Count - Math.Max(1, height);
        return above <= 0 ? this : new([.. Lines.Skip(above)], Cursor is { } at ? (Math.Max(0, at.Row - above), at.Column) : null);
    }
}
