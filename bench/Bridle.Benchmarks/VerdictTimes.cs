using System.Diagnostics;
using System.Globalization;

namespace Bridle.Benchmarks;

/// <summary>The times of <see cref="GateVerdict"/> call by call: on a busy machine the means say more of its other work than of ours, the median of single calls does not.</summary>
internal static class VerdictTimes
{
    private const int Calls = 20_000;

    public static void Print()
    {
        var gate = new GateVerdict();
        gate.Prepare();
        foreach (var (name, judge) in new (string, Action)[] { ("Judge", () => gate.Judge()), ("JudgeCompound", () => gate.JudgeCompound()), ("JudgeHistory", () => gate.JudgeHistory()), ("ReadHistory", () => gate.ReadHistory()) })
        {
            var times = new double[Calls];
            for (var i = 0; i < Calls; i++)
            {
                var began = Stopwatch.GetTimestamp();
                judge();
                times[i] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
            }

            Array.Sort(times);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-14} least {times[0]:0.0} µs, a tenth below {times[Calls / 10]:0.0} µs, median {times[Calls / 2]:0.0} µs"));
        }

        gate.Remove();
    }
}
