using Bridle.CrashTarget.Scenarios;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Sessions.Replaying;

namespace Bridle.Tests.Journal;

/// <summary>The twenty scenarios of the crash proofs, unharmed and after a death at a point, played again from their logs.</summary>
public sealed class ReplayTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_scenario_replays_as_it_was_with_the_same_requests_and_touches_nothing()
    {
        foreach (var scenario in AllScenarios.List)
        {
            var place = new Place(Path.Combine(_folder.Root, scenario.Name));
            SessionPlay.Run(place, scenario);
            var before = Snapshot(place);
            var report = await ReplayAsync(place);
            Assert.True(report.Difference is null, $"{scenario}: {report.Difference}");
            Assert.True(report.Requests >= scenario.Steps.Count && report.WholeRequests == report.Requests, $"{scenario}: {report}");
            Assert.Equal(scenario.Turns.Count, report.Runs);
            Assert.Equal(before, Snapshot(place));
        }
    }

    [Theory]
    [InlineData("s01")]
    [InlineData("s08")]
    [InlineData("s11")]
    [InlineData("s17")]
    public async Task What_died_anywhere_and_was_continued_replays_as_it_was(string name)
    {
        var scenario = AllScenarios.List.Single(one => one.Name == name);
        foreach (var death in SessionPlay.Deaths(new Place(Path.Combine(_folder.Root, name)), scenario, what => what.StartsWith("synced ", StringComparison.Ordinal)))
        {
            var broken = await ReplayAsync(death.Left);
            Assert.True(broken.Difference is null, $"{death.Point}, before: {broken.Difference}");
            SessionPlay.Run(death.Left, scenario);
            var report = await ReplayAsync(death.Left);
            Assert.True(report.Difference is null, $"{death.Point}: {report.Difference}");
            Assert.True(report.Requests >= scenario.Steps.Count - 1, $"{death.Point}: {report}");
        }
    }

    [Fact]
    public async Task Up_to_any_record_there_is_no_difference_either()
    {
        var place = new Place(Path.Combine(_folder.Root, "s"));
        SessionPlay.Run(place, AllScenarios.List[10]);
        var records = Records(place);
        for (var n = 1; n <= records.Count; n++)
        {
            Assert.Null((await ReplayAsync(place, records[..n])).Difference);
        }
    }

    [Fact]
    public async Task The_first_request_that_would_not_have_been_made_is_named()
    {
        var place = new Place(Path.Combine(_folder.Root, "s"));
        SessionPlay.Run(place, AllScenarios.List[0]);
        var records = Records(place);

        var said = records.FindIndex(record => record.Event is UserSpoke);
        var edited = records.ToList();
        edited[said] = edited[said] with { Event = new UserSpoke(((UserSpoke)edited[said].Event).MessageId, [new TextPart("Something else.")]) };
        var first = records.First(record => record.Event is ModelRequested).N;
        var difference = (await ReplayAsync(place, edited)).Difference;
        Assert.Equal((first, "the messages of the request"), (difference!.N, difference.What));

        var answer = records.FindIndex(record => record.Event is ToolReturned);
        var tampered = records.ToList();
        tampered[answer] = tampered[answer] with { Event = (ToolReturned)tampered[answer].Event with { Content = [new TextPart("forged")] } };
        difference = (await ReplayAsync(place, tampered)).Difference;
        Assert.Equal((records.First(record => record.Event is ModelRequested && record.N > answer + 1).N, "the messages of the request"), (difference!.N, difference.What));
    }

    [Fact]
    public async Task A_record_that_is_missing_and_one_that_is_too_many_are_named()
    {
        var place = new Place(Path.Combine(_folder.Root, "s"));
        SessionPlay.Run(place, AllScenarios.List[0]);
        var records = Records(place);
        var answer = records.First(record => record.Event is ToolReturned);
        var difference = (await ReplayAsync(place, [.. records.Where(record => record != answer)])).Difference;
        Assert.Contains("has no answer in the log", difference!.What, StringComparison.Ordinal);

        var end = records.Last(record => record.Event is RunFinished);
        var more = records.ToList();
        more[records.IndexOf(end)] = end with { Event = (RunFinished)end.Event with { Outcome = TurnOutcome.LimitReached } };
        difference = (await ReplayAsync(place, more)).Difference;
        Assert.Equal((end.N, "how the run ended"), (difference!.N, difference.What));
    }

    private static List<Recorded> Records(Place place) => [.. place.Store.Read(Place.Session).Journal.Read()];

    private static Task<ReplayReport> ReplayAsync(Place place, IReadOnlyList<Recorded>? records = null) =>
        new SessionReplay(records ?? (place.Store.Exists(Place.Session) ? Records(place) : []), place.Store.Blobs, _ => null).RunAsync(CancellationToken.None);

    private static string Snapshot(Place place) =>
        string.Join('\n', Directory.EnumerateFiles(place.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => $"{file} {new FileInfo(file).Length} {File.GetLastWriteTimeUtc(file):O}"));
}
