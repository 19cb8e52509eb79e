using System.Diagnostics;
using Bridle.Sandboxing;
using Bridle.Workspaces;

namespace Bridle.Benchmarks;

/// <summary>
/// What a confined start costs against a bare one, in pairs that take turns: on a shared machine the two see the same disturbance, and the ratio of their minima and medians is what carries over.
/// </summary>
internal static class StartRatio
{
    /// <summary>Runs so many pairs and prints one line for each kind of profile.</summary>
    public static async Task PrintAsync(int pairs)
    {
        using var folder = new TemporaryFolder();
        using var ours = new TemporaryFolder();
        Directory.CreateDirectory(folder.In(".git"));
        Directory.CreateDirectory(ours.In("tmp"));
        File.WriteAllBytes(ours.In("empty"), []);
        var bare = new LocalProcesses();
        var plain = new SandboxProfile { Workspace = folder.Path };

        // What SandboxProfiles gives to a session.
        var full = plain with
        {
            Protected = ProtectedPlaces.Of(folder.Path, "/"), Masked = SecretPlaces.Of([Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)]),
            TemporaryFolder = ours.In("tmp"), EmptyFile = ours.In("empty"), SpareFolder = ours.In("spare"),
        };
        (string Name, IProcesses Processes)[] ways =
        [
            ("bare", bare), ("confined, nothing protected or hidden", BubblewrapSandbox.Shared.Confine(bare, plain)), ("confined as in a session", BubblewrapSandbox.Shared.Confine(bare, full)),
        ];
        var times = ways.Select(_ => new List<double>()).ToList();
        var ticks = new long[ways.Length];
        for (var round = -5; round < pairs; round++)
        {
            for (var way = 0; way < ways.Length; way++)
            {
                var (before, began) = (Ticks(), Stopwatch.GetTimestamp());
                await using (var process = ways[way].Processes.Start(new ProcessSpec("true", [], folder.Path) { OnOutput = _ => { } }))
                {
                    _ = await process.Exit;
                }

                if (round >= 0)
                {
                    times[way].Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                    ticks[way] += Ticks() - before;
                }
            }
        }

        var all = times.Select(one => one.Order().ToList()).ToList();
        for (var way = 0; way < ways.Length; way++)
        {
            var (min, median) = (all[way][0], all[way][pairs / 2]);
            var ofPairs = times[way].Zip(times[0], (one, other) => one / other).Order().ElementAt(pairs / 2);
            Console.WriteLine($"{ways[way].Name,-40} min {min,6:0.00} ms ({min / all[0][0],4:0.0} x)   median {median,6:0.00} ms ({median / all[0][pairs / 2],4:0.0} x)   median of the pairs {ofPairs,4:0.0} x   CPU {ticks[way] * 10.0 / pairs,5:0.0} ms ({(double)ticks[way] / ticks[0],4:0.0} x)");
        }
    }

    // Of this process and of all that it has taken in, in hundredths of a second: enough for a sum over many.
    private static long Ticks()
    {
        var text = File.ReadAllText("/proc/self/stat");
        return text[(text.LastIndexOf(')') + 2)..].Split(' ').Skip(11).Take(4).Aggregate(0L, (sum, one) => sum + long.Parse(one, System.Globalization.CultureInfo.InvariantCulture));
    }
}
