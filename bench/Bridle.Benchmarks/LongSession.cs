using BenchmarkDotNet.Attributes;
using Bridle.Events;
using Bridle.Journal;

namespace Bridle.Benchmarks;

/// <summary>A session of 100,000 records: opened and checked, and folded to the conversation.</summary>
[MemoryDiagnoser]
public class LongSession
{
    private const int Records = 100_000;
    private TemporaryFolder _folder = null!;
    private SessionStore _store = null!;

    [GlobalSetup]
    public async Task WriteAsync()
    {
        _folder = new();
        _store = new SessionStore(_folder.In("data"), _folder.In("state"));
        await using var journal = _store.Create(_folder.Path, "long").Journal;
        for (var turn = 1; journal.Last < Records; turn++)
        {
            foreach (var happened in Conversation.Turn(turn))
            {
                await journal.AppendAsync(Conversation.Run, happened, Durability.Written, CancellationToken.None);
            }
        }
    }

    [GlobalCleanup]
    public void Remove() => _folder.Dispose();

    /// <summary>Lock, every sum and number, then close.</summary>
    [Benchmark]
    public async Task<long> OpenAndVerify()
    {
        await using var journal = _store.Open("long").Journal;
        return journal.Last;
    }

    /// <summary>Every record read, checked and applied.</summary>
    [Benchmark]
    public async Task<int> Fold()
    {
        await using var journal = _store.Read("long").Journal;
        var transcript = new Transcript();
        foreach (var record in journal.Read())
        {
            transcript.Apply(record);
        }

        return transcript.Messages.Count;
    }
}
