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

    /// <summary>What it takes from the project.</summary>
    public FolderUse Use { get; init; } = FolderUse.Nothing;

    /// <summary>Why it runs inside the sandbox, where there is one, in words that go on "it …"; null for one that does not.</summary>
    public string? Inside { get; init; }

    /// <summary>Where it runs, in words; empty for what runs nothing of the project.</summary>
    public string Where(string root) => Hook is not { Type: HookType.Command } ? ""
        : Inside is { } why ? $"it {why}: so it runs inside the sandbox, where there is one"
        : !File.IsOfProject ? WhereOfOwn(root)
        : Use.Files.Count > 0 ? $"covered by its approval: {Names(Use.Files, root)}"
        : "covered by its approval: it names no file of the folder";

    /// <summary>What an approval of it means, in words.</summary>
    public string ToApprove(string root) => File.IsOfProject ? Where(root) : $"it runs {Names(RunsOf(root), root)} of the folder, outside the sandbox once you approve";

    /// <summary>The files of the folder that a person's own hook runs and that an approval decides about: none where it runs inside the sandbox in any case.</summary>
    public IReadOnlyList<string> RunsOf(string root) => File.IsOfProject || Use.Loose is not null ? []
        : [.. Use.Runs.Where(file => !FolderUse.IsHeld(RealFolder.Of(root)?.Path ?? root, file))];

    private string WhereOfOwn(string root) =>
        Use.Open is { } why ? $"it {why}: it is your own, so it runs outside the sandbox all the same, and with it what a command may have written into the folder"
        : Use.Runs.Count > 0 ? $"runs {Names(Use.Runs, root)} outside the sandbox: no command can change that, and it is asked before a tool does"
        : "";

    private static string Names(IReadOnlyList<string> files, string root) => string.Join(", ", files.Select(file => Path.GetRelativePath(RealFolder.Of(root)?.Path ?? root, file)));
}
