using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Journal;

/// <summary>How the records of the log are written and read.</summary>
public static class RecordWriting
{
    /// <summary>
    /// Works out how the records of a first turn are written, which the first of each does otherwise: some milliseconds, once in a process, that another thread may have while a session is
    /// put together. Writes nothing. May be called at any time, more than once and from any thread.
    /// </summary>
    public static void GetReady()
    {
        using var codec = new RecordCodec();
        var nothing = Usage.None;
        DurableEvent[] turn =
        [
            new SessionStarted(1, "", "", ""),
            new UserSpoke("", [new TextPart("")]),
            new RunStarted("turn", "", "", new RunLimits(1)),
            new ModelRequested("", "", [new RequestPart("", "", "", 0)], 0, 1, ToolCalling.Native),
            new ModelReplied(new ModelReply([new TextPart("")], StopReason.EndTurn, nothing, ""), 0, 0),
            new RunFinished(TurnOutcome.Completed, nothing, 0, 0, []),
        ];
        foreach (var record in turn)
        {
            codec.Encode(1, DateTimeOffset.UnixEpoch, new RunId("0"), record);
        }
    }

    /// <summary>Records as the lines of a session's file, each with its sums: for a log that was kept in memory and is to be kept.</summary>
    public static byte[] Lines(IEnumerable<Recorded> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        using var codec = new RecordCodec();
        using var lines = new MemoryStream();
        foreach (var record in records)
        {
            lines.Write(codec.Encode(record.N, record.At, record.Run, record.Event).Span);
        }

        return lines.ToArray();
    }
}
