using System.Text;
using Bridle.Sandboxing;
using Bridle.Workspaces;

namespace Bridle.Tests.Sandboxing;

/// <summary>What keeps the start of a confined program cheap must not leave anything behind.</summary>
public sealed class StartCostTests : IDisposable
{
    private readonly Confined _here = new();

    public StartCostTests() => Confined.SkipUnlessItWorks();

    public void Dispose() => _here.Dispose();

    [Fact]
    public async Task The_first_process_inside_is_told_from_the_launcher_and_from_what_runs_in_no_namespace()
    {
        var (process, _) = _here.Start("sleep", "60");
        await using (process)
        {
            var inside = ProcessTable.All().Values.Where(row => row.Parent == process.Id).ToList();

            Assert.Contains(inside, row => ProcessTable.IsFirstOfNamespace(row.Id));
            Assert.False(ProcessTable.IsFirstOfNamespace(process.Id));
            Assert.False(ProcessTable.IsFirstOfNamespace(Environment.ProcessId + 100_000_000));
        }
    }

    [Fact]
    public async Task When_the_end_is_told_nothing_inside_runs_any_more()
    {
        for (var round = 0; round < 10; round++)
        {
            var (process, _) = _here.Start("bash", "-c", "sleep 60 & sleep 0.3");
            await using (process)
            {
                var children = ProcessTable.All().Values.Where(row => row.Parent == process.Id).ToList();
                await process.Exit.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

                Assert.NotEmpty(children);
                Assert.All(children, child => Assert.True(ProcessTable.Find(child.Id) is not { IsEnded: false } now || now.Born != child.Born));
            }
        }
    }

    [Fact]
    public async Task An_unconfined_program_is_in_our_own_groups_after_a_confined_one_was_started()
    {
        await _here.RunAsync("true");
        var said = new StringBuilder();
        await using var bare = new LocalProcesses().Start(new ProcessSpec("cat", ["/proc/self/cgroup"], "/") { OnOutput = chunk => said.Append(Encoding.UTF8.GetString(chunk.Bytes.Span)) });
        await bare.Exit;

        Assert.Equal(File.ReadAllText("/proc/self/cgroup"), said.ToString());
    }

    [Fact]
    public async Task A_missing_file_that_is_protected_looks_like_an_empty_folder_inside_and_is_gone_afterwards()
    {
        _here.Profile = _here.Profile with { Protected = ProtectedPlaces.Of(_here.Workspace, "/") };

        var (code, output) = await _here.BashAsync("{ test -d .mcp.json && ! touch .mcp.json/x && ! rmdir .mcp.json && ! mkdir .vscode/x; } 2>/dev/null; echo $?");

        Assert.Equal(0, code);
        Assert.EndsWith("0\n", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_here.Workspace));
    }

    [Fact]
    public async Task What_appears_between_two_commands_is_protected_and_hidden_in_the_second_one()
    {
        var secret = Path.Combine(_here.Outer, "token");
        _here.Profile = _here.Profile with
        {
            Protected = ProtectedPlaces.Of(_here.Workspace, "/"),
            Masked = [secret, _here.In("secrets"), _here.In(".env")],
            SpareFolder = Path.Combine(_here.Outer, "spare"),
        };
        var processes = _here.Sandbox.Confine(new LocalProcesses(), _here.Profile);
        Assert.Equal(0, await CodeOf(processes, "touch a .git/x 2>/dev/null; [ -e a ] && [ ! -e .git/x ]"));

        Directory.CreateDirectory(_here.In(".vscode"));
        File.WriteAllText(_here.In(".vscode/settings.json"), "mine");
        File.WriteAllText(_here.In(".envrc"), "mine");
        Directory.CreateDirectory(_here.In("secrets"));
        File.WriteAllText(_here.In("secrets/key"), "secret");
        File.WriteAllText(_here.In(".env"), "secret");
        File.WriteAllText(secret, "secret");

        Assert.Equal(0, await CodeOf(processes, $"{{ echo x > .vscode/settings.json || echo x > .vscode/new || mv .vscode b || echo x > .envrc || rm .envrc; }} 2>/dev/null; [ -z \"$(cat {secret} .env secrets/* 2>/dev/null)\" ]"));
        Assert.Equal("mine", File.ReadAllText(_here.In(".vscode/settings.json")));
        Assert.Equal("mine", File.ReadAllText(_here.In(".envrc")));
        Assert.Single(Directory.EnumerateFileSystemEntries(_here.In(".vscode")));

        // And what goes away again cannot be made by the next one.
        Directory.Delete(_here.In(".vscode"), recursive: true);
        Assert.Equal(0, await CodeOf(processes, "{ echo x > .vscode/settings.json || rmdir .vscode || mv .vscode b; } 2>/dev/null; true"));
        Assert.False(Directory.Exists(_here.In(".vscode")) || Directory.Exists(_here.In("b")));
    }

    [Fact]
    public async Task What_is_held_around_a_missing_place_uncovers_nothing_that_is_hidden()
    {
        Directory.CreateDirectory(_here.In("sub"));
        Directory.CreateDirectory(_here.In("secrets"));
        File.WriteAllText(_here.In("sub/.env"), "secret");
        File.WriteAllText(_here.In("secrets/key"), "secret");
        _here.Profile = _here.Profile with
        {
            Protected = [new(_here.In("sub/missing"), IsFolder: true), new(_here.In("secrets/missing"), IsFolder: true)],
            Masked = [_here.In("sub/.env"), _here.In("secrets"), _here.In("secrets/key")],
        };

        var (code, output) = await _here.BashAsync("cat sub/.env 2>/dev/null; ls -A secrets; mkdir sub/missing/x secrets/missing/x 2>/dev/null; mv sub away 2>/dev/null; echo end");

        Assert.Equal((0, "end\n"), (code, output));
        Assert.True(Directory.Exists(_here.In("sub")));
        Assert.False(Directory.Exists(_here.In("sub/missing")) || Directory.Exists(_here.In("secrets/missing")));
    }

    [Fact]
    public async Task A_masked_folder_between_two_opened_ones_shows_only_the_inner_one()
    {
        Directory.CreateDirectory(_here.In("secrets/open"));
        Directory.CreateDirectory(_here.In("secrets/repository/.git"));
        File.WriteAllText(_here.In("secrets/key"), "secret");
        _here.Profile = _here.Profile with
        {
            Writable = [_here.In("secrets/open")],
            Masked = [_here.In("secrets"), _here.In("secrets/key")],
            Protected = [new(_here.In("secrets/repository/.git"), IsFolder: true), new(_here.In("secrets/open/.git"), IsFolder: true)],
        };

        var (code, output) = await _here.BashAsync("ls -A secrets; echo x > secrets/open/x; mkdir secrets/open/.git/x 2>/dev/null || echo held");

        Assert.Equal((0, "open\nheld\n"), (code, output));
        Assert.Equal([_here.In("secrets/open/x")], Directory.EnumerateFileSystemEntries(_here.In("secrets/open")));
    }

    [Fact]
    public async Task What_is_hidden_in_the_launchers_own_folders_lies_over_them()
    {
        _here.Profile = _here.Profile with { Masked = ["/proc/version", "/proc/sys/kernel"] };

        var (code, output) = await _here.BashAsync("cat /proc/version 2>/dev/null; ls -A /proc/sys/kernel; echo x > /dev/null && cat /proc/self/comm");

        Assert.Equal((0, "cat\n"), (code, output));
    }

    private async Task<int> CodeOf(IProcesses processes, string script)
    {
        await using var process = processes.Start(new ProcessSpec("bash", ["-c", script], _here.Workspace) { OnOutput = _ => { } });
        return await process.Exit.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }
}
