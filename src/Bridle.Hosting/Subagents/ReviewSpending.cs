using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Hosting.Subagents;

/// <summary>
/// Writes down in the session's log what each request of a review took, when it is known, with the review's log up to there as a blob: an interrupt loses none of it, and the limits that
/// sessions share see it before the next request.
/// </summary>
internal sealed class ReviewSpending(SessionEvents session) : IEventSink
{
    private readonly List<Recorded> _log = [];
    private readonly List<ModelConsulted> _replies = [];
    private readonly SpendingFold _fold = new(withCopied: true);

    /// <summary>What each request took.</summary>
    public IReadOnlyList<ModelConsulted> Replies => [.. _replies];

    /// <summary>What it kept and forgot, in the tools' own words.</summary>
    public IReadOnlyList<string> Changes =>
    [
        .. _log.Select(record => record.Event).OfType<ToolReturned>().Where(result => result is { IsError: false, Tool: "Remember" or "Forget" })
            .Select(result => string.Concat(result.Content.OfType<TextPart>().Select(part => part.Text))),
    ];

    /// <inheritdoc/>
    public async ValueTask EmitAsync(SessionEvent sessionEvent, CancellationToken cancellationToken)
    {
        if (sessionEvent is not Recorded record)
        {
            return;
        }

        _log.Add(record);
        if (_fold.Take(record) is { } spent)
        {
            var took = record.Event switch { ModelReplied replied => replied.Milliseconds, ModelConsulted beside => beside.Milliseconds, _ => 0 };
            var usage = IsMeasured(record.Event) ? spent.Usage : null;
            var consulted = new ModelConsulted("review", spent.Model, usage, spent.Cost, took) { EstimatedUsage = spent.IsGuess ? spent.Usage : null, EstimatedCost = spent.Estimated };
            _replies.Add(consulted);
            var blob = session.Blobs.Put(RecordWriting.Lines(_log));
            await session.RecordAsync(RunId.Session, consulted with { Log = blob }, Durability.Written, CancellationToken.None);
        }
    }

    private static bool IsMeasured(DurableEvent one) => (one switch
    {
        ModelReplied replied => replied.Reply.Usage, ReplyCut cut => cut.Usage, Compacted compacted => compacted.Usage, ModelConsulted beside => beside.Usage, _ => null,
    }) is not null;
}
