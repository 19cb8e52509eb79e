using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Journal;

/// <summary>
/// The one way in which a session's events go out: durable ones are appended to the log, folded into the transcript and then shown;
/// transient ones are only shown. The log may fail the caller; a sink may not: one that throws is reported once and dropped.
/// Safe to use concurrently; sinks see one event at a time in the order of the log.
/// </summary>
public sealed class SessionEvents : IDisposable
{
    private readonly IJournal _journal;
    private readonly List<IEventSink> _sinks;
    private readonly Action<Exception> _onBrokenSink;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SecretRedactor _redactor;
    private readonly ShownRedaction _shown;
    private readonly List<Unwritten> _unwritten = [];

    /// <summary>
    /// Folds what the journal holds; sinks hear only of what comes later. <paramref name="redactor"/> takes secrets out of transient events, also of those that come
    /// in pieces; durable ones are the journal's. By default it knows the shapes of keys only.
    /// </summary>
    public SessionEvents(IJournal journal, IReadOnlyList<IEventSink> sinks, Action<Exception>? onBrokenSink = null, SecretRedactor? redactor = null)
    {
        _journal = journal;
        _redactor = redactor ?? SecretRedactor.ShapesOnly;
        _shown = new ShownRedaction(_redactor);
        _sinks = [.. sinks];
        _onBrokenSink = onBrokenSink ?? (_ => { });
        Transcript = journal.Fold();
    }

    /// <summary>The fold of all records so far. Read it only from the code that runs the session.</summary>
    public Transcript Transcript { get; }

    /// <summary>What happened and the log could not take any more because another program had changed it, as far as it can be written down later: replies and results of calls.</summary>
    internal IReadOnlyList<Unwritten> Unwritten => _unwritten;

    /// <summary>Where large values go.</summary>
    public IBlobs Blobs => _journal.Blobs;

    /// <summary>The records of some types, named as in the log, as they stand there now.</summary>
    public IEnumerable<Recorded> Records(IReadOnlySet<string> types) => _journal.ReadOnly(types);

    /// <summary>Appends, folds and shows one durable event.</summary>
    public async ValueTask<Recorded> RecordAsync(RunId run, DurableEvent durableEvent, Durability durability, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var recorded = await AppendAsync(run, durableEvent, durability, cancellationToken);
            Transcript.Apply(recorded);
            await EmitAllAsync(_shown.Before(recorded));
            await EmitAsync(recorded);
            return recorded;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Shows one transient event; returns when the sinks took it.</summary>
    public async ValueTask ShowAsync(RunId run, TransientEvent transientEvent, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await EmitAllAsync(_shown.Take(new Shown(run, transientEvent)));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Shows one transient event from code that cannot wait asynchronously, such as a process's output callback.</summary>
    public void Show(RunId run, TransientEvent transientEvent)
    {
        _turn.Wait();
        try
        {
            EmitAllAsync(_shown.Take(new Shown(run, transientEvent))).AsTask().GetAwaiter().GetResult();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    /// <summary>The text without secrets, for what leaves the session by another way than its events.</summary>
    public string Redact(string text) => _redactor.Redact(text);

    private async ValueTask<Recorded> AppendAsync(RunId run, DurableEvent durableEvent, Durability durability, CancellationToken cancellationToken)
    {
        try
        {
            return await _journal.AppendAsync(run, durableEvent, durability, cancellationToken);
        }
        catch (JournalChangedException)
        {
            if (durableEvent is ToolReturned or ModelReplied or SkillUsed or ToolsLoaded)
            {
                _unwritten.Add(new(run, durableEvent));
            }

            // No record will end what was held back, and who watches has the beginning of it.
            await EmitAllAsync(_shown.Before(new Recorded(0, default, run, durableEvent)));
            throw;
        }
    }

    private async ValueTask EmitAllAsync(IReadOnlyList<Shown> all)
    {
        foreach (var shown in all)
        {
            await EmitAsync(shown);
        }
    }

    private async ValueTask EmitAsync(SessionEvent sessionEvent)
    {
        for (var i = _sinks.Count - 1; i >= 0; i--)
        {
            try
            {
                await _sinks[i].EmitAsync(sessionEvent, CancellationToken.None);
            }
            catch (Exception broken)
            {
                _sinks.RemoveAt(i);
                _onBrokenSink(broken);
            }
        }
    }
}

/// <summary>An event that no log has, with the run it belongs to. Its secrets are still in it.</summary>
internal sealed record Unwritten(RunId Run, DurableEvent Event);
