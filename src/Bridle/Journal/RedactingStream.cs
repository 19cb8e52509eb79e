using System.Buffers;
using System.Text;

namespace Bridle.Journal;

/// <summary>
/// Redacts text that arrives in pieces: a word is held back until it ends, because a key may be cut anywhere, and the inside of a private key is never let out.
/// The work grows with the text, not with the number of its pieces. Not for concurrent use.
/// </summary>
public sealed class RedactingStream
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const int LongestLabel = 60;
    private const int LongestWord = 64 * 1024;
    private const int Overlap = 16 * 1024;
    private static readonly SearchValues<char> Blanks = SearchValues.Create(" \t\r\n");
    private readonly SecretRedactor _redactor;
    private readonly StringBuilder _held = new();
    private bool _inKey;
    private bool _inAddress;

    internal RedactingStream(SecretRedactor redactor) => _redactor = redactor;

    /// <summary>How many characters were looked at so far.</summary>
    internal long Looked { get; private set; }

    /// <summary>Takes a piece and gives what may be shown now, possibly nothing.</summary>
    public string Push(string piece)
    {
        _held.Append(piece);

        // Nothing can be let out before a word ends, so what is held is not looked at again with every piece of it.
        return _inKey || _held.Length > LongestWord || EndsWord(piece) ? Release(_held.ToString(), last: false) : "";
    }

    /// <summary>The end: gives what was held back.</summary>
    public string Flush() => Release(_held.ToString(), last: true);

    // No key has letters beyond ASCII, and there are languages without blanks; only the password in an address may hold anything.
    private bool EndsWord(string piece) => piece.AsSpan().ContainsAny(Blanks) || (!_inAddress && piece.AsSpan().ContainsAnyExceptInRange('\0', '\u007f'));

    private string Release(string text, bool last)
    {
        Looked += text.Length;
        var shown = new StringBuilder();
        if (_inKey && !SkipKey(ref text, last))
        {
            Hold(text);
            return "";
        }

        while (NextKey(text, out var whole) is var begin and >= 0)
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
        }

        var cut = last ? text.Length : SafeLength(text);
        shown.Append(_redactor.Redact(text[..cut]));
        Hold(text[cut..]);
        return shown.ToString();
    }

    // True when the key's end was found and passed; else only what may be the start of its end is kept.
    private bool SkipKey(ref string text, bool last)
    {
        for (var end = text.IndexOf(End, StringComparison.Ordinal); end >= 0; end = text.IndexOf(End, end + End.Length, StringComparison.Ordinal))
        {
            var label = text.AsSpan(end + End.Length);
            var close = label[..Math.Min(label.Length, LongestLabel + 5)].IndexOf("-----", StringComparison.Ordinal);
            if (close >= 0 && label[..close].IndexOf("PRIVATE KEY", StringComparison.Ordinal) >= 0)
            {
                // The dashes may also be those of the next header.
                var after = label[(close + 5)..];
                text = text[(end + End.Length + close + (after.StartsWith("BEGIN ", StringComparison.Ordinal) ? 0 : 5))..];
                _inKey = false;
                return true;
            }

            if (close < 0 && label.Length < LongestLabel + 5)
            {
                text = last ? "" : text[end..];
                _inKey = !last;
                return last;
            }
        }

        text = last ? "" : text[Math.Max(0, text.Length - End.Length)..];
        _inKey = !last;
        return last;
    }

    // The first header of a private key, or what may become one at the end of the text; other headers, such as a certificate's, are passed by.
    private static int NextKey(string text, out bool whole)
    {
        for (var begin = text.IndexOf(Begin, StringComparison.Ordinal); begin >= 0; begin = text.IndexOf(Begin, begin + Begin.Length, StringComparison.Ordinal))
        {
            if (IsKeyHeader(text, begin, out whole))
            {
                return begin;
            }
        }

        whole = false;
        return -1;
    }

    private static bool IsKeyHeader(string text, int begin, out bool whole)
    {
        var rest = text.AsSpan(begin + Begin.Length);
        var close = rest[..Math.Min(rest.Length, LongestLabel + 5)].IndexOf("-----", StringComparison.Ordinal);
        whole = close >= 0;
        var label = whole ? rest[..close] : rest;
        return whole ? label.IndexOf("PRIVATE KEY", StringComparison.Ordinal) >= 0 : label.Length < LongestLabel && label.IndexOf('\n') < 0;
    }

    private int SafeLength(string text)
    {
        var cut = text.AsSpan().LastIndexOfAny(Blanks) + 1;
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

        // The header of a key has blanks in it, and may be cut before its first.
        var dashes = text.LastIndexOf("-----BEGIN", StringComparison.Ordinal);
        return dashes >= 0 && text.Length - dashes < LongestLabel && dashes + Begin.Length > text.Length ? Math.Min(cut, dashes) : cut;
    }

    private void Hold(string rest)
    {
        _held.Clear().Append(rest);
        _inAddress = rest.Contains("://", StringComparison.Ordinal);
    }
}
