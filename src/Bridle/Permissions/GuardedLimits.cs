namespace Bridle.Permissions;

/// <summary>How much of a workspace is looked at: more than a workspace has, and as much as can be looked at before and after each command.</summary>
/// <param name="Folders">So many folders.</param>
/// <param name="Entries">So many files and folders.</param>
internal sealed record GuardedLimits(int Folders, int Entries)
{
    /// <summary>Those that hold.</summary>
    public static GuardedLimits Default { get; } = new(100_000, 1_000_000);
}
