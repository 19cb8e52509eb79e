namespace Bridle.Tools.Search;

/// <summary>One piece of the pattern of a single name.</summary>
/// <param name="Kind">What it matches.</param>
/// <param name="Letter">The character of <see cref="GlobPiece.Letter"/>.</param>
/// <param name="Ranges">The characters of <see cref="GlobPiece.Class"/>.</param>
/// <param name="Negated">Whether the class is turned round.</param>
internal sealed record GlobName(GlobPiece Kind, char Letter = '\0', IReadOnlyList<(char From, char To)>? Ranges = null, bool Negated = false)
{
    /// <summary>Reads the pattern of one name. Throws <see cref="FormatException"/> for a class that is not closed.</summary>
    public static GlobName[] Parse(string text)
    {
        var pieces = new List<GlobName>();
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '*':
                    if (pieces.Count == 0 || pieces[^1].Kind is not GlobPiece.Star)
                    {
                        pieces.Add(new GlobName(GlobPiece.Star));
                    }

                    break;
                case '?':
                    pieces.Add(new GlobName(GlobPiece.Any));
                    break;
                case '[':
                    pieces.Add(ParseClass(text, ref i));
                    break;
                case '\\':
                    pieces.Add(new GlobName(GlobPiece.Letter, ++i < text.Length ? text[i] : throw new FormatException("it ends with a single backslash")));
                    break;
                default:
                    pieces.Add(new GlobName(GlobPiece.Letter, text[i]));
                    break;
            }
        }

        return [.. pieces];
    }

    /// <summary>Whether the whole name matches.</summary>
    public static bool Matches(ReadOnlySpan<GlobName> pieces, ReadOnlySpan<char> name)
    {
        var (p, n, retryPiece, retryAt) = (0, 0, -1, 0);
        while (n < name.Length)
        {
            if (p < pieces.Length && pieces[p].Kind is GlobPiece.Star)
            {
                (retryPiece, retryAt) = (++p, n);
            }
            else if (p < pieces.Length && pieces[p].Accepts(name, n, out var length))
            {
                (p, n) = (p + 1, n + length);
            }
            else if (retryPiece >= 0)
            {
                (p, n) = (retryPiece, ++retryAt);
            }
            else
            {
                return false;
            }
        }

        while (p < pieces.Length && pieces[p].Kind is GlobPiece.Star)
        {
            p++;
        }

        return p == pieces.Length;
    }

    private bool Accepts(ReadOnlySpan<char> name, int at, out int length)
    {
        var c = name[at];
        length = Kind is not GlobPiece.Letter && char.IsHighSurrogate(c) && at + 1 < name.Length ? 2 : 1;
        return Kind switch
        {
            GlobPiece.Letter => c == Letter,
            GlobPiece.Class => Ranges!.Any(range => c >= range.From && c <= range.To) != Negated,
            _ => true,
        };
    }

    private static GlobName ParseClass(string text, ref int i)
    {
        var negated = i + 1 < text.Length && text[i + 1] is '!' or '^';
        i += negated ? 2 : 1;
        var ranges = new List<(char, char)>();
        for (var first = true; i < text.Length && (text[i] != ']' || first); i++, first = false)
        {
            var from = text[i] == '\\' && i + 1 < text.Length ? text[++i] : text[i];
            var to = from;
            if (i + 2 < text.Length && text[i + 1] == '-' && text[i + 2] != ']')
            {
                i += 2;
                to = text[i] == '\\' && i + 1 < text.Length ? text[++i] : text[i];
            }

            ranges.Add(from <= to ? (from, to) : throw new FormatException($"the range {from}-{to} is the wrong way round"));
        }

        return i < text.Length ? new GlobName(GlobPiece.Class, '\0', ranges, negated) : throw new FormatException("a [ is not closed by ]");
    }
}

/// <summary>What a piece matches.</summary>
internal enum GlobPiece
{
    /// <summary>One given character.</summary>
    Letter,

    /// <summary>One character.</summary>
    Any,

    /// <summary>One character out of some.</summary>
    Class,

    /// <summary>Any number of characters.</summary>
    Star,
}
