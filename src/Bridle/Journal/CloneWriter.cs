using Bridle.Events;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>Writes the copy of a log: a first record of its own, then the source's lines byte for byte.</summary>
internal static class CloneWriter
{
    public static void Write(SafeFileHandle source, SafeFileHandle target, string name, string newName, long? upTo)
    {
        var inspection = LogInspection.Of(source, RandomAccess.GetLength(source));
        var lines = inspection.Lines;
        var sound = 0;
        while (sound < lines.Count && lines[sound].State == LineState.Sound && lines[sound].N == sound + 1)
        {
            sound++;
        }

        var wanted = upTo ?? lines.Count;
        if (wanted < 1 || wanted > sound)
        {
            throw new JournalException(sound < lines.Count
                ? $"Session \"{name}\" can be cloned up to record {sound} only: line {sound + 1} is damaged or was edited. Open it to see what is wrong."
                : $"Session \"{name}\" has the records 1 to {sound}; it cannot be cloned up to {wanted}.");
        }

        if (RecordCodec.Decode(inspection.Read(lines[0])) is not { Event: SessionStarted started } first)
        {
            throw new JournalException($"Session \"{name}\" does not begin with session_started and cannot be cloned.");
        }

        using var codec = new RecordCodec();
        var line = codec.Encode(1, first.At, first.Run, started with { Name = newName, ClonedFrom = name, ClonedUpTo = wanted });
        RandomAccess.Write(target, line.Span, 0);
        Copy(source, lines[0].Offset + lines[0].Length + 1, EndOf(lines[(int)wanted - 1]), target, line.Length);
    }

    private static long EndOf(CheckedLine line) => line.Offset + line.Length;

    private static void Copy(SafeFileHandle source, long from, long end, SafeFileHandle target, long to)
    {
        if (from > end)
        {
            return;
        }

        var buffer = new byte[128 * 1024];
        while (from < end)
        {
            var read = RandomAccess.Read(source, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - from)), from);
            if (read == 0)
            {
                throw new JournalException("The log became shorter while it was copied. Try again.");
            }

            RandomAccess.Write(target, buffer.AsSpan(0, read), to);
            from += read;
            to += read;
        }

        // The last line's newline may be missing in the source.
        RandomAccess.Write(target, "\n"u8, to);
    }
}
