using BenchmarkDotNet.Attributes;
using Bridle.Context.Compaction;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Benchmarks;

/// <summary>A conversation of some 200,000 tokens made shorter without a model: by the first rung that is enough, and by all of them one after another.</summary>
[MemoryDiagnoser]
public class CompactionLadderRun
{
    private const int Characters = 800_000;
    private Transcript _transcript = new();

    /// <summary>What it is to come down to: half, which a cheap rung reaches, or nothing, which none does.</summary>
    [Params(Characters / 2, 0)]
    public long Target { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _transcript = new Transcript();
        var n = 0L;
        void Apply(DurableEvent happened) => _transcript.Apply(new Recorded(++n, DateTimeOffset.UnixEpoch, Conversation.Run, happened));
        Apply(new UserSpoke("m", [new TextPart("Find where the factor is set and explain it.")]));
        for (var turn = 1; _transcript.Characters < Characters; turn++)
        {
            foreach (var happened in Conversation.Turn(turn))
            {
                Apply(happened);
            }
        }
    }

    [Benchmark]
    public object? Shorten() => new CompactionLadder(_transcript, "auto").Plan(Target);
}
