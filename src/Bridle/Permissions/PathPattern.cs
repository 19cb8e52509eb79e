using System.Text;

namespace Bridle.Permissions;

/// <summary>
/// A path pattern with gitignore's meaning: <c>*</c> and <c>?</c> stay within a name, <c>**</c> crosses folders, a bare name matches at any depth, and what
/// matches a folder covers everything in it. Anchors: <c>//</c> the file system, <c>~/</c> home, <c>/</c> the folder of the rule's source, else the workspace root.
/// </summary>
internal sealed class PathPattern
{
    private readonly string[] _anchor;
    private readonly string[] _segments;
    private readonly StringComparison _comparison;

    private readonly bool _sweeps;

    // A text that stands in every path that matches: most patterns are done with a path by looking for it.
    private readonly string _part;

    // The folder that was asked about last: a policy asks about the same one again and again.
    private Answered? _inFolder;

    private PathPattern(string[] anchor, string[] segments, bool sweeps, bool tightens)
    {
        _sweeps = sweeps;
        _part = segments.Select(LiteralIn).Where(part => Ascii.IsValid(part)).MaxBy(part => part.Length) ?? "";
        _anchor = anchor;
        _segments = segments;
        _comparison = tightens ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
    }

    /// <summary>The text that stands in every path of ASCII letters that it matches; empty where none does.</summary>
    public string Part => _part;

    /// <summary>Whether the pattern names this very path: its last name is written out and nothing is swept up with a folder.</summary>
    public bool Names(string path) => !_sweeps && _segments.Length > 0 && _segments[^1].AsSpan().IndexOfAny("*?[") < 0 && Matches(path, exactly: true);

    /// <summary>
    /// Reads a pattern. Rules that tighten (deny, ask) are read generously: without case, and patterns without an anchor hold anywhere on the machine.
    /// </summary>
    public static PathPattern Parse(string text, bool tightens, string root, string home, string? sourceFolder)
    {
        text = text.Trim();
        var (anchor, rest, loose) = text switch
        {
            ['/', '/', .. var absolute] => ("/", absolute, false),
            "~" => (home, "", false),
            ['~', '/', .. var below] => (home, below, false),
            ['/', .. var below] => (sourceFolder ?? root, below, false),
            ['.', '/', .. var below] => (root, below, false),
            _ => (root, text, true),
        };
        var (from, segments) = Climbed(anchor, rest, out var climbs);
        loose &= !climbs;
        var sweeps = segments is [.., "**"];
        while (segments is [.., "**"])
        {
            segments.RemoveAt(segments.Count - 1);
        }

        var bare = loose && segments.Count == 1 && (tightens || !rest.Contains('/'));
        if (bare && segments[0] != "**")
        {
            segments.Insert(0, "**");
        }

        var anywhere = loose && tightens && segments is ["**", ..];
        return new PathPattern(anywhere ? [] : [.. from], [.. segments], sweeps, tightens);
    }

    // '..' takes back the name before it, then names of the anchor, as the kernel does for a path without links. Behind a wildcard it cannot, and a rule that says so is refused.
    private static (List<string> Anchor, List<string> Segments) Climbed(string anchor, string rest, out bool climbs)
    {
        var (from, segments) = (Split(anchor).ToList(), new List<string>());
        climbs = false;
        foreach (var name in Split(rest).Where(name => name != "."))
        {
            var up = name == ".." && !(segments is [.., var last] && PathSpelling.IsWild(last));
            climbs |= up;
            if (!up)
            {
                segments.Add(name);
            }
            else if ((segments.Count > 0 ? segments : from) is { Count: > 0 } left)
            {
                left.RemoveAt(left.Count - 1);
            }
        }

        return (from, segments);
    }

    /// <summary>Whether the absolute, normalised path is matched or lies in a folder that is.</summary>
    public bool Matches(string path) => Matches(path, exactly: false);

    /// <summary>Whether it holds anywhere on the machine, wherever the file is copied to.</summary>
    public bool IsAnywhere => _anchor.Length == 0 && _segments is ["**", ..];

    /// <summary>Whether the folder, what it lies in, or anything that could ever lie in it is matched.</summary>
    public bool MayMatchIn(string folder)
    {
        if (_inFolder is { } known && known.Folder == folder)
        {
            return known.May;
        }

        var may = CanMatchIn(folder);
        _inFolder = new(folder, may);
        return may;
    }

    private bool CanMatchIn(string folder)
    {
        var names = Split(folder);
        for (var i = 0; i < _anchor.Length && i < names.Length; i++)
        {
            if (!_anchor[i].Equals(names[i], _comparison))
            {
                return false;
            }
        }

        return names.Length <= _anchor.Length || Reach(names.AsSpan(_anchor.Length), exactly: false).Any(reachable => reachable);
    }

    /// <summary>The pathspecs by which git leaves out all that it matches in a repository with that top folder, or null where none say exactly that.</summary>
    public IReadOnlyList<string>? LeftOutBy(string top)
    {
        var names = Split(top);
        var inside = IsAnywhere ? [] : _anchor.Length >= names.Length && names.AsSpan().SequenceEqual(_anchor.AsSpan(0, names.Length)) ? _anchor[names.Length..] : null;
        if (inside is null || inside.Concat(_segments).Any(segment => segment.AsSpan().IndexOfAny("[\\:") >= 0) || inside.Any(name => name.AsSpan().IndexOfAny("*?") >= 0))
        {
            return null;
        }

        var path = string.Join('/', inside.Concat(_segments));
        return path.Length == 0 ? null
            : path.AsSpan().IndexOfAny("*?") < 0 ? [$":(top,exclude,icase){path}"]
            : [$":(top,exclude,icase,glob){path}", $":(top,exclude,icase,glob){path}/**"];
    }

    private bool Matches(string path, bool exactly)
    {
        // Outside of ASCII letters fold in more than one way; those are left to the match itself.
        if (_part.Length > 0 && Ascii.IsValid(path) && !path.Contains(_part, _comparison))
        {
            return false;
        }

        var names = Split(path);
        if (names.Length < _anchor.Length)
        {
            return false;
        }

        for (var i = 0; i < _anchor.Length; i++)
        {
            if (!_anchor[i].Equals(names[i], _comparison))
            {
                return false;
            }
        }

        return MatchesBelow(names.AsSpan(_anchor.Length), exactly);
    }

    private sealed record Answered(string Folder, bool May);

    /// <summary>
    /// The one place that it names in plain words, up to its first wildcard, absolute; null where it names none. What holds at any depth is looked for at the workspace's top.
    /// </summary>
    public string? PlaceIn(string root)
    {
        var plain = Plain();
        return plain.Length == 0 && (IsAnywhere || _anchor.Length == 0) ? null : $"/{string.Join('/', (IsAnywhere ? Split(root) : _anchor).Concat(plain))}";
    }

    /// <summary>Whether it is that one place with what is in it: nothing of it is a wildcard.</summary>
    public bool IsPlace => !IsAnywhere && Plain().Length == _segments.Length;

    /// <summary>Whether the sandbox of that workspace finds what it matches there: in the workspace, or at the place that it names, but not where no program would start without it.</summary>
    public bool IsHeldIn(string root) => IsAnywhere || _anchor.AsSpan().StartsWith(Split(root)) || (IsPlace && _anchor.Length + _segments.Length > 1);

    /// <summary>The same with that place lying elsewhere.</summary>
    public PathPattern MovedTo(string real) => new(Split(real), _segments[(Skipped + Plain().Length)..], _sweeps, tightens: _comparison is StringComparison.OrdinalIgnoreCase);

    private int Skipped => _segments is ["**", ..] ? 1 : 0;

    private string[] Plain() => [.. _segments.Skip(Skipped).TakeWhile(name => !PathSpelling.IsWild(name)).Select(name => name.Replace("\\", "", StringComparison.Ordinal))];

    /// <summary>Writes a path as a pattern that matches exactly it and what is in it.</summary>
    public static string Quote(string absolute)
    {
        var quoted = new StringBuilder("/");
        foreach (var c in absolute)
        {
            quoted.Append(c is '*' or '?' or '[' or '\\' or '"' or '$' or '{' ? $"\\{c}" : c.ToString());
        }

        return quoted.ToString();
    }

    // The longest run of letters that stand for themselves.
    private static string LiteralIn(string segment)
    {
        if (segment.Contains('[') || segment.Contains('\\'))
        {
            return "";
        }

        return segment.Split('*', '?').MaxBy(run => run.Length)!;
    }

    internal static string[] Split(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private bool MatchesBelow(ReadOnlySpan<string> names, bool exactly) => Reach(names, exactly)[^1];

    // reachable[i]: the pattern's first i segments match the names so far. All segments used up = the path or a folder above it matches.
    private bool[] Reach(ReadOnlySpan<string> names, bool exactly)
    {
        var reachable = new bool[_segments.Length + 1];
        reachable[0] = true;
        PassStars(reachable);
        foreach (var name in names)
        {
            if (reachable[^1] && !exactly)
            {
                return reachable;
            }

            var next = new bool[reachable.Length];
            for (var i = 0; i < _segments.Length; i++)
            {
                if (reachable[i] && _segments[i] == "**")
                {
                    next[i] = true;
                }
                else if (reachable[i] && Wildcard.Matches(_segments[i], name, _comparison))
                {
                    next[i + 1] = true;
                }
            }

            PassStars(next);
            reachable = next;
        }

        return reachable;
    }

    private void PassStars(bool[] reachable)
    {
        for (var i = 0; i < _segments.Length; i++)
        {
            reachable[i + 1] |= reachable[i] && _segments[i] == "**";
        }
    }
}
