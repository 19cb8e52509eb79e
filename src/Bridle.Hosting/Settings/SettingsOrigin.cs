namespace Bridle.Hosting.Settings;

/// <summary>Where a setting came from, strongest first.</summary>
public enum SettingsOrigin
{
    /// <summary>The machine's administrator.</summary>
    Managed,

    /// <summary>Flags of this invocation, and the file or text that <c>--settings</c> names.</summary>
    CommandLine,

    /// <summary>The project's file for one person.</summary>
    ProjectLocal,

    /// <summary>The project's shared file.</summary>
    Project,

    /// <summary>The person's own file.</summary>
    User,
}
