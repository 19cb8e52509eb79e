using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Journal;

/// <summary>Whether an append must survive a power cut before it is acknowledged.</summary>
public enum Durability
{
    /// <summary>Written to the operating system; survives a killed process.</summary>
    Written,

    /// <summary>Synced to the disk.</summary>
    Synced,
}

/// <summary>
/// The log of one session. A failed append or sync throws <see cref="JournalException"/> and the journal refuses every later
/// append until it is opened again. Appends may be called concurrently and are ordered by their numbers.
/// </summary>
public interface IJournal : IAsyncDisposable
{
    /// <summary>The number of the last record; 0 when empty.</summary>
    long Last { get; }

    /// <summary>Large values by the hash of their bytes.</summary>
    IBlobs Blobs { get; }

    /// <summary>Appends one record and returns it as written.</summary>
    ValueTask<Recorded> AppendAsync(RunId run, DurableEvent durableEvent, Durability durability, CancellationToken cancellationToken);

    /// <summary>All records from number <paramref name="from"/> on, as they stand now.</summary>
    IEnumerable<Recorded> Read(long from = 1);

    /// <summary>The records of some types only, named as in the log. A journal in a file does not take the others apart.</summary>
    IEnumerable<Recorded> ReadOnly(IReadOnlySet<string> types) => Read().Where(record => types.Contains(RecordCodec.NameOf(record.Event)));

    /// <summary>The same, but only of records that have a field of this name. May give others as well: a journal in a file only looks whether the name is there before it takes a record apart.</summary>
    IEnumerable<Recorded> ReadOnly(IReadOnlySet<string> types, string field) => ReadOnly(types);

    /// <summary>The conversation that all records make as they stand now. A journal in a file does not read what a summary has replaced, and leaves long results in the file until they are asked for.</summary>
    Transcript Fold()
    {
        var transcript = new Transcript();
        foreach (var record in Read())
        {
            transcript.Apply(record);
        }

        return transcript;
    }
}

/// <summary>Large values, addressed by the lower-case hex SHA-256 of their bytes. Shared by sessions; safe to use concurrently.</summary>
public interface IBlobs
{
    /// <summary>The store that keeps bytes exactly as they are given, also where this one redacts what goes through it. For what must be put back unchanged.</summary>
    IBlobs Exact => this;

    /// <summary>Stores the bytes, synced to disk before it returns, and gives their hash. Storing the same bytes again is free.</summary>
    string Put(ReadOnlySpan<byte> bytes);

    /// <summary>The bytes, or null when there is no such blob or its bytes no longer match the hash.</summary>
    byte[]? Get(string hash);

    /// <summary>Where a person or a tool can read the blob, or null for a store without files.</summary>
    string? PathOf(string hash);
}

/// <summary>The log could not be read or written. The message says what happened and what to do, and may be shown.</summary>
public class JournalException(string message, Exception? inner = null) : Exception(message, inner);
