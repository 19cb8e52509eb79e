using Bridle.Hosting.Trust;
using Bridle.Permissions;

namespace Bridle.Hosting.Hooks;

/// <summary>Whether a hook runs.</summary>
public enum HookStanding
{
    /// <summary>It runs when its event happens.</summary>
    Active,

    /// <summary>Its event does not happen yet.</summary>
    Waiting,

    /// <summary>It never runs; the reason is given.</summary>
    Rejected,
}

/// <summary>One entry of a file, with what became of it.</summary>
/// <param name="Event">The event, as far as it is known.</param>
/// <param name="File">The file.</param>
/// <param name="Place">Where in it.</param>
/// <param name="Summary">What it calls; empty when that is not known.</param>
/// <param name="Hook">The hook; null when it could not be read.</param>
/// <param name="Standing">Whether it runs.</param>
/// <param name="Reason">Why it does not, or null.</param>
public sealed record ListedHook(string Event, HookFile File, string Place, string Summary, DeclaredHook? Hook, HookStanding Standing, string? Reason)
{
    /// <summary>It does not run because something is wrong with it, and not because somebody decided so. Said at every start.</summary>
    public bool IsBroken { get; init; }

    /// <summary>What a project's hook takes from the project; nothing for all others.</summary>
    public FolderUse Use { get; init; } = FolderUse.Nothing;

    /// <summary>Where it runs, in words; empty for what runs no program of the project's choice.</summary>
    public string Where(string root) => Hook is not { Type: HookType.Command, File.IsOfProject: true } ? ""
        : Use.Open is { } why ? $"it {why}: so it runs inside the sandbox, where there is one"
        : Use.Files.Count > 0 ? $"covered by its approval: {string.Join(", ", Use.Files.Select(file => Path.GetRelativePath(RealFolder.Of(root)?.Path ?? root, file)))}"
        : "covered by its approval: it names no file of the folder";
}
