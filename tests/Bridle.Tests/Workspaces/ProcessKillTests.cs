using System.Diagnostics;
using Bridle.Workspaces;

namespace Bridle.Tests.Workspaces;

[Collection(AloneCollection.Name)]
public sealed class ProcessKillTests : IDisposable
{
    // Writes its id to the file "last" and then sleeps.
    private const string Last = "./leave";
    private readonly ScratchFolder _folder = new();
    private readonly LocalProcesses _processes = new();

    public ProcessKillTests() => _folder.Program("leave", "#!/bin/sh\necho $$ > last.new; mv last.new last; exec sleep 300\n");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Last)]
    [InlineData(Last + " & wait")]
    [InlineData("setsid " + Last + " & wait")]
    [InlineData("nohup " + Last + " > /dev/null 2>&1 & wait")]
    [InlineData("(setsid " + Last + " &) ; sleep 300")]
    [InlineData("setsid sh -c 'setsid sh -c \"./leave & exit\" &' ; sleep 300")]
    [InlineData("env -i setsid " + Last + " & sleep 300")]
    [InlineData("(env -i setsid " + Last + " > /dev/null 2>&1 < /dev/null &) ; sleep 300")]
    [InlineData("trap '' TERM INT HUP; setsid " + Last + " & while :; do sleep 1; done")]
    [InlineData("(trap '' TERM; " + Last + ") & kill -STOP $$")]
    [InlineData("bash -c 'set -m; ./leave & disown; sleep 300'")]
    public async Task A_kill_reaches_everything_that_was_started(string script)
    {
        await using var process = Start(script);
        var last = await LastAsync();

        await process.KillAsync().WaitAsync(TimeSpan.FromSeconds(10));

        Assert.False(IsRunning(last));
        Assert.True(process.Exit.IsCompleted);
        Assert.False(IsRunning(process.Id));
    }

    [Theory]
    [InlineData(Last + " &")]
    [InlineData("setsid " + Last + " &")]
    [InlineData("(env -i setsid " + Last + " > /dev/null 2>&1 &) ;")]
    public async Task Disposing_after_the_end_reaches_what_was_left_behind(string script)
    {
        var process = Start(script + " while [ ! -e last ]; do sleep 0.01; done");
        Assert.Equal(0, await process.Exit);
        var last = await LastAsync();
        Assert.True(IsRunning(last));

        await process.DisposeAsync();

        Assert.False(IsRunning(last));
        await Eventually.Async(() => ProcessTable.Find(last) is null);
    }

    [Fact]
    public async Task A_kill_leaves_other_calls_alone()
    {
        await using var other = Start("(setsid " + Last + " &) ; sleep 300");
        var last = await LastAsync();
        File.Delete(_folder["last"]);
        await using var process = Start("(setsid " + Last + " &) ; sleep 300");
        var killed = await LastAsync();

        await process.KillAsync();

        Assert.False(IsRunning(killed));
        Assert.True(IsRunning(last));
        Assert.False(other.Exit.IsCompleted);
    }

    [Fact]
    public async Task A_kill_leaves_children_that_the_program_started_itself_alone()
    {
        using var own = Process.Start(new ProcessStartInfo("setsid", ["sleep", "300"]))!;
        try
        {
            await using (var process = Start(Last))
            {
                _ = await LastAsync();
                await process.KillAsync();
            }

            Assert.False(own.HasExited);
        }
        finally
        {
            own.Kill();
        }

        await own.WaitForExitAsync();
        Assert.Equal(137, own.ExitCode);
    }

    [Fact]
    public async Task A_program_that_ends_when_asked_may_still_clean_up()
    {
        await using var process = Start("trap 'echo bye > cleaned; exit 7' TERM; echo $$ > last; while :; do sleep 0.02; done");
        _ = await LastAsync();

        await process.KillAsync();

        Assert.Equal(7, await process.Exit);
        Assert.Equal("bye\n", File.ReadAllText(_folder["cleaned"]));
    }

    [Fact]
    public async Task A_kill_may_come_twice_at_once_and_late()
    {
        await using var process = Start(Last);
        _ = await LastAsync();

        await Task.WhenAll(process.KillAsync(), process.KillAsync());
        await process.KillAsync();

        Assert.Equal(143, await process.Exit);
    }

    [Fact]
    public async Task Output_before_a_kill_is_kept()
    {
        var seen = new MemoryStream();
        await using var process = _processes.Start(new ProcessSpec("sh", ["-c", "echo before; " + Last], _folder.Path) { OnOutput = chunk => seen.Write(chunk.Bytes.Span) });
        _ = await LastAsync();

        await process.KillAsync();
        await process.Exit;

        Assert.Equal("before\n"u8.ToArray(), seen.ToArray());
    }

    [Fact]
    public async Task A_program_that_fills_the_pipe_is_killed()
    {
        long length = 0;
        await using var process = _processes.Start(new ProcessSpec("sh", ["-c", "trap '' PIPE TERM; while :; do head -c 1000000 /dev/zero; done"], _folder.Path)
        {
            OnOutput = chunk => Interlocked.Add(ref length, chunk.Bytes.Length),
        });
        await Eventually.Async(() => Interlocked.Read(ref length) > 5_000_000);

        await process.KillAsync().WaitAsync(TimeSpan.FromSeconds(10));

        Assert.True(process.Exit.IsCompleted);
    }

    [Fact]
    public async Task A_family_that_keeps_forking_is_ended()
    {
        // Every generation hands over to a new session and dies, so that no list of processes stays true for long.
        _folder.Program("hop", "#!/bin/sh\necho $$ > last.new; mv last.new last\nsleep 0.02\nsetsid ./hop > /dev/null 2>&1 &\n");
        await using var process = Start("./hop; sleep 300");
        _ = await LastAsync();

        await process.KillAsync().WaitAsync(TimeSpan.FromSeconds(10));

        Assert.False(IsRunning(await LastAsync()));
        File.Delete(_folder["last"]);
        await Assert.ThrowsAnyAsync<Exception>(() => Eventually.Async(() => File.Exists(_folder["last"]), seconds: 1));
    }

    [Fact]
    public async Task Exit_codes_of_our_own_and_of_dotnets_processes_do_not_mix()
    {
        var ours = Enumerable.Range(0, 20).Select(async number =>
            (await RunOutcome.OfShellAsync(_processes, _folder.Path, $"exit {number}")).ExitCode == number);
        var theirs = Enumerable.Range(0, 20).Select(async number =>
        {
            using var process = Process.Start(new ProcessStartInfo("sh", ["-c", $"exit {number}"]))!;
            await process.WaitForExitAsync();
            return process.ExitCode == number;
        });

        Assert.All(await Task.WhenAll(ours.Concat(theirs)), Assert.True);
    }

    [Fact]
    public async Task A_watch_that_was_killed_is_taken_in_and_followed_by_another()
    {
        await RunOutcome.OfAsync(_processes, _folder.Path, "true");
        var watch = ProcessTable.Find(DeathWatch.Id)!.Value;
        Assert.Contains("bridle-watch", File.ReadAllText($"/proc/{watch.Id}/cmdline"), StringComparison.Ordinal);

        LinuxProcessCalls.SendSignal(watch.Id, LinuxProcessCalls.Kill);
        await Eventually.Async(() => ProcessTable.Find(watch.Id) is not { IsEnded: false } now || now.Born != watch.Born);
        await RunOutcome.OfAsync(_processes, _folder.Path, "true");

        Assert.NotEqual(watch.Born, ProcessTable.Find(watch.Id)?.Born);
        var next = ProcessTable.Find(DeathWatch.Id)!.Value;
        Assert.False(next.IsEnded);
        Assert.NotEqual(watch.Born, next.Born);
    }

    [Fact]
    public async Task The_portable_way_ends_its_tree_too()
    {
        var portable = new LocalProcesses(Environment.GetEnvironmentVariables(), [], spawns: false);
        await using var process = portable.Start(new ProcessSpec("sh", ["-c", Last + " & wait"], _folder.Path) { OnOutput = _ => { } });
        var last = await LastAsync();

        await process.KillAsync();

        Assert.True(process.Exit.IsCompleted);
        await Eventually.Async(() => !IsRunning(last));
    }

    private IRunningProcess Start(string script) => _processes.Start(new ProcessSpec("sh", ["-c", script], _folder.Path)
    {
        OnOutput = _ => { },
    });

    private async Task<int> LastAsync()
    {
        await Eventually.Async(() => File.Exists(_folder["last"]) && File.ReadAllText(_folder["last"]).Length > 0);
        return int.Parse(File.ReadAllText(_folder["last"]), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static bool IsRunning(int id) => ProcessTable.Find(id) is { IsEnded: false };
}
