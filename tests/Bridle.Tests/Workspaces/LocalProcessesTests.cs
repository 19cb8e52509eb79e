using System.Text;
using Bridle.Messages;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Tests.Workspaces;

[Collection(AloneCollection.Name)]
public sealed class LocalProcessesTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly LocalProcesses _processes = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_program_runs_with_its_arguments_in_its_folder()
    {
        var outcome = await RunOutcome.OfAsync(_processes, _folder.Path, "sh", "-c", "pwd; printf '%s|' \"$@\"", "name", "a b", "$HOME", "'\"\\", "");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal($"{_folder.Path}\na b|$HOME|'\"\\||", outcome.Output);
        Assert.Equal("", outcome.Error);
    }

    [Fact]
    public async Task Output_and_error_are_told_apart()
    {
        var outcome = await RunOutcome.OfShellAsync(_processes, _folder.Path, "echo out; echo err >&2; exit 3");

        Assert.Equal(new RunOutcome(3, "out\n", "err\n"), outcome);
    }

    [Fact]
    public async Task Chunks_of_both_streams_come_in_the_order_of_arrival()
    {
        var seen = new StringBuilder();
        var next = new SemaphoreSlim(0);
        _folder.File("go", "");
        await using var process = _processes.Start(new ProcessSpec("sh", ["-c", "for n in 1 2 3; do echo o$n; while [ ! -e o$n ]; do sleep 0.01; done; echo e$n >&2; while [ ! -e e$n ]; do sleep 0.01; done; done"], _folder.Path)
        {
            OnOutput = chunk =>
            {
                var text = Encoding.UTF8.GetString(chunk.Bytes.Span);
                seen.Append(text);
                File.WriteAllText(_folder[text.Trim()], "");
            },
        });

        Assert.Equal(0, await process.Exit);
        Assert.Equal("o1\ne1\no2\ne2\no3\ne3\n", seen.ToString());
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 12)]
    [InlineData(true, 3_000_000)]
    [InlineData(false, 3_000_000)]
    public async Task A_program_reads_the_input_it_was_given_through_a_pipe_and_then_its_end(bool spawns, int length)
    {
        var processes = new LocalProcesses(Environment.GetEnvironmentVariables(), [], spawns && PosixSpawn.IsPresent);
        var input = Enumerable.Range(0, length).Select(i => (byte)('a' + (i % 26))).ToArray();
        var output = new MemoryStream();
        await using var process = processes.Start(new ProcessSpec("sh", ["-c", "[ -p /dev/stdin ] && cat"], _folder.Path) { Input = input, OnOutput = chunk => output.Write(chunk.Bytes.Span) });

        Assert.Equal(0, await process.Exit);
        Assert.Equal(input, output.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_program_that_does_not_read_its_input_ends_all_the_same(bool spawns)
    {
        var processes = new LocalProcesses(Environment.GetEnvironmentVariables(), [], spawns && PosixSpawn.IsPresent);
        await using var process = processes.Start(new ProcessSpec("sh", ["-c", "exec <&-; echo said; exit 7"], _folder.Path) { Input = new byte[1_000_000], OnOutput = _ => { } });

        Assert.Equal(7, await process.Exit);
    }

    [Fact]
    public async Task Input_is_empty()
    {
        var outcome = await RunOutcome.OfShellAsync(_processes, _folder.Path, "read x || echo nothing; cat | wc -c");

        Assert.Equal("nothing\n0\n", outcome.Output.Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_program_has_a_session_of_its_own_and_no_terminal()
    {
        var outcome = await RunOutcome.OfShellAsync(_processes, _folder.Path, "set -- $(cat /proc/$$/stat); echo $1 $5 $6 $7; (: < /dev/tty) 2>/dev/null || echo none");

        var lines = outcome.Output.Split('\n');
        var fields = lines[0].Split(' ');
        Assert.Equal(fields[0], fields[1]);
        Assert.Equal(fields[0], fields[2]);
        Assert.Equal("0", fields[3]);
        Assert.Equal("none", lines[1]);
    }

    [Fact]
    public async Task Ten_megabytes_on_both_streams_arrive_whole()
    {
        var outcome = await RunOutcome.OfShellAsync(_processes, _folder.Path, "head -c 10485760 /dev/zero | tr '\\0' a; head -c 10485760 /dev/zero | tr '\\0' b >&2");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(new string('a', 10485760), outcome.Output);
        Assert.Equal(new string('b', 10485760), outcome.Error);
    }

    [Fact]
    public async Task What_is_written_at_the_very_end_arrives_also_with_a_slow_receiver()
    {
        var length = 0;
        await using var process = _processes.Start(new ProcessSpec("sh", ["-c", "(sleep 30 &) ; head -c 65000 /dev/zero; head -c 65000 /dev/zero >&2"], _folder.Path)
        {
            OnOutput = chunk =>
            {
                // Longer than the grace that a held pipe gets.
                Thread.Sleep(150);
                length += chunk.Bytes.Length;
            },
        });

        Assert.Equal(0, await process.Exit);
        Assert.Equal(130000, length);
    }

    [Theory]
    [InlineData("kill -KILL $$", 137)]
    [InlineData("kill -TERM $$", 143)]
    [InlineData("kill -INT $$", 130)]
    [InlineData("kill -PIPE $$", 141)]
    [InlineData("exit 0", 0)]
    [InlineData("exit 255", 255)]
    public async Task An_exit_code_is_the_programs_or_128_and_the_signal(string script, int expected) =>
        Assert.Equal(expected, (await RunOutcome.OfShellAsync(_processes, _folder.Path, script)).ExitCode);

    [Fact]
    public async Task Signals_have_their_usual_meaning()
    {
        // The runtime ignores SIGPIPE; a program that inherited that would write for ever.
        var outcome = await RunOutcome.OfShellAsync(_processes, _folder.Path, "yes | head -n 1; grep -E 'Sig(Ign|Blk)' /proc/self/status | tr -d '[:space:]'");

        // Signals 32 and 33 belong to the C library, which leaves them ignored.
        Assert.Equal("y\nSigBlk:0000000000000000SigIgn:0000000000000000", outcome.Output.Replace("180000000", "000000000", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_file_of_ours_is_inherited()
    {
        using var open = new FileStream(_folder.File("held", "x"), FileMode.Open);
        var inheritable = LinuxCalls.Control(open.SafeFileHandle, 0, 150); // F_DUPFD, without close-on-exec
        var outcome = await RunOutcome.OfShellAsync(_processes, _folder.Path, $"[ -e /proc/self/fd/{inheritable} ] && echo open || echo closed");
        _ = LinuxProcessCalls.Close(inheritable);

        Assert.InRange(inheritable, 150, int.MaxValue);
        Assert.Equal("closed\n", outcome.Output);
    }

    [Fact]
    public async Task A_grandchild_that_keeps_the_pipe_open_does_not_hold_up_the_end()
    {
        await using var process = _processes.Start(new ProcessSpec("sh", ["-c", "sleep 300 & echo started"], _folder.Path) { OnOutput = _ => { } });

        Assert.Equal(0, await process.Exit.WaitAsync(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task A_receiver_that_throws_fails_the_exit_and_not_the_program()
    {
        await using var process = _processes.Start(new ProcessSpec("sh", ["-c", "echo x; echo y"], _folder.Path)
        {
            OnOutput = _ => throw new InvalidOperationException("receiver"),
        });

        Assert.Equal("receiver", (await Assert.ThrowsAsync<InvalidOperationException>(() => process.Exit)).Message);
    }

    [Fact]
    public void A_missing_program_is_named()
    {
        Assert.Equal("The program no-such-program was not found on PATH. Check its name, or install it.", Refusal("no-such-program"));
        Assert.Equal("The program ./nothing does not exist.", Refusal("./nothing"));
    }

    [Fact]
    public void A_program_that_may_not_run_is_told_from_a_missing_one()
    {
        _folder.File("data", "x");
        Assert.StartsWith("./data is there but may not be executed.", Refusal("./data"), StringComparison.Ordinal);
        Assert.Equal("./ is a folder, not a program.", Refusal("./"));
    }

    [Fact]
    public void A_file_that_is_no_program_is_told()
    {
        _folder.Program("text", "just text");
        _folder.Program("script", "#!/no/such/interpreter\n");
        Assert.StartsWith("./text was not started: it is not a program of this machine.", Refusal("./text"), StringComparison.Ordinal);
        Assert.StartsWith("./script was not started: the interpreter", Refusal("./script"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_working_directory_is_named()
    {
        var spec = new ProcessSpec("true", [], _folder["gone"]) { OnOutput = _ => { } };
        Assert.Equal($"true was not started: the working directory {_folder["gone"]} does not exist.", Assert.Throws<ToolException>(() => _processes.Start(spec)).Message);
    }

    [Fact]
    public void Arguments_that_the_system_cannot_pass_are_told()
    {
        Assert.Contains("zero byte", Refusal("true", "a\0b"), StringComparison.Ordinal);
        Assert.Contains("too long for the system", Refusal("true", new string('x', 8 * 1024 * 1024)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_hundred_starts_leave_no_descriptor_and_no_zombie()
    {
        await RunOutcome.OfAsync(_processes, _folder.Path, "true");
        var before = Descriptors();
        for (var run = 0; run < 200; run++)
        {
            Assert.Equal(0, (await RunOutcome.OfAsync(_processes, _folder.Path, "true")).ExitCode);
        }

        // Threads of other tests come and go; two hundred leaks would not.
        await Eventually.Async(() => Descriptors() < before + 50);
        var session = ProcessTable.Find(Environment.ProcessId)?.Session;
        // Those of other tests come and go as well; none of them stays. What bears no mark was started by something else in this program (podman's monitor, for one) and is left to it.
        bool IsDead(ProcessRow row) => row.Parent == Environment.ProcessId && row.IsEnded && row.Session != session && ProcessTable.MarkOf(row.Id) != 0;
        var dead = ProcessTable.All().Values.Where(IsDead).Select(row => (row.Id, row.Born)).ToHashSet();
        string Left() => string.Join(", ", ProcessTable.All().Values.Where(row => IsDead(row) && dead.Contains((row.Id, row.Born))).Select(row => $"{row} {ProcessTable.MarkOf(row.Id):x}"));
        for (var start = 0; start < 50 && Left().Length > 0; start++)
        {
            // What came to us from a program that another test killed is taken in with the next start.
            await RunOutcome.OfAsync(_processes, _folder.Path, "sleep", "0.1");
        }

        Assert.True(Left().Length is 0, Left());
    }

    private static int Descriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private string Refusal(string program, params string[] arguments) =>
        Assert.Throws<ToolException>(() => _processes.Start(new ProcessSpec(program, arguments, _folder.Path) { OnOutput = _ => { } })).Message;
}
