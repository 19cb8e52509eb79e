using System.Text;

namespace Bridle.Journal;

/// <summary>
/// Redacts text that arrives in pieces: a word is held back until it ends, because a key may be cut anywhere, and the inside of a private key is never let out.
/// Not for concurrent use.
/// </summary>
public sealed class RedactingStream
{
    private const int LongestWord = 64 * 1024;
    private const int Overlap = 16 * 1024;
    private readonly SecretRedactor _redactor;
    private readonly StringBuilder _held = new();
    private bool _inKey;

    internal RedactingStream(SecretRedactor redactor) => _redactor = redactor;

    /// <summary>Takes a piece and gives what may be shown now, possibly nothing.</summary>
    public string Push(string piece)
    {
        _held.Append(piece);
        return Release(_held.ToString(), last: false);
    }

    /// <summary>The end: gives what was held back.</summary>
    public string Flush() => Release(_held.ToString(), last: true);

    private string Release(string text, bool last)
    {
        var shown = new StringBuilder();
        if (_inKey && !SkipKey(ref text, last))
        {
            Hold(text);
            return "";
        }

        var begin = text.IndexOf("-----BEGIN ", StringComparison.Ordinal);
        while (begin >= 0 && IsKeyHeader(text, begin, out var whole))
        {
            shown.Append(_redactor.Redact(text[..begin]));
            if (!whole && !last)
            {
                Hold(text[begin..]);
                return shown.ToString();
            }

            shown.Append("[redacted: private key]");
            text = text[begin..];
            if (!SkipKey(ref text, last))
            {
                _inKey = true;
                Hold(text);
                return shown.ToString();
            }

            begin = text.IndexOf("-----BEGIN ", StringComparison.Ordinal);
        }

        var cut = last ? text.Length : SafeLength(text);
        shown.Append(_redactor.Redact(text[..cut]));
        Hold(text[cut..]);
        return shown.ToString();
    }

    // True when the key's end was found and passed; else only what may be the start of its end is kept.
    private bool SkipKey(ref string text, bool last)
    {
        var end = text.IndexOf("-----END ", StringComparison.Ordinal);
        var close = end < 0 ? -1 : text.IndexOf("-----", end + 9, StringComparison.Ordinal);
        if (close < 0)
        {
            text = last ? "" : end >= 0 ? text[end..] : text[Math.Max(0, text.Length - 9)..];
            _inKey = !last;
            return last;
        }

        text = text[(close + 5)..];
        _inKey = false;
        return true;
    }

    private static bool IsKeyHeader(string text, int begin, out bool whole)
    {
        var close = text.IndexOf("-----", begin + 11, StringComparison.Ordinal);
        whole = close >= 0;
        var label = text.AsSpan(begin + 11, (whole ? close : text.Length) - begin - 11);
        return whole ? label.Length < 60 && label.IndexOf("PRIVATE KEY", StringComparison.Ordinal) >= 0 : label.Length < 60 && label.IndexOf('\n') < 0;
    }

    private int SafeLength(string text)
    {
        var cut = text.AsSpan().LastIndexOfAny(" \t\r\n") + 1;

        // No key has letters beyond ASCII, and there are languages without blanks; only the password in an address may hold anything.
        if (text.IndexOf("://", cut, StringComparison.Ordinal) < 0)
        {
            cut += text.AsSpan(cut).LastIndexOfAnyExceptInRange('\0', '\u007f') + 1;
        }

        if (text.Length - cut > LongestWord)
        {
            cut = text.Length - Overlap;
        }

        var partial = _redactor.StartOfPartialKnown(text);
        cut = _redactor.KeepWhole(text, partial >= 0 ? Math.Min(cut, partial) : cut);

        // The header of a key has blanks in it.
        var dashes = text.LastIndexOf("-----BEGIN", StringComparison.Ordinal);
        return dashes >= 0 && text.Length - dashes < 60 && IsKeyHeader(text + " ", dashes, out var whole) && !whole ? Math.Min(cut, dashes) : cut;
    }

    private void Hold(string rest) => _held.Clear().Append(rest);
}
