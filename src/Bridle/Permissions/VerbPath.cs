namespace Bridle.Permissions;

/// <summary>
/// Whether the words of a command begin with those of a rule that denies or asks: also behind options that stand before or between verbs, and as far as words that are only known when it runs
/// may be what the rule names.
/// </summary>
internal static class VerbPath
{
    /// <summary>Whether they may.</summary>
    public static bool MayBegin(IReadOnlyList<WordShape> words, IReadOnlyList<string> wanted, GlobalOptions? options)
    {
        var at = new Places(words, wanted.Count == 0 || !words[0].MayBe(wanted[0]) ? [] : [new(1, false)]);
        for (var i = 1; i < wanted.Count && at.Any; i++)
        {
            at = at.Past(wanted[i], options is { BeforeVerbOnly: true } && i > 1 ? null : options);
        }

        return at.Any;
    }

    /// <summary>The words at which the verb may stand, behind the options of the program.</summary>
    public static IEnumerable<int> VerbsOf(IReadOnlyList<WordShape> words, GlobalOptions options) =>
        new Places(words, [new(1, false)]).BehindOptions(options).Select(place => place.At)
            .Where(at => at > 1 && at < words.Count && !(words[at].Text is { } text && GlobalOptions.IsOption(text))).Distinct().Order();

    // The word that comes next, or what is left of one that may be several.
    private readonly record struct Place(int At, bool Inside);

    private sealed class Places(IReadOnlyList<WordShape> words, IEnumerable<Place> at)
    {
        private readonly HashSet<Place> _at = [.. at];

        public bool Any => _at.Count > 0;

        public Places Past(string wanted, GlobalOptions? options)
        {
            var next = new HashSet<Place>();
            foreach (var place in BehindOptions(GlobalOptions.IsOption(wanted) ? null : options))
            {
                if (place.At < words.Count && (place.Inside || words[place.At].MayBe(wanted)))
                {
                    next.UnionWith(After(place));
                }
            }

            return new(words, next);
        }

        /// <summary>These places, and those behind words that vanish or are options.</summary>
        public IEnumerable<Place> BehindOptions(GlobalOptions? options)
        {
            var (seen, todo) = (new HashSet<Place>(_at), new Queue<Place>(_at));
            while (todo.TryDequeue(out var place))
            {
                foreach (var further in Further(place, options).Where(seen.Add))
                {
                    todo.Enqueue(further);
                }
            }

            return seen;
        }

        private IEnumerable<Place> Further(Place place, GlobalOptions? options)
        {
            if (place.At >= words.Count)
            {
                return [];
            }

            var word = words[place.At];
            List<Place> further = place.Inside || word.MayVanish ? [new(place.At + 1, false)] : [];
            if (options is null || !(place.Inside || word.MayBegin('-') || word.MayBegin('+')) || word.Text is "-" or "+")
            {
                return further;
            }

            var (one, two) = word.Text is { } text ? options.WordsOf(text) : (true, true);
            foreach (var after in After(place))
            {
                further.AddRange(one ? [after] : []);
                further.AddRange(two && after.At < words.Count ? new Places(words, [after]).BehindOptions(null).Where(value => value.At < words.Count).SelectMany(After) : []);
            }

            return further;
        }

        // What comes behind a word of that place.
        private IEnumerable<Place> After(Place place) => words[place.At].IsMany ? [new(place.At, true), new(place.At + 1, false)] : [new(place.At + 1, false)];
    }
}
