using Bridle.CrashTarget.Scenarios;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Testing;

namespace Bridle.Tests.Journal;

/// <summary>What must hold of a session whose process died, and what must hold once another process has gone on with it to its end.</summary>
internal static class SessionProof
{
    private static readonly string[] s_counted = ["Count", "Pay", "Fail", "Dump"];

    /// <summary>Everything that was acknowledged before the death is in the log, and the log is sound up to a torn tail at most.</summary>
    public static void AssertKept(Place place, IReadOnlyList<string> told, string what)
    {
        if (!place.Store.Exists(Place.Session))
        {
            Assert.True(!Told(told, "ack ").Any(), $"{what}: acknowledged and gone");
            return;
        }

        var opened = place.Store.Read(Place.Session);
        Assert.True(opened.Report.State is OpenState.Clean or OpenState.Repaired, $"{what}: {opened.Report.Describe()}");
        var records = opened.Journal.Read().ToList();
        Assert.Equal(Gapless(records.Count), records.Select(record => record.N));
        Assert.True(Told(told, "ack ").Select(long.Parse).All(n => n <= records.Count), $"{what}: a record that was acknowledged is gone");
        var messages = Messages(records);
        Assert.All(Told(told, "accepted "), message => Assert.True(messages.Count(one => one == message) is 1, $"{what}: the message {message} was accepted"));
    }

    /// <summary>The session reached its end: no message is missing or twice, no call ran twice, what was interrupted was told, and the conversation is whole.</summary>
    /// <param name="place">The session.</param>
    /// <param name="scenario">What it should have done.</param>
    /// <param name="resumed">What the process that went on told.</param>
    /// <param name="exitCode">How it ended.</param>
    /// <param name="what">Which death this was.</param>
    /// <param name="deaths">How often a process died over it.</param>
    public static void AssertWhole(Place place, Scenario scenario, IReadOnlyList<string> resumed, int exitCode, string what, int deaths = 1)
    {
        Assert.True(exitCode is 0 && resumed[^1] is "closed", $"{what}: exit {exitCode}: {string.Join('\n', resumed)}");
        var opened = place.Store.Read(Place.Session);
        Assert.True(opened.Report.State is OpenState.Clean, $"{what}: {opened.Report.Describe()}");
        var records = opened.Journal.Read().ToList();
        Assert.Equal(Gapless(records.Count), records.Select(record => record.N));

        var expected = scenario.Turns.Select(turn => turn.Id).Concat(scenario.Steps.Select(step => step.Steer).OfType<string>()).Order();
        Assert.True(expected.SequenceEqual(Messages(records).Order()), $"{what}: the messages are {string.Join(", ", Messages(records))}");
        var events = records.Select(record => record.Event).ToList();
        AssertConversation(scenario, records, what, deaths);
        AssertCalls(place, scenario, events, what, deaths);
        AssertApprovals(events, what);
    }

    /// <summary>How many calls were told as interrupted.</summary>
    public static int Interrupted(Place place) =>
        place.Store.Read(Place.Session).Journal.Read().Count(record => record.Event is ToolReturned { Outcome: CallOutcome.Interrupted });

    private static void AssertConversation(Scenario scenario, List<Recorded> records, string what, int deaths)
    {
        var events = records.Select(record => record.Event).ToList();
        var replies = events.OfType<ModelReplied>().Select(replied => replied.Reply).ToList();
        Assert.True(replies.Count == scenario.Steps.Count, $"{what}: {replies.Count} replies for {scenario.Steps.Count} steps");
        Assert.Equal(scenario.Steps[^1].Text, replies[^1].Text);
        var outcomes = events.OfType<RunFinished>().Select(run => run.Outcome).ToList();
        Assert.True(outcomes.Count(outcome => outcome is TurnOutcome.Completed) == scenario.Turns.Count, $"{what}: the turns ended as {string.Join(", ", outcomes)}");
        Assert.True(outcomes.Count(outcome => outcome is TurnOutcome.Crashed) <= deaths && outcomes.Count <= scenario.Turns.Count + deaths, $"{what}: the turns ended as {string.Join(", ", outcomes)}");

        var transcript = new Transcript();
        records.ForEach(transcript.Apply);
        Assert.Null(HistoryCheck.WhatIsWrong([.. transcript.Messages, Message.User("And now?")]));
    }

    private static void AssertCalls(Place place, Scenario scenario, List<DurableEvent> events, string what, int deaths)
    {
        var effects = File.Exists(place.Effects) ? File.ReadAllLines(place.Effects) : [];
        Assert.True(effects.Distinct().Count() == effects.Length, $"{what}: took effect twice: {string.Join(", ", effects)}");
        var started = events.OfType<ToolStarted>().Where(one => one.Effect is ToolEffect.Once).Select(one => one.Call).ToList();
        Assert.True(started.Distinct().Count() == started.Count, $"{what}: started twice: {string.Join(", ", started)}");

        var returned = events.OfType<ToolReturned>().ToList();
        var made = scenario.Steps.Sum(step => step.Calls.Count);
        Assert.Equal(Enumerable.Range(1, made).Select(n => $"c{n}").Order(), returned.Select(one => one.Call.Value).Order());
        var requests = File.ReadAllText(place.Requests);
        foreach (var one in returned)
        {
            var ran = effects.Count(effect => effect == one.Call.Value);
            if (one.Outcome is CallOutcome.Interrupted)
            {
                Assert.True(requests.Contains($"[{one.Call}! Interrupted: ", StringComparison.Ordinal) && requests.Contains("is unknown", StringComparison.Ordinal), $"{what}: {one.Call} was interrupted and the model not told");
            }
            else if (s_counted.Contains(one.Tool))
            {
                Assert.True(ran == (one.Outcome is CallOutcome.Denied ? 0 : 1), $"{what}: {one.Call} is told as {one.Outcome} and took effect {ran} times");
            }
        }

        Assert.True(returned.Count(one => one.Outcome is CallOutcome.Interrupted) <= deaths, $"{what}: a death interrupted more than one call that runs by itself");
    }

    private static void AssertApprovals(List<DurableEvent> events, string what)
    {
        var given = events.OfType<ApprovalGiven>().ToDictionary(one => one.Id);
        foreach (var asked in events.OfType<ApprovalRequested>().GroupBy(one => one.Call))
        {
            var answers = asked.Where(one => given.ContainsKey(one.Id)).Select(one => given[one.Id].Verdict).ToList();
            var ran = events.OfType<ToolStarted>().Any(one => one.Call == asked.Key);
            Assert.True(asked.Count() is 1, $"{what}: the question about {asked.Key} was made anew");
            Assert.True(answers.Count <= 1, $"{what}: the person was asked again about {asked.Key} after an answer");
            Assert.True(!answers.Contains("deny") || !ran, $"{what}: {asked.Key} was refused and ran");
        }
    }

    private static IEnumerable<long> Gapless(int count) => Enumerable.Range(1, count).Select(n => (long)n);

    private static IEnumerable<string> Told(IReadOnlyList<string> lines, string word) =>
        lines.Where(line => line.StartsWith(word, StringComparison.Ordinal)).Select(line => line[word.Length..]);

    private static List<string> Messages(List<Recorded> records) => [.. records.SelectMany(record => record.Event switch
    {
        UserSpoke spoke => [spoke.MessageId],
        InboxDrained drained => drained.Messages.Select(message => message.Text),
        _ => [],
    })];
}
