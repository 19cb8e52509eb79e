namespace Bridle.Workspaces;

/// <summary>From what the model wrote to the real path, as the kernel would walk it: part by part, <c>..</c> after links.</summary>
internal static class PathResolution
{
    /// <summary>Absolute text, <c>~</c> put in, nothing else changed.</summary>
    public static string Absolute(string path, string workingDirectory, string home)
    {
        if (path == "~")
        {
            return home;
        }

        var expanded = path.StartsWith("~/", StringComparison.Ordinal) || (OperatingSystem.IsWindows() && path.StartsWith(@"~\", StringComparison.Ordinal))
            ? Path.Combine(home, path[2..].TrimStart('/'))
            : path;
        return Path.IsPathFullyQualified(expanded) ? expanded : Path.Combine(workingDirectory, expanded);
    }

    /// <summary>Without <c>.</c>, <c>..</c> and doubled separators, by text alone.</summary>
    public static string Normalised(string absolute)
    {
        // A zero byte is refused at open; here it must only not throw.
        var full = Path.GetFullPath(absolute.Replace('\0', '\uFFFD'));
        return Path.TrimEndingDirectorySeparator(full);
    }

    /// <summary>Every link followed; from the first missing part on, the rest by text. False when links go round in a circle.</summary>
    public static bool TryReal(string absolute, out string real) => new PathWalk().TryReal(absolute, null, out real, out _);

    /// <summary>Whether <paramref name="real"/> is the root or below it.</summary>
    public static bool IsInside(string real, string root)
    {
        var comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return real.Equals(root, comparison)
            || real.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, comparison);
    }

    /// <summary>Where a link leads, by its own text; null for what is none.</summary>
    public static string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
