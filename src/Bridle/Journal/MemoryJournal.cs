using System.Security.Cryptography;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Journal;

/// <summary>A journal that lives in memory: for tests and for programs that want no files.</summary>
public sealed class MemoryJournal(TimeProvider? time = null) : IJournal
{
    private readonly List<Recorded> _records = [];
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public long Last
    {
        get
        {
            lock (_lock)
            {
                return _records.Count;
            }
        }
    }

    /// <inheritdoc/>
    public IBlobs Blobs { get; } = new MemoryBlobs();

    /// <summary>How many appends asked to be synced.</summary>
    public int Syncs { get; private set; }

    /// <inheritdoc/>
    public ValueTask<Recorded> AppendAsync(RunId run, DurableEvent durableEvent, Durability durability, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var record = new Recorded(_records.Count + 1, _time.GetUtcNow(), run, durableEvent);
            _records.Add(record);
            Syncs += durability is Durability.Synced ? 1 : 0;
            return ValueTask.FromResult(record);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Recorded> Read(long from = 1)
    {
        lock (_lock)
        {
            return [.. _records.Skip((int)from - 1)];
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Blobs in memory.</summary>
public sealed class MemoryBlobs : IBlobs
{
    private readonly Dictionary<string, byte[]> _blobs = [];

    /// <inheritdoc/>
    public string Put(ReadOnlySpan<byte> bytes)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        lock (_blobs)
        {
            if (!_blobs.ContainsKey(hash))
            {
                _blobs[hash] = bytes.ToArray();
            }
        }

        return hash;
    }

    /// <inheritdoc/>
    public byte[]? Get(string hash)
    {
        lock (_blobs)
        {
            return _blobs.GetValueOrDefault(hash);
        }
    }

    /// <inheritdoc/>
    public string? PathOf(string hash) => null;
}
