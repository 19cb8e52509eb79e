using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>
/// The records of a session whose text a person may edit, as this installation saw them last: kept beside the seal, so that an edit from outside can be shown with what stood
/// there before. For showing only. Not synced; a session that outgrows it keeps what is there, and goes without the rest.
/// </summary>
internal sealed class KeptText(string path)
{
    /// <summary>The most bytes that are kept of one session.</summary>
    public const int Most = 4 * 1024 * 1024;

    public string Path => path;

    private const string Suffix = ".texts";

    /// <summary>What is kept beside the seal of that name.</summary>
    public static KeptText Beside(string seal) => new(System.IO.Path.ChangeExtension(seal, Suffix));

    /// <summary>Forgets what is kept of sessions that are not there any more. Throws what deleting files throws.</summary>
    public static void ForgetOthers(string folder, Func<string, bool> isThere)
    {
        foreach (var kept in Directory.Exists(folder) ? Directory.GetFiles(folder, "*" + Suffix) : [])
        {
            if (!isThere(System.IO.Path.GetFileNameWithoutExtension(kept)))
            {
                File.Delete(kept);
            }
        }
    }

    /// <summary>Takes in the lines of a log from <paramref name="from"/> on; all of them when nothing is kept yet. Throws what writing files throws.</summary>
    public void Take(SafeFileHandle log, long from, long size)
    {
        var kept = File.Exists(path) ? new FileInfo(path).Length : 0;
        from = kept == 0 ? 0 : from;
        if (kept + size - from > Most)
        {
            return;
        }

        using var added = new MemoryStream();
        using var lines = new LogLines(log, from, size);
        while (lines.Next())
        {
            if (EditableText.IsIn(RecordLine.TypeOf(lines.Line.Span)))
            {
                added.Write(lines.Line.Span);
                added.WriteByte((byte)'\n');
            }
        }

        if (added.Length > 0)
        {
            using var file = PrivateFiles.Create(path, FileMode.OpenOrCreate);
            RandomAccess.Write(file, added.GetBuffer().AsSpan(0, (int)added.Length), kept);
        }
    }

    /// <summary>The text of records by number, as a person would write it; only of lines that are what was sealed.</summary>
    public Dictionary<long, string> Find(IReadOnlySet<long> wanted, Func<long, ReadOnlyMemory<byte>, bool> isSealed)
    {
        var found = new Dictionary<long, string>();
        if (wanted.Count == 0 || !File.Exists(path))
        {
            return found;
        }

        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var lines = new LogLines(file, 0, RandomAccess.GetLength(file));
        while (lines.Next())
        {
            if (RecordLine.IsSound(lines.Line.Span, out var n) && wanted.Contains(n) && isSealed(n, lines.Line))
            {
                found[n] = ShownText.Of(lines.Line.Span);
            }
        }

        return found;
    }
}
