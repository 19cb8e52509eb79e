namespace Bridle.Skills;

/// <summary>The head of a <c>SKILL.md</c> as it was written, and the text below it.</summary>
/// <param name="Fields">Its fields in their order; the first of each name counts.</param>
/// <param name="Body">The text below it.</param>
/// <param name="Problem">What is wrong with it as YAML, or null.</param>
public sealed record SkillHead(IReadOnlyList<(string Name, SkillValue Value)> Fields, string Body, string? Problem)
{
    private const int MostLength = 64 * 1024;

    /// <summary>The value of a field, or null.</summary>
    public SkillValue? this[string name] => Fields.FirstOrDefault(field => field.Name == name).Value;

    /// <summary>Takes a file apart: the lines between two lines of three dashes, and what follows. A byte order mark, blank lines before the head and line ends of other systems do not matter.</summary>
    public static (string? Head, string Body, string? Problem) Split(string text)
    {
        text = text.TrimStart('\ufeff').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        var start = text.TrimStart('\n', ' ', '\t');
        if (!start.StartsWith("---", StringComparison.Ordinal) || LineEnd(start, 0) is var first && start[3..first].Trim().Length > 0)
        {
            return (null, text, "it has no head between two lines of ---");
        }

        for (var at = Math.Min(first + 1, start.Length); at < start.Length;)
        {
            var end = LineEnd(start, at);
            if (start[at..end].TrimEnd() is "---" or "...")
            {
                var head = start[Math.Min(first + 1, at)..at];
                var body = start[Math.Min(end + 1, start.Length)..];
                return head.Length <= MostLength ? (head, body, null) : (null, body, $"its head is longer than {MostLength / 1024} KiB");
            }

            at = end + 1;
        }

        return (null, text, "its head has no end: a line of --- is missing");
    }

    private static int LineEnd(string text, int from) => text.IndexOf('\n', from) is var end && end < 0 ? text.Length : end;
}

/// <summary>A value of a head: one text, a list of texts, or pairs of texts.</summary>
/// <param name="Text">The text of a single value; null for a list or pairs.</param>
public sealed record SkillValue(string? Text)
{
    /// <summary>The texts of a list, or null.</summary>
    public IReadOnlyList<string>? List { get; init; }

    /// <summary>The pairs of a mapping, or null.</summary>
    public IReadOnlyList<(string Key, string Value)>? Pairs { get; init; }

    /// <summary>What YAML reads a single value as that was written without quotes and is no text: <c>a number</c>, <c>true or false</c> or <c>nothing</c>; null for a text.</summary>
    public string? ReadAs { get; init; }

    /// <summary>Whether something deeper stood in it that was left out.</summary>
    public bool IsNested { get; init; }

    /// <summary>All of it in one line.</summary>
    public string Line => Text ?? (List is { } list ? string.Join(", ", list) : string.Join(", ", (Pairs ?? []).Select(pair => $"{pair.Key}: {pair.Value}")));
}
