using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>Makes a session of a file of plain messages. Each message of the user begins a run of its own.</summary>
internal sealed class Adoption(LogContext context, LogInspection inspection, string by)
{
    public List<Recorded> Records(IBlobs blobs)
    {
        var records = new List<Recorded>();
        var run = 0;
        void AnswerOrphans(int before)
        {
            foreach (var orphan in inspection.Orphans.Where(orphan => orphan.Before == before))
            {
                records.Add(new Recorded(records.Count + 1, context.Time.GetUtcNow(), new RunId($"{run}"), EditOrphans.Answer(orphan)));
            }
        }

        for (var i = 0; i < inspection.Lines.Count; i++)
        {
            AnswerOrphans(i);
            if (inspection.Lines[i].State != LineState.Written)
            {
                continue;
            }

            using var document = JsonDocument.Parse(LineCheck.Trim(inspection.Read(inspection.Lines[i]), i == 0).ToArray());
            var durableEvent = PlainMessages.Read(document.RootElement, blobs, out var reason)
                ?? throw new JournalException($"{context.Path}, line {i + 1}: {reason}.");
            run += durableEvent is UserSpoke ? 1 : 0;
            records.Add(new Recorded(records.Count + 1, context.Time.GetUtcNow(), new RunId($"{run}"), durableEvent));
        }

        AnswerOrphans(inspection.Lines.Count);
        return records;
    }

    /// <summary>Writes the session; the bytes of the plain file are kept as a blob.</summary>
    public void WriteTo(SafeFileHandle target)
    {
        var before = context.Blobs.Put(inspection.Read(0, inspection.End));
        var now = context.Time.GetUtcNow();
        using var codec = new RecordCodec();
        var offset = 0L;
        var n = 0L;
        void Write(RunId run, DurableEvent durableEvent)
        {
            var line = codec.Encode(++n, now, run, durableEvent);
            RandomAccess.Write(target, line.Span, offset);
            offset += line.Length;
        }

        Write(RunId.Session, SessionFile.Started(context.Path, Environment.CurrentDirectory));
        var records = Records(context.Blobs);
        foreach (var record in records)
        {
            Write(record.Run, record.Event);
        }

        Write(RunId.Session, new SessionEdited([], 0, records.Count, by) { Before = before });
    }
}
