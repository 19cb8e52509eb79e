using System.Diagnostics;

namespace Bridle.Cli.Tests.Completion;

/// <summary>The scripts for zsh and fish, each run by its own shell.</summary>
public sealed class ShellCompletionTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    public static TheoryData<string, string[], string[]> Cases => BashCompletionTests.Cases;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Zsh_completes_what_the_command_tree_knows(string line, string[] offered, string[] notOffered) =>
        Check(await InZshAsync(line, "eval \"$(cat \"$SCRIPT\")\""), offered, notOffered);

    [Fact]
    public async Task Zsh_finds_the_script_as_a_file_of_its_function_path() =>
        Check(await InZshAsync("bridle run --m", ""), ["--model", "--mode"], ["--local"]);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Fish_completes_what_the_command_tree_knows(string line, string[] offered, string[] notOffered)
    {
        // fish offers flags only once a dash is there.
        var typed = line.EndsWith(' ') ? offered.Where(word => !word.StartsWith('-')).ToArray() : offered;
        Check(await InFishAsync(line), typed, notOffered);
    }

    [Theory]
    [InlineData("bridle -", new[] { "--help", "--version", "-h", "--one-shot", "-p" }, new[] { "--cases", "run" })]
    [InlineData("bridle run -", new[] { "--model", "-m", "--help" }, new[] { "--provider" })]
    [InlineData("bridle chat run --prov", new string[0], new[] { "--provider" })]
    [InlineData("bridle run --prompt-file s", new[] { "set.txt" }, new[] { "--session" })]
    [InlineData("bridle models list --help ", new string[0], new[] { "list", "run" })]
    [InlineData("bridle run models ", new string[0], new[] { "list", "refresh", "run" })]
    public async Task Both_keep_to_the_command_that_the_line_names(string line, string[] offered, string[] notOffered)
    {
        Check(await InFishAsync(line), offered, notOffered);
        Check(await InZshAsync(line, "eval \"$(cat \"$SCRIPT\")\""), offered, notOffered);
    }

    private static void Check(string[] replies, string[] offered, string[] notOffered)
    {
        Assert.Superset(offered.ToHashSet(), replies.ToHashSet());
        Assert.Empty(replies.Intersect(notOffered));
    }

    private async Task<string[]> InFishAsync(string line)
    {
        var script = await ScriptAsync("fish", "bridle.fish");
        return Words(await RunAsync("fish", ["--no-config", "-c", "source $SCRIPT; complete -C $LINE"], line, script)).Select(word => word.Split('\t')[0]).ToArray();
    }

    /// <summary>A real interactive zsh whose line editor completes the line once and writes down what it would have offered.</summary>
    private async Task<string[]> InZshAsync(string line, string load)
    {
        var script = await ScriptAsync("zsh", "functions/_bridle");
        var offered = _stage.Write("work/offered", "");
        _stage.Write("home/.zshrc", $$"""
            fpath=("${SCRIPT:h}" $fpath)
            autoload -Uz compinit
            compinit -D -u
            {{load}}
            compadd() {
                if [[ " $* " == *" -"[OAD]" "* ]]; then builtin compadd "$@"; return; fi
                local -a hits
                builtin compadd -O hits "$@"
                print -rl -- "${hits[@]}" >> "{{offered}}"
                builtin compadd "$@"
            }
            zle-line-init() { BUFFER=$LINE; CURSOR=$#BUFFER; zle complete-word; exit }
            zle -N zle-line-init
            """);
        await RunAsync("script", ["-qec", "zsh -i", "/dev/null"], line, script);
        return Words(await File.ReadAllTextAsync(offered, TestContext.Current.CancellationToken));
    }

    private async Task<string> ScriptAsync(string shell, string file)
    {
        _stage.Write("work/set.txt", "");
        Assert.Equal(0, await _stage.RunAsync("completion", shell));
        return _stage.Write($"home/{file}", _stage.Out.Take());
    }

    private async Task<string> RunAsync(string program, string[] arguments, string line, string script)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _stage.Work,
        };
        foreach (var (name, value) in new[] { ("LINE", line), ("SCRIPT", script), ("HOME", _stage.Home), ("ZDOTDIR", _stage.Home), ("TERM", "xterm"), ("SHELL", "/bin/sh") })
        {
            start.Environment[name] = value;
        }

        using var shell = Process.Start(start)!;
        shell.StandardInput.Close();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        using var ended = patience.Token.Register(() => shell.Kill(entireProcessTree: true));
        var error = shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Empty(await error);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.False(patience.IsCancellationRequested, $"{program} did not end; it said: {output}");
        return output;
    }

    private static string[] Words(string lines) => [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim())];
}
