using Bridle.Hosting.Tests.Hooks;
using Bridle.Testing;
using Bridle.Tests;

namespace Bridle.Hosting.Tests;

public sealed class UnwindingTests : IDisposable
{
    private readonly HookRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task What_cannot_be_closed_keeps_nothing_else_open()
    {
        var closed = new List<int>();
        var opened = new Unwinding();
        for (var i = 1; i <= 3; i++)
        {
            opened.Add(new Closing(i, closed));
        }

        Assert.Equal("3", (await Assert.ThrowsAsync<InvalidOperationException>(async () => await opened.DisposeAsync())).Message);
        Assert.Equal([3, 2, 1], closed);
        await opened.DisposeAsync();
        Assert.Equal(3, closed.Count);
    }

    [Fact]
    public async Task A_start_that_is_interrupted_leaves_no_lock_and_no_folder()
    {
        var started = Path.Combine(_rig.Home, "started");
        _rig.Hook("SessionStart", $"echo \"$CLAUDE_ENV_FILE\" > '{started}.new'; mv '{started}.new' '{started}'; sleep 600");
        using var interrupt = new CancellationTokenSource();
        var request = _rig.Request(new ScriptedModel(ScriptedReply.Text("ok"))) with { SessionName = "s" };
        var start = Composition.StartAsync(request, interrupt.Token);
        await Eventually.Async(() => File.Exists(started), seconds: 60);
        Assert.False(start.IsCompleted, "the start waits for its hook");

        await interrupt.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);

        Assert.False(Directory.Exists(Path.GetDirectoryName(File.ReadAllText(started).Trim())));
        var places = Path.Combine(_rig.Home, ".local/state/bridle/sandbox");
        Assert.Empty(Directory.Exists(places) ? Directory.GetDirectories(places, "bridle-*") : []);
        _rig.UserSettings("{}");
        await using var again = Assert.IsType<HarnessStarted>(await Composition.StartAsync(request, TestContext.Current.CancellationToken)).Harness;
    }

    private sealed class Closing(int number, List<int> closed) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            closed.Add(number);
            throw new InvalidOperationException($"{number}");
        }
    }
}
