using System.Diagnostics;
using Bridle.Messages;
using Bridle.Sandboxing;
using Bridle.Tests.Workspaces;
using Bridle.Workspaces;
using Target = Bridle.Tests.Journal.CrashTarget;

namespace Bridle.Tests.Sandboxing;

/// <summary>The empty places that exist only to be mounted on: whose they are, and that none stays.</summary>
[Collection(AloneCollection.Name)]
public sealed class GhostTests : IDisposable
{
    private readonly Confined _here = new();
    private readonly SandboxProfile _profile;

    public GhostTests()
    {
        Confined.SkipUnlessItWorks();
        _profile = _here.Profile with { Protected = ProtectedPlaces.Of(_here.Workspace, "/") };
    }

    // What the other Bridle's program makes itself does not count.
    private IEnumerable<string> Left => Directory.EnumerateFileSystemEntries(_here.Workspace).Where(path => Path.GetFileName(path) is not "begun");

    public void Dispose() => _here.Dispose();

    [Fact]
    public async Task After_a_kill_the_next_session_leaves_a_clean_folder_and_no_control_group()
    {
        var groups = await KilledAsync();
        Assert.NotEmpty(Left);

        _ = new SandboxInForce(BubblewrapSandbox.Shared, _profile);

        Assert.Empty(Left);
        await ClearedAsync(groups);
    }

    [Fact]
    public async Task What_comes_to_us_from_a_Bridle_that_was_killed_is_taken_in_when_it_has_ended()
    {
        using var other = Target.StartConfined(_here.Workspace);
        var groups = await BegunAsync(other);
        var theirs = ProcessTable.All().Values.Where(row => row.Parent == other.Id).ToList();
        Assert.NotEmpty(theirs);
        other.Kill();
        await other.WaitForExitAsync(TestContext.Current.CancellationToken);

        await Eventually.Async(() =>
        {
            RunOutcome.OfAsync(new LocalProcesses(), "/", "true").GetAwaiter().GetResult();
            return theirs.TrueForAll(row => ProcessTable.Find(row.Id)?.Born != row.Born);
        });
        await ClearedAsync(groups);
    }

    [Fact]
    public async Task After_a_kill_the_next_program_holds_what_was_left_and_takes_it_away()
    {
        var groups = await KilledAsync();
        _here.Profile = _profile;

        var (code, output) = await _here.BashAsync("touch .mcp.json/x .vscode/x .git/x 2>/dev/null || ls -A . .vscode");

        Assert.Equal(0, code);
        Assert.Contains(".vscode:\n", output, StringComparison.Ordinal);
        Assert.Empty(Left);
        await ClearedAsync(groups);
    }

    [Fact]
    public async Task Two_in_one_folder_hold_the_places_together_and_the_last_one_takes_them_away()
    {
        using var other = Target.StartConfined(_here.Workspace);
        await BegunAsync(other);
        _here.Profile = _profile;
        Assert.Equal(0, (await _here.RunAsync("true")).Code);

        // Ours has ended, and the other's program still needs what is there.
        Assert.Equal(10, Left.Count(path => Ghost.IsAt(path + "/")));
        var (mine, said) = _here.Start("bash", "-c", "until [ -e go ]; do sleep 0.02; done; touch .vscode/x 2>/dev/null || mkdir .mcp.json/x 2>/dev/null || echo held");
        await using (mine)
        {
            other.StandardInput.Close();
            await other.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, other.ExitCode);
            Assert.Equal(10, Left.Count(path => Ghost.IsAt(path + "/")));

            File.WriteAllText(_here.In("go"), "");
            await mine.Exit.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }

        Assert.Equal("held\n", said.ToString());
        Assert.Equal([_here.In("go")], Left);
    }

    [Fact]
    public void What_somebody_puts_into_a_left_ghost_is_theirs_and_is_protected_from_then_on()
    {
        LeaveGhosts(".vscode/", ".envrc");
        File.WriteAllText(_here.In(".vscode/settings.json"), "{}");
        File.WriteAllText(_here.In(".envrc"), "export A=1");

        _ = new SandboxInForce(BubblewrapSandbox.Shared, _profile);
        using var protection = Protection.Of(_profile with { Protected = ProtectedPlaces.Of(_here.Workspace, "/") });

        Assert.True(File.Exists(_here.In(".vscode/settings.json")));
        Assert.True(File.Exists(_here.In(".envrc")));
        Assert.All(protection.Held.Where(one => one.Path.EndsWith(".vscode", StringComparison.Ordinal) || one.Path.EndsWith(".envrc", StringComparison.Ordinal)), one => Assert.False(one.IsGhostFolder || one.IsGhostFile));
    }

    [Fact]
    public void An_empty_place_of_the_person_stays()
    {
        Directory.CreateDirectory(_here.In(".vscode"));
        File.WriteAllText(_here.In(".envrc"), "");
        var places = new[] { new ProtectedPath(_here.In(".vscode"), IsFolder: true), new ProtectedPath(_here.In(".envrc"), IsFolder: false) };

        _ = new SandboxInForce(BubblewrapSandbox.Shared, _profile with { Protected = places });
        using (Protection.Of(_profile with { Protected = places }))
        {
        }

        Assert.Equal(2, Left.Count());
    }

    [Fact]
    public void A_ghost_that_cannot_be_made_refuses_and_leaves_none_of_the_others()
    {
        var ghosts = new GhostFiles();

        var refused = Assert.Throws<ToolException>(() => ghosts.Acquire([_here.In("one/"), _here.In("no/such/place/")]));

        Assert.Contains("must be protected and cannot be", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Left);
    }

    [Fact]
    public async Task Many_that_make_and_remove_the_same_ghost_at_once_never_lose_one_that_is_held()
    {
        // Each counts for itself, as two Bridles do.
        var tasks = Enumerable.Range(0, 4).Select(one => Task.Run(() =>
        {
            var (ghosts, spare) = (new GhostFiles(), one < 2 ? Path.Combine(_here.Outer, $"spare{one}") : null);
            for (var round = 0; round < 300; round++)
            {
                ghosts.Acquire([_here.In("folder/"), _here.In("file")], spare);
                Assert.True(Ghost.IsAt(_here.In("folder/")) && Ghost.IsAt(_here.In("file")));
                ghosts.Release([_here.In("folder/"), _here.In("file")], spare);
            }
        }));

        await Task.WhenAll(tasks);

        Assert.Empty(Left);
    }

    [Fact]
    public void A_ghost_that_is_not_needed_just_now_waits_in_the_spare_folder_and_is_the_very_same_next_time()
    {
        var (ghosts, spare) = (new GhostFiles(), Path.Combine(_here.Outer, "spare"));
        ghosts.Acquire([_here.In(".vscode/"), _here.In(".envrc")], spare);
        var first = InodeOf(".vscode");
        ghosts.Release([_here.In(".vscode/"), _here.In(".envrc")], spare);
        Assert.Empty(Left);
        Assert.Single(Directory.EnumerateDirectories(spare));

        ghosts.Acquire([_here.In(".vscode/")], spare);

        Assert.Equal(first, InodeOf(".vscode"));
        Assert.True(Ghost.IsAt(_here.In(".vscode/")));
        Ghost.RemoveLeft(_here.In(".vscode/"));
        Assert.True(Ghost.IsAt(_here.In(".vscode/")), "it is not held");
        ghosts.Release([_here.In(".vscode/")], spare);
        Assert.Empty(Left);
    }

    [Fact]
    public void What_somebody_puts_into_a_ghost_stays_and_one_that_was_replaced_is_not_taken_away_to_the_spare_folder()
    {
        var (ghosts, spare) = (new GhostFiles(), Path.Combine(_here.Outer, "spare"));
        ghosts.Acquire([_here.In(".vscode/"), _here.In(".idea/")], spare);
        File.WriteAllText(_here.In(".vscode/settings.json"), "{}");
        Directory.Delete(_here.In(".idea"));
        Directory.CreateDirectory(_here.In(".idea/mine"));

        ghosts.Release([_here.In(".vscode/"), _here.In(".idea/")], spare);

        Assert.Equal([_here.In(".idea"), _here.In(".vscode")], Left.Order());
        Assert.True(File.Exists(_here.In(".vscode/settings.json")) && Directory.Exists(_here.In(".idea/mine")));
        Assert.False(Directory.Exists(spare));
    }

    [Fact]
    public void A_ghost_that_another_Bridle_needs_is_left_to_it_and_what_is_there_is_not_replaced()
    {
        var (one, other, spare) = (new GhostFiles(), new GhostFiles(), Path.Combine(_here.Outer, "spare"));
        one.Acquire([_here.In(".idea/")], spare);
        one.Release([_here.In(".idea/")], spare);
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(_here.In(".vscode")).FullName, "tasks.json"), "{}");
        other.Acquire([_here.In(".idea/")], spareFolder: null);

        one.Acquire([_here.In(".idea/"), _here.In(".vscode/")], spare);
        one.Release([_here.In(".idea/"), _here.In(".vscode/")], spare);

        Assert.True(Ghost.IsAt(_here.In(".idea/")) && File.Exists(_here.In(".vscode/tasks.json")));
        other.Release([_here.In(".idea/")]);
        Assert.Equal([_here.In(".vscode")], Left);
    }

    [Fact]
    public void Where_the_spare_folder_is_gone_or_cannot_be_moved_to_ghosts_are_made_and_removed()
    {
        var (ghosts, spare) = (new GhostFiles(), Path.Combine(_here.Outer, "spare"));
        ghosts.Acquire([_here.In(".vscode/"), _here.In(".idea/")], spare);
        ghosts.Release([_here.In(".vscode/"), _here.In(".idea/")], spare);
        Directory.Delete(spare, recursive: true);
        foreach (var place in new[] { spare, "/dev/shm/bridle-test-elsewhere", "/proc/no-such" })
        {
            ghosts.Acquire([_here.In(".vscode/")], place);
            Assert.True(Ghost.IsAt(_here.In(".vscode/")));
            ghosts.Release([_here.In(".vscode/")], place);
            Assert.Empty(Left);
        }
    }

    [Fact]
    public void What_git_may_write_is_cleared_of_what_was_left_as_well()
    {
        Directory.CreateDirectory(_here.In(".git"));
        LeaveGhosts(".git/hooks/", ".git/modules/", ".git/config");

        _ = new SandboxInForce(BubblewrapSandbox.Shared, _profile);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_here.In(".git")));
    }

    // The programs in a group die with their Bridle, a moment after it, and come to us: they are taken in with the next program that ends here.
    private static Task ClearedAsync(IReadOnlyList<string> groups) => Eventually.Async(() => groups.All(group =>
    {
        RunOutcome.OfAsync(new LocalProcesses(), "/", "true").GetAwaiter().GetResult();
        ProcessCount.RemoveLeft(Path.GetDirectoryName(group)!);
        return !Directory.Exists(group);
    }), seconds: 60);

    private ulong InodeOf(string name)
    {
        Assert.Equal(0, LinuxCalls.StatPath(_here.In(name), out var stat));
        return stat.Inode;
    }

    // As a process leaves them that is gone: nobody holds them.
    private void LeaveGhosts(params string[] names)
    {
        foreach (var name in names)
        {
            var script = name.EndsWith('/') ? "mkdir -m 1777 \"$0\"" : ": > \"$0\"; chmod 1644 \"$0\"";
            using var made = Process.Start("sh", ["-c", script, _here.In(name).TrimEnd('/')]);
            made.WaitForExit();
            Assert.True(Ghost.IsAt(_here.In(name)));
        }
    }

    private async Task<IReadOnlyList<string>> KilledAsync()
    {
        using var other = Target.StartConfined(_here.Workspace);
        var groups = await BegunAsync(other);
        other.Kill();
        await other.WaitForExitAsync(TestContext.Current.CancellationToken);
        return groups;
    }

    private static async Task<IReadOnlyList<string>> BegunAsync(Process other)
    {
        var words = (await other.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? "").Split(' ');
        Assert.Equal("begun", words[0]);
        return words[1..];
    }
}
