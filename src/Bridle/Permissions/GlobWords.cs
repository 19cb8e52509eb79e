using Bridle.Messages;
using Bridle.Permissions.Shell;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>
/// The files that a pattern in a command matches now. Another may match when the command runs, so a pattern is never free for what it may match; but what it matches
/// already is judged as if it were written out.
/// </summary>
internal sealed class GlobWords(IFiles files, Func<string, string, ResolvedPath> resolve, bool dots)
{
    private const int MostListed = 20_000;
    private const int MostPlain = 200;
    private const int MostAlternatives = 20;
    private const int MostBraces = 4;
    private readonly Dictionary<string, IReadOnlyList<string>> _listed = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Whether the shell may make other words of it.</summary>
    public static bool IsPattern(ShellWord word) => (word.Marks & (WordMarks.Glob | WordMarks.Brace)) != 0 && word.Text.Length is > 0 and < 4096 && !word.Text.Contains('\0');

    /// <summary>The words that a pattern becomes in a folder: all that the table names, and the first others.</summary>
    public IEnumerable<string> Matches(string pattern, string folder)
    {
        if (Alternatives(pattern) is { } alternatives)
        {
            return alternatives.SelectMany(one => Matches(one, folder));
        }

        // What could not be taken apart may be any text: that finds more, never less.
        var hidden = dots;
        if (pattern.IndexOf('{', StringComparison.Ordinal) is >= 0 and var open && pattern.LastIndexOf('}') is var close && close > open)
        {
            (hidden, pattern) = (true, $"{pattern[..open]}*{pattern[(close + 1)..]}");
        }

        IReadOnlyList<string> found = [pattern.StartsWith('/') ? "/" : ""];
        foreach (var name in pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            found = name.AsSpan().IndexOfAny('*', '?', '[') < 0 ? [.. found.Select(path => Join(path, name))]
                : [.. found.SelectMany(path => ListOf(path, folder).Where(entry => IsMatch(name, entry, hidden)).Select(entry => Join(path, entry))).Take(MostListed)];
        }

        var plain = 0;
        return found.Where(path => SensitivePaths.Look("/" + path).Level is not Sensitivity.None || plain++ < MostPlain);
    }

    // {a,b} as two words; the innermost first; null where there is none.
    private static IEnumerable<string>? Alternatives(string pattern)
    {
        var close = pattern.IndexOf('}', StringComparison.Ordinal);
        var open = close < 0 ? -1 : pattern.LastIndexOf('{', close);
        return open >= 0 && pattern[(open + 1)..close].Split(',') is { Length: > 1 and < MostAlternatives } parts && pattern.Count(letter => letter == '{') < MostBraces
            ? parts.Select(part => $"{pattern[..open]}{part}{pattern[(close + 1)..]}") : null;
    }

    private static bool IsMatch(string pattern, string entry, bool hidden) => (pattern[0] == '.' || entry[0] != '.' || hidden) && Wildcard.Matches(pattern, entry, StringComparison.Ordinal);

    private IReadOnlyList<string> ListOf(string path, string folder)
    {
        var place = resolve(path.Length == 0 ? "." : path, folder);
        if (place.Kind is not FileKind.Directory || _count > MostListed)
        {
            return [];
        }

        if (!_listed.TryGetValue(place.Real, out var names))
        {
            try
            {
                _listed[place.Real] = names = [.. files.List(place).Select(entry => entry.Name)];
            }
            catch (Exception closed) when (closed is ToolException or IOException or UnauthorizedAccessException)
            {
                _listed[place.Real] = names = [];
            }

            _count += names.Count;
        }

        return names;
    }

    private static string Join(string path, string name) => path is "" or "/" ? path + name : $"{path}/{name}";
}
