namespace Bridle.Tools;

/// <summary>What one call may take.</summary>
public sealed record LimitOptions
{
    /// <summary>The longest a call may run. Tools with a timeout of their own end earlier. Null for no limit.</summary>
    public TimeSpan? Deadline { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a call that was told to end, by its deadline or by a person, may take to do so before it is left behind.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Tools that wait for people or for other runs and have no deadline.</summary>
    public IReadOnlySet<string> WithoutDeadline { get; init; } = new HashSet<string> { "AskUser", "ExitPlanMode" };

    /// <summary>The most characters of text that the model gets; the middle of anything longer goes to a blob.</summary>
    public int MaxResultCharacters { get; init; } = 100_000;

    /// <summary>The largest file that is copied before a call changes it, in bytes.</summary>
    public int MaxSnapshotBytes { get; init; } = 10 * 1024 * 1024;
}
