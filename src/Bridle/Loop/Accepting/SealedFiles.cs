using System.Security.Cryptography;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Runs;
using Bridle.Workspaces;

namespace Bridle.Loop.Accepting;

/// <summary>
/// Files that must not change while a model works: the tests and contracts that it is judged by. Patterns mean what they mean in permission rules; one without
/// <c>*</c>, <c>?</c> and <c>[</c> names a file or everything in a folder.
/// </summary>
/// <param name="patterns">The patterns, relative to the workspace root.</param>
/// <param name="listFiles">The files of the workspace by their paths from its root, without those that are ignored.</param>
public sealed class SealedFiles(IReadOnlyList<string> patterns, Func<CancellationToken, IReadOnlyList<string>> listFiles)
{
    private const int MostFiles = 50_000;

    /// <summary>The bytes that sealed files may hold together, so that they can be hashed.</summary>
    public const long MostBytes = 1024L * 1024 * 1024;

    private const string Unread = "unreadable";
    private static readonly HashSet<string> s_told = ["sealed_files_hashed", "acceptance_checked"];

    /// <summary>Hears which files are sealed, by their paths from the root, each time that a run begins.</summary>
    public Action<IReadOnlyList<string>> Seen { get; init; } = _ => { };

    /// <summary>The sealed files as they are now, by their paths from the root, in order; not hashed. Throws when cancelled.</summary>
    public IReadOnlyList<string> Paths(IFiles files, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        var matching = patterns.Select(pattern => PathPattern.Parse(pattern, tightens: true, files.Root, files.Root, files.Root)).ToList();
        var root = files.Root.TrimEnd('/');
        return [.. Candidates(files, cancellationToken).Where(path => matching.Exists(pattern => pattern.Matches($"{root}/{path}"))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>Those of the patterns that none of these files match, by their paths from the root.</summary>
    public IReadOnlyList<string> Unmatched(IFiles files, IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(paths);
        var root = files.Root.TrimEnd('/');
        return [.. patterns.Where(pattern => PathPattern.Parse(pattern, tightens: true, files.Root, files.Root, files.Root) is var one && !paths.Any(path => one.Matches($"{root}/{path}")))];
    }

    /// <summary>What a person is told of such a pattern.</summary>
    public static string NoMatch(string pattern) => $"The sealed pattern '{pattern}' matches no file now: nothing is held by it. A file that comes to match it counts as a change.";

    /// <summary>The folders that are sealed with everything in them, by their paths from the root.</summary>
    public IReadOnlyList<string> Folders(IFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return [.. patterns.Select(NameOfFolder).OfType<string>().Where(path => files.Resolve(path, files.Root) is { Kind: FileKind.Directory } folder && folder.Real == $"{files.Root.TrimEnd('/')}/{path}").Distinct(StringComparer.Ordinal)];
    }

    // What names a folder, or everything in one.
    private static string? NameOfFolder(string pattern)
    {
        List<string> names = [.. PathPattern.Split(pattern).Where(name => name != ".")];
        names = names is [.., "**", "*"] ? names[..^2] : names is [.., "**"] ? names[..^1] : names;
        return names.Count == 0 || names.Exists(name => name is ".." || name.AsSpan().IndexOfAny("*?[\\") >= 0) ? null : string.Join('/', names);
    }

    /// <summary>What is between two lists of hashes.</summary>
    public static IReadOnlyList<SealBreach> Compare(IReadOnlyList<SealedFile> before, IReadOnlyList<SealedFile> now)
    {
        var known = before.ToDictionary(file => file.Path, file => file.Hash, StringComparer.Ordinal);
        var left = now.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. now.Where(file => known.TryGetValue(file.Path, out var hash) && hash != file.Hash).Select(file => new SealBreach(file.Path, "modified", file.Hash)),
            .. before.Where(file => !left.Contains(file.Path)).Select(file => new SealBreach(file.Path, "deleted")),
            .. now.Where(file => !known.ContainsKey(file.Path)).Select(file => new SealBreach(file.Path, "added", file.Hash)),
        ];
    }

    /// <summary>The hashes that hold from the start of a run. A file that an earlier run changed, and that is still as that run left it, keeps its hash from before. Or why they cannot be taken.</summary>
    internal (SealedFilesHashed Hashed, string? TooMuch) Begin(IFiles files, Run run, CancellationToken cancellationToken)
    {
        var paths = Paths(files, cancellationToken);
        Seen(paths);
        if (TooMuch(files, paths, cancellationToken) is { } tooMuch)
        {
            return (new([]), tooMuch);
        }

        var now = Hash(files, paths, cancellationToken);
        var told = run.Records(s_told).Select(record => record.Event).ToList();
        var open = (told.OfType<AcceptanceChecked>().LastOrDefault()?.Breaches ?? []).ToDictionary(breach => breach.Path, StringComparer.Ordinal);
        var before = (told.OfType<SealedFilesHashed>().LastOrDefault()?.Files ?? []).ToDictionary(file => file.Path, StringComparer.Ordinal);
        var kept = now.Where(file => !open.TryGetValue(file.Path, out var breach) || breach.Hash != file.Hash);
        var unforgiven = open.Values.Where(breach => breach.Change is not "added" && before.ContainsKey(breach.Path) && now.FirstOrDefault(file => file.Path == breach.Path)?.Hash == breach.Hash);
        var unmatched = Unmatched(files, paths);
        return (new([.. kept.Concat(unforgiven.Select(breach => before[breach.Path])).OrderBy(file => file.Path, StringComparer.Ordinal)]) { Unmatched = unmatched.Count > 0 ? unmatched : null }, null);
    }

    /// <summary>What changed since the hashes were taken.</summary>
    internal IReadOnlyList<SealBreach> Look(IFiles files, IReadOnlyList<SealedFile> before, CancellationToken cancellationToken) => Compare(before, Hash(files, Paths(files, cancellationToken), cancellationToken));

    private static List<SealedFile> Hash(IFiles files, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var (found, left) = (new List<SealedFile>(), MostBytes);
        foreach (var path in paths)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (HashOf(files, path, ref left, cancellationToken) is { } hash)
            {
                found.Add(new(path, hash));
            }
        }

        return found;
    }

    // Where a pattern begins with a name, everything below it counts, hidden and ignored files as well; else what a listing of the workspace shows.
    private IEnumerable<string> Candidates(IFiles files, CancellationToken cancellationToken)
    {
        foreach (var pattern in patterns)
        {
            var names = PathPattern.Split(pattern).SkipWhile(name => name == ".");
            var start = string.Join('/', names.TakeWhile(name => name.AsSpan().IndexOfAny("*?[\\") < 0));
            foreach (var path in start.Length == 0 ? [] : Below(files, start, cancellationToken))
            {
                yield return path;
            }
        }

        if (patterns.Any(pattern => PathPattern.Split(pattern) is [var first, ..] && (first.AsSpan().IndexOfAny("*?[\\") >= 0 || !pattern.Contains('/'))))
        {
            foreach (var path in listFiles(cancellationToken))
            {
                yield return path;
            }
        }
    }

    private static IEnumerable<string> Below(IFiles files, string start, CancellationToken cancellationToken)
    {
        var (open, seen) = (new Stack<string>([start]), 0);
        while (open.TryPop(out var path) && seen++ < MostFiles)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var resolved = files.Resolve(path, files.Root);
            if (resolved.Kind is FileKind.File)
            {
                yield return path;
            }
            else if (resolved.Kind is FileKind.Directory && (path == start || resolved.Real == $"{files.Root.TrimEnd('/')}/{path}"))
            {
                foreach (var entry in Entries(files, resolved))
                {
                    open.Push($"{path}/{entry.Name}");
                }
            }
        }
    }

    private static IReadOnlyList<FileEntry> Entries(IFiles files, ResolvedPath folder)
    {
        try
        {
            return files.List(folder);
        }
        catch (ToolException)
        {
            return [];
        }
    }

    // Null: no file is there. One that cannot be read has a hash that is none, so that it differs from every other.
    private static string? HashOf(IFiles files, string path, ref long left, CancellationToken cancellationToken)
    {
        try
        {
            var resolved = files.Resolve(path, files.Root);
            if (resolved.Kind is not FileKind.File)
            {
                return null;
            }

            // A link may lead to what has no end, and what lies outside is not the project's to seal. What grew beyond the bound while a model worked has changed.
            if (!resolved.InsideRoot || files.Stat(resolved) is not { } stat || stat.Length > left)
            {
                return IsGone(files, path) ? null : Unread;
            }

            left -= stat.Length;
            using var stream = files.OpenRead(resolved);
            return HashOf(stream, stat.Length, cancellationToken);
        }
        catch (Exception e) when (e is ToolException or IOException)
        {
            return IsGone(files, path) ? null : Unread;
        }
    }

    // It went away between the look and the reading: no file is there, which is not the same as one that cannot be read.
    private static bool IsGone(IFiles files, string path)
    {
        try
        {
            return files.Resolve(path, files.Root).Kind is FileKind.Missing;
        }
        catch (ToolException)
        {
            return false;
        }
    }

    private static string? TooMuch(IFiles files, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var sum = 0L;
        foreach (var path in paths)
        {
            cancellationToken.ThrowIfCancellationRequested();
            sum += Length(files, path);
            if (sum > MostBytes)
            {
                return $"Not begun: the sealed files hold more than {MostBytes >> 20} MiB together (up to {path}), which is too much to hash at each turn. Seal fewer (sealedFiles, --seal): name files, not folders with data in them.";
            }
        }

        return null;
    }

    private static long Length(IFiles files, string path)
    {
        try
        {
            return files.Resolve(path, files.Root) is { Kind: FileKind.File, InsideRoot: true } file && files.Stat(file) is { } stat ? stat.Length : 0;
        }
        catch (ToolException)
        {
            return 0;
        }
    }

    private static string HashOf(Stream stream, long length, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[128 * 1024];
        for (int read; length > 0 && (read = stream.Read(buffer, 0, (int)Math.Min(length, buffer.Length))) > 0; length -= read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
