using System.Text;
using Bridle.Messages;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Testing;

/// <summary>Files and folders in memory, without links. Fails with the same texts as the real door. Safe to use concurrently.</summary>
public sealed class InMemoryFiles : IFiles
{
    private const int UsualMode = 0x1A4;
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Dictionary<string, Stored> _entries = new(StringComparer.Ordinal);

    /// <summary>An empty root folder; <paramref name="time"/> dates what is written.</summary>
    public InMemoryFiles(string root = "/work", TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        Root = Normalised(root, "/");
        AddFolder(Root);
    }

    /// <inheritdoc/>
    public string Root { get; }

    /// <summary>The absolute paths of all files, in ordinal order.</summary>
    public IReadOnlyList<string> Paths
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries.Where(one => one.Value.Content is not null).Select(one => one.Key).Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>The text of a file. Reading throws <see cref="ToolException"/> when it is missing; writing makes its folders.</summary>
    public string this[string path]
    {
        get
        {
            using var reader = new StreamReader(OpenRead(Resolve(path, Root)));
            return reader.ReadToEnd();
        }

        set => Write(Resolve(path, Root), Encoding.UTF8.GetBytes(value));
    }

    /// <summary>Makes a folder and those above it.</summary>
    public void AddFolder(string path)
    {
        lock (_lock)
        {
            for (var folder = Normalised(path, Root ?? "/"); _entries.TryAdd(folder, new Stored(null, _time.GetUtcNow(), 0x1ED)) && folder != "/"; folder = Above(folder))
            {
            }
        }
    }

    /// <summary>Gives a file these permission bits, such as 0x1ED for an executable one.</summary>
    public void SetMode(string path, int mode)
    {
        lock (_lock)
        {
            var key = Normalised(path, Root);
            _entries[key] = _entries[key] with { Mode = mode };
        }
    }

    /// <summary>Removes a file, or a folder with everything in it.</summary>
    public void Remove(string path)
    {
        lock (_lock)
        {
            var key = Normalised(path, Root);
            foreach (var gone in _entries.Keys.Where(one => one == key || one.StartsWith(key + "/", StringComparison.Ordinal)).ToList())
            {
                _entries.Remove(gone);
            }
        }
    }

    /// <inheritdoc/>
    public ResolvedPath Resolve(string path, string workingDirectory)
    {
        var expanded = path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? "/home/user" + path[1..] : path;
        var full = Normalised(expanded, Normalised(workingDirectory, Root));
        var inside = Root == "/" || full == Root || full.StartsWith(Root + "/", StringComparison.Ordinal);
        return new ResolvedPath(path, full, full, inside, Find(full)?.Kind ?? FileKind.Missing);
    }

    /// <inheritdoc/>
    public FileEntry? Stat(ResolvedPath path) => Find(path.Real)?.Entry(Name(path.Real));

    /// <inheritdoc/>
    public Stream OpenRead(ResolvedPath path)
    {
        RefuseControlCharacters(path);
        return Find(path.Real) switch
        {
            null => throw Missing(path, "read"),
            { Content: { } content } => new MemoryStream(content, writable: false),
            _ => throw new ToolException($"{path.Given} is a folder, not a file."),
        };
    }

    /// <inheritdoc/>
    public void Write(ResolvedPath path, ReadOnlySpan<byte> content)
    {
        RefuseControlCharacters(path);
        lock (_lock)
        {
            var old = Find(path.Real);
            if (old is { Content: null })
            {
                throw new ToolException($"{path.Given} is a folder, not a file.");
            }

            if (HasFileAbove(path.Real))
            {
                throw FileAbove(path, "written");
            }

            AddFolder(Above(path.Real));
            _entries[path.Real] = new Stored(content.ToArray(), _time.GetUtcNow(), old?.Mode ?? UsualMode);
        }
    }

    /// <inheritdoc/>
    public void Remove(ResolvedPath path)
    {
        RefuseControlCharacters(path);
        if (Find(path.Real) is { Content: null })
        {
            throw new ToolException($"{path.Given} is a folder, not a file.");
        }

        Remove(path.Real);
    }

    /// <inheritdoc/>
    public IReadOnlyList<FileEntry> List(ResolvedPath directory)
    {
        RefuseControlCharacters(directory);
        lock (_lock)
        {
            if (Find(directory.Real) is not { } folder)
            {
                throw Missing(directory, "listed");
            }

            return folder.Content is not null
                ? throw new ToolException($"{directory.Given} is not a folder.")
                : [.. _entries.Where(one => one.Key != "/" && Above(one.Key) == directory.Real).Select(one => one.Value.Entry(Name(one.Key))).OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        }
    }

    /// <inheritdoc/>
    public bool MayRead(ResolvedPath path) => true;

    private static string Normalised(string path, string workingDirectory)
    {
        var parts = new List<string>();
        foreach (var part in (path.StartsWith('/') ? path : $"{workingDirectory}/{path}").Split('/'))
        {
            if (part == "..")
            {
                parts.RemoveRange(Math.Max(0, parts.Count - 1), Math.Min(1, parts.Count));
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }

        return "/" + string.Join('/', parts);
    }

    private static string Above(string path) => path.LastIndexOf('/') is > 0 and var at ? path[..at] : "/";

    private static string Name(string path) => path == "/" ? "/" : path[(path.LastIndexOf('/') + 1)..];

    private static ToolException FileAbove(ResolvedPath path, string deed) =>
        new($"{path.Given} cannot be {deed}: a part of that path is a file, not a folder.");

    private static void RefuseControlCharacters(ResolvedPath path)
    {
        if (path.Given.Any(char.IsControl))
        {
            throw new ToolException("The path holds a control character (such as a line end or a zero byte); it is not opened.");
        }
    }

    private ToolException Missing(ResolvedPath path, string deed) =>
        HasFileAbove(path.Real) ? FileAbove(path, deed) : new ToolException($"{path.Given} does not exist.");

    private bool HasFileAbove(string path)
    {
        for (var folder = Above(path); folder != "/"; folder = Above(folder))
        {
            if (Find(folder) is { Content: not null })
            {
                return true;
            }
        }

        return false;
    }

    private Stored? Find(string path)
    {
        lock (_lock)
        {
            return _entries.GetValueOrDefault(path);
        }
    }

    private sealed record Stored(byte[]? Content, DateTimeOffset Modified, int Mode)
    {
        public FileKind Kind => Content is null ? FileKind.Directory : FileKind.File;

        public FileEntry Entry(string name) => new(name, Kind, Content?.Length ?? 0, Modified, IsLink: false, Mode);
    }
}
