using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Bridle.Messages;
using Bridle.Sandboxing;
using Bridle.Workspaces;

namespace Bridle.Tests.Sandboxing;

public sealed class LandlockTests : IDisposable
{
    private readonly Confined _here = new() { Sandbox = LandlockSandbox.Shared };

    public LandlockTests() => Assert.SkipUnless(LandlockSandbox.Shared.Probe().Works, LandlockSandbox.Shared.Probe().Detail);

    public void Dispose() => _here.Dispose();

    [Fact]
    public async Task A_command_runs_in_its_folder_and_writes_there_and_tells_its_exit_code()
    {
        var (code, output) = await _here.BashAsync("pwd; echo hello > a.txt; mkdir sub && mv a.txt sub/b.txt; head -c 4 /etc/passwd; ls / >/dev/null; exit 7");

        Assert.Equal((7, $"{_here.Workspace}\nroot"), (code, output));
        Assert.Equal("hello\n", File.ReadAllText(_here.In("sub/b.txt")));
    }

    [Theory]
    [InlineData("echo x > {outer}/beside")]
    [InlineData("echo x > {outer}/there")]
    [InlineData("truncate -s 0 {outer}/there")]
    [InlineData("rm {outer}/there")]
    [InlineData("mv {outer}/there mine")]
    [InlineData("ln {outer}/there mine && echo x > mine")]
    [InlineData("ln -s {outer}/there mine; echo x > mine")]
    [InlineData("mkdir {outer}/folder")]
    [InlineData("(cd .. && bash -c 'echo x > beside')")]
    [InlineData("sh -c 'setsid sh -c \"echo x > {outer}/beside\"'; test -e {outer}/beside")]
    [InlineData("env -i /bin/sh -c 'echo x > {outer}/beside'")]
    [InlineData("cat {outer}/secrets/key")]
    [InlineData("cat {outer}/key")]
    [InlineData("ln -s {outer}/key k; cat k")]
    [InlineData("cat /proc/{parent}/environ")]
    [InlineData("cat /proc/{parent}/root/etc/passwd")]
    [InlineData("kill -0 {parent}")]
    [InlineData("mount -t tmpfs none sub")]
    [InlineData("mknod null c 1 3")]
    [InlineData("chroot / true")]
    [InlineData("unshare -Ur true")]
    [InlineData("head -c 1 /dev/vda || head -c 1 /dev/sda || head -c 1 /dev/kmsg")]
    [InlineData("ls -d /tmp/* | grep -q . && cat /tmp/*")]
    [InlineData("echo x > /tmp/bridle-landlock-was-here")]
    public async Task What_is_forbidden_fails(string script)
    {
        var there = Path.Combine(_here.Outer, "there");
        File.WriteAllText(there, "kept");
        Directory.CreateDirectory(Path.Combine(_here.Outer, "secrets"));
        File.WriteAllText(Path.Combine(_here.Outer, "secrets", "key"), "hush");
        File.WriteAllText(Path.Combine(_here.Outer, "key"), "hush");
        _here.Profile = _here.Profile with { Masked = [Path.Combine(_here.Outer, "secrets"), Path.Combine(_here.Outer, "key")] };

        var (code, output) = await _here.BashAsync(script.Replace("{outer}", _here.Outer, StringComparison.Ordinal).Replace("{parent}", $"{Environment.ProcessId}", StringComparison.Ordinal));

        Assert.NotEqual(0, code);
        Assert.DoesNotContain("hush", output, StringComparison.Ordinal);
        Assert.Equal("kept", File.ReadAllText(there));
        Assert.False(Path.Exists(Path.Combine(_here.Outer, "beside")) || Path.Exists(Path.Combine(_here.Outer, "folder")) || Path.Exists("/tmp/bridle-landlock-was-here"));
    }

    [Fact]
    public async Task A_file_that_is_shown_is_read_in_a_masked_folder_and_neither_changed_nor_another_one_there()
    {
        var masked = Directory.CreateDirectory(Path.Combine(_here.Outer, "hidden")).FullName;
        File.WriteAllText(Path.Combine(masked, "own"), "mine");
        File.WriteAllText(Path.Combine(masked, "other"), "hush");
        _here.Profile = _here.Profile with { Masked = [masked], Shown = [Path.Combine(masked, "own"), Path.Combine(masked, "missing")] };

        var (_, output) = await _here.BashAsync($"cd {masked}; cat own; cat other; echo x > own; rm -f own; cat own");

        Assert.Equal(3, output.Split("mine").Length);
        Assert.DoesNotContain("hush", output, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(masked, "own")));
    }

    [Fact]
    public async Task Nothing_reaches_a_server_on_this_machine_whether_by_tcp_or_udp()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using var datagrams = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var (tcp, udp) = (((IPEndPoint)server.LocalEndpoint).Port, ((IPEndPoint)datagrams.Client.LocalEndPoint!).Port);

        var (_, output) = await _here.BashAsync($"exec 3<>/dev/tcp/127.0.0.1/{tcp} || echo no tcp; echo x > /dev/udp/127.0.0.1/{udp} || echo no udp; python3 -c 'import socket; socket.socket(socket.AF_UNIX)' 2>/dev/null || echo no unix");

        Assert.Contains("no tcp", output, StringComparison.Ordinal);
        Assert.Contains("no udp", output, StringComparison.Ordinal);
        Assert.Contains("no unix", output, StringComparison.Ordinal);
        Assert.False(server.Pending());
        Assert.Equal(0, datagrams.Available);
    }

    [Fact]
    public async Task With_the_whole_network_the_same_server_is_reached()
    {
        _here.Profile = _here.Profile with { Network = SandboxNetwork.Open };
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();

        var (code, _) = await _here.BashAsync($"exec 3<>/dev/tcp/127.0.0.1/{((IPEndPoint)server.LocalEndpoint).Port}");

        Assert.Equal(0, code);
    }

    [Theory]
    [InlineData("echo x > .git/hooks/post-checkout")]
    [InlineData("echo x >> .git/config")]
    [InlineData("mv .git .git2")]
    [InlineData("rm -r .git")]
    [InlineData("mkdir .vscode")]
    [InlineData("echo x > .mcp.json")]
    [InlineData("mkdir sub/x && mv sub/x .vscode")]
    [InlineData("mv sub .vscode")]
    [InlineData("echo x > sub/deeper/.git/config")]
    public async Task Protected_paths_stay_as_they_are(string script)
    {
        _here.RepositoryWith("sub/deeper");
        File.WriteAllText(_here.In("readme"), "");
        var config = File.ReadAllText(_here.In(".git/config"));
        _here.Profile = _here.Profile with { Protected = ProtectedPlaces.Of(_here.Workspace, "/") };

        var (code, _) = await _here.BashAsync(script);
        var (other, said) = await _here.BashAsync("echo x > readme && git status --short >/dev/null && mkdir -p sub/new 2>/dev/null; mkdir plain && echo made");

        Assert.NotEqual(0, code);
        Assert.Equal(config, File.ReadAllText(_here.In(".git/config")));
        Assert.Equal("nested", File.ReadAllText(_here.In("sub/deeper/.git/config")));
        Assert.False(Path.Exists(_here.In(".vscode")) || Path.Exists(_here.In(".mcp.json")) || Path.Exists(_here.In(".git/hooks/post-checkout")));
        Assert.Equal("x\n", File.ReadAllText(_here.In("readme")));

        // And what its plan says of the price.
        Assert.NotEqual(0, other);
        Assert.DoesNotContain("made", said, StringComparison.Ordinal);
        Assert.Contains("nothing new or renamed directly beside a protected path", LandlockSandbox.Shared.Plan(_here.Profile).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trusted_git_commits_and_what_it_planted_is_put_back()
    {
        _here.Git("init", "-q");
        _here.Profile = _here.Profile with
        {
            GitWrite = true, Protected = ProtectedPlaces.Of(_here.Workspace, "/"),
            Environment = new Dictionary<string, string> { ["GIT_AUTHOR_NAME"] = "t", ["GIT_AUTHOR_EMAIL"] = "t@example.com", ["GIT_COMMITTER_NAME"] = "t", ["GIT_COMMITTER_EMAIL"] = "t@example.com" },
        };
        File.WriteAllText(_here.In("a"), "a");
        var config = File.ReadAllText(_here.In(".git/config"));

        var (committed, said) = await _here.BashAsync("git add a && git commit -qm one && git log --oneline | wc -l");
        var (planted, told) = await _here.BashAsync("git config core.pager evil; echo x > .git/hooks/pre-commit");

        Assert.Equal((0, "1\n"), (committed, said));
        Assert.Equal(125, planted);
        Assert.Contains("The sandbox failed this command", told, StringComparison.Ordinal);
        Assert.Equal(config, File.ReadAllText(_here.In(".git/config")));
        Assert.False(File.Exists(_here.In(".git/hooks/pre-commit")));
    }

    [Fact]
    public async Task Variables_come_from_the_list_and_temporary_files_go_to_a_folder_of_the_program()
    {
        Environment.SetEnvironmentVariable("SECRET_OF_THE_LAUNCHER", "hush");
        var (code, output) = await _here.BashAsync("env | grep -c SECRET_OF_THE_LAUNCHER; echo x > $TMPDIR/x && mktemp >/dev/null && echo $TMPDIR; ls /proc/self/fd | wc -l");

        var lines = output.Split('\n');
        Assert.Equal(0, code);
        Assert.Equal("0", lines[0]);
        Assert.False(Directory.Exists(lines[1]));

        // The three, and the folder that ls reads.
        Assert.Equal("4", lines[2]);
    }

    [Fact]
    public async Task Limits_hold_from_the_first_instruction()
    {
        _here.Profile = _here.Profile with { Limits = SandboxLimits.Default with { FileSize = 1 << 20, OpenFiles = 64 } };

        var (_, output) = await _here.BashAsync("ulimit -n; head -c 3000000 /dev/zero > big; stat -c %s big; grep -E 'NoNewPrivs|Seccomp:|CapEff|CapPrm' /proc/self/status | tr -d '\\t'");

        Assert.StartsWith("64\n", output, StringComparison.Ordinal);
        Assert.Contains("\n1048576\n", output, StringComparison.Ordinal);
        Assert.Contains("NoNewPrivs:1", output, StringComparison.Ordinal);
        Assert.Contains("Seccomp:2", output, StringComparison.Ordinal);
        Assert.Contains("CapPrm:0000000000000000", output, StringComparison.Ordinal);
        Assert.Contains("CapEff:0000000000000000", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_leaves_running_ends_with_it()
    {
        var (_, output) = await _here.BashAsync("setsid sleep 300 >/dev/null 2>&1 & echo $!; sleep 0.1");

        Assert.False(Directory.Exists($"/proc/{output.Trim()}"));
    }

    [Fact]
    public async Task We_ourselves_are_not_restricted_by_it()
    {
        await _here.BashAsync("true");

        File.WriteAllText(Path.Combine(_here.Outer, "ours"), "x");
        using var plain = Process.Start(new ProcessStartInfo("sh", ["-c", $"echo y > {_here.Outer}/ours"]))!;
        await plain.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("y\n", File.ReadAllText(Path.Combine(_here.Outer, "ours")));
    }

    [Fact]
    public void Processes_that_would_start_it_elsewhere_run_nothing()
    {
        var careless = new Careless();

        var refused = Assert.Throws<ToolException>(() => LandlockSandbox.Shared.Confine(careless, _here.Profile).Start(new ProcessSpec("true", [], _here.Workspace) { OnOutput = _ => { } }));

        Assert.Contains("Nothing was run", refused.Message, StringComparison.Ordinal);
        Assert.True(careless.Exit.IsCompleted);
    }

    [Fact]
    public void Its_plan_claims_no_more_than_it_holds()
    {
        var plan = LandlockSandbox.Shared.Plan(_here.Profile);

        Assert.False(plan.KeepsToWorkspace);
        Assert.Contains("modes, owners and times of your other files", plan.Files, StringComparison.Ordinal);
        Assert.Contains("no network and no loopback", plan.Network, StringComparison.Ordinal);
        Assert.Contains("sees all processes", plan.Processes, StringComparison.Ordinal);
        Assert.Contains("every Unix socket", LandlockSandbox.Shared.Plan(_here.Profile with { UnixSockets = true }).Network, StringComparison.Ordinal);
        Assert.Contains("not even the hosts that rules allow", LandlockSandbox.Shared.Plan(_here.Profile with { Network = new SandboxNetwork.Proxy("/s", "/d", "x") }).Network, StringComparison.Ordinal);
    }

    /// <summary>Starts the program, but on no thread of ours.</summary>
    private sealed class Careless : IProcesses
    {
        private IRunningProcess? _started;

        public Task<int> Exit => _started!.Exit;

        public IRunningProcess Start(ProcessSpec spec) => _started = new LocalProcesses().Start(spec with { StartedBy = null });
    }
}
