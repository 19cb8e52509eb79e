using System.IO.Enumeration;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>
/// Looks through a workspace for what is guarded by one policy, again and again: the nearest first, and not in what tools make (<c>node_modules</c> and its kin) nor behind links.
/// What stands in a folder is remembered as long as the folder is what it was; where that cannot be told for sure it is read again. Safe to use concurrently.
/// </summary>
/// <param name="policy">The policy.</param>
/// <param name="time">The clock of this machine; the system's unless given.</param>
internal sealed class GuardedLooks(PermissionPolicy policy, TimeProvider? time = null)
{
    private const int MostEntries = 20_000;
    private const int MostPlaces = 200;

    // Large, and made by tools.
    private static readonly HashSet<string> s_passedOver = new(StringComparer.Ordinal)
    {
        ".git", "node_modules", "bin", "obj", "target", "dist", "build", "vendor", ".venv", "venv", "__pycache__", "site-packages", ".tox", ".next", ".gradle", "artifacts",
    };

    private readonly Lock _lock = new();
    private readonly FolderStamps _stamps = new(policy.Options.Root, time ?? TimeProvider.System);
    private Dictionary<string, Folder> _known = new(StringComparer.Ordinal);

    /// <summary>How many folders were read, so far.</summary>
    internal int Read { get; private set; }

    /// <summary>Looks.</summary>
    public GuardedPlaces Look()
    {
        lock (_lock)
        {
            var known = new Dictionary<string, Folder>(_known.Count, StringComparer.Ordinal);
            var places = Look(known);
            _known = known;
            return places;
        }
    }

    private GuardedPlaces Look(Dictionary<string, Folder> known)
    {
        var found = Named().ToList();
        var named = found.Select(place => place.Path).ToHashSet(StringComparer.Ordinal);
        var todo = new Queue<(string Path, string Name)>([(policy.Options.Root, new DirectoryInfo(policy.Options.Root).Name)]);
        for (var looked = 0; todo.TryDequeue(out var next);)
        {
            var folder = FolderAt(next.Path, next.Name);
            if (folder.Stamp is not null)
            {
                known[next.Path] = folder;
            }

            // Where a link leads may change without its folder.
            var linked = folder.Links.Select(link => policy.GuardOf(next.Name, link, Path.Join(next.Path, link), Directory.Exists(Path.Join(next.Path, link)), isLink: true)).OfType<GuardedPlace>();
            foreach (var place in folder.Guarded.Concat(linked).Where(place => !named.Contains(place.Path)))
            {
                found.Add(place);
                if (found.Count > MostPlaces)
                {
                    return new(found, $"more than {MostPlaces} files and folders of the workspace would have to be hidden or held from programs");
                }
            }

            looked += folder.Entries;
            if (looked > MostEntries)
            {
                // What is farther away than that is held by its name nowhere; a rule is a promise.
                return new(found, policy.HasSoughtFiles ? $"rules speak of files, and the workspace has more than {MostEntries} entries to look for them" : null);
            }

            foreach (var inner in folder.Inner)
            {
                todo.Enqueue((Path.Join(next.Path, inner), inner));
            }
        }

        return new(found, null);
    }

    // What a rule names in plain words need not be looked for, wherever it lies: in what tools make, behind links, outside of the workspace. Without a folder at the top of the machine no program would start.
    private IEnumerable<GuardedPlace> Named() => policy.NamedPlaces.Where(place => place.LastIndexOf('/') > 0 && Path.Exists(place))
        .Select(place => policy.GuardOf(Path.GetFileName(Path.GetDirectoryName(place))!, Path.GetFileName(place), place, Directory.Exists(place), isLink: true)).OfType<GuardedPlace>();

    private Folder FolderAt(string path, string name)
    {
        // Before it is read: what comes in meanwhile is seen at the next look.
        var (stamp, settled) = _stamps.Of(path);
        if (stamp is not null && _known.TryGetValue(path, out var known) && known.Stamp == stamp)
        {
            return known;
        }

        Read++;
        var (guarded, links, inner, entries) = (new List<GuardedPlace>(), new List<string>(), new List<string>(), 0);
        try
        {
            foreach (var entry in EntriesOf(path).Take(MostEntries + 1))
            {
                entries++;
                if (entry.IsLink)
                {
                    links.Add(entry.Name);
                }
                else if (policy.GuardOf(name, entry.Name, Path.Join(path, entry.Name), entry.IsFolder, isLink: false) is { } place)
                {
                    guarded.Add(place);
                }
                else if (entry.IsFolder && !s_passedOver.Contains(entry.Name))
                {
                    inner.Add(entry.Name);
                }
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return new(null, guarded, links, inner, entries);
        }

        return new(settled && entries <= MostEntries ? stamp : null, guarded, links, inner, entries);
    }

    // By what the folder itself knows of them: to ask for each one costs as much as all the rest.
    private static IEnumerable<Entry> EntriesOf(string path)
    {
        if (!LinuxCalls.Known)
        {
            return new FileSystemEnumerable<Entry>(
                path,
                static (ref FileSystemEntry entry) => new Entry(entry.FileName.ToString(), entry.IsDirectory, (entry.Attributes & FileAttributes.ReparsePoint) != 0),
                new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = 0 });
        }

        using var folder = LinuxCalls.Open(path, LinuxCalls.ReadOnly | LinuxCalls.Directory | LinuxCalls.NoFollow | LinuxCalls.NonBlocking, 0, out _);
        var entries = folder is null ? null : LinuxCalls.Entries(folder, out _);
        return entries is null ? throw new IOException($"{path} cannot be listed.") : entries.ConvertAll(entry => EntryOf(folder!, entry.Name, entry.Type));
    }

    private static Entry EntryOf(SafeFileHandle folder, byte[] name, byte type)
    {
        var (isFolder, isLink) = (type is 4, type is 10);
        if (type is 0 && LinuxCalls.StatName(folder, name, out var stat) == 0)
        {
            (isFolder, isLink) = (stat.Kind is FileKind.Directory, stat.IsLink);
        }

        return new(Encoding.UTF8.GetString(name.AsSpan(0, name.Length - 1)), isFolder, isLink);
    }

    private sealed record Entry(string Name, bool IsFolder, bool IsLink);

    /// <summary>What stands in a folder.</summary>
    /// <param name="Stamp">What the folder was when it was read; null where it has to be read again.</param>
    /// <param name="Guarded">Of what is no link, what is guarded.</param>
    /// <param name="Links">The links, by name.</param>
    /// <param name="Inner">The folders to look into.</param>
    /// <param name="Entries">How many entries it has.</param>
    private sealed record Folder(FolderStamp? Stamp, IReadOnlyList<GuardedPlace> Guarded, IReadOnlyList<string> Links, IReadOnlyList<string> Inner, int Entries);
}
