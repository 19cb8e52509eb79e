using System.Runtime.InteropServices;

namespace Bridle.Workspaces;

/// <summary>
/// Walks paths of one moment as the kernel would: part by part, <c>..</c> after links. What it looked at once it does not look at again, so it is made for one
/// question and thrown away with it. For one thread.
/// </summary>
internal sealed class PathWalk
{
    private const int MostLinks = 40;
    private readonly Dictionary<string, Met> _met = new(StringComparer.Ordinal);
    private (string Text, string Real, int Links, bool Missing)? _folder;

    /// <summary>
    /// Every link followed; from the first missing part on, the rest by text. False when links go round in a circle. <paramref name="folder"/>: how
    /// <paramref name="absolute"/> begins, up to a separator, when it is a path in a working directory.
    /// </summary>
    public bool TryReal(string absolute, string? folder, out string real, out bool missing)
    {
        var start = Path.GetPathRoot(absolute)!;
        real = start;
        missing = false;
        var links = 0;
        if (folder is null || folder.Length >= absolute.Length || !absolute.StartsWith(folder, StringComparison.Ordinal))
        {
            return Walk(absolute[start.Length..], ref real, ref links, ref missing);
        }

        if (_folder is not { } known || !ReferenceEquals(known.Text, folder))
        {
            if (!Walk(folder[start.Length..], ref real, ref links, ref missing))
            {
                // The circle is in the folder: what follows it is nowhere.
                return false;
            }

            _folder = known = (folder, real, links, missing);
        }

        (real, links, missing) = (known.Real, known.Links, known.Missing);
        return Walk(absolute[folder.Length..], ref real, ref links, ref missing);
    }

    /// <summary>The path with what stands at its real place; only where <see cref="LinuxCalls.Known"/>.</summary>
    public ResolvedPath WithEntry(ResolvedPath path)
    {
        var met = Look(path.Real);
        return met.Error switch
        {
            0 when met.Target is null => path with { Kind = met.Stat.Kind, Links = met.Stat.Kind is FileKind.File ? met.Stat.Links : 1 },
            ErrorNumber.NoEntry or ErrorNumber.NotAFolder or ErrorNumber.NameTooLong => path,

            // Something is there that may not be looked at; opening it will say why.
            _ => path with { Kind = FileKind.Other },
        };
    }

    private bool Walk(string path, ref string real, ref int links, ref bool missing)
    {
        var todo = new Stack<string>();
        Push(todo, path);
        while (todo.TryPop(out var part))
        {
            if (part is "" or ".")
            {
                continue;
            }

            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
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
                real = Path.GetPathRoot(target)!;
                target = target[real.Length..];
            }

            Push(todo, target);
        }

        return true;
    }

    private static void Push(Stack<string> todo, string path)
    {
        var parts = OperatingSystem.IsWindows() ? path.Split('/', '\\') : path.Split('/');
        for (var at = parts.Length - 1; at >= 0; at--)
        {
            todo.Push(parts[at]);
        }
    }

    private string? LinkTarget(string path, out bool missing)
    {
        missing = false;
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            missing = true;
            return null;
        }

        if (LinuxCalls.Known)
        {
            var met = Look(path);
            missing = met.Error == ErrorNumber.NoEntry;
            return met.Target;
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

    private Met Look(string path)
    {
        if (!_met.TryGetValue(path, out var met))
        {
            var error = LinuxCalls.StatPath(path, out var stat);
            var target = error == 0 && stat.IsLink ? LinuxCalls.ReadLink(path) : null;
            met = new(error, new(stat.Kind, (int)Math.Min(stat.Links, int.MaxValue)), target);
            if (error == 0 && stat.IsLink && target is null)
            {
                // It went away or changed meanwhile.
                met = met with { Error = Marshal.GetLastPInvokeError() };
            }

            _met[path] = met;
        }

        return met;
    }

    private readonly record struct Met(int Error, Found Stat, string? Target);

    private readonly record struct Found(FileKind Kind, int Links);
}
