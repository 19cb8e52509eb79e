using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Bridle.Hosting.Instructions;

/// <summary>The head of a rule file: YAML between two lines of dashes, of which <c>paths</c> (or Cursor's <c>globs</c>) counts.</summary>
internal static class RuleFrontmatter
{
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
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text[start..Math.Max(start, end)]));
            return (stream.Documents is [{ RootNode: YamlMappingNode head }] ? Patterns(head) : null, text[after..], null);
        }
        catch (YamlException mistake)
        {
            return (null, text[after..], $"its head is no YAML: {mistake.Message}");
        }
    }

    private static List<string>? Patterns(YamlMappingNode head)
    {
        var node = new[] { "paths", "globs" }.Select(key => head.Children.TryGetValue(new YamlScalarNode(key), out var found) ? found : null).FirstOrDefault(found => found is not null);
        List<string>? patterns = node switch
        {
            YamlSequenceNode list => [.. list.Children.OfType<YamlScalarNode>().Select(item => item.Value ?? "")],
            YamlScalarNode { Value: { Length: > 0 } one } => [.. SplitOutsideBraces(one)],
            _ => null,
        };
        return patterns?.Where(pattern => pattern.Length > 0).ToList() is { Count: > 0 } some ? some : null;
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
