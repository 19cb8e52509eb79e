using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Journal;

/// <summary>
/// Takes secrets out of what is shown while it happens. A secret may be cut anywhere between two pieces, so each text that comes in pieces (the answer and the
/// reasoning of a run, the output of a call) has a stream of its own, whose rest is given before the record that ends it. Not for concurrent use.
/// </summary>
internal sealed class ShownRedaction(SecretRedactor redactor)
{
    private readonly Dictionary<Source, RedactingStream> _open = [];

    /// <summary>What may be shown now in its place: nothing, the event without secrets, or also what was held back before it.</summary>
    public IReadOnlyList<Shown> Take(Shown shown)
    {
        switch (shown.Event)
        {
            case TextStreamed text:
                return [.. End(shown.Run, Kind.Reasoning, default), .. Push(new(shown.Run, Kind.Text, default), text.Text)];
            case ReasoningStreamed reasoning:
                return [.. End(shown.Run, Kind.Text, default), .. Push(new(shown.Run, Kind.Reasoning, default), reasoning.Text)];
            case ToolProgressed progress:
                return Push(new(shown.Run, Kind.Output, progress.Call), progress.Text);
            case CallStreamed call:
                return [.. EndReply(shown.Run), shown with { Event = new CallStreamed(redactor.Redact(call.Tool)) }];
            case ReplyWithdrawn withdrawn:
                _ = EndReply(shown.Run);
                return [shown with { Event = new ReplyWithdrawn(redactor.Redact(withdrawn.Reason)) }];
            case RetryWaiting waiting:
                return [shown with { Event = waiting with { Reason = redactor.Redact(waiting.Reason) } }];
            case NoticeShown notice:
                return [shown with { Event = new NoticeShown(redactor.Redact(notice.Text)) }];
            case SensorBegan began:
                return [shown with { Event = began with { What = redactor.Redact(began.What) } }];
            default:
                return [shown];
        }
    }

    /// <summary>What was held back and must be shown before the record.</summary>
    public IReadOnlyList<Shown> Before(Recorded record) => _open.Count == 0 ? [] : record.Event switch
    {
        ModelReplied or ReplyCut or ModelFailed or RunFinished => EndReply(record.Run),
        ToolReturned returned => End(record.Run, Kind.Output, returned.Call),
        _ => [],
    };

    private IReadOnlyList<Shown> Push(Source source, string piece)
    {
        if (!_open.TryGetValue(source, out var stream))
        {
            _open[source] = stream = redactor.Stream();
        }

        return Shown(source, stream.Push(piece));
    }

    private IReadOnlyList<Shown> EndReply(RunId run) => [.. End(run, Kind.Reasoning, default), .. End(run, Kind.Text, default)];

    private IReadOnlyList<Shown> End(RunId run, Kind kind, CallId call)
    {
        var source = new Source(run, kind, call);
        return _open.Remove(source, out var stream) ? Shown(source, stream.Flush()) : [];
    }

    private static IReadOnlyList<Shown> Shown(Source source, string text) => text.Length == 0 ? [] :
    [
        new(source.Run, source.Kind switch
        {
            Kind.Text => new TextStreamed(text),
            Kind.Reasoning => new ReasoningStreamed(text),
            _ => new ToolProgressed(source.Call, text),
        }),
    ];

    private enum Kind
    {
        Text,
        Reasoning,
        Output,
    }

    private readonly record struct Source(RunId Run, Kind Kind, CallId Call);
}
