using System.Globalization;
using Bridle.CrashTarget.Scenarios;

namespace Bridle.Tests.Journal;

/// <summary>
/// The long form of <see cref="SessionCrashTests"/>, run by eng/crash-proof.sh: all scenarios killed by strace at every sync, and kills at random moments, several in
/// a row over one session. Ends only processes that it started.
/// </summary>
public sealed class SessionKillProof : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public void Every_scenario_killed_by_strace_at_every_sync()
    {
        var kills = 0;
        foreach (var scenario in AllScenarios.List)
        {
            for (var n = 1; ; n++)
            {
                var place = PlaceOf(scenario, n);
                var outcome = CrashTarget.RunSessionInjected(place.Root, scenario.Name, $"fsync:signal=SIGKILL:when={n}");
                SessionProof.AssertKept(place, outcome.Lines, place.Root);
                Finish(place, scenario, 1);
                if (outcome.Lines.Contains("closed"))
                {
                    break;
                }

                kills++;
            }
        }

        Tell($"strace: {kills} kills, one at each sync of {AllScenarios.List.Count} scenarios: nothing lost, nothing ran twice");
        Assert.InRange(kills, 400, 2000);
    }

    [Fact(Explicit = true)]
    public void Kills_at_random_moments()
    {
        var (most, seconds, seed) = (Number("BRIDLE_CRASH_KILLS", 10_000), Number("BRIDLE_CRASH_SECONDS", int.MaxValue), Number("BRIDLE_CRASH_SEED", 1));
        var random = new Random(seed);
        var began = TimeProvider.System.GetTimestamp();
        var (kills, sessions, effects, interrupted) = (0, 0, 0, 0);
        while (kills < most && TimeProvider.System.GetElapsedTime(began).TotalSeconds < seconds)
        {
            var scenario = AllScenarios.List[sessions++ % AllScenarios.List.Count];
            var place = PlaceOf(scenario, sessions);
            var told = new List<string>();
            var deaths = 0;
            for (var left = random.Next(1, 4); left > 0; left--)
            {
                // A moment between two lines of what it tells, and then some microseconds.
                var (died, lines) = CrashTarget.RunSessionKilled(place.Root, scenario.Name, random.Next(0, 60), random.Next(0, 2_000));
                told.AddRange(lines);
                deaths += died ? 1 : 0;
                SessionProof.AssertKept(place, told, $"seed {seed}, session {sessions}, {scenario}");
            }

            kills += deaths;
            effects += File.Exists(place.Effects) ? File.ReadAllLines(place.Effects).Length : 0;
            interrupted += Finish(place, scenario, deaths);
        }

        Tell($"random (seed {seed}): {kills} kills over {sessions} sessions, {effects} effects before the last resume, {interrupted} calls told as interrupted: nothing lost, nothing ran twice");
        Assert.True(kills > 0 && interrupted > 0);
    }

    /// <summary>Goes on to the end and gives how many calls were told as interrupted.</summary>
    private static int Finish(Place place, Scenario scenario, int deaths)
    {
        var (exitCode, told) = SessionPlay.Run(place, scenario, allowAll: deaths % 2 is 1);
        SessionProof.AssertWhole(place, scenario, told, exitCode, place.Root, deaths);
        var interrupted = SessionProof.Interrupted(place);
        Directory.Delete(place.Root, recursive: true);
        return interrupted;
    }

    private static void Tell(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private Place PlaceOf(Scenario scenario, int n) => new(Path.Combine(_folder.Root, $"{scenario.Name}-{n}"));
}
