namespace Bridle.Permissions;

/// <summary>Matches one piece of text against <c>*</c>, <c>?</c>, <c>[abc]</c>, <c>[!a-z]</c> and backslash escapes, in time linear in text times pattern.</summary>
internal static class Wildcard
{
    public static bool Matches(string pattern, string text, StringComparison comparison)
    {
        var (p, t, star, mark) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, mark) = (p++, t);
            }
            else if (p < pattern.Length && MatchesOne(pattern, p, text[t], comparison, out var after))
            {
                (p, t) = (after, t + 1);
            }
            else if (star >= 0)
            {
                (p, t) = (star + 1, ++mark);
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }

        return p == pattern.Length;
    }

    private static bool MatchesOne(string pattern, int at, char c, StringComparison comparison, out int after)
    {
        after = at + 1;
        switch (pattern[at])
        {
            case '?':
                return true;
            case '\\' when at + 1 < pattern.Length:
                after = at + 2;
                return Same(pattern[at + 1], c, comparison);
            case '[' when pattern.IndexOf(']', Math.Min(at + 2, pattern.Length)) is var end and > 0:
                after = end + 1;
                return InClass(pattern.AsSpan(at + 1, end - at - 1), c, comparison);
            default:
                return Same(pattern[at], c, comparison);
        }
    }

    private static bool InClass(ReadOnlySpan<char> set, char c, StringComparison comparison)
    {
        var negated = set is ['!' or '^', ..];
        set = negated ? set[1..] : set;
        var found = false;
        for (var i = 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                found |= InRange(c, set[i], set[i + 2]) ||
                    (comparison is StringComparison.OrdinalIgnoreCase && (InRange(char.ToLowerInvariant(c), set[i], set[i + 2]) || InRange(char.ToUpperInvariant(c), set[i], set[i + 2])));
                i += 2;
            }
            else
            {
                found |= Same(set[i], c, comparison);
            }
        }

        return found != negated;
    }

    private static bool InRange(char c, char from, char to) => c >= from && c <= to;

    private static bool Same(char a, char b, StringComparison comparison) =>
        a == b || (comparison is StringComparison.OrdinalIgnoreCase && char.ToLowerInvariant(a) == char.ToLowerInvariant(b));
}
