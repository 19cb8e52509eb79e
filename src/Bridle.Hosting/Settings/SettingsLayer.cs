using System.Text.Json;

namespace Bridle.Hosting.Settings;

/// <summary>One settings file that was read, in its place among the others.</summary>
/// <param name="Origin">Which layer it belongs to; a layer may have several files.</param>
/// <param name="Path">The file, or <c>--settings</c> for text given on the command line.</param>
/// <param name="RuleFolder">The folder that a path rule with one leading slash starts from.</param>
/// <param name="MayWiden">Whether it may make anything looser: true for the person's, the administrator's and the command line's; for a project's only when its folder is trusted.</param>
/// <param name="Written">What it says, key for key.</param>
/// <param name="Counts">What counts of it: the same, without what a project's file may not say.</param>
/// <param name="Json">The whole document as it stands in the file, for parts that read a key of their own.</param>
public sealed record SettingsLayer(SettingsOrigin Origin, string Path, string RuleFolder, bool MayWiden, BridleSettings Written, BridleSettings Counts, JsonElement Json)
{
    /// <summary>Whether the administrator wrote it.</summary>
    public bool IsManaged => Origin is SettingsOrigin.Managed;

    /// <summary>Whether it comes with the project, from whoever wrote that.</summary>
    public bool IsOfProject => Origin is SettingsOrigin.Project or SettingsOrigin.ProjectLocal;

    /// <summary>The value of a key at the top of the document, or null when the file is silent about it.</summary>
    public JsonElement? this[string key] => Json.TryGetProperty(key, out var value) ? value : null;
}

/// <summary>A file that was read and what is known about its place, before anything is put together.</summary>
/// <param name="Origin">Which layer it belongs to.</param>
/// <param name="File">What came of reading it.</param>
/// <param name="RuleFolder">The folder that a path rule with one leading slash starts from.</param>
public sealed record PlacedFile(SettingsOrigin Origin, SettingsFile File, string RuleFolder)
{
    /// <summary>Nothing in it makes anything looser, though the folder that is worked in is trusted: it lies above that, in a folder that nobody trusts.</summary>
    public bool OnlyTightens { get; init; }

    /// <summary>Whether it comes with the project, from whoever wrote that.</summary>
    public bool IsOfProject => Origin is SettingsOrigin.Project or SettingsOrigin.ProjectLocal;
}
