using System.Text;

namespace Bridle.Tools.Search;

/// <summary>
/// A pattern for paths relative to a folder, with <c>/</c> between names: <c>*</c> and <c>?</c> within a name, <c>**</c> for any folders,
/// <c>[a-z]</c>, <c>[!a]</c>, <c>{a,b}</c>, and a backslash to take the next character as it is. Matching takes time linear in the path for each star.
/// </summary>
public sealed class GlobPattern
{
    private const int MostAlternatives = 256;
    private readonly GlobName[]?[][] _alternatives;

    private GlobPattern(GlobName[]?[][] alternatives) => _alternatives = alternatives;

    /// <summary>Reads a pattern; on a mistake gives the reason instead.</summary>
    public static GlobPattern? Parse(string pattern, out string? error)
    {
        error = null;
        try
        {
            return new GlobPattern([.. Expand(pattern).Select(ParsePath)]);
        }
        catch (FormatException mistake)
        {
            error = mistake.Message;
            return null;
        }
    }

    /// <summary>Whether the whole relative path matches.</summary>
    public bool IsMatch(string path)
    {
        var names = path.Split('/');
        return _alternatives.Any(alternative => Matches(alternative, names));
    }

    /// <summary>
    /// An alternative is a list of names; null stands for <c>**</c>. Goes through the names like a name is gone through for stars:
    /// only the last <c>**</c> ever needs to be tried again.
    /// </summary>
    private static bool Matches(GlobName[]?[] pattern, string[] names)
    {
        var (p, n, retryPattern, retryName) = (0, 0, -1, 0);
        while (n < names.Length)
        {
            if (p < pattern.Length && pattern[p] is null)
            {
                if (p == pattern.Length - 1)
                {
                    return true;
                }

                (retryPattern, retryName) = (++p, n);
            }
            else if (p < pattern.Length && GlobName.Matches(pattern[p]!, names[n]))
            {
                (p, n) = (p + 1, n + 1);
            }
            else if (retryPattern >= 0)
            {
                (p, n) = (retryPattern, ++retryName);
            }
            else
            {
                return false;
            }
        }

        return p == pattern.Length;
    }

    private static GlobName[]?[] ParsePath(string text)
    {
        var names = new List<GlobName[]?>();
        foreach (var name in SplitNames(text))
        {
            if (name != "**")
            {
                names.Add(GlobName.Parse(name));
            }
            else if (names.Count == 0 || names[^1] is not null)
            {
                names.Add(null);
            }
        }

        return [.. names];
    }

    private static List<string> SplitNames(string text)
    {
        var names = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '/')
            {
                names.Add(text[start..i]);
                start = i + 1;
            }
        }

        names.Add(text[start..]);
        return names;
    }

    /// <summary>Writes out the alternatives in braces. Those inside brackets or after a backslash stand for themselves.</summary>
    private static List<string> Expand(string text)
    {
        if (FindBraces(text) is not { } braces)
        {
            return [text];
        }

        var tails = Expand(text[(braces[^1] + 1)..]);
        var result = new List<string>();
        for (var i = 0; i + 1 < braces.Count; i++)
        {
            foreach (var middle in Expand(text[(braces[i] + 1)..braces[i + 1]]))
            {
                result.AddRange(tails.Select(tail => text[..braces[0]] + middle + tail));
                if (result.Count > MostAlternatives)
                {
                    throw new FormatException($"it has more than {MostAlternatives} alternatives");
                }
            }
        }

        return result;
    }

    /// <summary>Where the first brace opens, its commas, and where it closes.</summary>
    private static List<int>? FindBraces(string text)
    {
        List<int>? marks = null;
        var (depth, inClass) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\':
                    i++;
                    break;
                case '[' when !inClass:
                    inClass = true;
                    i += i + 1 < text.Length && text[i + 1] is '!' or '^' ? 1 : 0;
                    i += i + 1 < text.Length && text[i + 1] == ']' ? 1 : 0;
                    break;
                case ']':
                    inClass = false;
                    break;
                case '{' when !inClass && ++depth == 1:
                    marks = [i];
                    break;
                case ',' when !inClass && depth == 1:
                    marks!.Add(i);
                    break;
                case '}' when !inClass && depth > 0 && --depth == 0:
                    marks!.Add(i);
                    return marks;
            }
        }

        return depth > 0 ? throw new FormatException("a { is not closed by }") : null;
    }
}
