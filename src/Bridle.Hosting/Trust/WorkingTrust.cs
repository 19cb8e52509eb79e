namespace Bridle.Hosting.Trust;

/// <summary>What the folder of one run may do: by what is stored, or for this run alone because the person said <c>--trust</c>.</summary>
/// <param name="Store">What is stored.</param>
/// <param name="Folder">The folder that is worked in.</param>
/// <param name="ForThisRun">The person trusts the folder and all in it for this run; nothing is stored.</param>
public sealed record WorkingTrust(FolderTrust Store, string Folder, bool ForThisRun)
{
    /// <summary>Whether the folder is trusted.</summary>
    public bool IsTrusted => ForThisRun || Store.IsTrusted(Folder);

    /// <summary>Whether a folder above the working folder, or itself, is trusted: for this run alone, within the same repository.</summary>
    public bool Covers(string above) =>
        Store.IsTrusted(above)
        || (ForThisRun && (above == Folder || (RealFolder.Of(Folder)?.Repository() is { } repository && RealFolder.Of(above)?.Repository() == repository)));

    /// <summary>Whether this content of the folder may run.</summary>
    public bool MayRun(string kind, string content) => ForThisRun || Store.IsApproved(Folder, kind, content);
}
