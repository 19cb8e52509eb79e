using Bridle.Events;
using Bridle.Hosting.Receipts;
using Bridle.Messages;

namespace Bridle.Hosting.Tests.Receipts;

public sealed class ReceiptFoldTests
{
    [Fact]
    public void What_a_sensor_found_last_and_what_delegated_runs_took_are_in_the_receipt_of_their_turn()
    {
        var receipts = ReceiptFold.Of("s", Records(
            ("0", new SessionStarted(1, "s", "/work", "test")),
            ("1", new UserSpoke("m", [new TextPart("Mend it.")])), ("1", new RunStarted("turn", "a/big", "default", new RunLimits())),
            ("1", new SensorRan("build", "edit", SensorState.Red, [new SensorSignal(SignalSeverity.Block, "wrong")], 5)),
            ("1.1", new RunStarted("delegate", "a/small", "default", new RunLimits())), ("1.1", new ModelReplied(new ModelReply([new TextPart("x")], StopReason.EndTurn, new Usage(5, 0, 0, 1, 0), null), 0.5m, 1)),
            ("1", new SensorRan("build", "turn", SensorState.Green, [], 5)), ("1", new SensorRan("test", "turn", SensorState.Failed, [], 5)),
            ("1", new RunFinished(TurnOutcome.ModelFailed, Usage.None, null, 1, [], "No.", "rate_limit")),
            ("2", new RunStarted("turn", "a/big", "default", new RunLimits()))));
        Assert.Equal(["build Green", "test Failed"], receipts[0].Sensors.Select(sensor => $"{sensor.Sensor} {sensor.State}"));
        Assert.Equal([("a/small", "delegate", 0.5m)], receipts[0].Spent.Select(spent => (spent.Model, spent.Agent, spent.Cost!.Value)));
        Assert.Equal((3, 2L, 9L, "/work"), (receipts[0].ExitCode, receipts[0].FirstRecord, receipts[0].LastRecord, receipts[0].Folder));
        Assert.Equal((null, null, "nothing_demanded"), (receipts[1].ExitCode, receipts[1].Finished, receipts[1].Verdict));
        Assert.Contains("\"sensors\":[{\"sensor\":\"build\",\"state\":\"green\",\"signals\":0},{\"sensor\":\"test\",\"state\":\"failed\",\"signals\":0}]", ReceiptJson.Write(receipts[0], new(null, "not_comparable", []), indented: false), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_was_copied_for_an_edit_that_did_not_come_about_was_not_changed()
    {
        ToolReturned Ended(string call, CallOutcome outcome, IReadOnlyList<FileTouch>? files) => new(new CallId(call), outcome, [new TextPart("text")], 1) { Files = files };
        var receipts = ReceiptFold.Of("s", Records(
            ("0", new SessionStarted(1, "s", "/work", "test")),
            ("1", new UserSpoke("m", [new TextPart("Mend it.")])), ("1", new RunStarted("turn", "a/big", "default", new RunLimits())),
            ("1", new SnapshotTaken(new CallId("c1"), "/work/a.txt", "blob-a", 420)), ("1", Ended("c1", CallOutcome.Failed, null)),
            ("1", new SnapshotTaken(new CallId("c2"), "/work/b.txt", "blob-b", 420)), ("1", Ended("c2", CallOutcome.Completed, [new FileTouch("/work/b.txt", "after-b", Written: true)])),
            ("1", new RunFinished(TurnOutcome.Completed, Usage.None, null, 1, [], "Done.", null))));
        Assert.Equal(["/work/b.txt"], receipts[0].ChangedFiles.Select(file => file.Path));
    }

    [Fact]
    public void A_turn_that_asked_nobody_stands_on_the_reply_that_a_killed_one_left()
    {
        static ModelReplied Said(string text) => new(new ModelReply([new TextPart(text)], StopReason.EndTurn, new Usage(5, 0, 0, 1, 0), null), 0.5m, 1);
        IReadOnlyList<int?> Codes(ModelReplied reply) => [.. ReceiptFold.Of("s", Records(
            ("0", new SessionStarted(1, "s", "/work", "test")),
            ("1", new UserSpoke("m", [new TextPart("Say it.")])), ("1", new RunStarted("turn", "a/big", "default", new RunLimits())), ("1", reply),
            ("1", new RunFinished(TurnOutcome.Crashed, Usage.None, null, 0, [])),
            ("2", new RunStarted("turn", "a/big", "default", new RunLimits())), ("2.1", Said("delegated")), ("2", new RunFinished(TurnOutcome.Completed, Usage.None, null, 0, [])),
            ("3", new RunStarted("turn", "a/big", "default", new RunLimits())), ("3", Said("")), ("3", new RunFinished(TurnOutcome.Completed, Usage.None, null, 1, [])))).Select(receipt => receipt.ExitCode)];
        Assert.Equal([1, 0, 1], Codes(Said("Said.")));
        Assert.Equal([1, 1, 1], Codes(Said(" ")));
    }

    [Fact]
    public void A_look_back_stands_with_the_last_turn_before_it()
    {
        ModelReplied Reply(decimal cost) => new(new ModelReply([new TextPart("x")], StopReason.EndTurn, new Usage(5, 0, 0, 1, 0), null), cost, 1);
        var receipts = ReceiptFold.Of("s", Records(
            ("0", new SessionStarted(1, "s", "/work", "test")),
            ("1", new RunStarted("turn", "a/big", "default", new RunLimits())), ("1", Reply(1m)), ("1", new RunFinished(TurnOutcome.Completed, Usage.None, null, 1, [], null, null)),
            ("2", new RunStarted("turn", "a/big", "default", new RunLimits())), ("2", Reply(2m)), ("2", new RunFinished(TurnOutcome.Completed, Usage.None, null, 1, [], null, null)),
            ("0", new ModelConsulted("review", "a/small", new Usage(7, 0, 0, 3, 0), 0.25m, 1)), ("0", new ModelConsulted("review", "a/small", null, null, 1)), ("0", new ModelConsulted("prompt hook", "a/small", null, 9m, 1)),
            ("3", new RunStarted("turn", "a/big", "default", new RunLimits())), ("3", Reply(3m)), ("0", new ModelConsulted("review", "a/small", new Usage(7, 0, 0, 3, 0), 0.5m, 1))));
        Assert.Equal(["main 1", "main 2, review 0.25, review ?", "main 3, review 0.5"], receipts.Select(receipt => string.Join(", ", receipt.Spent.Select(spent => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{spent.Agent} {(spent.Cost is { } cost ? cost : "?")}")))));
        Assert.Equal([4L, 9L, 13L], receipts.Select(receipt => receipt.LastRecord));
    }

    private static List<Recorded> Records(params (string Run, DurableEvent Event)[] events) => [.. events.Select((one, i) => new Recorded(i + 1, DateTimeOffset.UnixEpoch, new RunId(one.Run), one.Event))];
}
