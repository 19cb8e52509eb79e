using BenchmarkDotNet.Attributes;
using Bridle.Events;
using Bridle.Journal;

namespace Bridle.Benchmarks;

/// <summary>One record of a tool's result appended to a session's file, with and without waiting for the disk.</summary>
[MemoryDiagnoser]
public class JournalAppend
{
    private readonly DurableEvent _event = Conversation.Turn(1).Last();
    private TemporaryFolder _folder = null!;
    private IJournal _journal = null!;

    [GlobalSetup]
    public void Open()
    {
        _folder = new();
        _journal = new SessionStore(_folder.In("data"), _folder.In("state")).Create(_folder.Path, "bench").Journal;
    }

    [GlobalCleanup]
    public async Task CloseAsync()
    {
        await _journal.DisposeAsync();
        _folder.Dispose();
    }

    [Benchmark(Baseline = true)]
    public long Written() => _journal.AppendAsync(Conversation.Run, _event, Durability.Written, CancellationToken.None).Result.N;

    [Benchmark]
    public long Synced() => _journal.AppendAsync(Conversation.Run, _event, Durability.Synced, CancellationToken.None).Result.N;
}
