using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Journal;

/// <summary>
/// What was spent for no session: a file of records as a session's log has them, one for each request. It is derived from nothing, so that it lies with the sessions and not with an index.
/// Safe to use by several programs at once. A line that cannot be read is left out of the sums.
/// </summary>
internal sealed class OutsideSpending(string path, TimeProvider time)
{
    public IReadOnlyList<Spent> All() => File.Exists(path) ? LogSpending.All(path).Spent : [];

    public IReadOnlyList<SessionSpending> Sums() => All() is { Count: > 0 } all ? [new(SessionStore.Outside, null, LogSpending.Sum(all, time.LocalTimeZone))] : [];

    /// <summary>Appends a record. Its number is the moment, which nothing else in the file has.</summary>
    public Recorded Note(ModelConsulted consulted)
    {
        using var held = FileLock.Take($"{path}.lock");
        var now = time.GetUtcNow();
        using var codec = new RecordCodec();
        using var file = PrivateFiles.Create(path, FileMode.OpenOrCreate, FileShare.ReadWrite);
        var (end, last) = (RandomAccess.GetLength(file), new byte[1]);
        if (end > 0 && RandomAccess.Read(file, last, end - 1) is 1 && last[0] != '\n')
        {
            // A line that was broken off must not take this one with it.
            RandomAccess.Write(file, "\n"u8, end++);
        }

        RandomAccess.Write(file, codec.Encode(now.UtcTicks, now, RunId.Session, consulted).Span, end);
        return new(now.UtcTicks, now, RunId.Session, consulted);
    }
}
