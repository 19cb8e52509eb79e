using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;

namespace Bridle.Hosting.Subagents;

/// <summary>
/// Writes down in the session's log what each reply of a review took, when it comes, with the review's log up to there as a blob: an interrupt loses none of it, and the limits that
/// sessions share see it before the next request.
/// </summary>
internal sealed class ReviewSpending(SessionEvents session, IModel model) : IEventSink
{
    private readonly List<Recorded> _log = [];
    private readonly List<ModelConsulted> _replies = [];

    /// <summary>What each reply took.</summary>
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
        var consulted = record.Event switch
        {
            ModelReplied replied => new ModelConsulted("review", replied.By ?? model.Info.FullName, replied.Reply.Usage, replied.Cost, replied.Milliseconds) { EstimatedCost = replied.EstimatedCost },
            ReplyCut { Usage: { } usage } cut => new ModelConsulted("review", model.Info.FullName, usage, cut.Cost, 0),
            ReplyCut { PartialText.Length: > 0 } cut => new ModelConsulted("review", model.Info.FullName, null, null, 0) { EstimatedCost = cut.EstimatedCost ?? cut.Cost },
            _ => null,
        };
        if (consulted is not null)
        {
            _replies.Add(consulted);
            var blob = session.Blobs.Put(RecordWriting.Lines(_log));
            await session.RecordAsync(RunId.Session, consulted with { Log = blob }, Durability.Written, CancellationToken.None);
        }
    }
}
