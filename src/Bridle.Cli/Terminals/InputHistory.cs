namespace Bridle.Cli.Terminals;

/// <summary>What a person entered before, in this conversation. Going back keeps the unfinished line.</summary>
internal sealed class InputHistory
{
    private readonly List<string> _entries = [];
    private int _at;
    private string _draft = "";

    /// <summary>All of them, the oldest first.</summary>
    public IReadOnlyList<string> Entries => _entries;

    public void Add(string text)
    {
        if (text.Trim().Length > 0 && (_entries.Count == 0 || _entries[^1] != text))
        {
            _entries.Add(text);
        }

        (_at, _draft) = (_entries.Count, "");
    }

    /// <summary>The entry before, or null at the first one.</summary>
    public string? Back(string current)
    {
        if (_at == 0)
        {
            return null;
        }

        _draft = _at == _entries.Count ? current : _draft;
        return _entries[--_at];
    }

    /// <summary>The entry after, at last the unfinished line; or null when that is shown already.</summary>
    public string? Forward() => _at >= _entries.Count ? null : ++_at == _entries.Count ? _draft : _entries[_at];
}
