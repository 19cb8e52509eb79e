using Bridle.Permissions;

namespace Bridle.Hosting.Settings;

/// <summary>A permission mode as people spell it.</summary>
/// <param name="Name">The one spelling used everywhere else.</param>
/// <param name="Strict">ReIN's <c>strict</c>: the built-in list of reads that need no question is cut to Read, Grep and Glob.</param>
/// <param name="Notice">What should be said about the spelling, or null.</param>
public sealed record ModeName(string Name, bool Strict = false, string? Notice = null)
{
    /// <summary>The modes, from the one that lets the least through to the one that lets everything through.</summary>
    public static IReadOnlyList<string> Names { get; } = ["plan", "dontAsk", "default", "acceptEdits", "bypass"];

    /// <summary>Whether a file that may only tighten may choose this mode.</summary>
    public bool Tightens => Strict || Name is "plan" or "dontAsk";

    /// <summary>Its place in <see cref="Names"/>: the lower, the stricter.</summary>
    public int Rank => Names.ToList().IndexOf(Name);

    /// <summary>Understands a spelling, the seeds' included, or gives null.</summary>
    public static ModeName? Parse(string spelling) =>
        PermissionModes.Parse(spelling) is { } mode ? new(PermissionModes.NameOf(mode.Mode), mode.Strict, mode.Notice) : null;
}
