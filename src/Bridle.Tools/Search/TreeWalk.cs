using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Tools.Search;

/// <summary>A file found below a folder. <paramref name="Relative"/> is its path from there, with <c>/</c> between names.</summary>
internal readonly record struct FoundFile(ResolvedPath Path, string Relative, FileEntry Entry);

/// <summary>
/// Goes through the files below a folder in the order of their names (by UTF-8 bytes, folders where their names stand), leaving out what
/// ignore files name, <c>.git</c>, and, unless asked for, hidden entries and what tools make. Links are not followed.
/// </summary>
internal sealed class TreeWalk(IFiles files)
{
    /// <summary>Folders that package managers and compilers fill. What is in them is found by who names them.</summary>
    public static IReadOnlyList<string> Made { get; } = ["node_modules", "target", "venv", "__pycache__"];

    /// <summary>Goes into folders that tools fill.</summary>
    public bool EntersMade { get; init; }

    /// <summary>Takes in a file although it is hidden. Given the relative path.</summary>
    public Func<string, bool> WantsHiddenFile { get; init; } = _ => false;

    /// <summary>Goes into a folder although it is hidden.</summary>
    public bool EntersHidden { get; init; }

    /// <summary>Lists links to files too.</summary>
    public bool IncludesLinks { get; init; }

    /// <summary>The files, found as they are asked for.</summary>
    public IEnumerable<FoundFile> Below(ResolvedPath root, CancellationToken cancellationToken)
    {
        var pending = new Stack<(ResolvedPath Path, string Relative, FileEntry? Entry, IgnoreStack? Ignore)>();
        pending.Push((root, "", null, null));
        while (pending.TryPop(out var next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (next.Entry is { Kind: not FileKind.Directory } or { IsLink: true })
            {
                yield return new FoundFile(next.Path, next.Relative, next.Entry);
                continue;
            }

            var entries = List(next.Path, mayFail: next.Entry is not null);
            var ignore = next.Ignore?.Enter(files, next.Path, entries) ?? IgnoreStack.For(files, next.Path);
            foreach (var entry in entries.OrderByDescending(entry => entry.Name, Utf8Order.Instance))
            {
                var relative = next.Relative.Length == 0 ? entry.Name : $"{next.Relative}/{entry.Name}";
                var real = next.Path.Real.EndsWith('/') ? next.Path.Real + entry.Name : $"{next.Path.Real}/{entry.Name}";
                if (Takes(entry, relative, real, ignore))
                {
                    pending.Push((new ResolvedPath(real, real, real, next.Path.InsideRoot, entry.Kind), relative, entry, ignore));
                }
            }
        }
    }

    /// <summary>Whether a pattern or path names one of the folders that are otherwise left out.</summary>
    public static bool NamesMade(string? pattern) => pattern?.Split('/', '{', ',', '}').Any(Made.Contains) is true;

    private bool Takes(FileEntry entry, string relative, string real, IgnoreStack ignore)
    {
        var isFolder = entry.Kind is FileKind.Directory && !entry.IsLink;
        if (entry.Name == ".git" || (isFolder && !EntersMade && Made.Contains(entry.Name)) || (entry.IsLink && !IncludesLinks) || (!isFolder && entry.Kind is not FileKind.File))
        {
            return false;
        }

        return ignore.Judge(real, isFolder) switch
        {
            IgnoreVerdict.Ignore => false,
            IgnoreVerdict.Include => true,
            _ => !entry.Name.StartsWith('.') || (isFolder ? EntersHidden : WantsHiddenFile(relative)),
        };
    }

    private IReadOnlyList<FileEntry> List(ResolvedPath folder, bool mayFail)
    {
        try
        {
            return files.List(folder);
        }
        catch (ToolException) when (mayFail)
        {
            return [];
        }
    }
}

/// <summary>Orders names by their UTF-8 bytes: ordinal, but with surrogates after everything else.</summary>
internal sealed class Utf8Order : IComparer<string>
{
    public static Utf8Order Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (a, b) = (x ?? "", y ?? "");
        var common = a.AsSpan().CommonPrefixLength(b);
        return common == a.Length || common == b.Length ? a.Length.CompareTo(b.Length) : Rank(a[common]).CompareTo(Rank(b[common]));
    }

    private static int Rank(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
}
