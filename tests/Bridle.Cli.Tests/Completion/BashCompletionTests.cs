using System.Diagnostics;

namespace Bridle.Cli.Tests.Completion;

public sealed class BashCompletionTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    public static TheoryData<string, string[], string[]> Cases => new()
    {
        { "bridle ", ["run", "chat", "init", "models", "sessions", "doctor", "completion", "--version", "--help"], ["--cases"] },
        { "bridle r", ["run"], ["chat"] },
        { "bridle run --m", ["--model", "--max-steps", "--max-cost", "--max-tokens", "--max-time", "--mode"], ["--local", "list"] },
        { "bridle run --mode ", ["plan", "dontAsk", "default", "acceptEdits", "bypass"], ["--model"] },
        { "bridle run --mode p", ["plan"], ["default"] },
        { "bridle run --output ", ["text", "json", "events"], ["--model"] },
        { "bridle run -o j", ["json"], ["text"] },
        { "bridle run --stream --ap", ["--api"], ["--stream"] },
        { "bridle chat --api ", ["openai", "openai-responses", "anthropic", "gemini", "ollama"], [] },
        { "bridle models ", ["list", "refresh", "test"], ["run"] },
        { "bridle sessions s", ["show"], ["list"] },
        { "bridle completion ", ["bash", "zsh", "fish"], ["run"] },
        { "bridle init --provider a", ["anthropic"], ["openai"] },
        { "bridle models list --he", ["--help"], ["--version"] },
        { "bridle run models --mo", ["--model", "--mode"], ["list"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Bash_completes_what_the_command_tree_knows(string line, string[] offered, string[] notOffered)
    {
        var replies = await CompleteAsync(line);
        Assert.Superset(offered.ToHashSet(), replies.ToHashSet());
        Assert.Empty(replies.Intersect(notOffered));
    }

    [Fact]
    public async Task The_scripts_for_the_other_shells_name_every_command_and_flag()
    {
        foreach (var shell in new[] { "bash", "zsh", "fish" })
        {
            using var stage = new CliStage();
            Assert.Equal(0, await stage.RunAsync("completion", shell));
            var script = stage.Out.ToString();
            foreach (var word in new[] { "run", "chat", "refresh", "doctor", "max-steps", "prompted-tools", "acceptEdits", "openai-responses" })
            {
                Assert.Contains(word, script);
            }
        }

        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("completion", "tcsh"));
    }

    private async Task<string[]> CompleteAsync(string line)
    {
        Assert.Equal(0, await _stage.RunAsync("completion", "bash"));
        var words = line.Split(' ');
        var script = $"""
            {_stage.Out}
            COMP_WORDS=({string.Join(' ', words.Select(word => $"'{word}'"))})
            COMP_CWORD={words.Length - 1}
            _bridle
            printf '%s\n' "REPLIES"
            for ((i = 0; i < {"${#COMPREPLY[@]}"}; i++)); do printf '%s\n' "{"${COMPREPLY[i]}"}"; done
            """;
        var start = new ProcessStartInfo("bash", ["--norc", "-u", "-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var bash = Process.Start(start)!;
        var output = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Empty(await bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        return output[(output.IndexOf("REPLIES", StringComparison.Ordinal) + 8)..].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
