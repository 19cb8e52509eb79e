using System.Text;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Sandboxing;
using Bridle.Tools;

namespace Bridle.Tests.Permissions;

public sealed class LastStagesTests
{
    [Fact]
    public async Task The_words_of_a_ToolException_reach_the_model_and_those_of_any_other_only_a_person()
    {
        var reported = new List<(string, Exception)>();
        var stage = new ContainFaultsStage(() => "i1", (id, e) => reported.Add((id, e)));
        var told = await new GateRig(Throwing(new ToolException("no such file")), stage).RunAsync();
        Assert.Equal((CallOutcome.Failed, "no such file"), (told.Outcome, told.Text));
        Assert.Empty(reported);
        var hidden = await new GateRig(Throwing(new InvalidOperationException("stack and secrets")), stage).RunAsync();
        Assert.Contains("(id i1)", hidden.Text);
        Assert.DoesNotContain("secrets", hidden.Text);
        Assert.Equal("stack and secrets", reported.Single().Item2.Message);
    }

    [Fact]
    public async Task A_broken_log_and_the_callers_own_cancellation_go_through()
    {
        var stage = new ContainFaultsStage(() => "i", (_, _) => { });
        await Assert.ThrowsAsync<JournalException>(() => new GateRig(Throwing(new JournalException("disk")), stage).RunAsync());
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => new GateRig(Throwing(new OperationCanceledException()), stage).RunAsync(cancellationToken: cancelled.Token));

        // Somebody else's cancellation is a fault of the tool.
        Assert.Equal(CallOutcome.Failed, (await new GateRig(Throwing(new OperationCanceledException()), stage).RunAsync()).Outcome);
    }

    [Theory]
    [InlineData(ToolEffect.Once, 1)]
    [InlineData(ToolEffect.Repeatable, 0)]
    public async Task The_start_of_a_call_that_must_not_run_twice_is_on_disk_before_it_runs(ToolEffect effect, int syncs)
    {
        var seen = -1;
        GateRig rig = null!;
        var tool = new FakeTool("Read", ToolKind.Read, (_, _, _) =>
        {
            seen = rig.Journal.Syncs;
            Assert.IsType<ToolStarted>(rig.Events[^1]);
            return ValueTask.FromResult(ToolResult.Completed("ok"));
        }, effect);
        rig = new GateRig(tool, new LimitStage(new LimitOptions()));
        await rig.RunAsync();
        Assert.Equal(syncs, seen);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_that_does_not_end_when_it_is_told_to_is_left_behind(bool blocksItsThread)
    {
        using var never = new ManualResetEventSlim();
        var still = new TaskCompletionSource<ToolResult>();
        var started = new TaskCompletionSource();
        var tool = new FakeTool("Read", ToolKind.Read, async (_, _, _) =>
        {
            started.SetResult();
            if (blocksItsThread)
            {
                never.Wait(CancellationToken.None);
            }

            return await still.Task;
        });
        var options = new LimitOptions { Deadline = TimeSpan.FromMinutes(1), Grace = TimeSpan.FromSeconds(1) };
        var result = await InTimeAsync(new GateRig(tool, new LimitStage(options)), started);
        Assert.Equal(CallOutcome.TimedOut, result.Outcome);
        Assert.Contains("left behind", result.Text, StringComparison.Ordinal);

        started = new TaskCompletionSource();
        using var person = new CancellationTokenSource();
        var again = InTimeAsync(new GateRig(tool, new LimitStage(options with { Deadline = null })), started, person.Token);
        await started.Task;
        await person.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => again);
        never.Set();
        still.SetException(new InvalidOperationException("too late"));
    }

    // Lets time pass until the call is over.
    private static async Task<ToolResult> InTimeAsync(GateRig rig, TaskCompletionSource started, CancellationToken cancellationToken = default)
    {
        var running = rig.RunAsync(cancellationToken: cancellationToken);
        await started.Task;
        while (!running.IsCompleted)
        {
            rig.Time.Advance(TimeSpan.FromSeconds(30));
            await Task.Yield();
        }

        return await running;
    }

    [Fact]
    public async Task A_call_that_ends_a_little_late_keeps_its_answer()
    {
        var started = new TaskCompletionSource();
        var tool = new FakeTool("Read", ToolKind.Read, async (_, _, cancellationToken) =>
        {
            started.SetResult();
            var told = new TaskCompletionSource();
            await using var registration = cancellationToken.Register(told.SetResult);
            await told.Task;
            return ToolResult.Completed("just so");
        });
        var options = new LimitOptions { Deadline = TimeSpan.FromSeconds(30), Grace = TimeSpan.FromDays(40) };
        Assert.Equal("just so", (await InTimeAsync(new GateRig(tool, new LimitStage(options)), started)).Text);
    }

    [Fact]
    public async Task What_a_call_will_change_is_kept_before_it_does()
    {
        GateRig rig = null!;
        var tool = new FakeTool("Write", ToolKind.Write, (_, scope, _) =>
        {
            scope.Files.Write(scope.Files.Resolve("a.txt", "/ws"), "new"u8);
            return ValueTask.FromResult(ToolResult.Completed("ok"));
        });
        rig = new GateRig(tool, new PermissionStage(GateRig.InForce()), new EnforceStage(GateRig.InForce(), SecretRedactor.ShapesOnly), new LimitStage(new LimitOptions()));
        rig.Files.File("/ws/a.txt", "old with AKIAABCDEFGHIJKLMNOP");
        await rig.RunAsync();
        var taken = Assert.IsType<SnapshotTaken>(rig.Events[1]);
        Assert.Equal("old with AKIAABCDEFGHIJKLMNOP", Encoding.UTF8.GetString(rig.Journal.Blobs.Get(taken.Blob!)!));
        Assert.Equal("/ws/a.txt", taken.Path);
        Assert.Equal("new", rig.Files.Text("/ws/a.txt"));

        var fresh = new GateRig(new FakeTool("Write", ToolKind.Write), new LimitStage(new LimitOptions()));
        await fresh.RunAsync("""{"path":"made.txt"}""");
        Assert.Null(Assert.IsType<SnapshotTaken>(fresh.Events[0]).Blob);

        var large = new GateRig(new FakeTool("Write", ToolKind.Write), new LimitStage(new LimitOptions { MaxSnapshotBytes = 3 }));
        large.Files.File("/ws/a.txt", "1234");
        await large.RunAsync();
        Assert.Empty(large.Events.OfType<SnapshotTaken>());
    }

    [Fact]
    public async Task A_call_is_ended_at_its_deadline()
    {
        var running = new TaskCompletionSource();
        var tool = new FakeTool("Read", ToolKind.Read, async (_, _, token) =>
        {
            running.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return ToolResult.Completed("never");
        });
        var rig = new GateRig(tool, new LimitStage(new LimitOptions { Deadline = TimeSpan.FromMinutes(2) }));
        var call = rig.RunAsync();
        await running.Task;
        rig.Time.Advance(TimeSpan.FromMinutes(3));
        var result = await call;
        Assert.Equal(CallOutcome.TimedOut, result.Outcome);
        Assert.Contains("2 minutes", result.Text);
    }

    [Fact]
    public async Task The_middle_of_a_long_result_goes_to_a_blob_and_no_character_is_cut_in_two()
    {
        var text = string.Concat(Enumerable.Repeat("😀", 1_000));
        var rig = new GateRig(new FakeTool("Read", ToolKind.Read, (_, _, _) => ValueTask.FromResult(ToolResult.Completed(text))), new LimitStage(new LimitOptions { MaxResultCharacters = 301 }));
        var result = await rig.RunAsync();
        Assert.True(result.Text.Length < 400);
        Assert.Contains("characters left out", result.Text);
        Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(result.Text)));
        Assert.Equal(text, Encoding.UTF8.GetString(rig.Journal.Blobs.Get(result.Spill!)!));
    }

    [Fact]
    public async Task The_tool_gets_a_door_that_hides_what_is_held_back_and_output_that_is_redacted()
    {
        IReadOnlyList<string> seen = [];
        var hash = "";
        var tool = new FakeTool("Ls", ToolKind.Read, (_, scope, _) =>
        {
            seen = [.. scope.Files.List(scope.Files.Resolve(".", "/ws")).Select(entry => entry.Name)];
            hash = scope.Blobs.Put("key=AKIAABCDEFGHIJKLMNOP"u8);
            return ValueTask.FromResult(ToolResult.Completed("ok"));
        });
        var rig = new GateRig(tool, new EnforceStage(GateRig.InForce(), SecretRedactor.ShapesOnly));
        await rig.RunAsync("""{"path":"."}""");
        Assert.Contains("a.txt", seen);
        Assert.DoesNotContain(".env", seen);
        Assert.Equal("key=[redacted: AWS key]", Encoding.UTF8.GetString(rig.Journal.Blobs.Get(hash)!));
    }

    private static FakeTool Throwing(Exception e) => new("Read", ToolKind.Read, (_, _, _) => throw e);
}
