using System.Text;
using Bridle.Journal;

namespace Bridle.Tools.Shell;

/// <summary>Output of any length: short ones whole, of long ones the beginning and the end, with the whole beside the log.</summary>
internal sealed class KeptOutput
{
    private const int MostInline = 16_000;
    private const int Head = 11_000;
    private const int Tail = 5_000;
    private const int MostPiece = 64 * 1024;
    private const int MostBytes = 32 * 1024 * 1024;

    private readonly MemoryStream _whole = new();
    private readonly StringBuilder _tail = new();
    private long _length;
    private long _dropped;
    private long _missing;

    /// <summary>Notes that so many characters of the output, at this place of it, were not kept.</summary>
    public void Skip(long characters)
    {
        Append($"\n[… {characters} characters were dropped here: too much came before anybody looked …]\n");
        _length += characters;
        _missing += characters;
    }

    public void Append(string text)
    {
        _length += text.Length;
        for (var at = 0; at < text.Length;)
        {
            // A long text comes at once where nobody looked for long; as much of it is kept as there is room.
            var piece = text.AsSpan(at, Math.Min(MostPiece, text.Length - at));
            piece = at + piece.Length < text.Length && char.IsHighSurrogate(piece[^1]) ? piece[..^1] : piece;
            Keep(piece);
            at += piece.Length;
        }

        _tail.Append(text);
        if (_tail.Length > 8 * Tail)
        {
            _tail.Remove(0, _tail.Length - Tail);
        }
    }

    private void Keep(ReadOnlySpan<char> piece)
    {
        var bytes = Encoding.UTF8.GetByteCount(piece);
        if (_dropped > 0 || bytes > MostBytes - _whole.Length)
        {
            _dropped += piece.Length;
            return;
        }

        _whole.SetLength(_whole.Length + bytes);
        Encoding.UTF8.GetBytes(piece, _whole.GetBuffer().AsSpan((int)_whole.Length - bytes));
    }

    /// <summary>The last line, to see what a program was at.</summary>
    public string LastLine => _tail.ToString().TrimEnd().Split('\n')[^1];

    /// <summary>Nothing came but line ends: what <see cref="Show"/> gives then is a word for the model.</summary>
    public bool IsEmpty => _length <= MostInline && _whole.GetBuffer().AsSpan(0, (int)_whole.Length).IndexOfAnyExcept((byte)'\n') < 0;

    /// <summary>What the model sees, and the blob that holds the whole when that is not all.</summary>
    public (string Text, string? Spill) Show(IBlobs blobs)
    {
        if (_length <= MostInline)
        {
            var all = Encoding.UTF8.GetString(_whole.GetBuffer(), 0, (int)_whole.Length).TrimEnd('\n');
            return (all.Length == 0 ? "(no output)" : all, null);
        }

        var spill = blobs.Put(_whole.GetBuffer().AsSpan(0, (int)_whole.Length));
        var begin = Encoding.UTF8.GetString(_whole.GetBuffer(), 0, (int)Math.Min(_whole.Length, 4 * Head));
        var head = Whole(begin[..Math.Min(Head, begin.Length)], keepStart: true);
        var end = _tail.ToString();
        var tail = Whole(end[^Math.Min(Tail, end.Length)..], keepStart: false).TrimEnd('\n');
        var whole = _missing > 0 ? "What was kept of it" : "The whole";
        var place = blobs.PathOf(spill) is { } path ? $"{whole} is in {path}; look at parts of it with Read or Grep." : $"{whole} is kept as {spill}.";
        var lost = _dropped > 0 ? $" Only its first {MostBytes / (1024 * 1024)} MB were kept: {_dropped} characters were dropped." : "";
        lost += _missing > 0 ? $" {_missing} characters are missing in it, because too much came before anybody looked; a line in it marks the place." : "";
        return ($"[Long output: {_length} characters; here are its beginning and its end. {place}{lost}]\n{head}\n[… {_length - head.Length - tail.Length} characters left out …]\n{tail}", spill);
    }

    /// <summary>Cuts a piece at the line end next to where it was cut, if there is one in its nearer half, and never through a character.</summary>
    private static string Whole(string piece, bool keepStart)
    {
        var at = keepStart ? piece.LastIndexOf('\n') : piece.IndexOf('\n');
        if (keepStart)
        {
            return at > piece.Length / 2 ? piece[..at] : char.IsHighSurrogate(piece[^1]) ? piece[..^1] : piece;
        }

        return at >= 0 && at < piece.Length / 2 ? piece[(at + 1)..] : char.IsLowSurrogate(piece[0]) ? piece[1..] : piece;
    }
}
