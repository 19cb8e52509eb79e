namespace Bridle.Permissions.Shell;

/// <summary>What a command may be once its braces are expanded and its variables replaced, as far as the text tells: each a list of words of its own.</summary>
internal static class WordAlternatives
{
    private const int Most = 32;

    /// <summary>All of them; what is not known stays as it is in one of them. Null where nothing of it is known, there are too many, or they have more words than <paramref name="mostWords"/>.</summary>
    public static IReadOnlyList<IReadOnlyList<ShellWord>>? Of(IReadOnlyList<ShellWord> command, KnownVariables known, int mostWords)
    {
        List<List<ShellWord>> found = [[]];
        var changed = false;
        foreach (var word in command)
        {
            var forms = Of(word, command, known);
            if (forms is null || found.Count * forms.Count > Most)
            {
                return null;
            }

            changed |= forms is not [[var same]] || !ReferenceEquals(same, word);
            found = forms is [var only] ? found : [.. found.SelectMany(_ => forms, (before, _) => new List<ShellWord>(before))];
            for (var i = 0; i < found.Count; i++)
            {
                found[i].AddRange(forms[i % forms.Count]);
            }

            if (found.Count * found[^1].Count > mostWords)
            {
                return null;
            }
        }

        return changed ? found.Where(words => words.Count > 0).ToList() : null;
    }

    private static IReadOnlyList<IReadOnlyList<ShellWord>>? Of(ShellWord word, IReadOnlyList<ShellWord> command, KnownVariables known)
    {
        if ((word.Marks & (WordMarks.Brace | WordMarks.Dynamic)) == 0)
        {
            return [[word]];
        }

        // Braces first, as the shell does: the words that they make stand side by side.
        if (BraceExpansion.Of(word) is not { } words)
        {
            return null;
        }

        List<List<ShellWord>> found = [[]];
        foreach (var one in words)
        {
            var forms = Replaced(one, command, known);
            if (found.Count * forms.Count > Most)
            {
                return null;
            }

            found = [.. found.SelectMany(before => forms.Select(form => (List<ShellWord>)[.. before, .. form]))];
        }

        return found;
    }

    // Each with each of the forms behind it; with the only one there is in place, as a word of many parts is one.
    private static List<List<WordPart>> Each(List<List<WordPart>> found, IReadOnlyList<WordPart> forms)
    {
        if (forms.Count != 1)
        {
            return [.. found.SelectMany(before => forms.Select(form => (List<WordPart>)[.. before, form]))];
        }

        found.ForEach(before => before.Add(forms[0]));
        return found;
    }

    // Variables by their values, one after the other.
    private static IReadOnlyList<IReadOnlyList<ShellWord>> Replaced(ShellWord word, IReadOnlyList<ShellWord> command, KnownVariables known)
    {
        List<List<WordPart>> found = [[]];
        foreach (var part in word.Parts)
        {
            IReadOnlyList<WordPart> forms = part is DoubleQuotedPart { Localised: false } quoted ? OfQuoted(quoted, command, known)
                : part is ParameterPart variable && known.Of(variable, command) is var (texts, other)
                    ? [.. texts.Select(text => (WordPart)new LiteralPart(part.Span, text, QuoteStyle.Bare)), .. other ? [part] : Array.Empty<WordPart>()]
                    : [part];
            if (found.Count * forms.Count > Most)
            {
                return [[word]];
            }

            found = Each(found, forms);
        }

        return [.. found.Select(parts => parts.SequenceEqual(word.Parts) ? [word] : Split(word, parts))];
    }

    private static IReadOnlyList<WordPart> OfQuoted(DoubleQuotedPart quoted, IReadOnlyList<ShellWord> command, KnownVariables known)
    {
        List<List<WordPart>> found = [[]];
        foreach (var part in quoted.Parts)
        {
            IReadOnlyList<WordPart> forms = part is ParameterPart variable && known.Of(variable, command) is var (texts, other)
                ? [.. texts.Select(text => (WordPart)new LiteralPart(part.Span, text, QuoteStyle.Single)), .. other ? [part] : Array.Empty<WordPart>()]
                : [part];
            if (found.Count * forms.Count > Most)
            {
                return [quoted];
            }

            found = Each(found, forms);
        }

        return [.. found.Select(parts => parts.SequenceEqual(quoted.Parts) ? quoted : quoted with { Parts = parts })];
    }

    // What came out of a variable outside of quotes ends words at its blanks; patterns in it are patterns, and nothing else in it means something.
    private static IReadOnlyList<ShellWord> Split(ShellWord word, List<WordPart> parts)
    {
        var own = word.Parts.ToHashSet(ReferenceEqualityComparer.Instance);
        var words = new List<ShellWord>();
        var open = new List<WordPart>();
        foreach (var part in parts)
        {
            if (part is not LiteralPart { Style: QuoteStyle.Bare } bare || own.Contains(part))
            {
                open.Add(part);
                continue;
            }

            var pieces = bare.Value.Split(' ', '\t', '\n');
            for (var i = 0; i < pieces.Length; i++)
            {
                if (i > 0 && open.Count > 0)
                {
                    words.Add(new(word.Span, open));
                    open = [];
                }

                if (pieces[i].Length > 0)
                {
                    open.Add(bare with { Value = pieces[i], Style = pieces[i].AsSpan().IndexOfAny("*?[\\") >= 0 ? QuoteStyle.Bare : QuoteStyle.Single });
                }
            }
        }

        if (open.Count > 0)
        {
            words.Add(new(word.Span, open));
        }

        return words;
    }
}
