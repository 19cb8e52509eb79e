using Bridle.Cli.Terminals;
using Bridle.Cli.Terminals.Screens;
using Bridle.Messages;

namespace Bridle.Cli.Chat.Live;

/// <summary>A call that runs: what it is, since when, and the last lines that it put out.</summary>
internal sealed class RunningCall(CallId id, string title, long since)
{
    private const int MostKept = 200;

    private readonly Queue<string> _lines = new();
    private string _open = "";
    private int _count;

    public CallId Id => id;

    public string Title => title;

    public long Since => since;

    /// <summary>Adds output as it comes, in pieces that may end anywhere.</summary>
    public void Add(string text)
    {
        var pieces = (_open + text).Split('\n');
        _open = pieces[^1].Length > 4_000 ? pieces[^1][^4_000..] : pieces[^1];
        foreach (var piece in pieces[..^1])
        {
            Keep(piece);
        }
    }

    /// <summary>The last lines, and how many there are above them.</summary>
    public IEnumerable<string> Lines(int most, int width, Styling style)
    {
        var open = Last(_open);
        var shown = (open.Length > 0 ? _lines.Append(open) : _lines).TakeLast(most).ToList();
        var above = _count + (open.Length > 0 ? 1 : 0) - shown.Count;
        if (above > 0)
        {
            yield return style.Dim($"  | (+{above} lines above)");
        }

        foreach (var line in shown)
        {
            yield return style.Dim($"  | {VisibleText.Line(line, Math.Max(10, width - 5))}");
        }
    }

    private void Keep(string line)
    {
        if (Last(line).Trim() is { Length: > 0 })
        {
            _count++;
            _lines.Enqueue(Last(line));
            if (_lines.Count > MostKept)
            {
                _lines.Dequeue();
            }
        }
    }

    // A progress bar writes over itself: what stands there is what came last.
    private static string Last(string line) => line.TrimEnd('\r').Split('\r')[^1];
}
