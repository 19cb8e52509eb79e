using Bridle.Recall.Texts;

namespace Bridle.Recall.Queries;

/// <summary>Reads the language of queries (docs/recall.md). Whatever is written means something, or is refused in words; nothing of it reaches SQLite unquoted.</summary>
internal sealed class QueryReader(string text, DateTimeOffset now)
{
    /// <summary>The longest query.</summary>
    public const int MostCharacters = 1_000;

    /// <summary>The most terms of a query.</summary>
    public const int MostTerms = 32;

    private readonly List<List<Term>> _groups = [];
    private readonly List<Term> _not = [];
    private readonly List<string> _projects = [];
    private readonly List<string> _sessions = [];
    private readonly HashSet<MessageKind> _kinds = [];
    private DateTimeOffset? _since;
    private DateTimeOffset? _before;
    private int _at;

    /// <summary>The query, or why it cannot be read.</summary>
    public static (RecallQuery? Query, string? Problem) Read(string text, DateTimeOffset now)
    {
        if (text.Length > MostCharacters)
        {
            return (null, $"The query has {text.Length} characters, and at most {MostCharacters} are read. Look for a few words of what was said.");
        }

        var clean = string.Concat(text.Select(letter => char.IsControl(letter) || char.IsWhiteSpace(letter) ? ' ' : letter is '“' or '”' or '„' ? '"' : letter));
        var reader = new QueryReader(clean, now);
        var problem = reader.ReadAll();
        return problem is not null ? (null, problem) : (new([.. reader._groups], reader._not)
        {
            Projects = reader._projects, Sessions = reader._sessions, Kinds = reader._kinds, Since = reader._since, Before = reader._before,
        }, null);
    }

    private string? ReadAll()
    {
        var (or, empty) = (false, false);
        while (Next() is { } word)
        {
            if (!word.IsQuoted && word.Text is "OR" or "AND" && _groups.Count > 0 && _at < text.Length && text.AsSpan(_at).Trim().Length > 0)
            {
                or = word.Text is "OR";
                continue;
            }

            if (!word.IsQuoted && !word.IsNot && TryFilter(word.Text, out var problem))
            {
                if (problem is not null)
                {
                    return problem;
                }

                continue;
            }

            if (TermOf(word) is { } term)
            {
                Add(term, word.IsNot, or);
                or = false;
            }
            else
            {
                empty = true;
            }

            if (_groups.Sum(group => group.Count) + _not.Count > MostTerms)
            {
                return $"The query has more than {MostTerms} terms. Look for a few words of what was said.";
            }
        }

        return _groups.Count is 0 && _not.Count > 0 ? "A query cannot only say what is not looked for. Add a word that should be there."
            : _groups.Count is 0 && empty ? "There is nothing in the quotes that could be looked for. Write words of what was said between them."
            : _groups.Count > 0 && !_groups.Exists(CanBeFound) ? $"Signs alone are looked for from {Term.Trigram} characters on. Add a word that stands beside them."
            : null;
    }

    // By its words, or by pieces of the text.
    private static bool CanBeFound(List<Term> group) => group.TrueForAll(term => term.HasWords) || group.TrueForAll(term => term.Length >= Term.Trigram);

    private void Add(Term term, bool isNot, bool or)
    {
        if (isNot)
        {
            _not.Add(term);
        }
        else if (or)
        {
            _groups[^1].Add(term);
        }
        else
        {
            _groups.Add([term]);
        }
    }

    private (string Text, bool IsQuoted, bool IsNot)? Next()
    {
        while (_at < text.Length && text[_at] is ' ')
        {
            _at++;
        }

        if (_at == text.Length)
        {
            return null;
        }

        var isNot = text[_at] is '-' && _at + 1 < text.Length && text[_at + 1] is not ' ';
        _at += isNot ? 1 : 0;
        if (text[_at] is '"')
        {
            return (Quoted(), true, isNot);
        }

        var start = _at;
        while (_at < text.Length && text[_at] is not (' ' or '"'))
        {
            _at++;
        }

        // A filter's value may be in quotes.
        return _at < text.Length && text[_at] is '"' && text[_at - 1] is ':' ? (text[start.._at] + Quoted(), false, isNot) : (text[start.._at], false, isNot);
    }

    // To the other quote, or to the end where there is none.
    private string Quoted()
    {
        var start = ++_at;
        var end = text.IndexOf('"', start);
        _at = end < 0 ? text.Length : end + 1;
        return text[start..(end < 0 ? text.Length : end)];
    }

    private static Term? TermOf((string Text, bool IsQuoted, bool IsNot) word)
    {
        var folded = Folding.Of(word.Text.Trim());
        if (word.IsQuoted)
        {
            return folded.Length is 0 ? null : new(folded, IsQuoted: true);
        }

        var isPrefix = folded.Length > 1 && folded[^1] is '*' && new Term(folded[..^1]).HasWords;
        folded = isPrefix ? folded.TrimEnd('*') : folded;

        // What ends a sentence or stands around a word is not meant.
        var bare = folded.TrimStart('(', '[', '{', '<', '\'', '‘').TrimEnd(')', ']', '}', '>', '\'', '’', ',', '.', ';', ':', '!', '?');
        folded = bare.Length > 1 && new Term(bare).HasWords ? bare : folded;
        return folded.Length is 0 ? null : new(folded, isPrefix);
    }

    private bool TryFilter(string word, out string? problem)
    {
        problem = null;
        var colon = word.IndexOf(':');
        var (key, value) = colon > 0 && colon < word.Length - 1 ? (word[..colon].ToLowerInvariant(), word[(colon + 1)..].Trim('"')) : ("", "");
        switch (key)
        {
            case "project":
                _projects.Add(value);
                return true;
            case "session":
                _sessions.Add(value);
                return true;
            case "role":
                problem = TakeRole(value);
                return true;
            case "since" or "after":
                _since = QueryMoment.Of(value, now);
                problem = _since is null ? NoMoment(key, value) : null;
                return true;
            case "before" or "until":
                _before = QueryMoment.Of(value, now);
                problem = _before is null ? NoMoment(key, value) : null;
                return true;
            default:
                return false;
        }
    }

    private string? TakeRole(string value)
    {
        MessageKind[]? kinds = value.ToLowerInvariant() switch
        {
            "user" or "person" or "me" => [MessageKind.User],
            "assistant" or "model" => [MessageKind.Assistant, MessageKind.Call],
            "tool" or "tools" => [MessageKind.Call, MessageKind.Result],
            _ => null,
        };
        if (kinds is null)
        {
            return $"There is no role \"{value}\". The roles are user, assistant and tool.";
        }

        _kinds.UnionWith(kinds);
        return null;
    }

    private static string NoMoment(string key, string value) => $"{key}:{value} is no time. Write a day as {key}:2026-11-01, or how long ago as {key}:7d (m, h, d, w).";
}
