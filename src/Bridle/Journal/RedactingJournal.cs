using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Journal;

/// <summary>
/// A journal that lets no known secret through. Text is redacted by value and by shape. What runs (arguments of calls) and what an approver must see (the input of a
/// request) is redacted by known value only: a resemblance must not change what is done, nor hide it from the person who decides.
/// </summary>
public sealed class RedactingJournal(IJournal inner, SecretRedactor redactor) : IJournal
{
    private readonly EventRedactor _events = new(redactor);

    /// <inheritdoc/>
    public long Last => inner.Last;

    /// <inheritdoc/>
    public IBlobs Blobs => inner.Blobs;

    /// <inheritdoc/>
    public ValueTask<Recorded> AppendAsync(RunId run, DurableEvent durableEvent, Durability durability, CancellationToken cancellationToken) =>
        inner.AppendAsync(run, _events.Redact(durableEvent), durability, cancellationToken);

    /// <inheritdoc/>
    public IEnumerable<Recorded> Read(long from = 1) => inner.Read(from);

    /// <inheritdoc/>
    public IEnumerable<Recorded> ReadOnly(IReadOnlySet<string> types) => inner.ReadOnly(types);

    /// <inheritdoc/>
    public IEnumerable<Recorded> ReadOnly(IReadOnlySet<string> types, string field) => inner.ReadOnly(types, field);

    /// <inheritdoc/>
    public Transcript Fold() => inner.Fold();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
