using Bridle.Events;
using Bridle.Messages;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>Writes the log of a session that another program held.</summary>
internal static class ImportWriter
{
    public static void Write(SafeFileHandle file, SessionStarted started, IEnumerable<(DateTimeOffset At, RunId Run, DurableEvent Event)> records, SecretRedactor redactor, DateTimeOffset now)
    {
        using var codec = new RecordCodec();
        var events = new EventRedactor(redactor);
        var (n, offset) = (0L, 0L);
        foreach (var (at, run, one) in records.Prepend((now, RunId.Session, started)))
        {
            var line = codec.Encode(++n, at, run, events.Redact(one));
            RandomAccess.Write(file, line.Span, offset);
            offset += line.Length;
        }
    }
}
