namespace Bridle.Workspaces;

/// <summary>From what the model wrote to the real path, as the kernel would walk it: part by part, <c>..</c> after links.</summary>
internal static class PathResolution
{
    private const int MostLinks = 40;

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
    public static bool TryReal(string absolute, out string real)
    {
        var start = Path.GetPathRoot(absolute)!;
        var todo = new Stack<string>();
        Push(todo, absolute[start.Length..]);
        real = start;
        var links = 0;
        var missing = false;
        while (todo.TryPop(out var part))
        {
            if (part is "" or ".")
            {
                continue;
            }

            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? start;
                missing = false;
                continue;
            }

            var next = Path.Combine(real, part);
            var target = missing ? null : LinkTarget(next, out missing);
            if (target is null)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks)
            {
                real = next;
                return false;
            }

            if (Path.IsPathFullyQualified(target))
            {
                start = Path.GetPathRoot(target)!;
                real = start;
                target = target[start.Length..];
            }

            Push(todo, target);
        }

        return true;
    }

    /// <summary>Whether <paramref name="real"/> is the root or below it.</summary>
    public static bool IsInside(string real, string root)
    {
        var comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return real.Equals(root, comparison)
            || real.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, comparison);
    }

    private static void Push(Stack<string> todo, string path)
    {
        var parts = OperatingSystem.IsWindows() ? path.Split('/', '\\') : path.Split('/');
        for (var at = parts.Length - 1; at >= 0; at--)
        {
            todo.Push(parts[at]);
        }
    }

    private static string? LinkTarget(string path, out bool missing)
    {
        missing = false;
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            missing = true;
            return null;
        }

        if (LinuxCalls.Known)
        {
            var text = LinuxCalls.ReadLink(path);
            missing = text is null && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == ErrorNumber.NoEntry;
            return text;
        }

        try
        {
            var entry = new FileInfo(path);
            var target = entry.LinkTarget;
            missing = target is null && !entry.Exists && !Directory.Exists(path);
            return target;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }
}
