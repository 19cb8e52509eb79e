namespace Bridle.Sandboxing;

/// <summary>
/// Files and folders that a program must not make, by their names: to hold each name in each folder by a mount would cost more than the program. So they are looked
/// for when it has ended, and what came into being meanwhile is moved aside.
/// </summary>
/// <param name="Before">Those that were there when it began.</param>
/// <param name="Now">Those that are there now.</param>
internal sealed record UnwantedFiles(IReadOnlySet<string> Before, Func<IEnumerable<(string Path, bool IsFolder)>> Now)
{
    /// <summary>What came into being, but for what <paramref name="isOurs"/> knows.</summary>
    public List<string> Made(Func<ProtectedPath, bool> isOurs) => [.. Now().Where(one => !Before.Contains(one.Path) && !isOurs(new ProtectedPath(one.Path, one.IsFolder))).Select(one => one.Path)];
}
