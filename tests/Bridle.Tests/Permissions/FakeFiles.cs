using System.Text;
using Bridle.Messages;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Tests.Permissions;

/// <summary>A file system in memory with links and second names, rooted at <c>/</c>.</summary>
internal sealed class FakeFiles(string root = "/ws", string home = "/home/u") : IFiles
{
    private readonly Dictionary<string, Node> _nodes = new() { ["/"] = new(), [root] = new(), [home] = new(), ["/etc"] = new(), ["/tmp"] = new() };

    public string Root { get; } = root;

    public FakeFiles Folder(string path)
    {
        MakeParents(path);
        _nodes.TryAdd(path, new Node());
        return this;
    }

    public FakeFiles File(string path, string text = "x")
    {
        MakeParents(path);
        _nodes[path] = new Node { Content = [Encoding.UTF8.GetBytes(text)] };
        return this;
    }

    public FakeFiles Link(string path, string to)
    {
        MakeParents(path);
        _nodes[path] = new Node { LinkTo = to };
        return this;
    }

    public FakeFiles HardLink(string path, string to)
    {
        MakeParents(path);
        _nodes[path] = _nodes[to];
        return this;
    }

    public string Text(string path) => Encoding.UTF8.GetString(_nodes[path].Content![0]);

    public ResolvedPath Resolve(string path, string workingDirectory)
    {
        var expanded = path == "~" ? home : path.StartsWith("~/", StringComparison.Ordinal) ? home + path[1..] : path;
        var absolute = expanded.StartsWith('/') ? expanded : $"{workingDirectory}/{expanded}";
        var real = Follow(absolute, 0);
        var node = _nodes.GetValueOrDefault(real);
        var kind = node is null ? FileKind.Missing : node.Content is null ? FileKind.Directory : FileKind.File;
        var links = kind is FileKind.File ? _nodes.Values.Count(one => ReferenceEquals(one, node)) : 1;
        return new ResolvedPath(path, Normalise(absolute), real, real == Root || real.StartsWith(Root + "/", StringComparison.Ordinal), kind) { Links = links };
    }

    public FileEntry? Stat(ResolvedPath path) =>
        _nodes.TryGetValue(path.Real, out var node) ? new FileEntry(path.Real.Split('/')[^1], path.Kind, node.Content?[0].Length ?? 0, default, false, 0x1a4) : null;

    public Stream OpenRead(ResolvedPath path) =>
        _nodes.TryGetValue(path.Real, out var node) && node.Content is { } content ? new MemoryStream(content[0], writable: false) : throw new ToolException($"{path.Given} does not exist.");

    public void Write(ResolvedPath path, ReadOnlySpan<byte> content)
    {
        MakeParents(path.Real);
        _nodes[path.Real] = new Node { Content = [content.ToArray()] };
    }

    public IReadOnlyList<FileEntry> List(ResolvedPath directory)
    {
        var prefix = directory.Real.TrimEnd('/') + "/";
        return [.. _nodes.Where(one => one.Key.StartsWith(prefix, StringComparison.Ordinal) && one.Key.Length > prefix.Length && !one.Key[prefix.Length..].Contains('/'))
            .OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => new FileEntry(one.Key[prefix.Length..], one.Value.Content is null ? FileKind.Directory : FileKind.File, 1, default, one.Value.LinkTo is not null, 0x1a4))];
    }

    public bool MayRead(ResolvedPath path) => true;

    private static string Normalise(string path)
    {
        var names = new List<string>();
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == ".." && names.Count > 0)
            {
                names.RemoveAt(names.Count - 1);
            }
            else if (name is not ("." or ".."))
            {
                names.Add(name);
            }
        }

        return "/" + string.Join('/', names);
    }

    private string Follow(string path, int depth)
    {
        var at = "/";
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == "..")
            {
                at = at.LastIndexOf('/') is > 0 and var slash ? at[..slash] : "/";
            }
            else if (name != ".")
            {
                at = at == "/" ? $"/{name}" : $"{at}/{name}";
                if (_nodes.GetValueOrDefault(at)?.LinkTo is { } target && depth < 20)
                {
                    at = Follow(target.StartsWith('/') ? target : $"{at[..at.LastIndexOf('/')]}/{target}", depth + 1);
                }
            }
        }

        return at;
    }

    private void MakeParents(string path)
    {
        for (var slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            _nodes.TryAdd(path[..slash], new Node());
        }
    }

    private sealed class Node
    {
        public byte[][]? Content { get; init; }

        public string? LinkTo { get; init; }
    }
}
