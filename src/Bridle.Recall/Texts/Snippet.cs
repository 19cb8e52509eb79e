using System.Text;
using Bridle.Recall.Queries;

namespace Bridle.Recall.Texts;

/// <summary>The piece of a text where most of what was looked for stands, on one line and marked.</summary>
internal static class Snippet
{
    private const int Length = 200;
    private const int Lead = 50;
    private const int MostPlaces = 200;

    /// <summary>Makes it. Without anything to mark it is the beginning of the text.</summary>
    public static string Of(string text, IReadOnlyCollection<Term> wanted)
    {
        var folded = Folding.Of(text);
        var places = wanted.SelectMany(term => PlacesOf(term, folded)).OrderBy(place => place.Start).ThenByDescending(place => place.End).ToList();
        var start = places.Count is 0 ? 0 : Best(places);
        start = WordStart(text, Math.Max(0, start - Lead));
        var end = Math.Min(text.Length, start + Length);
        end -= end < text.Length && char.IsHighSurrogate(text[end - 1]) ? 1 : 0;
        var marked = new StringBuilder(start > 0 ? "…" : "");
        var at = start;
        foreach (var place in places.Where(place => place.Start >= start && place.End <= end))
        {
            if (place.Start >= at)
            {
                marked.Append(text, at, place.Start - at).Append('«').Append(text, place.Start, place.End - place.Start).Append('»');
                at = place.End;
            }
        }

        return OneLine(marked.Append(text, at, end - at).Append(end < text.Length ? "…" : ""));
    }

    private static IEnumerable<(int Start, int End, Term Term)> PlacesOf(Term term, string folded)
    {
        var found = Places(term.Text).ToList();
        if (found.Count > 0 || !term.IsQuoted)
        {
            return found;
        }

        // The words of a phrase may stand there with other signs between them.
        return term.Text.Split([' ', ',', '.', ';', ':', '!', '?', '\'', '(', ')', '-'], StringSplitOptions.RemoveEmptyEntries).SelectMany(Places);

        IEnumerable<(int, int, Term)> Places(string text)
        {
            var all = new List<(int Start, int End, Term Term, bool IsWord)>();
            for (var at = folded.IndexOf(text, StringComparison.Ordinal); at >= 0 && all.Count < MostPlaces; at = folded.IndexOf(text, at + text.Length, StringComparison.Ordinal))
            {
                all.Add((at, at + text.Length, term, term.IsWordAt(folded, at)));
            }

            // Parts of words are marked only where no word is.
            return all.Where(place => place.IsWord || !all.Exists(other => other.IsWord)).Select(place => (place.Start, place.End, place.Term));
        }
    }

    // The place from which a snippet shows the most different terms.
    private static int Best(List<(int Start, int End, Term Term)> places)
    {
        var (best, most) = (places[0].Start, 0);
        foreach (var place in places)
        {
            var shown = places.Where(other => other.Start >= place.Start && other.End <= place.Start + Length - Lead).Select(other => other.Term).Distinct().Count();
            (best, most) = shown > most ? (place.Start, shown) : (best, most);
        }

        return best;
    }

    private static int WordStart(string text, int at)
    {
        for (var i = at; i > 0 && i < Math.Min(at + 20, text.Length); i++)
        {
            if (char.IsWhiteSpace(text[i - 1]))
            {
                return i;
            }
        }

        return at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) ? at + 1 : at;
    }

    private static string OneLine(StringBuilder text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) || char.IsWhiteSpace(text[i]))
            {
                text[i] = ' ';
            }
        }

        var line = text.ToString();
        while (line.Contains("  ", StringComparison.Ordinal))
        {
            line = line.Replace("  ", " ", StringComparison.Ordinal);
        }

        return line.Trim();
    }
}
