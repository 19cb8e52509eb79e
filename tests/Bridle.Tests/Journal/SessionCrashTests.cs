using System.Text;
using Bridle.CrashTarget.Scenarios;

namespace Bridle.Tests.Journal;

/// <summary>
/// Whole sessions that die and are continued: twenty scenarios (tests/Bridle.CrashTarget/Scenarios), files outside of the log that count what really ran.
/// Four are killed by strace at every sync, the others end themselves with SIGKILL right after syncs, and all are continued from what is on the disk at every
/// record. eng/crash-proof.sh kills all twenty at every sync and at random moments.
/// </summary>
public sealed class SessionCrashTests : IDisposable
{
    private const int SideBySide = 2;

    private static readonly string[] s_straced = ["s01", "s08", "s09", "s11"];

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_session_that_died_after_any_record_or_effect_goes_on_and_nothing_ran_twice()
    {
        ForEach(AllScenarios.List, scenario =>
        {
            // All but every other one of the records that are not synced, in turns from scenario to scenario.
            var written = (int)scenario.Name[^1];
            var n = 0;
            foreach (var death in SessionPlay.Deaths(PlaceOf(scenario.Name), scenario, what => !what.StartsWith("written ", StringComparison.Ordinal) || written++ % 2 is 0))
            {
                SessionProof.AssertKept(death.Left, death.Told, death.Point);
                var (exitCode, told) = SessionPlay.Run(death.Left, scenario, allowAll: (n++ / 2) % 2 is 1);
                SessionProof.AssertWhole(death.Left, scenario, told, exitCode, death.Point);
            }

            Assert.InRange(n, 20, 60);
        });
    }

    [Fact]
    public void A_session_killed_by_strace_at_any_sync_goes_on_and_nothing_ran_twice()
    {
        ForEach(AllScenarios.List.Where(scenario => s_straced.Contains(scenario.Name)), scenario =>
        {
            var n = 1;
            while (Killed(scenario, $"{scenario.Name}-{n}", place => CrashTarget.RunSessionInjected(place.Root, scenario.Name, $"fsync:signal=SIGKILL:when={n}")))
            {
                n++;
            }

            Assert.InRange(n, 20, 70);
        });
    }

    [Fact]
    public void A_session_that_kills_itself_right_after_a_sync_goes_on_and_nothing_ran_twice()
    {
        ForEach(AllScenarios.List.Where(scenario => !s_straced.Contains(scenario.Name)), scenario =>
        {
            var points = new List<int>();
            SessionPlay.Run(PlaceOf(scenario.Name), scenario, (n, what) =>
            {
                if (what.StartsWith("synced ", StringComparison.Ordinal) || what.StartsWith("effect ", StringComparison.Ordinal))
                {
                    points.Add(n);
                }
            });
            Assert.InRange(points.Count, 8, 40);

            foreach (var n in points)
            {
                Assert.True(Killed(scenario, $"{scenario.Name}-{n}", place => CrashTarget.RunSession(place.Root, scenario.Name, $"kill={n}")), $"{scenario.Name}: point {n} was not reached");
            }
        });
    }

    [Fact]
    public void After_a_call_was_interrupted_the_model_is_asked_with_the_approved_request()
    {
        var text = new StringBuilder();
        foreach (var scenario in AllScenarios.List)
        {
            // Once calls that have begun: one of them for each scenario, now an early, now a late one.
            var points = 0;
            var chosen = scenario.Name[^1] % 4;
            var death = SessionPlay.Deaths(PlaceOf(scenario.Name), scenario, what => what is "synced ToolStarted" && points++ == chosen).Single();
            File.Delete(death.Left.Requests);
            SessionPlay.Run(death.Left, scenario);
            text.Append($"{death.Point}, {scenario.What}\n{File.ReadAllText(death.Left.Requests).Split("-- request\n")[1]}\n");
        }

        Approved.Matches(text.ToString());
    }

    [Fact]
    public void A_write_or_sync_that_fails_stops_the_session_with_a_message_and_it_goes_on_when_the_disk_is_well()
    {
        (string Scenario, string Call, int Step)[] failures = [("s01", "fsync", 1), ("s09", "fsync", 4), ("s12", "fsync", 7), ("s01", "pwrite64", 7), ("s09", "pwrite64", 9), ("s12", "pwrite64", 11)];
        ForEach(failures, one =>
        {
            var refused = 0;
            for (var n = one.Step; FailsWell(AllScenarios.Named(one.Scenario), one.Call, n, n / one.Step % 2 is 0 ? "EIO" : "ENOSPC") is { } wasRefused; n += one.Step)
            {
                refused += wasRefused ? 1 : 0;
            }

            Assert.InRange(refused, 3, 100);
        });
    }

    /// <summary>Whether the session was refused, or null when nothing was made to fail.</summary>
    private bool? FailsWell(Scenario scenario, string call, int n, string error)
    {
        var place = PlaceOf($"{scenario.Name}-{call}-{n}");
        var what = $"{scenario.Name}, {call} {n} failed with {error}";
        var outcome = CrashTarget.RunSessionInjected(place.Root, scenario.Name, $"{call}:error={error}:when={n}");
        if (!outcome.Trace.Any(line => line.Contains("INJECTED", StringComparison.Ordinal)))
        {
            return null;
        }

        // A seal, the words in a lock and the reserve may fail without harm; a record and a blob may not.
        var harmless = outcome is { Refused: null, ExitCode: 0, Lines: [.., "closed"] };
        Assert.True(harmless || outcome is { Refused: not null, ExitCode: 1, Errors: "" }, $"{what}, exit code {outcome.ExitCode}: {string.Join('\n', outcome.Lines)}{outcome.Errors}");
        SessionProof.AssertKept(place, outcome.Lines, what);
        var (exitCode, told) = SessionPlay.Run(place, scenario);
        SessionProof.AssertWhole(place, scenario, told, exitCode, what);
        Directory.Delete(place.Root, recursive: true);
        return !harmless;
    }

    /// <summary>Plays a scenario that is killed and continues it. False when nothing killed it.</summary>
    private bool Killed(Scenario scenario, string name, Func<Place, CrashTarget.Outcome> play)
    {
        var place = PlaceOf(name);
        var outcome = play(place);
        var died = !outcome.Lines.Contains("closed");
        Assert.True(outcome.Refused is null && outcome.Errors.Length is 0, $"{name}: {outcome.Refused}{outcome.Errors}");
        SessionProof.AssertKept(place, outcome.Lines, name);
        var (exitCode, told) = SessionPlay.Run(place, scenario);
        SessionProof.AssertWhole(place, scenario, told, exitCode, name);
        Directory.Delete(place.Root, recursive: true);
        return died;
    }

    private Place PlaceOf(string name) => new(Path.Combine(_folder.Root, name));

    private static void ForEach<T>(IEnumerable<T> cases, Action<T> prove)
    {
        var failures = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.ForEach(cases, new ParallelOptions { MaxDegreeOfParallelism = SideBySide }, one =>
        {
            try
            {
                prove(one);
            }
            catch (Exception failure)
            {
                failures.Add($"{one}: {failure.Message}");
            }
        });
        Assert.True(failures.IsEmpty, string.Join('\n', failures.Order()));
    }
}
