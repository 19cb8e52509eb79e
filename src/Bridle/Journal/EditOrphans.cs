using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Journal;

/// <summary>
/// Calls that a person's edit left without an answer, and results that it left without a call. A vendor refuses a history with an open call, and nobody may run a call that stands in a
/// file only because somebody put it there: each gets a sentence in the answer's place once the edit is consented to. A result without a call stays in the file and is shown to no model.
/// </summary>
internal sealed class EditOrphans
{
    private const string Gone = "[the answer to this call was removed from the session]";
    private const string Written = "[this call was put into the session by hand, without an answer; it was not run]";

    private readonly LogInspection _inspection;
    private readonly List<EditOrphan> _calls = [];
    private readonly List<LogEdit> _results = [];
    private List<ToolCallPart> _open = [];
    private RunId _run = RunId.Session;
    private int _reply = -1;

    private EditOrphans(LogInspection inspection) => _inspection = inspection;

    /// <summary>The calls by the index of the line before which the sentence belongs; the number of lines for the end.</summary>
    public IReadOnlyList<EditOrphan> Calls => _calls;

    /// <summary>What a person is told of both, before they consent.</summary>
    public IEnumerable<LogEdit> Edits =>
    [
        .. _calls.Select(orphan => new LogEdit(EditKind.Orphaned, Math.Min(orphan.Before + 1, _inspection.Lines.Count), 0, $"{orphan.Call.Name} {orphan.Call.Arguments}") { ByHand = orphan.ByHand }),
        .. _results,
    ];

    /// <summary>Pairs the calls of a changed log with their results.</summary>
    public static EditOrphans Of(LogInspection inspection)
    {
        var found = new EditOrphans(inspection);
        for (var i = 0; i < inspection.Lines.Count; i++)
        {
            found.Take(i);
        }

        if (found._reply >= 0 && !found.IsOpenByRight())
        {
            found.Close(inspection.Lines.Count);
        }

        return found;
    }

    /// <summary>The record that takes the answer's place.</summary>
    public static ToolReturned Answer(EditOrphan orphan) =>
        new(orphan.Call.Id, CallOutcome.Interrupted, [new TextPart(orphan.ByHand ? Written : Gone)], 0) { Tool = orphan.Call.Name };

    private void Take(int index)
    {
        switch (EventOf(index))
        {
            case ModelReplied reply when ReplyFacts.SaysSomething(reply.Reply):
                Close(index);
                (_open, _reply) = ([.. reply.Reply.Calls], index);
                break;
            case ToolReturned returned when _open.RemoveAll(call => call.Id == returned.Call) == 0:
                var line = LineCheck.Trim(_inspection.Read(_inspection.Lines[index]), index == 0);
                _results.Add(new LogEdit(EditKind.Unasked, index + 1, _inspection.Lines[index].N, ShownText.Shorten(ShownText.Of(line))));
                break;
        }
    }

    private void Close(int before)
    {
        _calls.AddRange(_open.Select(call => new EditOrphan(before, call, _run, IsByHand(_reply))));
        _open = [];
    }

    private bool IsByHand(int index) => _inspection.Lines[index].State is LineState.Written || _inspection.Copies.Contains(index);

    // At the end a call may be open because the program died there: then going on answers it. Not one that a person put there, and not one whose answer may have been taken away.
    private bool IsOpenByRight()
    {
        var replied = _inspection.Lines[_reply].N;
        return !IsByHand(_reply) && !_inspection.Edits.Any(edit => edit.Kind is EditKind.Removed or EditKind.Moved ? edit.N >= replied : edit.Kind is EditKind.Replaced);
    }

    private DurableEvent? EventOf(int index)
    {
        var line = _inspection.Lines[index];
        if (line.State is not (LineState.Sound or LineState.Edited or LineState.Written))
        {
            return null;
        }

        try
        {
            var bytes = LineCheck.Trim(_inspection.Read(line), index == 0);
            if (line.State is LineState.Written)
            {
                return WrittenLine.Read(bytes, new MemoryBlobs(), out _);
            }

            if (RecordLine.TypeOf(bytes) is not ("model_replied" or "tool_returned") || RecordCodec.Decode(bytes) is not { } record || record.Run.Value.Contains('.'))
            {
                return null;
            }

            _run = record.Run;
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
/// <param name="ByHand">Whether a person put the call there.</param>
internal sealed record EditOrphan(int Before, ToolCallPart Call, RunId Run, bool ByHand);
