namespace Bridle.Tools;

/// <summary>
/// What will confine a call: known before anyone is asked, shown to the approver, bound by the approval and recorded. Made by the plan isolation stage; immutable.
/// </summary>
/// <param name="Requested">What was asked for: <c>sandbox</c>, or <c>off</c> when settings, a flag or the call itself asked for none.</param>
/// <param name="Backend">What enforces it, such as <c>bubblewrap</c>; <c>bridle</c> when the harness does it itself at its doors; <c>none</c> when nothing does.</param>
/// <param name="Files">What is enforced about files, in words, or null when nothing is.</param>
/// <param name="Network">What is enforced about the network, in words, or null when nothing is.</param>
/// <param name="Processes">What is enforced about processes, in words, or null when nothing is.</param>
/// <param name="Why">Why nothing confines the call, or null when something does.</param>
public sealed record IsolationPlan(string Requested, string Backend, string? Files, string? Network, string? Processes, string? Why)
{
    /// <summary>The name of the backend that is none.</summary>
    public const string Nothing = "none";

    /// <summary>The backend of calls that the harness carries out itself, through its doors.</summary>
    public const string Doors = "bridle";

    /// <summary>Whether the operating system confines the call.</summary>
    public bool IsConfined => Backend is not (Nothing or Doors);

    /// <summary>
    /// Whether the call can change nothing but the workspace (and caches and temporary files made for it) and reach no network but hosts that a rule of the person
    /// names: what <c>sandbox.autoAllow</c> speaks of. Where that alone allows a call, those hosts are closed to it as well: see <see cref="Judgement.Reach"/>.
    /// </summary>
    public bool KeepsToWorkspace { get; init; }

    /// <summary>The commands that keep the registries of their packages where nobody was asked about them.</summary>
    public IReadOnlyList<PackageFetching> Fetching { get; init; } = [];

    /// <summary>Nothing confines the call because it asked for that; others of its session are confined.</summary>
    public bool IsByRequest { get; init; }

    /// <summary>Nobody was asked about the call, so that it does not have the network that others have.</summary>
    public bool IsUnasked { get; init; }

    /// <summary>When the programs that a call leaves behind end, in words, or null when nothing sees to it.</summary>
    public string? Ending { get; init; }

    /// <summary>What is refused of system calls, in words, or null when nothing is.</summary>
    public string? SystemCalls { get; init; }

    /// <summary>The limits that are enforced, by name; null for one that is taken away.</summary>
    public IReadOnlyList<(string Name, long? Value)> Limits { get; init; } = [];

    /// <summary>One line for a person and the log. Two plans that enforce something different differ in it.</summary>
    public string Text => Backend != Nothing
        ? $"{Backend}: {string.Join("; ", new[] { Files, Network, Processes }.OfType<string>())}"
        : $"{Nothing}: {Why}";

    /// <summary>A plan that confines nothing.</summary>
    public static IsolationPlan None(string requested, string why) => new(requested, Nothing, null, null, null, why);
}
