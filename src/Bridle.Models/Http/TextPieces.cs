using System.Text;

namespace Bridle.Models.Http;

/// <summary>Joins the pieces of a streamed text; a character that is split over two pieces is shown when it is whole.</summary>
internal sealed class TextPieces
{
    private readonly StringBuilder _all = new();
    private char? _half;

    /// <summary>Whether anything came.</summary>
    public bool IsEmpty => _all.Length == 0 && _half is null;

    /// <summary>Adds a piece and returns what of it can be shown now; may be empty.</summary>
    public string Add(string piece)
    {
        if (_half is null && (piece.Length == 0 || !char.IsHighSurrogate(piece[^1])))
        {
            _all.Append(piece);
            return piece;
        }

        var text = _half is { } half ? half + piece : piece;
        _half = text.Length > 0 && char.IsHighSurrogate(text[^1]) ? text[^1] : null;
        text = _half is null ? text : text[..^1];
        _all.Append(text);
        return text;
    }

    /// <summary>All of it; half a character at the end becomes U+FFFD.</summary>
    public override string ToString() => _half is null ? _all.ToString() : _all.ToString() + '\ufffd';
}
