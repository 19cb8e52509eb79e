using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Journal;

/// <summary>
/// Folds a log in a file to its conversation. Records whose messages a summary has replaced are read for their facts only (<see cref="ReplacedRecord"/>), and of calls and requests that
/// a later reply has closed what was noted beside them is not read at all, and their long results stay in the file; the conversation is the same as that of all records read whole.
/// </summary>
internal sealed class LogFold(LinesFromEnd lines, StoredLines stored, Action<ReadOnlyMemory<byte>, long> check, Func<ReadOnlyMemory<byte>, long, Recorded> decode)
{
    private static readonly byte s_replied = RecordKind.Named("model_replied"u8);
    private static readonly byte s_requested = RecordKind.Named("model_requested"u8);
    private static readonly byte s_compacted = RecordKind.Named("compacted"u8);

    /// <summary>The conversation that the records make.</summary>
    /// <param name="all">The same records from the first on. May be gone through twice.</param>
    public Transcript Fold(IEnumerable<ReadOnlyMemory<byte>> all) => TryFold(all, FirstWhole()) ?? TryFold(all, 1)!;

    private Transcript? TryFold(IEnumerable<ReadOnlyMemory<byte>> all, long whole)
    {
        var transcript = new Transcript();
        var (n, closing, request) = (0L, LastReply(), 0L);
        foreach (var line in all)
        {
            n++;
            var record = n < whole ? FactsOf(line, n) : n >= closing ? decode(line, n) : Closed(line, n, transcript, ref request);
            if (n < whole && record?.Event is Compacted strange && strange.UpTo >= n)
            {
                // A summary of what came after it: no log that this program wrote has one, and then nothing is known about what it replaced.
                return null;
            }

            if (record is not null)
            {
                transcript.Apply(record);
            }
        }

        if (request > 0 && transcript.LastRequest is null)
        {
            transcript.Recall((ModelRequested)decode(lines.Line(request), request).Event);
        }

        foreach (var (tool, at) in transcript.ResultsAt.Where(result => result.Value < whole))
        {
            transcript.Recall(tool, (ToolReturned)decode(lines.Line(at), at).Event);
        }

        return transcript;
    }

    private Recorded? FactsOf(ReadOnlyMemory<byte> line, long n)
    {
        if (!RecordHead.TryRead(line.Span, out var head))
        {
            return decode(line, n);
        }

        check(line, n);
        if (head.IsChild || ReplacedRecord.HasNoFacts(head.Type))
        {
            return null;
        }

        return ReplacedRecord.FactsOf(head.Type, line.Span) is { } facts ? new Recorded(n, default, RunId.Session, facts) : decode(line, n);
    }

    // Of a request only the last one is asked for later, and how long the history was at each.
    private Recorded? Closed(ReadOnlyMemory<byte> line, long n, Transcript transcript, ref long request)
    {
        if (!RecordHead.TryRead(line.Span, out var head))
        {
            return decode(line, n);
        }

        if (head.IsChild || (ReplacedRecord.HasNoFacts(head.Type) && !head.Type.SequenceEqual("reply_cut"u8)))
        {
            check(line, n);
            if (!head.IsChild && head.Type.SequenceEqual("model_requested"u8))
            {
                transcript.Ask();
                request = n;
            }

            return null;
        }

        if (!CommonRecord.IsOne(head.Type))
        {
            return decode(line, n);
        }

        check(line, n);
        return CommonRecord.Read(head.Type, line.Span, lines.OffsetOf(n), stored) is { } common ? new Recorded(n, default, RunId.Session, common) : decode(line, n);
    }

    /// <summary>The number of the last reply, which closed all calls before it; 1 when there is none.</summary>
    private long LastReply()
    {
        for (var n = lines.Count; n > 1; n--)
        {
            if (IsOwn(n, s_replied) && decode(lines.Line(n), n).Event is ModelReplied replied && ReplyFacts.SaysSomething(replied.Reply))
            {
                return n;
            }
        }

        return 1;
    }

    /// <summary>
    /// The number of the reply from which on everything must be read whole: the last one that a summary stands for. That reply closed all that was said before it, so that
    /// nothing of it outlives the summary but facts. 1 when there is no such summary.
    /// </summary>
    private long FirstWhole()
    {
        if (LastUseful() is not { } summary)
        {
            return 1;
        }

        for (var n = Math.Min(summary.UpTo, summary.N - 1); n > 1; n--)
        {
            if (IsOwn(n, s_replied) && decode(lines.Line(n), n).Event is ModelReplied replied && ReplyFacts.SaysSomething(replied.Reply))
            {
                return n;
            }
        }

        return 1;
    }

    /// <summary>
    /// The last summary before the last request, and before the last one whose size a vendor counted: that count is compared with the length of the history at that request,
    /// so that the history must be whole there.
    /// </summary>
    private (long N, long UpTo)? LastUseful()
    {
        var counted = false;
        var before = lines.Count + 1;
        for (var n = lines.Count; n > 1; n--)
        {
            if (!counted && IsOwn(n, s_replied))
            {
                counted = lines.Line(n).Span.IndexOf("\"usage\":{"u8) >= 0 && decode(lines.Line(n), n).Event is ModelReplied replied && ReplyFacts.Counts(replied.Reply);
            }
            else if (IsOwn(n, s_requested))
            {
                before = before > lines.Count ? n : before;
                if (counted)
                {
                    return FindSummary(n - 1);
                }
            }
        }

        return FindSummary(before - 1);
    }

    private (long N, long UpTo)? FindSummary(long from)
    {
        for (var n = from; n > 1; n--)
        {
            if (IsOwn(n, s_compacted) && SummaryAt(n) is { } summary)
            {
                return summary;
            }
        }

        return null;
    }

    private (long N, long UpTo)? SummaryAt(long n) =>
        decode(lines.Line(n), n).Event is Compacted { Summary.Length: > 0 } compacted ? (n, compacted.UpTo) : null;

    private bool IsOwn(long n, byte kind) => (lines.KindOf(n) is RecordKind.Unknown ? RecordKind.Of(lines.Line(n).Span) : lines.KindOf(n)) == kind;
}
