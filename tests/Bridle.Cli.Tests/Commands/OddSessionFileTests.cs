using System.Diagnostics;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

/// <summary>What lies in the folder of the sessions and is none: nothing waits for it, and it hides no other session.</summary>
public sealed class OddSessionFileTests
{
    private static async Task<(CliStage Stage, string Sessions)> OneSessionAsync()
    {
        var stage = new CliStage { Model = new ScriptedModel(ScriptedReply.Text("Here."), ScriptedReply.Text("Again.")) };
        Assert.Equal(ExitCode.Done, await stage.RunAsync("run", "--session", "whole", "hello"));
        return (stage, stage.PathOf("home/.local/share/bridle/sessions"));
    }

    private static async Task AskAsync(CliStage stage, int exitCode, string said, params string[] arguments)
    {
        stage.Out.Take();
        stage.Error.Take();
        Assert.Equal(exitCode, await stage.RunAsync(arguments).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken));
        Assert.Contains(said, stage.Out.Take() + stage.Error.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_in_the_place_of_a_sessions_file_is_named_and_nobody_waits_for_its_other_end()
    {
        var (stage, sessions) = await OneSessionAsync();
        using (stage)
        {
            var pipe = Path.Combine(sessions, "session_f.jsonl");
            Process.Start("mkfifo", [pipe]).WaitForExit();
            File.CreateSymbolicLink(Path.Combine(sessions, "session_zero.jsonl"), "/dev/zero");
            var words = $"A pipe or a device stands where the file of session 'f' belongs: {pipe}. Move it away and put the file back.";
            await AskAsync(stage, ExitCode.Done, words, "sessions", "list");
            await AskAsync(stage, ExitCode.Done, "session 'zero' belongs", "sessions", "list");
            await AskAsync(stage, ExitCode.Failed, words, "sessions", "verify");
            await AskAsync(stage, ExitCode.Usage, words, "sessions", "show", "f");
            await AskAsync(stage, ExitCode.Usage, words, "run", "--resume", "f", "and on");
            await AskAsync(stage, ExitCode.Done, "whole", "sessions", "list");
            await AskAsync(stage, ExitCode.Done, "Again.", "run", "--continue", "and on");
        }
    }

    [Fact]
    public async Task A_file_with_a_line_longer_than_any_record_hides_no_other_session_and_says_what_is_wrong()
    {
        var (stage, sessions) = await OneSessionAsync();
        using (stage)
        {
            await using (var large = File.Create(Path.Combine(sessions, "session_big.jsonl")))
            {
                large.SetLength(2200L * 1024 * 1024);
            }

            await AskAsync(stage, ExitCode.Done, "whole", "sessions", "list");
            await AskAsync(stage, ExitCode.Usage, "The line that begins at byte 0 is longer than 512 MiB, which no record is.", "sessions", "show", "big");
        }
    }

    [Fact]
    public async Task A_file_whose_name_no_session_can_have_is_named()
    {
        var (stage, sessions) = await OneSessionAsync();
        using (stage)
        {
            File.Copy(Path.Combine(sessions, "session_whole.jsonl"), Path.Combine(sessions, "session_.dot.jsonl"));
            await AskAsync(stage, ExitCode.Done, "session_.dot.jsonl is not listed. \".dot\" cannot be the name of a session: it begins with a dot.", "sessions", "list");
            await AskAsync(stage, ExitCode.Done, "whole", "sessions", "list");
        }
    }
}
