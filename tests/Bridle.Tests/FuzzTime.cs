using System.Diagnostics;

namespace Bridle.Tests;

/// <summary>
/// How long a fuzzer goes on, and from which seed: BRIDLE_FUZZ_SECONDS and BRIDLE_SEED, else a few seconds and a fresh seed. In CI the seed is made of the sources. A run
/// that fails prints it, which is all that it takes to see the same texts again.
/// </summary>
internal sealed class FuzzTime
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly double _seconds = double.TryParse(Environment.GetEnvironmentVariable("BRIDLE_FUZZ_SECONDS"), out var seconds) ? seconds : 3;

    public FuzzTime(ITestOutputHelper output)
    {
        Seed = int.TryParse(Environment.GetEnvironmentVariable("BRIDLE_SEED"), out var seed) ? seed : System.Random.Shared.Next();
        Random = new Random(Seed);
        output.WriteLine($"BRIDLE_SEED={Seed} BRIDLE_FUZZ_SECONDS={_seconds}");
    }

    public int Seed { get; }

    public Random Random { get; }

    public int Rounds { get; private set; }

    /// <summary>Whether there is time for one more; there always is for the first.</summary>
    public bool Next() => Rounds++ == 0 || Stopwatch.GetElapsedTime(_start).TotalSeconds < _seconds;
}
