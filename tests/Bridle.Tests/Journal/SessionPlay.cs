using Bridle.CrashTarget.Scenarios;

namespace Bridle.Tests.Journal;

/// <summary>Plays scenarios inside this process, and keeps what a process that died at a point would have left behind.</summary>
internal static class SessionPlay
{
    /// <summary>Plays a scenario, new or continued, to its end.</summary>
    public static (int ExitCode, IReadOnlyList<string> Told) Run(Place place, Scenario scenario, bool allowAll = false) =>
        Run(place, scenario, allowAll, (_, _, _) => { });

    /// <summary>Plays a scenario and tells the points it passes.</summary>
    public static void Run(Place place, Scenario scenario, Action<int, string> atPoint) =>
        Run(place, scenario, allowAll: false, (n, what, _) => atPoint(n, what));

    /// <summary>
    /// Plays a scenario once and keeps a copy of its folder from every point: the kernel keeps what was written by a process that is killed, so the copy is what its
    /// successor finds. The copies are given out one after another, each in the place of the session itself.
    /// </summary>
    public static IEnumerable<Death> Deaths(Place place, Scenario scenario, Func<string, bool> wanted)
    {
        var deaths = new List<(string Point, string Copy, IReadOnlyList<string> Told)>();
        Exception? failed = null;
        var (exitCode, told) = Run(place, scenario, allowAll: false, (n, what, toldSoFar) =>
        {
            if (!wanted(what))
            {
                return;
            }

            // What throws here would only be left out as a watcher that broke, and the copy would lack the rest.
            try
            {
                deaths.Add(($"{scenario.Name} killed at point {n}, {what}", $"{place.Root}-{n}", toldSoFar));
                Copy(new DirectoryInfo(place.Root), $"{place.Root}-{n}");
            }
            catch (Exception e)
            {
                failed ??= e;
            }
        });
        Assert.Null(failed);
        SessionProof.AssertWhole(place, scenario, told, exitCode, $"{scenario.Name} unharmed");
        foreach (var (point, copy, toldThen) in deaths)
        {
            Directory.Delete(place.Root, recursive: true);
            Directory.Move(copy, place.Root);
            yield return new Death(point, place, toldThen);
        }
    }

    private static (int ExitCode, IReadOnlyList<string> Told) Run(Place place, Scenario scenario, bool allowAll, Action<int, string, IReadOnlyList<string>> atPoint)
    {
        using var told = new StringWriter();
        IReadOnlyList<string> Lines() => told.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var exitCode = SessionScript.Run(place.Root, scenario.Name, allowAll, told, (n, what) => atPoint(n, what, Lines()));
        return (exitCode, Lines());
    }

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.GetFiles().Where(file => file.Extension is not ".lock"))
        {
            // A call beside may be giving a spill its name just now. No record speaks of it yet, so that a copy without it stands for a kill just before it was written.
            try
            {
                file.CopyTo(Path.Combine(to, file.Name));
            }
            catch (FileNotFoundException) when (file.Name.StartsWith('.') && file.Extension is ".new")
            {
            }
        }

        foreach (var folder in from.GetDirectories())
        {
            Copy(folder, Path.Combine(to, folder.Name));
        }
    }

    /// <summary>What a process left that died at a point.</summary>
    /// <param name="Point">Which scenario and where.</param>
    /// <param name="Left">Its files.</param>
    /// <param name="Told">What it had told until then.</param>
    internal sealed record Death(string Point, Place Left, IReadOnlyList<string> Told);
}
