using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Tools.Search;

/// <summary>What Grep shows.</summary>
public enum GrepOutput
{
    /// <summary>Matching lines.</summary>
    Content,

    /// <summary>Names of files.</summary>
    Files,

    /// <summary>Numbers of matching lines by file.</summary>
    Count,
}

/// <summary>One search, the same for both engines.</summary>
/// <param name="Pattern">What to look for.</param>
/// <param name="Root">A folder, or a single file.</param>
/// <param name="Glob">Which files, or null for all.</param>
/// <param name="Context">Lines around each match.</param>
/// <param name="MostKept">How many matches of a file are worth keeping.</param>
internal sealed record GrepQuery(SearchPattern Pattern, ResolvedPath Root, FileGlob? Glob, int Context, int MostKept)
{
    /// <summary>Whether it goes into folders that tools fill: it begins in one, or names one.</summary>
    public bool EntersMade { get; } = TreeWalk.NamesMade(Root.Real) || TreeWalk.NamesMade(Glob?.Text);
}

/// <summary>Which files a search looks at. A glob without a slash is matched against names, any other against the path below the root.</summary>
internal sealed class FileGlob
{
    private readonly GlobPattern _pattern;
    private readonly bool _isAboutNames;

    private FileGlob(GlobPattern pattern, string text, bool isAboutNames)
    {
        _pattern = pattern;
        _isAboutNames = isAboutNames;
        Text = text;

        // ripgrep's ? and brackets match single bytes, which is wrong for letters such as ä; the name before a colon is special to it.
        ForRipgrep = isAboutNames && text.AsSpan().IndexOfAny("?[:\\") < 0 ? text : null;
    }

    /// <summary>The glob as it was given, apart from how it begins.</summary>
    public string Text { get; }

    /// <summary>The glob, when ripgrep understands it alike. Those find hidden files too when they match.</summary>
    public string? ForRipgrep { get; }

    /// <summary>Throws <see cref="ToolException"/> for a glob that is none.</summary>
    public static FileGlob? Parse(string? glob)
    {
        if (string.IsNullOrEmpty(glob))
        {
            return null;
        }

        var text = glob.StartsWith("**/", StringComparison.Ordinal) && !glob[3..].Contains('/') ? glob[3..] : glob.TrimStart('/');
        var pattern = GlobPattern.Parse(text, out var error) ?? throw new ToolException($"Invalid glob {glob}: {error}.");
        return new FileGlob(pattern, text, isAboutNames: !text.Contains('/') && !glob.StartsWith('/'));
    }

    /// <summary>Whether a file with this path below the root is looked at.</summary>
    public bool Takes(string relative) => _pattern.IsMatch(_isAboutNames ? relative[(relative.LastIndexOf('/') + 1)..] : relative);

    /// <summary>Whether a hidden file with this path is looked at.</summary>
    public bool TakesHidden(string relative) => ForRipgrep is not null && Takes(relative);
}

/// <summary>How a search ended.</summary>
internal enum SearchEnd
{
    /// <summary>Everything was looked at, or enough was found.</summary>
    Done,

    /// <summary>Time ran out.</summary>
    TimedOut,

    /// <summary>The engine is not there, or does not understand what it was asked.</summary>
    NoEngine,
}
