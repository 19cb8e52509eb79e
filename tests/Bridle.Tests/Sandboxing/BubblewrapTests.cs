using System.Text;
using Bridle.Messages;
using Bridle.Sandboxing;
using Bridle.Workspaces;

namespace Bridle.Tests.Sandboxing;

public sealed class BubblewrapTests : IDisposable
{
    private readonly Confined _here = new();

    public BubblewrapTests() => Confined.SkipUnlessItWorks();

    public void Dispose() => _here.Dispose();

    [Fact]
    public async Task A_command_runs_in_its_folder_and_tells_its_exit_code()
    {
        var (code, output) = await _here.BashAsync("pwd; echo oops >&2; exit 7");

        Assert.Equal(7, code);
        Assert.Equal($"{_here.Workspace}\noops\n", output);
    }

    [Fact]
    public async Task A_folder_that_is_named_by_a_link_below_tmp_is_entered_all_the_same()
    {
        var link = Path.Combine("/tmp", $"bridle-link-{Guid.NewGuid():N}");
        Directory.CreateSymbolicLink(link, _here.Workspace);
        try
        {
            var output = new StringBuilder();
            await using var process = BubblewrapSandbox.Shared.Confine(new LocalProcesses(), _here.Profile).Start(new ProcessSpec("bash", ["-c", "pwd"], link) { OnOutput = chunk => output.Append(Encoding.UTF8.GetString(chunk.Bytes.Span)) });
            Assert.Equal(0, await process.Exit.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
            Assert.Equal($"{_here.Workspace}\n", output.ToString());
        }
        finally
        {
            Directory.Delete(link);
        }
    }

    [Fact]
    public async Task The_workspace_can_be_written_and_the_machine_can_be_read()
    {
        var (code, output) = await _here.BashAsync("echo hello > a.txt && cat /etc/passwd | head -c 4");

        Assert.Equal((0, "root"), (code, output));
        Assert.Equal("hello\n", File.ReadAllText(_here.In("a.txt")));
    }

    [Theory]
    [InlineData("touch /etc/bridle-was-here", "Read-only file system")]
    [InlineData("touch \"$OLDPWD\"/../beside", "Read-only file system")]
    [InlineData("mount -o remount,rw,bind / 2>&1 | tr -d '\n'; touch /bridle-was-here", "Read-only file system")]
    [InlineData("find /proc/sys /proc/fs -type f -writable 2> /dev/null | wc -l", "0")]
    [InlineData("(exec 3>> /proc/sys/vm/stat_interval) 2> /dev/null || echo refused", "refused")]
    [InlineData("unshare -Ur true", "unshare")]
    [InlineData("chroot /tmp /bin/true", "ermitted")]
    [InlineData("cat /proc/1/environ | tr '\\0' '\\n' | grep -c SECRET_OF_THE_LAUNCHER", "0")]
    [InlineData("getent hosts example.com || echo none", "none")]
    [InlineData("ls /run | grep -v bridle | wc -l", "0")]
    public async Task What_is_forbidden_fails(string script, string says)
    {
        Environment.SetEnvironmentVariable("SECRET_OF_THE_LAUNCHER", "x");
        var (_, output) = await _here.BashAsync($"OLDPWD={_here.Workspace}; {script}");

        Assert.Contains(says, output, StringComparison.Ordinal);
        Assert.False(File.Exists("/etc/bridle-was-here"));
        Assert.False(File.Exists(Path.Combine(_here.Outer, "beside")));
    }

    [Fact]
    public async Task Only_the_processes_of_the_call_are_seen()
    {
        var (_, output) = await _here.BashAsync("ls /proc | grep -c '^[0-9]'");

        Assert.InRange(int.Parse(output.Trim()), 2, 6);
    }

    [Fact]
    public async Task A_program_that_does_not_exist_is_told_before_anything_starts()
    {
        var refused = await Assert.ThrowsAsync<ToolException>(() => _here.RunAsync("no-such-program"));

        Assert.Contains("was not found on PATH", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_confinement_that_cannot_be_set_up_runs_nothing_and_says_so()
    {
        _here.Profile = _here.Profile with { Mounts = [new SandboxMount(_here.Workspace, "/proc/nowhere/x", false)] };

        var (code, output) = await _here.BashAsync("touch ran");

        Assert.Equal(126, code);
        Assert.Contains("The sandbox could not be set up; the command did not run.", output, StringComparison.Ordinal);
        Assert.False(File.Exists(_here.In("ran")));
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
    public async Task A_masked_folder_looks_empty_and_a_masked_file_has_nothing_in_it()
    {
        var (folder, file) = (Path.Combine(_here.Outer, "secrets"), Path.Combine(_here.Outer, "key"));
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "inside"), "secret");
        File.WriteAllText(file, "secret");
        _here.Profile = _here.Profile with { EmptyFile = Path.Combine(_here.Outer, "empty"), Masked = [folder, file, Path.Combine(_here.Outer, "missing")] };

        var (_, output) = await _here.BashAsync($"ls {folder} | wc -l; cat {file} | wc -c");

        Assert.Equal("0\n0\n", output);
    }

    [Fact]
    public async Task The_private_temporary_folder_is_kept_between_calls_when_it_is_given()
    {
        var temporary = Path.Combine(_here.Outer, "tmp");
        Directory.CreateDirectory(temporary);

        await _here.BashAsync("echo 1 > /tmp/kept");
        Assert.NotEqual(0, (await _here.BashAsync("cat /tmp/kept")).Code);

        _here.Profile = _here.Profile with { TemporaryFolder = temporary };
        await _here.BashAsync("echo 2 > /tmp/kept");
        Assert.Equal((0, "2\n"), await _here.BashAsync("cat /tmp/kept"));
    }

    [Theory]
    [InlineData("import socket; socket.socket(socket.AF_UNIX)")]
    [InlineData("import socket; socket.socket(40, socket.SOCK_STREAM)")]
    [InlineData("import fcntl; fcntl.ioctl(0, 0x5412, b'x')")]
    [InlineData("import ctypes; l = ctypes.CDLL(None, use_errno=True); r = l.ptrace(0, 0, 0, 0); raise PermissionError(1, 'x') if r < 0 and ctypes.get_errno() == 1 else SystemExit(3)")]
    [InlineData("import ctypes; l = ctypes.CDLL(None, use_errno=True); r = l.syscall(425, 4, 0); raise PermissionError(1, 'x') if r < 0 and ctypes.get_errno() == 1 else SystemExit(3)")]
    public async Task System_calls_off_the_list_are_refused_with_EPERM(string python)
    {
        var (code, output) = await _here.RunAsync("/usr/bin/python3", "-c", python);

        Assert.Equal(1, code);
        Assert.Contains("PermissionError", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unix_sockets_can_be_let_through_and_socket_pairs_always_work()
    {
        Assert.Equal(0, (await _here.RunAsync("/usr/bin/python3", "-c", "import socket; socket.socketpair()")).Code);

        _here.Profile = _here.Profile with { UnixSockets = true };

        Assert.Equal(0, (await _here.RunAsync("/usr/bin/python3", "-c", "import socket; socket.socket(socket.AF_UNIX)")).Code);
    }

    [Fact]
    public async Task A_server_on_the_loopback_of_the_sandbox_answers_inside_and_not_outside()
    {
        const string Script = """
            import socket, threading
            s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
            threading.Thread(target=lambda: s.accept()[0].sendall(b"hello")).start()
            print(socket.create_connection(s.getsockname()).recv(5).decode())
            """;

        Assert.Equal((0, "hello\n"), await _here.RunAsync("/usr/bin/python3", "-c", Script));
    }

    [Theory]
    [InlineData("processes")]
    [InlineData("memory")]
    [InlineData("cpu")]
    [InlineData("files")]
    [InlineData("size")]
    public async Task Each_limit_holds(string limit)
    {
        var (limits, script, says) = limit switch
        {
            "processes" => (new SandboxLimits { Processes = 40 }, "/usr/bin/python3 -c \"import os,time\nfor i in range(80):\n  if os.fork()==0: time.sleep(5); os._exit(0)\"", "Resource temporarily unavailable"),
            "memory" => (new SandboxLimits { Memory = 200L << 20 }, "/usr/bin/python3 -c \"x = bytearray(400 << 20)\"", "MemoryError"),
            "cpu" => (new SandboxLimits { CpuSeconds = 1 }, "/usr/bin/python3 -c \"while True: pass\"; echo \"ended $?\"", "ended 137"),
            "files" => (new SandboxLimits { OpenFiles = 32 }, "/usr/bin/python3 -c \"x = [open('/dev/null') for _ in range(64)]\"", "Too many open files"),
            _ => (new SandboxLimits { FileSize = 1 << 20 }, "head -c 3000000 /dev/zero > big; stat -c %s big", "1048576"),
        };
        _here.Profile = _here.Profile with { Limits = limits };

        var (_, output) = await _here.BashAsync(script);

        Assert.Contains(says, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killing_a_call_kills_everything_in_it_within_two_seconds()
    {
        var process = await _here.StartSayingAsync("on", "bash", "-c", "sleep 1000 & setsid sleep 1000 & (trap '' TERM; sleep 1000 & wait) & echo on; wait");
        await using (process)
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();

            await process.KillAsync();

            Assert.InRange(clock.Elapsed.TotalSeconds, 0, 2);
            Assert.False(Directory.Exists($"/proc/{process.Id}"));
        }
    }

    [Fact]
    public async Task Programs_get_the_usual_variables_the_named_ones_and_nothing_else()
    {
        Environment.SetEnvironmentVariable("BRIDLE_TEST_PASSED", "yes");
        Environment.SetEnvironmentVariable("BRIDLE_TEST_KEPT", "no");
        _here.Profile = _here.Profile with { PassedVariables = ["BRIDLE_TEST_PASSED"], Environment = new Dictionary<string, string> { ["BRIDLE_TEST_SET"] = "set" } };

        var (_, output) = await _here.RunAsync("env");

        Assert.Contains("BRIDLE_TEST_PASSED=yes", output, StringComparison.Ordinal);
        Assert.Contains("BRIDLE_TEST_SET=set", output, StringComparison.Ordinal);
        Assert.DoesNotContain("BRIDLE_TEST_KEPT", output, StringComparison.Ordinal);
    }
}
