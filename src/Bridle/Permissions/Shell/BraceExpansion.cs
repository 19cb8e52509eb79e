using System.Globalization;
using System.Text.RegularExpressions;

namespace Bridle.Permissions.Shell;

/// <summary>What the shell makes of the braces of a word before anything else: <c>p{u,}sh</c> is <c>push</c> and <c>psh</c>, <c>f{1..3}</c> three words. All of that is known from the text.</summary>
internal sealed class BraceExpansion
{
    private const int Most = 64;
    private const int MostWork = 50_000;

    private static readonly Regex Sequence = new(@"^(?:(-?\d{1,9})\.\.(-?\d{1,9})|([A-Za-z])\.\.([A-Za-z]))(?:\.\.(-?\d{1,9}))?$", RegexOptions.CultureInvariant);

    private int _work;

    private BraceExpansion()
    {
    }

    /// <summary>The words, each of which has no braces left that mean something; null where there are too many or they are too intricate to be sure.</summary>
    public static IReadOnlyList<ShellWord>? Of(ShellWord word)
    {
        if ((word.Marks & WordMarks.Brace) == 0)
        {
            return [word];
        }

        var pieces = word.Parts.SelectMany(part => part is LiteralPart { Style: QuoteStyle.Bare } bare ? bare.Value.Select(sign => new Piece(part, sign)) : [new Piece(part, '\0')]).ToList();
        return new BraceExpansion().Expand(pieces, 0)?.Select(one => new ShellWord(word.Span, PartsOf(one))).Where(one => one.Parts.Count > 0).ToList();
    }

    private List<List<Piece>>? Expand(List<Piece> pieces, int depth)
    {
        _work += pieces.Count;
        for (var open = 0; open < pieces.Count && depth < 8 && _work <= MostWork; open++)
        {
            // '{}' at the begin stands for itself.
            if (pieces[open].Sign is not '{' || (open == 0 && pieces.Count > 1 && pieces[1].Sign is '}') || CloseOf(pieces, open) is not (> 0 and var close))
            {
                continue;
            }

            var inside = Inside(pieces[(open + 1)..close], depth);
            var behind = Expand(pieces[(close + 1)..], depth + 1);
            if (inside is null || behind is null || inside.Count * behind.Count > Most)
            {
                return null;
            }

            return [.. inside.SelectMany(middle => behind.Select(rest => (List<Piece>)[.. pieces[..open], .. middle, .. rest]))];
        }

        return depth < 8 && _work <= MostWork ? [pieces] : null;
    }

    // The brace that closes it, with a comma or two dots of its own before it; 0 where there is none.
    private int CloseOf(List<Piece> pieces, int open)
    {
        var (level, parts) = (0, false);
        for (var at = open + 1; at < pieces.Count; at++)
        {
            _work++;
            switch (pieces[at].Sign)
            {
                case '}' when level == 0 && parts:
                    return at;
                case '{':
                    level++;
                    break;
                case '}' when level > 0:
                    level--;
                    break;
                case ',' when level == 0:
                case '.' when level == 0 && at + 2 < pieces.Count && pieces[at + 1].Sign is '.' && pieces[at + 2].Sign is not '}':
                    parts = true;
                    break;
            }
        }

        return 0;
    }

    private List<List<Piece>>? Inside(List<Piece> pieces, int depth)
    {
        var (level, start, found) = (0, 0, new List<List<Piece>>());
        for (var at = 0; at <= pieces.Count; at++)
        {
            var sign = at < pieces.Count ? pieces[at].Sign : ',';
            level += sign is '{' ? 1 : sign is '}' ? -1 : 0;
            if (sign is ',' && level <= 0)
            {
                if (start == 0 && at == pieces.Count)
                {
                    return OfSequence(pieces);
                }

                if (Expand(pieces[start..at], depth + 1) is not { } inner || (found.Count + inner.Count) > Most)
                {
                    return null;
                }

                found.AddRange(inner);
                start = at + 1;
            }
        }

        return level == 0 ? found : null;
    }

    private static List<List<Piece>>? OfSequence(List<Piece> pieces)
    {
        if (pieces.Exists(piece => piece.Sign is '\0' or '{' or '}'))
        {
            return null;
        }

        var text = string.Concat(pieces.Select(piece => piece.Sign));
        if (Sequence.Match(text) is not { Success: true } match)
        {
            return [Quoted($"{{{text}}}")];
        }

        var isNumber = match.Groups[1].Success;
        int Value(int number, int letter) => isNumber ? int.Parse(match.Groups[number].ValueSpan, CultureInfo.InvariantCulture) : match.Groups[letter].Value[0];
        var (from, to) = (Value(1, 3), Value(2, 4));
        var step = Math.Max(1, Math.Abs(match.Groups[5].Success ? int.Parse(match.Groups[5].ValueSpan, CultureInfo.InvariantCulture) : 1));
        var width = isNumber && (IsPadded(match.Groups[1].Value) || IsPadded(match.Groups[2].Value)) ? Math.Max(match.Groups[1].Length, match.Groups[2].Length) : 0;
        if (Math.Abs(to - from) / step >= Most)
        {
            return null;
        }

        var found = new List<List<Piece>>();
        for (var at = from; from <= to ? at <= to : at >= to; at += from <= to ? step : -step)
        {
            found.Add(Quoted(!isNumber ? ((char)at).ToString() : at < 0 ? "-" + (-at).ToString(CultureInfo.InvariantCulture).PadLeft(width - 1, '0') : at.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0')));
        }

        return found;
    }

    private static bool IsPadded(string number) => number.TrimStart('-') is ['0', _, ..];

    private static List<Piece> Quoted(string text) => [new(new LiteralPart(new(0, 0), text, QuoteStyle.Single), '\0')];

    private static List<WordPart> PartsOf(List<Piece> pieces)
    {
        var parts = new List<WordPart>();
        foreach (var (part, sign) in pieces)
        {
            // Braces that are left stand for themselves.
            var style = sign is '{' or '}' ? QuoteStyle.Single : QuoteStyle.Bare;
            if (sign is '\0')
            {
                parts.Add(part);
            }
            else if (parts is [.., LiteralPart last] && last.Style == style && last.Span == part.Span)
            {
                parts[^1] = last with { Value = last.Value + sign };
            }
            else
            {
                parts.Add(new LiteralPart(part.Span, sign.ToString(), style));
            }
        }

        return parts;
    }

    // A bare character, or a whole part.
    private readonly record struct Piece(WordPart Part, char Sign);
}
