namespace Bridle.Hosting.Settings;

/// <summary>Something wrong in a settings file.</summary>
/// <param name="Path">The key, with those around it; entries of lists as <c>[0]</c>.</param>
/// <param name="Text">What is wrong, one sentence.</param>
internal sealed record SettingsProblem(string Path, string Text);
