namespace Bridle.Permissions;

/// <summary>What runs without being asked about. The table of mode and tool kind is docs/reference/permission-modes.md.</summary>
public enum PermissionMode
{
    /// <summary>Looking is free inside the workspace; everything else is asked.</summary>
    Default,

    /// <summary>Changing files inside the workspace is free as well.</summary>
    AcceptEdits,

    /// <summary>Looking only. Every effect is refused, whatever a rule allows, until the person approves the plan.</summary>
    Plan,

    /// <summary>As default, but what would be asked is refused.</summary>
    DontAsk,

    /// <summary>Nothing is asked except what deny and ask rules, sensitive files and critical removals hold back.</summary>
    Bypass,
}

/// <summary>A mode as somebody spelled it.</summary>
/// <param name="Mode">The mode.</param>
/// <param name="Strict">ReIN's <c>strict</c>: only Read, Grep and Glob are free.</param>
/// <param name="Notice">What a person should know about the spelling, or null.</param>
public sealed record ModeChoice(PermissionMode Mode, bool Strict = false, string? Notice = null);

/// <summary>Which program's settings a spelling comes from; the same word means different things to them.</summary>
public enum ModeDialect
{
    /// <summary>Bridle's own flags and settings.</summary>
    Bridle,

    /// <summary>Claude Code's settings.</summary>
    Claude,

    /// <summary>OpenHarness' flags and settings.</summary>
    OpenHarness,
}

/// <summary>The names of the modes.</summary>
public static class PermissionModes
{
    /// <summary>
    /// Reads a mode's name. <c>auto</c> means bypass only in OpenHarness' own settings; anywhere else it is <c>default</c> with a notice,
    /// because the careful reading of an ambiguous word is the right one. Null when the name is not known.
    /// </summary>
    public static ModeChoice? Parse(string text, ModeDialect dialect = ModeDialect.Bridle) => text.Trim().ToLowerInvariant() switch
    {
        "default" or "manual" => new(PermissionMode.Default),
        "strict" => new(PermissionMode.Default, Strict: true),
        "acceptedits" or "accept_edits" or "accept-edits" => new(PermissionMode.AcceptEdits),
        "plan" => new(PermissionMode.Plan),
        "dontask" or "dont_ask" or "dont-ask" => new(PermissionMode.DontAsk),
        "bypass" or "bypasspermissions" or "dangerously_skip" or "full_auto" => new(PermissionMode.Bypass),
        "auto" when dialect is ModeDialect.OpenHarness => new(PermissionMode.Bypass),
        "auto" => new(PermissionMode.Default, Notice:
            "Mode 'auto' needs a second model that judges calls, which Bridle does not have; it is taken as 'default'. Use 'bypass' if you meant OpenHarness' auto."),
        _ => null,
    };

    /// <summary>The one spelling that Bridle writes; <c>strict</c> where that narrows the default mode.</summary>
    public static string NameOf(PermissionMode mode, bool strict) => strict && mode is PermissionMode.Default ? "strict" : NameOf(mode);

    /// <summary>The one spelling that Bridle writes.</summary>
    public static string NameOf(PermissionMode mode) => mode switch
    {
        PermissionMode.AcceptEdits => "acceptEdits",
        PermissionMode.Plan => "plan",
        PermissionMode.DontAsk => "dontAsk",
        PermissionMode.Bypass => "bypass",
        _ => "default",
    };
}
