namespace Bridle.Permissions;

/// <summary>Nobody can look: every file of the folder, and any that comes into being in it, may be changed.</summary>
internal sealed class NoForesight : IGitForesight
{
    /// <inheritdoc/>
    public GitChange Of(string folder, IReadOnlyList<string> words) => Unknown(folder);

    /// <inheritdoc/>
    public GitChange Unknown(string folder) => new(false, folder, []) { Others = [$"{folder.TrimEnd('/')}/"] };
}
