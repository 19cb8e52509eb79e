using Bridle.Messages;
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
/// </summary>
/// <param name="Places">What can be held of what was found.</param>
/// <param name="Problem">Why a program cannot be held to it, in words, or null.</param>
internal sealed record GuardedPlaces(IReadOnlyList<GuardedPlace> Places, string? Problem)
{
    /// <summary>None.</summary>
    public static GuardedPlaces Nothing { get; } = new([], null);

    /// <summary>Everything that was found, also what is too much to be held.</summary>
    public IReadOnlyList<GuardedPlace> All { get; init; } = Places;

    /// <summary>Why not everything could be looked at, in words, or null.</summary>
    public string? Unseen { get; init; }

    /// <summary>Looks once.</summary>
    public static GuardedPlaces Of(PermissionPolicy policy) => new GuardedLooks(policy).Look();

    /// <summary>Looks through a door; for a small workspace.</summary>
    public static GuardedPlaces Of(PermissionPolicy policy, IFiles files)
    {
        var (found, todo) = (new List<GuardedPlace>(), new Queue<string>([policy.Options.Root]));
        while (todo.TryDequeue(out var folder))
        {
            foreach (var entry in files.List(files.Resolve(folder, policy.Options.Root)))
            {
                var (full, isFolder) = ($"{folder.TrimEnd('/')}/{entry.Name}", entry.Kind is FileKind.Directory);
                if (policy.GuardOf(folder[(folder.LastIndexOf('/') + 1)..], entry.Name, full, isFolder, isLink: false) is { } place)
                {
                    found.Add(place);
                }
                else if (isFolder && !entry.IsLink && entry.Name is not ".git")
                {
                    todo.Enqueue(full);
                }
            }
        }

        return new(found, null);
    }
}
