namespace Bridle.Permissions.Shell;

/// <summary>Tells assignments from words.</summary>
internal static class Assignments
{
    /// <summary>The word as an assignment, or null when it is none. The name must stand outside quotes.</summary>
    public static Assignment? Of(ShellWord word)
    {
        if (word.Parts is not [LiteralPart { Style: QuoteStyle.Bare } first, ..] || !Reading.IsNameStart(first.Value[0]))
        {
            return null;
        }

        var length = 1;
        while (length < first.Value.Length && Reading.IsNamePart(first.Value[length]))
        {
            length++;
        }

        var subscript = length == first.Value.Length && word.Parts.Count > 2 ? word.Parts[1] as SubscriptPart : null;
        var sign = subscript is null ? first : word.Parts[2] as LiteralPart;
        if (sign is not { Style: QuoteStyle.Bare })
        {
            return null;
        }

        var at = subscript is null ? length : 0;
        var appends = at + 1 < sign.Value.Length && sign.Value[at] == '+' && sign.Value[at + 1] == '=';
        if (!appends && (at >= sign.Value.Length || sign.Value[at] != '='))
        {
            return null;
        }

        at += appends ? 2 : 1;
        var value = new List<WordPart>();
        var start = word.Span.End;
        if (at < sign.Value.Length)
        {
            // A joined line inside the sign would shift this; the end of the part is always right.
            start = sign.Span.End - (sign.Value.Length - at);
            value.Add(new LiteralPart(new(start, sign.Span.End), sign.Value[at..], QuoteStyle.Bare));
        }

        value.AddRange(word.Parts.Skip(subscript is null ? 1 : 3));
        start = value.Count > 0 ? value[0].Span.Start : word.Span.End;
        return new Assignment(word.Span, first.Value[..length], subscript, appends, new ShellWord(new(start, word.Span.End), value));
    }
}
