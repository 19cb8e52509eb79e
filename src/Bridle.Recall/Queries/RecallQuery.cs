namespace Bridle.Recall.Queries;

/// <summary>What a person asked for.</summary>
/// <param name="Groups">All of these must be found; of a group any one.</param>
/// <param name="Not">None of these may be found.</param>
internal sealed record RecallQuery(IReadOnlyList<IReadOnlyList<Term>> Groups, IReadOnlyList<Term> Not)
{
    // Fewer let too many texts through that have to be looked at, and more take longer than the looking.
    private const int TrigramsOfOne = 5;
    private const int TrigramsOfEach = 3;

    /// <summary>Words of the names of projects.</summary>
    public IReadOnlyList<string> Projects { get; init; } = [];

    /// <summary>Words of the names of sessions.</summary>
    public IReadOnlyList<string> Sessions { get; init; } = [];

    /// <summary>Who said it; empty for anybody.</summary>
    public IReadOnlySet<MessageKind> Kinds { get; init; } = new HashSet<MessageKind>();

    /// <summary>Not before.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Not at or after.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Everything that should be found, for marking it.</summary>
    public IEnumerable<Term> Wanted => Groups.SelectMany(group => group);

    /// <summary>The terms that <see cref="Words"/> asks for, in that order.</summary>
    public IEnumerable<Term> InWords => Groups.Where(HasWords).SelectMany(group => group);

    /// <summary>Whether anything narrows the search but words.</summary>
    public bool HasFilters => Projects.Count + Sessions.Count + Kinds.Count > 0 || Since is not null || Before is not null;

    /// <summary>What full text search is asked for words.</summary>
    public string Words()
    {
        var wanted = string.Join(" AND ", Groups.Where(HasWords).Select(group => $"({string.Join(" OR ", group.Select(term => term.Words))})"));
        var not = string.Join(" OR ", Not.Where(term => !term.NeedsLook).Select(term => term.Words));
        return not.Length is 0 ? wanted : $"({wanted}) NOT ({not})";
    }

    /// <summary>What full text search is asked for trigrams; null when there is nothing long enough.</summary>
    public string? Grams()
    {
        var enough = Groups.Where(group => group.All(term => term.Length >= Term.Trigram)).ToList();
        var each = enough.Count is 1 ? TrigramsOfOne : TrigramsOfEach;
        var groups = enough.Select(group => $"({string.Join(" OR ", group.Select(term => $"({term.Grams(each)})"))})").ToList();
        return groups.Count is 0 ? null : string.Join(" AND ", groups);
    }

    /// <summary>Whether full text search for words says all there is to say, or texts must be looked at.</summary>
    public bool WordsSuffice => !Wanted.Concat(Not).Any(term => term.NeedsLook);

    /// <summary>Whether what is looked for is not words but pieces of text.</summary>
    public bool IsLiteral => Wanted.Any(term => term.Length >= Term.Trigram && (term.IsLiteral || !term.HasWords)) || !Groups.Any(HasWords);

    /// <summary>Whether a folded text has what is asked for, as pieces of text.</summary>
    public bool Fits(string folded) => Groups.All(group => group.Any(term => term.IsIn(folded))) && !Not.Any(term => term.IsMeantIn(folded));

    /// <summary>Whether a text that has the words also has the signs between them that were asked for.</summary>
    public bool FitsSigns(string folded) =>
        Groups.All(group => !group.Any(term => term.NeedsLook) || group.Any(term => term.IsMeantIn(folded))) && !Not.Any(term => term.NeedsLook && term.IsMeantIn(folded));

    private static bool HasWords(IReadOnlyList<Term> group) => group.All(term => term.HasWords);
}
