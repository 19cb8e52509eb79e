namespace Bridle.Sandboxing;

/// <summary>
/// Files and folders that a program must not make, by their names: to hold each name in each folder by a mount would cost more than the program. So they are looked
/// for when it has ended, and what came into being meanwhile is moved aside.
/// </summary>
/// <param name="Before">Those that were there when it began.</param>
/// <param name="Unseen">Why not everything could be looked at then, or null.</param>
/// <param name="Now">Those that are there now, and why not everything can be looked at, or null.</param>
internal sealed record UnwantedFiles(IReadOnlySet<string> Before, string? Unseen, Func<(IReadOnlyList<(string Path, bool IsFolder)> Places, string? Unseen)> Now)
{
    /// <summary>What came into being, but for what <paramref name="isOurs"/> knows; and why that may not be all, where it was not so before.</summary>
    public (List<string> Paths, string? Problem) Made(Func<ProtectedPath, bool> isOurs)
    {
        var (places, unseen) = Now();
        return ([.. places.Where(one => !Before.Contains(one.Path) && !isOurs(new ProtectedPath(one.Path, one.IsFolder))).Select(one => one.Path)], Unseen is null ? unseen : null);
    }
}
