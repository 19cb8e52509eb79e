using System.Diagnostics;
using Bridle.Permissions;
using Bridle.Sandboxing;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Benchmarks;

/// <summary>
/// What it costs to look through a workspace for what a program must not have, as is done before and after each command that nobody was asked about: the looks alone, and a confined
/// <c>true</c> with them and without.
/// </summary>
internal static class GuardedWalk
{
    private const int PerFolder = 20;
    private const int Parts = 25;

    /// <summary>Prints it for workspaces of 5,000 and 50,000 files, the smaller one also with a rule about files.</summary>
    public static async Task PrintAsync(int rounds)
    {
        foreach (var files in (int[])[5_000, 50_000])
        {
            using var folder = new TemporaryFolder();
            var root = new LocalFiles(folder.Path).Root;
            Make(root, files);

            // What changed within the last three seconds is read again at each look; nobody's workspace is that new.
            await Task.Delay(TimeSpan.FromSeconds(4));
            await PrintAsync(root, $"{files} files", [], rounds);
            if (files < 20_000)
            {
                await PrintAsync(root, $"{files} files, a rule about files", [PermissionRule.Parse("Read(private/**)", Verdict.Deny, new RuleSource(RuleLayer.User, "settings.json")).Rule!], rounds);
            }
        }
    }

    private static async Task PrintAsync(string root, string name, IReadOnlyList<PermissionRule> rules, int rounds)
    {
        var inForce = new PermissionsInForce(new() { Root = root, Home = "/home/nobody", AllowConfined = true, Rules = rules });
        var profile = new SandboxProfile { Workspace = root, Protected = ProtectedPlaces.Of(root, "/"), EmptyFile = Path.Combine(root, "empty") };
        var (plain, guarded) = (BubblewrapSandbox.Shared.Confine(new LocalProcesses(), profile), new GuardedWorkspace(inForce, Unasked: true, HidesSecrets: true).Confine(BubblewrapSandbox.Shared, new LocalProcesses(), profile));
        var (looks, withLooks, without) = (new List<double>(), new List<double>(), new List<double>());
        var cpu = TimeSpan.Zero;
        var firsts = new List<double>();
        for (var round = 0; round < 5; round++)
        {
            firsts.Add(await TimeAsync(() =>
            {
                _ = new GuardedLooks(inForce.Policy).Look();
                return Task.CompletedTask;
            }));
        }

        for (var round = -3; round < rounds; round++)
        {
            var before = Environment.CpuUsage.TotalTime;
            var look = await TimeAsync(() =>
            {
                _ = inForce.Guarded(fresh: true);
                return Task.CompletedTask;
            });
            cpu += round < 0 ? TimeSpan.Zero : Environment.CpuUsage.TotalTime - before;
            var (one, other) = (await TimeAsync(() => RunAsync(guarded, root)), await TimeAsync(() => RunAsync(plain, root)));
            if (round >= 0)
            {
                looks.Add(look);
                withLooks.Add(one);
                without.Add(other);
            }
        }

        Console.WriteLine($"{name,-36} the first look: median {Median(firsts),6:0.00} ms   a later one: median {Median(looks),6:0.00} ms, min {looks.Min(),6:0.00} ms, CPU {cpu.TotalMilliseconds / rounds,6:0.00} ms   true: with looks {Median(withLooks),6:0.0} ms, without {Median(without),6:0.0} ms");
    }

    private static async Task RunAsync(IProcesses processes, string root)
    {
        await using var process = processes.Start(new ProcessSpec("true", [], root) { OnOutput = _ => { } });
        _ = await process.Exit;
    }

    private static async Task<double> TimeAsync(Func<Task> act)
    {
        var began = Stopwatch.GetTimestamp();
        await act();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    // Folders of twenty files, in parts of twenty-five folders.
    private static void Make(string root, int files)
    {
        Directory.CreateDirectory(Path.Combine(root, ".git"));
        for (var file = 0; file < files; file++)
        {
            var folder = file / PerFolder;
            var place = Path.Combine(root, $"part{folder / Parts}", $"folder{folder % Parts}");
            Directory.CreateDirectory(place);
            File.WriteAllBytes(Path.Combine(place, $"file{file}.cs"), []);
        }
    }
}
