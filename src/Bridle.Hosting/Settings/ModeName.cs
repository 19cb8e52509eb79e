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
    public static ModeName? Parse(string spelling) => spelling switch
    {
        "default" or "acceptEdits" or "plan" or "dontAsk" or "bypass" => new(spelling),
        "bypassPermissions" or "dangerously_skip" or "full_auto" => new("bypass"),
        "strict" => new("default", Strict: true),
        // Claude's word for a classifier, OpenHarness' for asking nothing: the careful reading wins.
        "auto" => new("default", Notice: "Mode 'auto' means different things to different programs; 'default' is used. For a mode that asks nothing say 'bypass'."),
        _ => null,
    };
}
