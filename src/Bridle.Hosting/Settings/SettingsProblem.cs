namespace Bridle.Hosting.Settings;

/// <summary>Something wrong in a settings file.</summary>
/// <param name="Path">The key, with those around it; entries of lists as <c>[0]</c>.</param>
/// <param name="Text">What is wrong, one sentence.</param>
internal sealed record SettingsProblem(string Path, string Text)
{
    /// <summary>The file is right; what it counts on is not there, or it says more than counts here.</summary>
    public bool IsWarning { get; init; }
}
