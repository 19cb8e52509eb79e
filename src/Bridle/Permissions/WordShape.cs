using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>
/// What a word of a command may be when it runs: a text, or signs of which some are not known, and perhaps several words or none. Rules that deny or ask are held against it, so it may say more
/// than what can be and must not say less.
/// </summary>
internal sealed class WordShape
{
    private enum Kind
    {
        Sign,
        One,
        Digits,
        Any,
    }

    private static readonly IReadOnlyList<string> s_numbers = ["?", "#", "$", "UID", "EUID", "PPID", "RANDOM", "SRANDOM", "SECONDS", "LINENO"];

    private readonly List<(Kind Kind, char Sign)> _signs = [];
    private bool _isSolid;
    private bool _isOpen;
    private bool _splits;

    private WordShape()
    {
    }

    /// <summary>The word where it is known, else null.</summary>
    public string? Text { get; private init; }

    /// <summary>It may become several words.</summary>
    public bool IsMany { get; private init; }

    /// <summary>It may vanish.</summary>
    public bool MayVanish { get; private init; }

    /// <summary>A word that is known.</summary>
    public static WordShape Of(string text) => new() { Text = text };

    /// <summary>A word of a command. <paramref name="known"/> says what its text sets.</summary>
    public static WordShape Of(ShellWord word, KnownVariables? known)
    {
        if (word.Plain || (word.Marks is WordMarks.Tilde && known is { MovesHome: false }))
        {
            return Of(word.Text);
        }

        var draft = new WordShape();
        draft._isOpen = (word.Marks & (WordMarks.Brace | WordMarks.ExtendedGlob)) != 0 || ((word.Marks & WordMarks.Tilde) != 0 && known is not { MovesHome: false });
        if (draft._isOpen)
        {
            draft._signs.Add((Kind.Any, '\0'));
        }

        foreach (var part in word.Parts)
        {
            draft.Take(part, quoted: false, known);
        }

        var many = draft._isOpen || draft._splits || (word.Marks & WordMarks.Glob) != 0;
        var shape = new WordShape { IsMany = many, MayVanish = many && (!draft._isSolid || (word.Marks & WordMarks.Glob) != 0) };
        shape._signs.AddRange(draft._signs);
        return shape;
    }

    /// <summary>Whether it, or the first of the words that it becomes, may be that text.</summary>
    public bool MayBe(string text) => Text is { } known ? known == text : MayMeet(text);

    /// <summary>Whether it may begin with that sign.</summary>
    public bool MayBegin(char sign) => Text is { } known ? known.Length > 0 && known[0] == sign : _signs.Count == 0 ? false : _signs[0] switch { (Kind.Sign, var first) => first == sign, (Kind.Digits, _) => sign is '-', _ => true };

    /// <summary>Whether a pattern with <c>*</c> may match these words with blanks between them.</summary>
    public static bool MayMatch(string pattern, IEnumerable<WordShape> words)
    {
        // met[j]: the line so far may be the pattern's first j signs.
        var met = new bool[pattern.Length + 1];
        met[0] = true;
        Pass(pattern, met);
        var isFirst = true;
        foreach (var word in words)
        {
            var before = met;
            foreach (var one in word.Signs(blank: !isFirst))
            {
                met = After(pattern, met, one);
            }

            for (var j = 0; word.MayVanish && j < met.Length; j++)
            {
                met[j] |= before[j];
            }

            isFirst = false;
        }

        return met[^1];
    }

    private IEnumerable<(Kind Kind, char Sign)> Signs(bool blank)
    {
        IEnumerable<(Kind, char)> own = Text is { } text ? text.Select(sign => (Kind.Sign, sign)) : _signs;
        return [.. blank ? [(Kind.Sign, ' ')] : Array.Empty<(Kind, char)>(), .. own, .. IsMany ? [(Kind.Any, '\0')] : Array.Empty<(Kind, char)>()];
    }

    private static bool[] After(string pattern, bool[] met, (Kind Kind, char Sign) one)
    {
        var next = new bool[met.Length];
        for (var j = 0; j <= pattern.Length; j++)
        {
            if (!met[j])
            {
                continue;
            }

            if (one.Kind is Kind.Any or Kind.Digits)
            {
                for (var k = j; k <= pattern.Length; k++)
                {
                    next[k] = true;
                    if (k < pattern.Length && one.Kind is Kind.Digits && !(char.IsAsciiDigit(pattern[k]) || pattern[k] is '-' or '*'))
                    {
                        break;
                    }
                }
            }
            else if (j < pattern.Length)
            {
                next[j] |= pattern[j] is '*';
                next[j + 1] |= pattern[j] is not '*' && (one.Kind is Kind.One || pattern[j] == one.Sign);
            }
        }

        Pass(pattern, next);
        return next;
    }

    private static void Pass(string pattern, bool[] met)
    {
        for (var j = 0; j < pattern.Length; j++)
        {
            met[j + 1] |= met[j] && pattern[j] is '*';
        }
    }

    // Sign by sign, with all places of the text that those before may end at: as deep as a word is long would be too deep for the stack.
    private bool MayMeet(string text)
    {
        var met = new bool[text.Length + 1];
        met[0] = true;
        foreach (var (kind, wanted) in _signs)
        {
            var next = new bool[met.Length];
            for (var at = 0; at < met.Length; at++)
            {
                if (kind is Kind.Sign or Kind.One)
                {
                    next[at] = at > 0 && met[at - 1] && (kind is Kind.One || text[at - 1] == wanted);
                }
                else
                {
                    next[at] = met[at] || (at > 0 && next[at - 1] && (kind is Kind.Any || char.IsAsciiDigit(text[at - 1]) || text[at - 1] is '-'));
                }
            }

            if (!next.Contains(true))
            {
                return false;
            }

            met = next;
        }

        return met[^1];
    }

    private void Take(WordPart part, bool quoted, KnownVariables? known)
    {
        if (_isOpen)
        {
            return;
        }

        switch (part)
        {
            case LiteralPart { Style: QuoteStyle.AnsiC, Value: var text } when text.Any(sign => sign is '\0' or > '\x7f'):
                Open(isMany: false);
                break;
            case LiteralPart literal:
                Take(literal.Value, isPattern: literal.Style is QuoteStyle.Bare && !quoted);
                break;
            case DoubleQuotedPart { Localised: false } inner:
                _isSolid |= !inner.Parts.Any(one => Spreads(one));
                foreach (var one in inner.Parts)
                {
                    Take(one, quoted: true, known);
                }

                break;
            case CommandSubstitution or ParameterPart or ArithmeticPart when known?.Leaves("IFS") is true && IsNumber(part, known):
                _signs.Add((Kind.Digits, '\0'));
                _isSolid = true;
                break;
            case ParameterPart { Prefix: "", Operator: "", Subscript: null, Name: "HOME" or "PWD" } folder when known?.Leaves(folder.Name) is true:
                _signs.AddRange([(Kind.Sign, '/'), (Kind.Any, '\0')]);
                (_isSolid, _isOpen) = (true, !quoted);
                break;
            case ProcessSubstitution:
                _signs.AddRange([(Kind.Sign, '/'), (Kind.Any, '\0')]);
                _isSolid = true;
                break;
            default:
                Open(isMany: !quoted || Spreads(part));
                break;
        }
    }

    private static bool IsNumber(WordPart part, KnownVariables known) => part switch
    {
        CommandSubstitution substitution => known.IsNumber(substitution),
        ParameterPart { Prefix: "#" } or ArithmeticPart => true,
        ParameterPart { Prefix: "", Operator: "", Subscript: null } plain => s_numbers.Contains(plain.Name) && known.Leaves(plain.Name),
        _ => false,
    };

    private void Take(string text, bool isPattern)
    {
        _isSolid = true;
        foreach (var sign in text)
        {
            if (isPattern && sign is '[')
            {
                Open(isMany: true);
                return;
            }

            if (!(isPattern && sign is '*' && _signs is [.., (Kind.Any, _)]))
            {
                _signs.Add(isPattern && sign is '*' ? (Kind.Any, '\0') : isPattern && sign is '?' ? (Kind.One, '\0') : (Kind.Sign, sign));
            }
        }
    }

    // From here on anything; where it may be several words, all that follows in the word may belong to a later one.
    private void Open(bool isMany)
    {
        if (_signs is not [.., (Kind.Any, _)])
        {
            _signs.Add((Kind.Any, '\0'));
        }

        (_isOpen, _splits) = (_isOpen || isMany, _splits || isMany);
    }

    // In quotes too these are as many words as there are values.
    private static bool Spreads(WordPart part) =>
        part is ParameterPart && ShellWalk.All(part).Any(one => one is ParameterPart parameter && (parameter.Name is "@" || parameter.Prefix is "!" || parameter.Subscript is not null));
}
