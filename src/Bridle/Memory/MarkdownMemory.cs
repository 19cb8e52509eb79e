using System.Text;
using Bridle.Journal;

namespace Bridle.Memory;

/// <summary>
/// Notes as Markdown files in a folder, one a note, which a person may read, edit and remove; beside them <c>MEMORY.md</c>, an index that is made of them and never read. A link is not followed,
/// and what is no file, no text or too long is left where it is.
/// </summary>
/// <param name="folder">The folder; made with the first note.</param>
/// <param name="lockFile">What is held while notes are changed; null for a file in the folder.</param>
public sealed class MarkdownMemory(string folder, string? lockFile = null) : IMemoryStore
{
    /// <summary>The file that is made of the notes.</summary>
    public const string Index = "MEMORY.md";

    private const int MostBytes = 64 * 1024;
    private const int MostFiles = 2_000;
    private readonly string _lock = lockFile ?? Path.Combine(folder, ".lock");

    /// <inheritdoc/>
    public string Place => folder;

    /// <inheritdoc/>
    public MemoryContents Read()
    {
        if (!Directory.Exists(folder))
        {
            return MemoryContents.Empty;
        }

        var (notes, warnings) = (new List<MemoryNote>(), new List<string>());
        var files = new DirectoryInfo(folder).EnumerateFiles("*.md").Where(file => file.Name is not (Index or ['.', ..])).Take(MostFiles + 1).OrderBy(file => file.Name, StringComparer.Ordinal).ToList();
        if (files.Count > MostFiles)
        {
            warnings.Add($"{folder} holds more than {MostFiles} files; some are not read.");
        }

        foreach (var file in files.Take(MostFiles))
        {
            var (note, problem) = Read(file);
            if (note is not null)
            {
                notes.Add(note);
            }

            if (problem is not null)
            {
                warnings.Add($"{file.FullName}: {problem}{(note is null ? ", so it is not shown." : ".")}");
            }
        }

        return new(notes, warnings);
    }

    /// <inheritdoc/>
    public void Change(Func<MemoryContents, MemoryChange> change)
    {
        using var alone = FileLock.Take(_lock);
        var before = Read();
        var (put, remove) = change(before);
        foreach (var note in put)
        {
            var path = PathOf(note.Name);
            if (before.Notes.All(one => one.Name != note.Name) && (File.Exists(path) || new FileInfo(path).LinkTarget is not null))
            {
                throw new IOException($"{path} is there, but cannot be read as a note. Correct it or remove it.");
            }

            PrivateFiles.Replace(path, Encoding.UTF8.GetBytes(NoteText.Write(note)));
        }

        foreach (var name in remove)
        {
            File.Delete(PathOf(name));
        }

        WriteIndex([.. before.Notes.Where(note => !remove.Contains(note.Name) && put.All(one => one.Name != note.Name)).Concat(put).OrderBy(note => note.Name, StringComparer.Ordinal)], remove.Count > 0);
    }

    // A name is checked where it comes in; here it is the last chance to notice that it was not.
    private string PathOf(string name) => NoteName.IsName(name) ? Path.Combine(folder, $"{name}.md") : throw new ArgumentException($"'{name}' is no name of a note.", nameof(name));

    private static (MemoryNote? Note, string? Problem) Read(FileInfo file)
    {
        var name = Path.GetFileNameWithoutExtension(file.Name);
        if (!NoteName.IsName(name))
        {
            return (null, NoteName.Read(name) is { Name: { } better } ? $"notes have lower-case names, such as {better}.md" : $"its name is none for a note (a-z, 0-9, - and _, at most {NoteName.Most})");
        }

        try
        {
            // Already the opening of a pipe waits for somebody at its other end.
            if (file.LinkTarget is not null || (file.Attributes & (FileAttributes.Device | FileAttributes.ReparsePoint)) != 0 || file.Length > MostBytes)
            {
                return (null, file.LinkTarget is not null ? "it is a link" : file.Length > MostBytes ? $"it is longer than {MostBytes / 1024} KiB" : "it is no file");
            }

            if (file.Length == 0)
            {
                return (null, "it is empty");
            }

            var bytes = File.ReadAllBytes(file.FullName);
            if (bytes.AsSpan().Contains((byte)0))
            {
                return (null, "it is no text");
            }

            var (note, problem) = NoteText.Read(name, Encoding.UTF8.GetString(bytes), file.LastWriteTimeUtc);
            return note.Text.Length == 0 && note.Description.Length == 0 ? (null, problem ?? "it is empty") : (note, problem);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"it cannot be read ({e.Message.TrimEnd('.')})");
        }
    }

    private void WriteIndex(IReadOnlyList<MemoryNote> notes, bool removed)
    {
        var path = Path.Combine(folder, Index);
        var text = new StringBuilder("# Memory\n\n<!-- Made from the notes in this folder whenever one changes. What is written here is lost. -->\n\n");
        foreach (var note in notes)
        {
            text.Append($"- [{note.Name}]({note.Name}.md): {note.Description} ({note.Type.ToString().ToLowerInvariant()}, {NoteText.Time(note.Updated)[..10]})\n");
        }

        if (Directory.Exists(folder) && (notes.Count > 0 || File.Exists(path)) && (removed || !File.Exists(path) || File.ReadAllText(path) != text.ToString()))
        {
            PrivateFiles.Replace(path, Encoding.UTF8.GetBytes(text.ToString()));
        }
    }
}
