using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>Why a place in the workspace is not simply a program's.</summary>
internal enum GuardedBy
{
    /// <summary>The table of sensitive paths: what lies there may be a secret.</summary>
    Table,

    /// <summary>Its name: it decides what runs later.</summary>
    Name,

    /// <summary>A rule that asks.</summary>
    AskRule,

    /// <summary>A rule that denies.</summary>
    DenyRule,
}

/// <summary>A file or folder of the workspace that a program may meet without anybody having been asked about it.</summary>
/// <param name="Path">The absolute path.</param>
/// <param name="IsFolder">Whether it is a folder: all in it is meant.</param>
/// <param name="Hides">What is in it must not be seen; else it must not be changed.</param>
/// <param name="By">Why.</param>
internal sealed record GuardedPlace(string Path, bool IsFolder, bool Hides, GuardedBy By);

/// <summary>
/// The places of a workspace that no rule for commands can hold, because a program finds files by itself: the sandbox hides them or holds them as they are.
/// Looked for on the disk, the nearest first, and not in what tools make (<c>node_modules</c> and its kin) nor behind links.
/// </summary>
/// <param name="Places">What was found.</param>
/// <param name="Problem">Why that is not all, in words, or null.</param>
internal sealed record GuardedPlaces(IReadOnlyList<GuardedPlace> Places, string? Problem)
{
    private const int MostEntries = 20_000;
    private const int MostPlaces = 200;
    private static readonly EnumerationOptions s_all = new() { IgnoreInaccessible = true, AttributesToSkip = 0 };

    // Large, and made by tools.
    private static readonly HashSet<string> s_passedOver = new(StringComparer.Ordinal)
    {
        ".git", "node_modules", "bin", "obj", "target", "dist", "build", "vendor", ".venv", "venv", "__pycache__", "site-packages", ".tox", ".next", ".gradle", "artifacts",
    };

    /// <summary>None.</summary>
    public static GuardedPlaces Nothing { get; } = new([], null);

    /// <summary>Looks.</summary>
    public static GuardedPlaces Of(PermissionPolicy policy)
    {
        var found = new List<GuardedPlace>();
        var todo = new Queue<DirectoryInfo>([new(policy.Options.Root)]);
        for (var looked = 0; todo.TryDequeue(out var folder);)
        {
            foreach (var entry in EntriesOf(folder))
            {
                if (++looked > MostEntries)
                {
                    // What is farther away than that is held by its name nowhere; a rule is a promise.
                    return new(found, policy.HasFileRules ? $"rules speak of files, and the workspace has more than {MostEntries} entries to look for them" : null);
                }

                if (policy.GuardOf(folder.Name, entry) is { } guarded)
                {
                    found.Add(guarded);
                    if (found.Count > MostPlaces)
                    {
                        return new(found, $"more than {MostPlaces} files and folders of the workspace would have to be hidden or held from programs");
                    }
                }
                else if (entry is DirectoryInfo { LinkTarget: null } inner && !s_passedOver.Contains(entry.Name))
                {
                    todo.Enqueue(inner);
                }
            }
        }

        return new(found, null);
    }

    private static IEnumerable<FileSystemInfo> EntriesOf(DirectoryInfo folder)
    {
        try
        {
            return [.. folder.EnumerateFileSystemInfos("*", s_all).Take(MostEntries + 1)];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
