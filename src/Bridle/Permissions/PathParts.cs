using System.Buffers;
using System.Text;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>Looks in one go whether any of many patterns can match a path: each has a text in it that stands in every path that it matches.</summary>
internal sealed class PathParts
{
    // Below that, asking each pattern costs no more.
    private const int Worth = 8;

    private readonly SearchValues<string>? _parts;

    /// <summary>Every pattern has such a text, so that a path that is far from them is matched by none.</summary>
    public bool AreAll { get; }

    public PathParts(IEnumerable<PathPattern> patterns)
    {
        patterns = [.. patterns];
        AreAll = patterns.All(pattern => pattern.Part.Length > 0);
        var parts = patterns.Select(pattern => pattern.Part).Where(part => part.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        _parts = parts.Length >= Worth ? SearchValues.Create(parts, StringComparison.OrdinalIgnoreCase) : null;
    }

    /// <summary>Whether no pattern that has such a text matches the path, as written or as it really is. False says nothing.</summary>
    public bool AreFarFrom(ResolvedPath path) => _parts is not null && IsFar(path.Normalised) && (path.Real == path.Normalised || IsFar(path.Real));

    // Outside of ASCII letters fold in more than one way.
    private bool IsFar(string path) => Ascii.IsValid(path) && path.AsSpan().IndexOfAny(_parts!) < 0;
}
