using Bridle.Sandboxing;
using Bridle.Tests.Workspaces;
using Bridle.Workspaces;
using Target = Bridle.Tests.Journal.CrashTarget;

namespace Bridle.Tests.Sandboxing;

/// <summary>Containers end with the Bridle that started them: an engine that only records, and a Bridle that is killed.</summary>
[Collection(AloneCollection.Name)]
public sealed class ContainerLeashTests : IDisposable
{
    private readonly Confined _here = new();
    private readonly string _calls;
    private readonly string _engine;

    public ContainerLeashTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only.");
        _calls = Path.Combine(_here.Outer, "calls");
        _engine = Path.Combine(_here.Outer, "engine");

        // A client that lasts when it runs the program; "ps" prints what the file beside it says.
        File.WriteAllText(_engine, $"#!/bin/sh\necho \"$*\" >> {_calls}\ncase \"$*\" in *'exec sleep'*) echo begun > {_here.In("begun")}; exec sleep 3600;; ps*) cat {_here.Outer}/left 2>/dev/null;; esac\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_engine, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private string[] Calls => File.Exists(_calls) ? File.ReadAllLines(_calls) : [];

    public void Dispose() => _here.Dispose();

    [Fact]
    public async Task After_a_kill_the_container_is_removed_by_its_name_and_the_next_start_knows_it_for_left_over()
    {
        using var other = Target.StartContained(_here.Workspace, _engine, "img", "/dev/null");
        await Eventually.Async(() => File.Exists(_here.In("begun")), seconds: 60);
        var name = Calls.Single(line => line.Contains("exec sleep", StringComparison.Ordinal)).Split(' ').First(word => word.StartsWith("bridle-", StringComparison.Ordinal));
        Assert.False(ContainerName.IsLeft(name));

        other.Kill();
        await other.WaitForExitAsync(TestContext.Current.CancellationToken);

        await Eventually.Async(() => Calls.Contains($"rm -f {name}"), seconds: 60);
        Assert.True(ContainerName.IsLeft(name));

        // What nobody removed, because who watched was killed as well.
        var ours = ContainerName.Make();
        await File.WriteAllTextAsync(Path.Combine(_here.Outer, "left"), $"{name}\n{ours}\nbridle-test\nbridle-{new string('0', 32)}\n", TestContext.Current.CancellationToken);
        File.Delete(_calls);
        Assert.True(new ContainerSandbox(new(_engine, "img") { User = "0:0" }).Probe().Works);
        Assert.Contains(Calls, line => line.StartsWith("rm -f ", StringComparison.Ordinal) && line.Contains(name, StringComparison.Ordinal) && !line.Contains(ours, StringComparison.Ordinal) && !line.Contains(new string('0', 32), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_container_that_has_ended_is_not_removed_once_more()
    {
        using var other = Target.StartContained(_here.Workspace, _engine, "img", "/dev/null");
        await Eventually.Async(() => File.Exists(_here.In("begun")), seconds: 60);
        var watch = ProcessTable.All().Values.Where(row => row.Parent == other.Id && CommandOf(row.Id).Contains("bridle-watch", StringComparison.Ordinal) && CommandOf(row.Id).Contains(_engine, StringComparison.Ordinal)).ToList();
        Assert.Single(watch);

        other.StandardInput.Close();
        await other.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Eventually.Async(() => ProcessTable.Find(watch[0].Id) is not { IsEnded: false } now || now.Born != watch[0].Born);

        Assert.Single(Calls, line => line.StartsWith("rm -f", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_watch_that_was_killed_is_followed_by_another_at_the_next_container()
    {
        using var first = ContainerLeash.Take(_engine, new Dictionary<string, string>());
        var watch = await WatchAsync();
        LinuxProcessCalls.SendSignal(watch.Id, LinuxProcessCalls.Kill);
        await Eventually.Async(() => ProcessTable.Find(watch.Id) is not { IsEnded: false } now || now.Born != watch.Born);

        // It may still be ending when the next container comes; then the one after that finds it gone.
        // By its id as well: two that begin in the same hundredth of a second are born at the same time.
        ProcessRow next = watch;
        for (var taken = 0; taken < 50 && (next.Id, next.Born) == (watch.Id, watch.Born); taken++)
        {
            using var second = ContainerLeash.Take(_engine, new Dictionary<string, string>());
            Assert.NotEqual(first.Name, second.Name);
            next = await WatchAsync();
        }

        Assert.NotEqual((watch.Id, watch.Born), (next.Id, next.Born));
    }

    // A program that has just been started has no arguments yet for a moment.
    private async Task<ProcessRow> WatchAsync()
    {
        var found = default(ProcessRow);
        await Eventually.Async(() =>
        {
            found = ProcessTable.All().Values.SingleOrDefault(row => row.Parent == Environment.ProcessId && !row.IsEnded && CommandOf(row.Id).Contains(_engine, StringComparison.Ordinal));
            return found.Id != 0;
        });
        return found;
    }

    private static string CommandOf(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
