namespace Bridle.Skills;

/// <summary>Reads <c>allowed-tools</c>: rules with spaces, commas or line ends between them, or a list of them. What stands in parentheses belongs to its rule.</summary>
public static class SkillTools
{
    /// <summary>The rules in their order.</summary>
    public static IReadOnlyList<string> Split(SkillValue value) => [.. (value.List ?? [value.Text ?? ""]).SelectMany(Split).Distinct()];

    private static IEnumerable<string> Split(string text)
    {
        var (depth, from) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (depth is 0 && (char.IsWhiteSpace(text[i]) || text[i] is ',')))
            {
                if (text[from..i].Trim() is { Length: > 0 } rule)
                {
                    yield return rule;
                }

                from = i + 1;
            }
            else
            {
                depth = Math.Max(0, depth + text[i] switch { '(' => 1, ')' => -1, _ => 0 });
            }
        }
    }
}
