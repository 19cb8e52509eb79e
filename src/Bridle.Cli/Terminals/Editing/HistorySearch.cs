namespace Bridle.Cli.Terminals.Editing;

/// <summary>Looks for an earlier message by a piece of it; Ctrl+R again finds the one before.</summary>
internal sealed class HistorySearch(IReadOnlyList<string> entries)
{
    private int _at = entries.Count;

    public string Query { get; private set; } = "";

    /// <summary>The message that was found, or null.</summary>
    public string? Match { get; private set; }

    public void Type(string text)
    {
        Query += text;
        (_at, Match) = (entries.Count, null);
        Older();
    }

    public void Back()
    {
        Query = Query.Length > 0 ? Query[..^1] : "";
        (_at, Match) = (entries.Count, null);
        if (Query.Length > 0)
        {
            Older();
        }
    }

    /// <summary>Goes to the one before; stays where there is none.</summary>
    public void Older()
    {
        for (var i = _at - 1; i >= 0 && Query.Length > 0; i--)
        {
            if (entries[i].Contains(Query, StringComparison.OrdinalIgnoreCase) && entries[i] != Match)
            {
                (_at, Match) = (i, entries[i]);
                return;
            }
        }

        if (_at == entries.Count)
        {
            Match = null;
        }
    }
}
