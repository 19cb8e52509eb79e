using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Bridle.Hosting.Instructions;

/// <summary>
/// The head of a rule file: YAML between two lines of dashes, of which <c>paths</c> (or Cursor's <c>globs</c>) counts. It comes with a project, from whoever wrote it: it is read
/// as a row of events, because a tree of it can be deeper than the stack and, with references, larger than the memory.
/// </summary>
internal static class RuleFrontmatter
{
    private const int MostLength = 16 * 1024;

    /// <summary>The patterns, or null for none, and the text below the head; and why the head cannot be read, or null.</summary>
    public static (IReadOnlyList<string>? Patterns, string Text, string? Problem) Split(string text)
    {
        if (!text.StartsWith("---\n", StringComparison.Ordinal) && !text.StartsWith("---\r\n", StringComparison.Ordinal))
        {
            return (null, text, null);
        }

        var start = text.IndexOf('\n') + 1;
        var end = text.IndexOf("\n---", start - 1, StringComparison.Ordinal);
        if (end < 0)
        {
            return (null, text, "the head has no end");
        }

        var after = text.IndexOf('\n', end + 1) is var line && line < 0 ? text.Length : line + 1;
        if (end - start > MostLength)
        {
            return (null, text[after..], $"its head is longer than {MostLength / 1024} KiB");
        }

        try
        {
            return (Patterns(new Parser(new StringReader(text[start..Math.Max(start, end)]))), text[after..], null);
        }
        catch (Exception mistake) when (BrokenYaml.Is(mistake))
        {
            return (null, text[after..], $"its head is no YAML: {BrokenYaml.Reason(mistake)}");
        }
    }

    private static List<string>? Patterns(IParser head)
    {
        var found = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        head.Consume<StreamStart>();
        if (!head.TryConsume<DocumentStart>(out _) || !head.TryConsume<MappingStart>(out _))
        {
            return null;
        }

        while (!head.TryConsume<MappingEnd>(out _))
        {
            if (head.TryConsume<Scalar>(out var key))
            {
                found.TryAdd(key.Value, Texts(head));
            }
            else
            {
                head.SkipThisAndNestedEvents();
                head.SkipThisAndNestedEvents();
            }
        }

        return new[] { "paths", "globs" }.Select(key => found.GetValueOrDefault(key)).FirstOrDefault(texts => texts is not null) is { Count: > 0 } some ? some : null;
    }

    private static List<string> Texts(IParser head)
    {
        var texts = new List<string>();
        if (head.TryConsume<Scalar>(out var one))
        {
            texts.AddRange(SplitOutsideBraces(one.Value));
        }
        else if (head.TryConsume<SequenceStart>(out _))
        {
            while (!head.TryConsume<SequenceEnd>(out _))
            {
                if (head.TryConsume<Scalar>(out var item))
                {
                    texts.Add(item.Value);
                }
                else
                {
                    head.SkipThisAndNestedEvents();
                }
            }
        }
        else
        {
            head.SkipThisAndNestedEvents();
        }

        texts.RemoveAll(text => text.Length is 0);
        return texts;
    }

    private static IEnumerable<string> SplitOutsideBraces(string text)
    {
        var (from, depth) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] is ',' && depth is 0))
            {
                yield return text[from..i].Trim();
                from = i + 1;
            }
            else
            {
                depth += text[i] switch { '{' => 1, '}' => -1, _ => 0 };
            }
        }
    }
}
