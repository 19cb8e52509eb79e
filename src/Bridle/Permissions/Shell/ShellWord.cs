using System.Text;

namespace Bridle.Permissions.Shell;

/// <summary>What the shell does with a word before a program sees it.</summary>
[Flags]
internal enum WordMarks
{
    /// <summary>Nothing: its value is its text without quotes.</summary>
    None = 0,

    /// <summary>Something in it is computed when it runs.</summary>
    Dynamic = 1,

    /// <summary>It is a pattern for file names.</summary>
    Glob = 2,

    /// <summary>It starts at somebody's home.</summary>
    Tilde = 4,

    /// <summary>It becomes several words: <c>{a,b}</c>.</summary>
    Brace = 8,

    /// <summary>It holds <c>@( )</c> and the like, which is a pattern or an error depending on an option.</summary>
    ExtendedGlob = 16,

    /// <summary>Something computed in it stands outside quotes and may become any number of words.</summary>
    Splits = 32,
}

/// <summary>A word of a command.</summary>
internal sealed record ShellWord : ShellNode
{
    public ShellWord(Span span, IReadOnlyList<WordPart> parts)
        : base(span)
    {
        Parts = parts;
        var text = new StringBuilder();
        Marks = Collect(parts, text, quoted: false) | BareMarks(parts);
        Text = text.ToString();
    }

    public IReadOnlyList<WordPart> Parts { get; }

    public WordMarks Marks { get; }

    /// <summary>Its value as far as it is known: computed parts are left out, and home is <c>~</c>.</summary>
    public string Text { get; }

    /// <summary>Its value, or null when it is only known at run time. With <see cref="WordMarks.Glob"/> it is the pattern.</summary>
    public string? Value => (Marks & (WordMarks.Dynamic | WordMarks.Brace | WordMarks.ExtendedGlob)) == 0 ? Text : null;

    /// <summary>Exactly one word, of exactly this value.</summary>
    public bool Plain => Marks is WordMarks.None;

    /// <summary>A word of one bare literal.</summary>
    public static ShellWord Bare(Span span, string text) => new(span, text.Length == 0 ? [] : [new LiteralPart(span, text, QuoteStyle.Bare)]);

    /// <summary>The same text when nothing of it is quoted, escaped or computed; else null.</summary>
    public string? BareText => Parts is [LiteralPart { Style: QuoteStyle.Bare } only] ? only.Value : null;

    private static WordMarks Collect(IReadOnlyList<WordPart> parts, StringBuilder text, bool quoted)
    {
        var marks = WordMarks.None;
        foreach (var part in parts)
        {
            switch (part)
            {
                case LiteralPart literal:
                    text.Append(literal.Value);
                    marks |= literal.Style is QuoteStyle.AnsiC && literal.Value.Any(c => c is '\0' or > '\x7f') ? WordMarks.Dynamic : 0;
                    break;
                case DoubleQuotedPart { Localised: var localised } inner:
                    marks |= Collect(inner.Parts, text, quoted: true) | (localised ? WordMarks.Dynamic : 0);
                    break;
                case ParameterPart { Name: "HOME", Operator: "", Prefix: "", Subscript: null } when text.Length == 0:
                    text.Append('~');
                    marks |= WordMarks.Dynamic | (quoted ? 0 : WordMarks.Splits);
                    break;
                case SubscriptPart:
                    marks |= WordMarks.Dynamic | WordMarks.Glob;
                    break;
                case ExtendedGlobPart:
                    marks |= WordMarks.ExtendedGlob | WordMarks.Glob;
                    break;
                default:
                    marks |= WordMarks.Dynamic | (quoted && part is not ParameterPart { Name: "@" } ? 0 : WordMarks.Splits);
                    break;
            }
        }

        return marks;
    }

    private static WordMarks BareMarks(IReadOnlyList<WordPart> parts)
    {
        var marks = WordMarks.None;
        var brace = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is not LiteralPart { Style: QuoteStyle.Bare, Value: var value })
            {
                continue;
            }

            marks |= value.AsSpan().IndexOfAny('*', '?') >= 0 || OpensSet(value, parts.Skip(i + 1)) ? WordMarks.Glob : 0;
            for (var at = 0; at < value.Length; at++)
            {
                var tilde = value[at] == '~' && (at == 0 ? i == 0 : value[at - 1] is '=' or ':');
                marks |= tilde ? WordMarks.Tilde : 0;
                brace = (brace, value[at]) switch
                {
                    (_, '{') when brace < 2 => 1,
                    (1, ',') => 2,
                    (1, '.') when at + 1 < value.Length && value[at + 1] == '.' => 2,
                    (2, '}') => 3,
                    _ => brace,
                };
            }
        }

        return marks | (brace == 3 ? WordMarks.Brace : 0);
    }

    // A bracket that is never closed stands for itself, as in the command '['. What is computed may close it.
    private static bool OpensSet(string value, IEnumerable<WordPart> behind) =>
        value.IndexOf('[', StringComparison.Ordinal) is >= 0 and var at
        && (value.IndexOf(']', at) > 0 || behind.Any(part => part is not LiteralPart literal || literal.Value.Contains(']', StringComparison.Ordinal)));
}

/// <summary>How a literal is protected.</summary>
internal enum QuoteStyle
{
    /// <summary>Not at all.</summary>
    Bare,

    /// <summary>By a backslash.</summary>
    Escaped,

    /// <summary>By single quotes.</summary>
    Single,

    /// <summary>By <c>$' '</c>.</summary>
    AnsiC,
}

/// <summary>A part of a word.</summary>
internal abstract record WordPart(Span Span) : ShellNode(Span);

/// <summary>Text that stands for itself; its value is without quotes.</summary>
internal sealed record LiteralPart(Span Span, string Value, QuoteStyle Style) : WordPart(Span);

/// <summary><c>" "</c>, or <c>$" "</c>.</summary>
internal sealed record DoubleQuotedPart(Span Span, IReadOnlyList<WordPart> Parts, bool Localised) : WordPart(Span);

/// <summary><c>$name</c> or <c>${name…}</c>. <paramref name="Prefix"/> is empty, <c>!</c> or <c>#</c>.</summary>
internal sealed record ParameterPart(Span Span, string Prefix, string Name, SubscriptPart? Subscript, string Operator, IReadOnlyList<WordPart> Argument) : WordPart(Span)
{
    public bool Braced { get; init; }
}

/// <summary><c>$( )</c>, or backticks, whose body is a text of its own: its spans count in <paramref name="OwnSource"/>.</summary>
internal sealed record CommandSubstitution(Span Span, ShellSequence Body, string? OwnSource) : WordPart(Span);

/// <summary><c>&lt;( )</c> or <c>>( )</c>.</summary>
internal sealed record ProcessSubstitution(Span Span, char Direction, ShellSequence Body) : WordPart(Span);

/// <summary><c>$(( ))</c>, <c>$[ ]</c>, or what stands in <c>(( ))</c>.</summary>
internal sealed record ArithmeticPart(Span Span, IReadOnlyList<WordPart> Parts, bool Old) : WordPart(Span);

/// <summary><c>[ ]</c> behind a name.</summary>
internal sealed record SubscriptPart(Span Span, IReadOnlyList<WordPart> Parts) : WordPart(Span);

/// <summary>The value in <c>name=( )</c>.</summary>
internal sealed record ArrayPart(Span Span, IReadOnlyList<ShellWord> Elements) : WordPart(Span);

/// <summary><c>@( )</c>, <c>?( )</c>, <c>*( )</c>, <c>+( )</c>, <c>!( )</c>.</summary>
internal sealed record ExtendedGlobPart(Span Span, char Kind, IReadOnlyList<WordPart> Parts) : WordPart(Span);
