using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Journal;

/// <summary>
/// Calls whose answer a person's edit took away. A vendor refuses a history with an open call, and nobody may run the call again, so each gets a sentence in the answer's
/// place once the edit is consented to.
/// </summary>
internal static class EditOrphans
{
    private const string Gone = "[the answer to this call was removed from the session]";

    /// <summary>The orphans by the index of the line before which the sentence belongs; the number of lines for the end.</summary>
    public static IReadOnlyList<EditOrphan> Find(LogInspection inspection)
    {
        var orphans = new List<EditOrphan>();
        var open = new List<ToolCallPart>();
        var (run, replied) = (RunId.Session, 0L);
        for (var i = 0; i < inspection.Lines.Count; i++)
        {
            switch (EventOf(inspection, i, ref run))
            {
                case ModelReplied reply:
                    orphans.AddRange(open.Select(call => new EditOrphan(i, call, run)));
                    open = [.. reply.Reply.Calls];
                    replied = inspection.Lines[i].N;
                    break;
                case ToolReturned returned:
                    open.RemoveAll(call => call.Id == returned.Call);
                    break;
            }
        }

        // At the end a call may be open by right: then going on answers it.
        return inspection.Edits.Any(edit => edit.Kind is EditKind.Removed && edit.N > replied)
            ? [.. orphans, .. open.Select(call => new EditOrphan(inspection.Lines.Count, call, run))]
            : orphans;
    }

    /// <summary>The record that takes the answer's place.</summary>
    public static ToolReturned Answer(EditOrphan orphan) => new(orphan.Call.Id, CallOutcome.Interrupted, [new TextPart(Gone)], 0) { Tool = orphan.Call.Name };

    private static DurableEvent? EventOf(LogInspection inspection, int index, ref RunId run)
    {
        var line = inspection.Lines[index];
        if (line.State is not (LineState.Sound or LineState.Edited or LineState.Written))
        {
            return null;
        }

        try
        {
            var bytes = LineCheck.Trim(inspection.Read(line), index == 0);
            if (line.State is LineState.Written)
            {
                return WrittenLine.Read(bytes, new MemoryBlobs(), out _);
            }

            if (RecordLine.TypeOf(bytes) is not ("model_replied" or "tool_returned") || RecordCodec.Decode(bytes) is not { } record || record.Run.Value.Contains('.'))
            {
                return null;
            }

            run = record.Run;
            return record.Event;
        }
        catch (Exception failure) when (failure is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>A call without its answer.</summary>
/// <param name="Before">The index of the line before which the answer belongs.</param>
/// <param name="Call">The call.</param>
/// <param name="Run">Its run.</param>
internal sealed record EditOrphan(int Before, ToolCallPart Call, RunId Run);
