using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Journal;

/// <summary>The readable records of a log that must not be written to, as they were when it was opened.</summary>
internal sealed class ReadOnlyJournal(IReadOnlyList<Recorded> records, IBlobs blobs, string reason) : IJournal
{
    public long Last => records.Count == 0 ? 0 : records.Max(record => record.N);

    public IBlobs Blobs => blobs;

    public ValueTask<Recorded> AppendAsync(RunId run, DurableEvent durableEvent, Durability durability, CancellationToken cancellationToken) =>
        ValueTask.FromException<Recorded>(new JournalException(reason));

    public IEnumerable<Recorded> Read(long from = 1) => records.Where(record => record.N >= from);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
