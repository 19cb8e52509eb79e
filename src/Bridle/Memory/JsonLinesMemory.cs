using System.Text;
using Bridle.Journal;

namespace Bridle.Memory;

/// <summary>Notes in one file, one a line as JSON: for many notes, and for programs. A line that cannot be read stays as it is.</summary>
/// <param name="file">The file; made with the first note.</param>
public sealed class JsonLinesMemory(string file) : IMemoryStore
{
    private const int MostBytes = 32 * 1024 * 1024;

    /// <inheritdoc/>
    public string Place => file;

    /// <inheritdoc/>
    public MemoryContents Read()
    {
        var (notes, _, warnings) = Lines();
        return new(notes, warnings);
    }

    /// <inheritdoc/>
    public void Change(Func<MemoryContents, MemoryChange> change)
    {
        using var alone = FileLock.Take($"{file}.lock");
        var (notes, broken, warnings) = Lines();
        var (put, remove) = change(new(notes, warnings));
        if (put.FirstOrDefault(note => !NoteName.IsName(note.Name)) is { } nameless)
        {
            throw new ArgumentException($"'{nameless.Name}' is no name of a note.", nameof(change));
        }

        if (put.Count == 0 && remove.Count == 0)
        {
            return;
        }

        var left = notes.Where(note => !remove.Contains(note.Name) && put.All(one => one.Name != note.Name)).Concat(put).OrderBy(note => note.Name, StringComparer.Ordinal);
        PrivateFiles.Replace(file, Encoding.UTF8.GetBytes(string.Concat(broken.Concat(left.Select(note => NoteJson.Write(note))).Select(line => line + "\n"))));
    }

    private (List<MemoryNote> Notes, List<string> Broken, List<string> Warnings) Lines()
    {
        var (notes, broken, warnings) = (new Dictionary<string, MemoryNote>(StringComparer.Ordinal), new List<string>(), new List<string>());
        var info = new FileInfo(file);
        if (!info.Exists)
        {
            return ([], broken, warnings);
        }

        if (info.LinkTarget is not null || info.Length > MostBytes)
        {
            throw new IOException($"{file} is {(info.LinkTarget is not null ? "a link" : $"longer than {MostBytes / 1024 / 1024} MiB")}, so no notes are read from it and none written.");
        }

        var number = 0;
        foreach (var line in File.ReadAllText(file).TrimStart('\ufeff').ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            if (line.Trim().Length == 0)
            {
                continue;
            }

            var (note, _, problem) = NoteJson.Read(line, info.LastWriteTimeUtc);
            if (note is null)
            {
                broken.Add(line);
                warnings.Add($"{file}, line {number}: {problem}, so it is not shown.");
            }
            else if (!notes.TryAdd(note.Name, note))
            {
                notes[note.Name] = note;
                warnings.Add($"{file}, line {number}: the note '{note.Name}' stands there twice; the later one counts.");
            }
        }

        return ([.. notes.Values.OrderBy(note => note.Name, StringComparer.Ordinal)], broken, warnings);
    }
}
