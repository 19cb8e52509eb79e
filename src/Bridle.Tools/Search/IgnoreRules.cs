namespace Bridle.Tools.Search;

/// <summary>What ignore rules say about a path.</summary>
internal enum IgnoreVerdict
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Leave it out.</summary>
    Ignore,

    /// <summary>Take it in, whatever weaker rules say.</summary>
    Include,
}

/// <summary>The rules of one ignore file, in the format of <c>.gitignore</c> as ripgrep reads it. The last rule that matches decides.</summary>
internal sealed class IgnoreRules
{
    private readonly List<(GlobPattern Pattern, bool Include, bool FoldersOnly)> _rules = [];

    private IgnoreRules()
    {
    }

    /// <summary>Reads the lines; a line that is no valid pattern is skipped, as git does. Null when there is no rule.</summary>
    public static IgnoreRules? Parse(string text)
    {
        var rules = new IgnoreRules();
        foreach (var line in text.TrimStart('\uFEFF').Split('\n'))
        {
            rules.Add(line.TrimEnd('\r'));
        }

        return rules._rules.Count == 0 ? null : rules;
    }

    /// <summary>Judges a path relative to the folder of the ignore file, with <c>/</c> between names.</summary>
    public IgnoreVerdict Judge(string path, bool isFolder)
    {
        for (var i = _rules.Count - 1; i >= 0; i--)
        {
            var (pattern, include, foldersOnly) = _rules[i];
            if ((isFolder || !foldersOnly) && pattern.IsMatch(path))
            {
                return include ? IgnoreVerdict.Include : IgnoreVerdict.Ignore;
            }
        }

        return IgnoreVerdict.None;
    }

    private void Add(string line)
    {
        if (line.StartsWith('#'))
        {
            return;
        }

        line = line.EndsWith("\\ ", StringComparison.Ordinal) ? line : line.TrimEnd();
        var include = line.StartsWith('!');
        line = include || line.StartsWith("\\!", StringComparison.Ordinal) || line.StartsWith("\\#", StringComparison.Ordinal) ? line[1..] : line;
        var anchored = line.StartsWith('/');
        line = anchored ? line[1..] : line;
        var foldersOnly = line.EndsWith('/');
        line = foldersOnly ? line[..^1] : line;
        if (line.Length == 0)
        {
            return;
        }

        // A pattern without a slash in it matches at any depth.
        var text = anchored || line.Contains('/') ? line : "**/" + line;
        if (GlobPattern.Parse(text, out _) is { } pattern)
        {
            _rules.Add((pattern, include, foldersOnly));
        }
    }
}
