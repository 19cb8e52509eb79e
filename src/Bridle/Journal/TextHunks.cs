namespace Bridle.Journal;

/// <summary>Where two texts differ, place by place, so that the change is seen in a text however long it is. Bounded in time and in what it shows.</summary>
internal static class TextHunks
{
    private const int Most = 5;
    private const int Longest = 300;
    private const int Around = 60;
    private const int MostPlaces = 200;
    private const int MostWordsBetween = 400;
    private const int Agreeing = 3;

    /// <summary>The places, first to last, each with a little of what stands around it.</summary>
    /// <param name="old">The text as it was.</param>
    /// <param name="now">The text as it is.</param>
    /// <param name="more">How many further places there are.</param>
    public static IReadOnlyList<(string Old, string New)> Of(string old, string now, out int more)
    {
        var places = Near(Places(Words(old), Words(now)).ConvertAll(place => Narrow(place, old, now)));
        more = Math.Max(0, places.Count - Most);
        return places.GetRange(0, places.Count - more).ConvertAll(place => (Piece(old, place.OldStart, place.OldEnd), Piece(now, place.NewStart, place.NewEnd)));
    }

    // Words with the white space behind them, so that they make up the text.
    private static List<(int Start, int End, string Text)> Words(string text)
    {
        var (words, start) = (new List<(int Start, int End, string Text)>(), 0);
        for (var i = 1; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i - 1] is ' ' && text[i] is not ' '))
            {
                words.Add((start, i, text[start..i]));
                start = i;
            }
        }

        return words;
    }

    private static List<Place> Places(List<(int Start, int End, string Text)> old, List<(int Start, int End, string Text)> now)
    {
        var (head, tail) = (0, 0);
        while (head < old.Count && head < now.Count && old[head].Text == now[head].Text)
        {
            head++;
        }

        while (tail < Math.Min(old.Count, now.Count) - head && old[^(tail + 1)].Text == now[^(tail + 1)].Text)
        {
            tail++;
        }

        var (oldEnd, newEnd) = (old.Count - tail, now.Count - tail);
        var places = new List<Place>();
        for (var (i, j) = (head, head); i < oldEnd || j < newEnd;)
        {
            if (i < oldEnd && j < newEnd && old[i].Text == now[j].Text)
            {
                (i, j) = (i + 1, j + 1);
                continue;
            }

            var (nextOld, nextNew) = places.Count < MostPlaces ? Meeting(old, now, (i, oldEnd), (j, newEnd)) : (oldEnd, newEnd);
            places.Add(At(old, now, i, nextOld, j, nextNew));
            (i, j) = (nextOld, nextNew);
        }

        return places;
    }

    // Where both go on alike again, the nearest such place; their ends where too much differs to look further.
    private static (int Old, int New) Meeting(List<(int Start, int End, string Text)> old, List<(int Start, int End, string Text)> now, (int From, int End) left, (int From, int End) right)
    {
        for (var apart = 1; apart <= MostWordsBetween; apart++)
        {
            for (var skipped = 0; skipped <= apart; skipped++)
            {
                var (i, j) = (left.From + skipped, right.From + apart - skipped);
                if (i <= left.End && j <= right.End && Agree(old, now, (i, left.End), (j, right.End)))
                {
                    return (i, j);
                }
            }
        }

        return (left.End, right.End);
    }

    // Some words in a row, so that one that stands everywhere is not taken for the same place.
    private static bool Agree(List<(int Start, int End, string Text)> old, List<(int Start, int End, string Text)> now, (int From, int End) left, (int From, int End) right)
    {
        var length = Math.Min(Agreeing, Math.Max(left.End - left.From, right.End - right.From));
        for (var k = 0; k < length; k++)
        {
            if (left.From + k >= left.End || right.From + k >= right.End || old[left.From + k].Text != now[right.From + k].Text)
            {
                return false;
            }
        }

        return true;
    }

    // A word may be long: what of it is the same at its ends is none of the change.
    private static Place Narrow(Place place, string old, string now)
    {
        var before = old.AsSpan(place.OldStart, place.OldEnd - place.OldStart);
        var after = now.AsSpan(place.NewStart, place.NewEnd - place.NewStart);
        var (head, tail) = (before.CommonPrefixLength(after), 0);
        while (tail < Math.Min(before.Length, after.Length) - head && before[^(tail + 1)] == after[^(tail + 1)])
        {
            tail++;
        }

        return new(place.OldStart + head, place.OldEnd - tail, place.NewStart + head, place.NewEnd - tail);
    }

    private static Place At(List<(int Start, int End, string Text)> old, List<(int Start, int End, string Text)> now, int oldFrom, int oldTo, int newFrom, int newTo) =>
        new(Start(old, oldFrom), Start(old, oldTo), Start(now, newFrom), Start(now, newTo));

    private static int Start(List<(int Start, int End, string Text)> words, int index) => index < words.Count ? words[index].Start : words.Count > 0 ? words[^1].End : 0;

    // Places whose surroundings would overlap are one, as long as it can be shown whole.
    private static List<Place> Near(List<Place> places)
    {
        var joined = new List<Place>();
        foreach (var place in places)
        {
            if (joined.Count > 0 && joined[^1] is var last && place.OldStart - last.OldEnd <= 2 * Around && Math.Max(place.OldEnd - last.OldStart, place.NewEnd - last.NewStart) <= Longest)
            {
                joined[^1] = new(last.OldStart, place.OldEnd, last.NewStart, place.NewEnd);
            }
            else
            {
                joined.Add(place);
            }
        }

        return joined;
    }

    private static string Piece(string text, int start, int end)
    {
        var from = ShownText.Cut(text, Math.Max(start - Around, 0));
        var until = ShownText.Cut(text, Math.Min(end + Around, text.Length));
        var piece = text[from..until];
        if (piece.Length > Longest + (2 * Around))
        {
            // Beginning and end of what changed.
            var half = (Longest / 2) + Around;
            piece = $"{piece[..ShownText.Cut(piece, half)]} … {piece[ShownText.Cut(piece, piece.Length - half)..]}";
        }

        return (from > 0 ? "…" : "") + piece + (until < text.Length ? "…" : "");
    }

    private readonly record struct Place(int OldStart, int OldEnd, int NewStart, int NewEnd);
}
