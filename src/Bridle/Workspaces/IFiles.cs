using Bridle.Messages;

namespace Bridle.Workspaces;

/// <summary>
/// The door to files. Expected failures (missing, a folder, refused) throw <see cref="ToolException"/> with a text for the model.
/// Every open proves by handle that the path is the one that was judged: a folder swapped for a link in between fails.
/// The door a tool gets from the gate refuses paths that permission refuses and leaves them out of listings. Safe to use concurrently.
/// </summary>
public interface IFiles
{
    /// <summary>The workspace root: an absolute real path.</summary>
    string Root { get; }

    /// <summary>Resolves a path given relative to <paramref name="workingDirectory"/>; <c>~</c> is the home folder. Never throws for a missing path.</summary>
    ResolvedPath Resolve(string path, string workingDirectory);

    /// <summary>
    /// Resolves many paths of one moment: the answers of <see cref="Resolve"/>, each name on disk looked at once. Throw the function away with the question it was
    /// made for; it is for one thread.
    /// </summary>
    Func<string, string, ResolvedPath> ResolvingMany() => Resolve;

    /// <summary>The entry at the path, or null when nothing is there.</summary>
    FileEntry? Stat(ResolvedPath path);

    /// <summary>Opens a regular file for reading.</summary>
    Stream OpenRead(ResolvedPath path);

    /// <summary>Replaces the file as a whole: temporary file in the same folder, synced, renamed. Makes parent folders; keeps the mode of an existing file.</summary>
    void Write(ResolvedPath path, ReadOnlySpan<byte> content);

    /// <summary>Removes a regular file; nothing when none is there. The door that a tool gets removes nothing: it throws <see cref="ToolException"/>, as every door does that does not say otherwise.</summary>
    void Remove(ResolvedPath path) => throw new ToolException($"{path.Given} cannot be removed through this door.");

    /// <summary>The entries of a folder in ordinal order of their names.</summary>
    IReadOnlyList<FileEntry> List(ResolvedPath directory);

    /// <summary>Whether this door would let the path be read. For filtering hits of outside programs such as ripgrep.</summary>
    bool MayRead(ResolvedPath path);
}
