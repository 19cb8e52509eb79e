namespace Bridle.Tools.Shell;

/// <summary>
/// A mark that the shell writes to its output as it ends, with the folder it ended in, and that is taken out again before anyone sees it.
/// The mark is random, so that no other output looks like it.
/// </summary>
internal sealed class FolderMark(string secret)
{
    private const char End = '\u001f';

    /// <summary>Longer than any path: what has no end by then is no mark.</summary>
    private const int LongestMark = 8192;
    private readonly string _start = $"\u001e{secret}:";
    private string _held = "";

    /// <summary>The folder of the last mark seen.</summary>
    public string? Folder { get; private set; }

    /// <summary>
    /// The command with what writes the mark around it. It is written when the command is through, and also when it calls <c>exit</c>; not
    /// when it replaces the shell by <c>exec</c> or sends the shell's own output elsewhere, and then the working directory stays as it was.
    /// </summary>
    public string Around(string command)
    {
        var write = $"{{ set +x; }} 2>/dev/null; command [ -p /dev/fd/1 ] && command printf \"\\036{secret}:%s\\037\" \"$PWD\"";
        return $"trap '{write}' EXIT\neval '{command.Replace("'", "'\\''", StringComparison.Ordinal)}'\n__bridle=$?; {write}; exit $__bridle";
    }

    /// <summary>The next piece of output without marks. What may be the beginning of one is held back until it is clear.</summary>
    public string Take(string piece)
    {
        var text = _held + piece;
        var shown = new System.Text.StringBuilder();
        for (int at; (at = text.IndexOf(_start, StringComparison.Ordinal)) >= 0;)
        {
            var end = text.IndexOf(End, at);
            if (end < 0 && text.Length - at < LongestMark)
            {
                _held = text[at..];
                return shown.Append(text, 0, at).ToString();
            }

            if (end < 0)
            {
                break;
            }

            Folder = text[(at + _start.Length)..end];
            shown.Append(text, 0, at);
            text = text[(end + 1)..];
        }

        var open = Math.Min(_start.Length - 1, text.Length);
        while (open > 0 && !text.EndsWith(_start[..open], StringComparison.Ordinal))
        {
            open--;
        }

        _held = text[^open..];
        return shown.Append(text, 0, text.Length - open).ToString();
    }

    /// <summary>What was held back, once nothing more comes.</summary>
    public string Rest()
    {
        var rest = _held.StartsWith(_start, StringComparison.Ordinal) ? "" : _held;
        _held = "";
        return rest;
    }
}
