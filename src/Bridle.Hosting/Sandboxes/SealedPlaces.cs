using Bridle.Hosting.Trust;
using Bridle.Loop.Accepting;
using Bridle.Sandboxing;
using Bridle.Tools.Search;
using Bridle.Workspaces;

namespace Bridle.Hosting.Sandboxes;

/// <summary>
/// The sealed files of a session, and what of them programs cannot change while they run: folders that are sealed with everything in them, and the first few single files, because every
/// one of them is a mount of its own for each program. Looked up anew at the beginning of each turn. What is too much for that is found afterwards by its hash.
/// </summary>
internal sealed class SealedPlaces
{
    private const int MostListed = 50_000;
    private readonly IFiles _workspace;
    private volatile Places? _places;

    private SealedPlaces(IReadOnlyList<string> patterns, IFiles workspace)
    {
        _workspace = workspace;
        Files = new(patterns, token => FileListing.Below(workspace, workspace.Root, MostListed, token)) { Seen = paths => _places = Of(paths) };
    }

    /// <summary>The most single files that are held.</summary>
    public const int MostFiles = 64;

    /// <summary>The files.</summary>
    public SealedFiles Files { get; }

    /// <summary>What programs cannot change.</summary>
    public IReadOnlyList<ProtectedPath> Held => Now.Held;

    /// <summary>How many files are not held, because they are too many.</summary>
    public int NotHeld => Now.NotHeld;

    /// <summary>How many files there are.</summary>
    public int Count => Now.Count;

    private Places Now => _places ??= Of(Files.Paths(_workspace, CancellationToken.None));

    /// <summary>The places of these patterns; null where nothing is sealed.</summary>
    public static SealedPlaces? Of(IReadOnlyList<string> patterns, IFiles workspace) => patterns.Count == 0 ? null : new(patterns, workspace);

    private Places Of(IReadOnlyList<string> paths)
    {
        var folders = Files.Folders(_workspace);
        var single = paths.Where(path => !folders.Any(folder => path.StartsWith(folder + '/', StringComparison.Ordinal))).ToList();
        return new(
            [.. folders.Select(folder => new ProtectedPath(Path.Combine(_workspace.Root, folder), IsFolder: true)), .. single.Take(MostFiles).Select(Place).OfType<ProtectedPath>()],
            Math.Max(0, single.Count - MostFiles), paths.Count);
    }

    // The last name of a path may be a link, which is then held as one; the folders before it may not.
    private ProtectedPath? Place(string path)
    {
        var full = Path.Combine(_workspace.Root, path);
        return RealFolder.Resolve(Path.GetDirectoryName(full)!) is { } around ? new(Path.Combine(around, Path.GetFileName(full)), IsFolder: false) : null;
    }

    private sealed record Places(IReadOnlyList<ProtectedPath> Held, int NotHeld, int Count);
}
