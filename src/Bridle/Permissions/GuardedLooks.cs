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
/// <param name="most">How much is looked at; what tests give is less.</param>
internal sealed class GuardedLooks(PermissionPolicy policy, TimeProvider? time = null, GuardedLimits? most = null)
{
    private const int MostPlaces = 200;
    private readonly GuardedLimits _most = most ?? GuardedLimits.Default;

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
        var (entries, folders, unseen) = (0, 0, (string?)null);
        while (todo.TryDequeue(out var next))
        {
            var folder = FolderAt(next.Path, next.Name);
            if (folder.Stamp is not null)
            {
                known[next.Path] = folder;
            }

            // Where a link leads may change without its folder.
            var linked = folder.Links.Select(link => policy.GuardOf(next.Name, link, Path.Join(next.Path, link), Directory.Exists(Path.Join(next.Path, link)), isLink: true)).OfType<GuardedPlace>();
            found.AddRange(folder.Guarded.Concat(linked).Concat(BareRepository.Orders(next.Path, folder.Bare)).Where(place => !named.Contains(place.Path)));
            unseen ??= folder.IsClosed ? $"the folder {next.Path} cannot be looked into" : null;
            (entries, folders) = (entries + folder.Entries, folders + 1);
            if (entries > _most.Entries || folders > _most.Folders)
            {
                // What is farther away than that is held by its name nowhere, and what a program leaves there would be found by nobody.
                unseen = $"the workspace has more than {_most.Folders:N0} folders or {_most.Entries:N0} entries to look at";
                break;
            }

            foreach (var inner in folder.Inner)
            {
                todo.Enqueue((Path.Join(next.Path, inner), inner));
            }
        }

        return new(found.Count > MostPlaces ? found[..(MostPlaces + 1)] : found, unseen ?? (found.Count > MostPlaces ? $"more than {MostPlaces} files and folders of the workspace would have to be hidden or held from programs" : null))
        {
            All = found,
            Unseen = unseen,
        };
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
        var bare = new BareRepository.Shape();
        if (EntriesOf(path, out var isClosed) is not { } all)
        {
            return new(null, guarded, links, inner, [], entries, isClosed);
        }

        foreach (var entry in all.Take(_most.Entries + 1))
        {
            entries++;
            bare.Add(entry.Name);
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

        return new(settled && entries <= _most.Entries ? stamp : null, guarded, links, inner, bare.Orders, entries, IsClosed: false);
    }

    // By what the folder itself knows of them: to ask for each one costs as much as all the rest. Null where it is gone, or where it is closed to a program as well: then nothing can be made in it.
    private static List<Entry>? EntriesOf(string path, out bool isClosed)
    {
        isClosed = false;
        if (!LinuxCalls.Known)
        {
            return Listed(path);
        }

        using var folder = LinuxCalls.Open(path, LinuxCalls.ReadOnly | LinuxCalls.Directory | LinuxCalls.NoFollow | LinuxCalls.NonBlocking, 0, out var error);
        var entries = folder is null ? null : LinuxCalls.Entries(folder, out error);

        // Names that are no text, paths that are too long, folders that can be entered but not listed.
        isClosed = entries is null && (error is ErrorNumber.NameTooLong || (error is ErrorNumber.NoEntry && path.Contains('\uFFFD'))
            || (error is ErrorNumber.AccessDenied && LinuxProcessCalls.Access(path, LinuxProcessCalls.MayWrite | LinuxProcessCalls.MayEnter) == 0));
        var read = entries?.ConvertAll(entry => EntryOf(folder!, entry.Name, entry.Type));

        // By the text of such a name another folder is opened, or none.
        isClosed |= read is not null && read.Index().Any(entry => entry.Item.IsFolder && entry.Item.Name.Contains('\uFFFD') && !Encoding.UTF8.GetBytes(entry.Item.Name).AsSpan().SequenceEqual(entries![entry.Index].Name.AsSpan()[..^1]));
        return isClosed ? null : read;
    }

    private static List<Entry>? Listed(string path)
    {
        try
        {
            return [.. new FileSystemEnumerable<Entry>(
                path,
                static (ref FileSystemEntry entry) => new Entry(entry.FileName.ToString(), entry.IsDirectory, (entry.Attributes & FileAttributes.ReparsePoint) != 0),
                new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = 0 })];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
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
    /// <param name="Bare">Where git takes it for a repository, what there may decide what git runs, by name.</param>
    /// <param name="Entries">How many entries it has.</param>
    /// <param name="IsClosed">Something may be in it that cannot be seen.</param>
    private sealed record Folder(
        FolderStamp? Stamp, IReadOnlyList<GuardedPlace> Guarded, IReadOnlyList<string> Links, IReadOnlyList<string> Inner, IReadOnlyList<string> Bare, int Entries, bool IsClosed);
}
