using System.Diagnostics;
using System.Text;
using Bridle.Events;
using Bridle.Tests;
using Bridle.Tools.Shell;

namespace Bridle.Tools.Tests.Shell;

public sealed class BashToolTests
{
    [Fact]
    public async Task Output_and_errors_come_back_together_and_live()
    {
        await using var ground = new Playground();
        var result = await ground.Bash("echo one; echo two >&2; sleep 0.2; printf three");
        Assert.Equal((CallOutcome.Completed, 0), (result.Outcome, result.ExitCode));
        Assert.Equal(["one", "three", "two"], result.Text.Split('\n').Order());
        Assert.EndsWith("three", result.Text, StringComparison.Ordinal);
        Assert.Equal(result.Text, ground.Progress);
    }

    [Fact]
    public async Task A_command_that_says_nothing_says_so()
    {
        await using var ground = new Playground();
        Assert.Equal("(no output)", (await ground.Bash("true")).Text);
    }

    [Fact]
    public async Task A_failing_command_is_an_error_with_its_code_first()
    {
        await using var ground = new Playground();
        var result = await ground.Bash("echo broken; exit 3");
        Assert.Equal((CallOutcome.Failed, 3, "Exit code: 3\nbroken"), (result.Outcome, result.ExitCode, result.Text));
    }

    [Fact]
    public async Task A_command_that_bash_cannot_parse_fails()
    {
        await using var ground = new Playground();
        var result = await ground.Bash("if then (");
        Assert.Equal(CallOutcome.Failed, result.Outcome);
        Assert.Contains("syntax error", result.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cd sub", "sub")]
    [InlineData("cd sub; false", "sub")]
    [InlineData("cd sub && printf 'no line end'", "sub")]
    [InlineData("cd sub; exit 7", "sub")]
    [InlineData("set -e; cd sub; false; cd ..", "sub")]
    [InlineData("set -eu; cd sub; echo $NOT_THERE; cd ..", "sub")]
    [InlineData("set -x; cd sub", "sub")]
    [InlineData("trap 'echo bye' EXIT; cd sub", "sub")]
    [InlineData("cd 'it'\\''s \"odd\" $HOME'", "it's \"odd\" $HOME")]
    [InlineData("cd link", "sub")]
    [InlineData("cd sub; exec echo replaced", "")]
    [InlineData("cd sub; exec > /dev/null; echo x", "")]
    [InlineData("(cd sub)", "")]
    [InlineData("cd sub && rmdir ../gone; mkdir ../gone && cd ../gone && rmdir ../gone", "")]
    [InlineData("cd sub\necho \"a 'quoted' line\" # comment", "sub")]
    public async Task The_working_directory_is_kept_for_the_next_call(string command, string expected)
    {
        await using var ground = new Playground();
        Directory.CreateDirectory(Path.Combine(ground.Root, "sub"));
        Directory.CreateDirectory(Path.Combine(ground.Root, "it's \"odd\" $HOME"));
        File.CreateSymbolicLink(Path.Combine(ground.Root, "link"), "sub");
        var result = await ground.Bash(command);
        var folder = Path.Combine(ground.Root, expected).TrimEnd('/');
        Assert.Equal(expected.Length == 0 ? null : folder, result.WorkingDirectory);
        Assert.Equal(folder, (await ground.Bash("pwd")).Text);
        Assert.DoesNotContain('\u001e', ground.Progress + result.Text);
        Assert.DoesNotContain("printf \"", ground.Progress, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_working_directory_that_is_gone_is_replaced_by_the_root()
    {
        await using var ground = new Playground();
        await ground.Bash("mkdir sub; cd sub");
        Directory.Delete(Path.Combine(ground.Root, "sub"));
        var result = await ground.Bash("pwd");
        Assert.Contains("is gone", result.Text, StringComparison.Ordinal);
        Assert.Equal(ground.Root, ground.WorkingDirectory);
    }

    [Fact]
    public async Task A_command_sees_none_of_what_keeps_the_working_directory()
    {
        await using var ground = new Playground();
        Assert.Equal("0", (await ground.Bash("echo $#")).Text);
        Assert.Equal("none", (await ground.Bash("env | grep -i mark || echo none")).Text);
    }

    [Theory]
    [InlineData("cat <<EOF\nit's here\nEOF", "it's here")]
    [InlineData("cat <<'EOF'\n$HOME \\\nEOF\n", "$HOME \\")]
    [InlineData("f() { echo \"in $1\"; return 0; }; f x # '", "in x")]
    [InlineData("printf '%s' \"a'b\" \\\n  c", "a'bc")]
    [InlineData("echo one &\nwait", "one")]
    [InlineData("alias x=y; shopt -s expand_aliases; echo ok", "ok")]
    [InlineData("echo $'tab\\tand\\u00e4'", "tab\tandä")]
    public async Task A_command_means_what_it_means_in_bash(string command, string expected)
    {
        await using var ground = new Playground();
        var result = await ground.Bash(command);
        Assert.Equal((CallOutcome.Completed, expected), (result.Outcome, result.Text));
    }

    [Fact]
    public async Task Without_bash_the_POSIX_shell_does_it()
    {
        await using var ground = new Playground();
        ground.Put("sub/x", "");
        var mark = new FolderMark("secret");
        var (output, text) = (new ShellOutput(mark, _ => { }), "");
        await using var process = ground.Workspace.Processes.Start(
            new Bridle.Workspaces.ProcessSpec("sh", ["-c", mark.Around("cd sub; echo 'it'\\''s'; exit 4")], ground.Root) { OnOutput = output.Take });
        Assert.Equal(4, await process.Exit);
        output.Close();
        (text, _) = output.Kept.Show(ground.Blobs);
        Assert.Equal(("it's", Path.Combine(ground.Root, "sub")), (text, mark.Folder));
    }

    [Fact]
    public async Task Without_bash_the_model_is_told_once_what_its_commands_run_in()
    {
        await using var ground = new Playground();
        ground.Programs = programs => new OtherPrograms(programs, spec => spec.Program is "bash" ? null : spec);
        var first = (await ground.Bash("echo one")).Text;
        Assert.StartsWith("[bash is not installed here: commands run in sh", first, StringComparison.Ordinal);
        Assert.EndsWith("]\none", first, StringComparison.Ordinal);
        ground.LastResults["Bash"] = first;
        Assert.Equal("two", (await ground.Bash("echo two")).Text);
    }

    [Fact]
    public async Task The_exit_code_of_a_trap_and_of_a_pipe_is_the_commands_own()
    {
        await using var ground = new Playground();
        Assert.Equal(5, (await ground.Bash("trap 'exit 5' EXIT; true")).ExitCode);
        Assert.Equal(1, (await ground.Bash("set -o pipefail; false | cat")).ExitCode);
        Assert.Equal(137, (await ground.Bash("kill -9 $$")).ExitCode);
    }

    [Fact]
    public async Task There_is_no_input_so_that_a_question_ends_at_once()
    {
        await using var ground = new Playground();
        var result = await ground.Bash("read -p 'Sure? ' answer; echo \"code $?\"");
        Assert.Contains("code 1", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_out_of_time_is_ended_with_its_grandchildren_and_what_it_said_is_kept()
    {
        await using var ground = new Playground();
        var clock = Stopwatch.StartNew();
        var result = await ground.Bash("echo begun; (setsid sleep 987.25 & sleep 987.25); echo never", timeout: 1);
        Assert.Equal((CallOutcome.TimedOut, (int?)null), (result.Outcome, result.ExitCode));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.9, 10);
        Assert.StartsWith("Timed out after 1 s;", result.Text, StringComparison.Ordinal);
        Assert.EndsWith("Output until then:\nbegun", result.Text, StringComparison.Ordinal);
        Assert.Equal("none", (await ground.Bash("pgrep -f '[s]leep 987.25' || echo none")).Text);
    }

    [Fact]
    public async Task A_timeout_at_what_looks_like_a_question_says_so()
    {
        await using var ground = new Playground();
        var result = await ground.Bash("printf 'Overwrite all? [y/N] '; sleep 60", timeout: 1);
        Assert.Contains("waits for an answer (\"Overwrite all? [y/N]\")", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_child_that_holds_the_output_open_does_not_hold_up_the_call()
    {
        await using var ground = new Playground();
        var clock = Stopwatch.StartNew();
        var result = await ground.Bash("sleep 30 & echo started");
        Assert.Equal("started", result.Text);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 15);
    }

    [Fact]
    public async Task Cancelling_ends_the_command_and_keeps_what_it_printed()
    {
        await using var ground = new Playground();
        using var cancel = new CancellationTokenSource();
        var call = new BashTool().RunAsync(ground.Scope, "echo up; sleep 986.5", cancellationToken: cancel.Token).AsTask();
        await Eventually.Async(() => ground.Progress.Contains("up", StringComparison.Ordinal), seconds: 60);

        await cancel.CancelAsync();
        var result = await call;
        Assert.Equal((CallOutcome.Cancelled, (int?)null), (result.Outcome, result.ExitCode));
        Assert.StartsWith("Cancelled while it ran", result.Text, StringComparison.Ordinal);
        Assert.EndsWith("Output until then:\nup", result.Text, StringComparison.Ordinal);
        Assert.Equal("none", (await ground.Bash("pgrep -f '[s]leep 986.5' || echo none")).Text);
    }

    [Fact]
    public async Task Ten_megabytes_are_shown_by_their_ends_and_kept_whole()
    {
        await using var ground = new Playground();
        var result = await ground.Bash("seq 1 1500000");
        var whole = string.Concat(Enumerable.Range(1, 1_500_000).Select(i => $"{i}\n"));
        Assert.Equal(CallOutcome.Completed, result.Outcome);
        Assert.InRange(result.Text.Length, 10_000, 16_500);
        Assert.StartsWith($"[Long output: {whole.Length} characters; here are its beginning and its end. The whole is in {ground.Blobs.PathOf(result.Spill!)}; look at parts of it with Read or Grep.]\n1\n2\n", result.Text, StringComparison.Ordinal);
        Assert.EndsWith("\n1499999\n1500000", result.Text, StringComparison.Ordinal);
        Assert.Equal(whole, Encoding.UTF8.GetString(ground.Blobs.Get(result.Spill!)!));
    }

    [Fact]
    public async Task Output_beyond_what_is_kept_is_counted_and_its_end_is_still_shown()
    {
        await using var ground = new Playground();
        var result = await ground.Bash("head -c 40000000 /dev/zero | tr '\\0' x; echo; echo the end");
        Assert.Contains("Only its first 32 MB were kept: ", result.Text, StringComparison.Ordinal);
        Assert.EndsWith("the end", result.Text, StringComparison.Ordinal);
        Assert.InRange(ground.Blobs.Get(result.Spill!)!.Length, 30_000_000, 32 * 1024 * 1024);
        Assert.InRange(result.Text.Length, 10_000, 17_000);
    }

    [Fact]
    public async Task Colours_and_control_characters_are_left_out()
    {
        await using var ground = new Playground();
        var result = await ground.Bash(@"printf '\033[31mred\033[0m \033]0;title\007plain\r\nnext\a\n\033(Bend\n'");
        Assert.Equal("red plain\nnext\nend", result.Text);
    }

    [Fact]
    public async Task Characters_split_over_pieces_are_put_together_and_bad_bytes_replaced()
    {
        await using var ground = new Playground();
        var result = await ground.Bash(@"printf '\360\237'; sleep 0.2; printf '\230\200 \377 x\303'");
        Assert.Equal("😀 \uFFFD x\uFFFD", result.Text);
    }

    [Theory]
    [InlineData("npm create vite@latest app")]
    [InlineData("cd x && npx create-react-app app")]
    [InlineData("npm init")]
    [InlineData("test -f x || npm init")]
    [InlineData("yarn create next-app")]
    public async Task A_scaffolder_that_would_ask_is_refused(string command)
    {
        await using var ground = new Playground();
        Assert.Contains("nobody can answer", await Playground.Failure(ground.Bash(command)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("npm init -y")]
    [InlineData("npm create vite@latest app -- --template vue")]
    [InlineData("yes | npm init")]
    [InlineData("printf 'a\\n' | npm init")]
    [InlineData("npm init < answers.txt")]
    [InlineData("git commit -m 'npm init'")]
    [InlineData("npm install")]
    public void Other_commands_are_not(string command) => Assert.Null(Unattended.Refuse(command));

    [Fact]
    public async Task A_timeout_in_milliseconds_is_refused_with_the_unit()
    {
        await using var ground = new Playground();
        Assert.Contains("in seconds", await Playground.Failure(ground.Bash("true", 120_000)), StringComparison.Ordinal);
        Assert.Contains("too long", await Playground.Failure(ground.Bash(new string('x', 130_000))), StringComparison.Ordinal);
        Assert.Contains("NUL", await Playground.Failure(ground.Bash("a\0b")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_background_command_is_watched_and_ended_by_its_id()
    {
        await using var ground = new Playground();
        var started = await new BashTool().RunAsync(ground.Scope, "echo first; echo second; sleep 985.5", runInBackground: true);
        Assert.Contains("bg1", started.Text, StringComparison.Ordinal);
        var seen = "";
        while (!seen.Contains("second", StringComparison.Ordinal))
        {
            seen += (await new BashOutputTool().RunAsync(ground.Scope, "bg1")).Text;
        }

        // The time makes each look another one: to wait for a command is not to be stuck.
        Assert.Matches(@"\[bg1 is running, for [0-9.]+ s now\.\]", seen);
        Assert.Matches(@"^\[bg1 is running, for [0-9.]+ s now\.\]\n\(no output\)$", (await new BashOutputTool().RunAsync(ground.Scope, "bg1")).Text);
        Assert.Equal("bg1 was ended.", (await new KillShellTool().RunAsync(ground.Scope, "bg1")).Text);
        Assert.Equal("none", (await ground.Bash("pgrep -f '[s]leep 985.5' || echo none")).Text);
        Assert.Contains("bg1 had ended already", (await new KillShellTool().RunAsync(ground.Scope, "bg1")).Text, StringComparison.Ordinal);
        Assert.Contains("ended with exit code", (await new BashOutputTool().RunAsync(ground.Scope, "bg1")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_output_of_a_background_command_is_kept_whole_beside_the_log()
    {
        await using var ground = new Playground();
        var result = await OutputAtEnd(ground, "seq 1 1500000");
        var whole = string.Concat(Enumerable.Range(1, 1_500_000).Select(i => $"{i}\n"));
        Assert.StartsWith(
            $"[bg1 has ended with exit code 0.]\n[Long output: {whole.Length} characters; here are its beginning and its end. The whole is in {ground.Blobs.PathOf(result.Spill!)}; look at parts of it with Read or Grep.]\n1\n2\n",
            result.Text, StringComparison.Ordinal);
        Assert.EndsWith("\n1499999\n1500000", result.Text, StringComparison.Ordinal);
        Assert.Equal(whole, Encoding.UTF8.GetString(ground.Blobs.Get(result.Spill!)!));
    }

    [Fact]
    public async Task What_is_missing_of_a_background_commands_output_is_told_and_marked()
    {
        await using var ground = new Playground();
        var result = await OutputAtEnd(ground, "seq 1 5000000");
        Assert.Matches(
            @"^\[bg1 has ended with exit code 0\.\]\n\[Long output: [0-9]+ characters; here are its beginning and its end\. What was kept of it is in [^;]+; look at parts of it with Read or Grep\. [0-9]+ characters are missing in it, because too much came before anybody looked; a line in it marks the place\.\]\n1\n2\n",
            result.Text);
        Assert.EndsWith("\n4999999\n5000000", result.Text, StringComparison.Ordinal);
        Assert.Single(Encoding.UTF8.GetString(ground.Blobs.Get(result.Spill!)!).Split('\n'), line => line.StartsWith("[… ", StringComparison.Ordinal) && line.Contains("characters were dropped here", StringComparison.Ordinal));
    }

    [Fact]
    public async Task As_much_of_a_background_commands_output_is_kept_as_there_is_room()
    {
        await using var ground = new Playground();
        var result = await OutputAtEnd(ground, "yes 日本語日本語日本語 | head -c 40000000");
        Assert.Contains("Only its first 32 MB were kept: ", result.Text, StringComparison.Ordinal);
        Assert.InRange(ground.Blobs.Get(result.Spill!)!.Length, 33_000_000, 32 * 1024 * 1024);
    }

    [Fact]
    public async Task Output_of_a_background_command_can_be_filtered()
    {
        await using var ground = new Playground();
        Assert.Equal("[bg1 has ended with exit code 0.]\n3\n13\n23\n30", (await OutputAtEnd(ground, "seq 1 30", "3")).Text);
    }

    private static async Task<ToolResult> OutputAtEnd(Playground ground, string command, string? filter = null)
    {
        await new BashTool().RunAsync(ground.Scope, command, runInBackground: true);
        await Eventually.Async(() => ground.Background.Find("bg1")!.ExitCode is not null, seconds: 120);
        return await new BashOutputTool().RunAsync(ground.Scope, "bg1", filter);
    }

    [Fact]
    public async Task An_unknown_id_is_answered_with_the_known_ones()
    {
        await using var ground = new Playground();
        Assert.Contains("none was started", await Playground.Failure(Output("bg7")), StringComparison.Ordinal);
        await new BashTool().RunAsync(ground.Scope, "true", runInBackground: true);
        Assert.Contains("bg1 (true)", await Playground.Failure(Output("bg7")), StringComparison.Ordinal);

        async ValueTask<ToolResult> Output(string id) => await new BashOutputTool().RunAsync(ground.Scope, id);
    }
}
