using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

/// <summary>llm-agent-harness's command line in a real terminal: each server from nothing to an answer, and nvim beside it.</summary>
public sealed class SeedTerminalTests : IDisposable
{
    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    private string Data => Path.Combine(_place.Home, ".local/share/jayjaders-llm-harness");

    [Theory]
    [InlineData("ollama", "Ollama")]
    [InlineData("lm-studio", "LM Studio")]
    [InlineData("lemonade", "Lemonade")]
    public async Task From_nothing_to_an_answer_with_each_server(string provider, string title)
    {
        _place.Write("notes.txt", "the word is kestrel\n");
        FakeModel[] models = [new("qwen3:8b"), new("plain", Tools: false)];
        FakeTurn[] script = [FakeTurn.Call("Read", """{"file_path":"notes.txt"}"""), FakeTurn.Say("It is kestrel.")];
        await using var vendor = provider switch { "ollama" => FakeLocal.Ollama(models, script), "lemonade" => FakeLocal.Lemonade(models, script), _ => FakeLocal.LmStudio(new(0, 4, 1), models, script) };
        _place.Environment["HARNESS_INFERENCE_PROVIDER"] = provider;
        _place.Environment["OLLAMA_API_URL"] = vendor.Server.Url.ToString().TrimEnd('/');
        await using var tmux = await Tmux.StartAsync(_place, "start-harness-jayjader");
        await tmux.WaitForAsync("[y/n]");
        Assert.Contains($"The models of {title} at http://127.0.0.1:", await tmux.UnbrokenAsync(), StringComparison.Ordinal);
        await tmux.SayAsync("y");
        await tmux.WaitForAsync("Which model? Number or name:");
        Assert.Contains("2. plain  (no tool calls of its own)", await tmux.UnbrokenAsync(), StringComparison.Ordinal);
        await tmux.SayAsync("1");
        await tmux.WaitForAsync("mode default");
        await tmux.SayAsync("Which word is in the notes?");
        await tmux.WaitForAsync("It is kestrel.");
        await tmux.SayAsync("/test-connection");
        await tmux.WaitForAsync("answers at");
        await tmux.SayAsync("/exit");
        await tmux.WaitForAsync("exit:0");
        Assert.Empty(vendor.Refusals);
        Assert.Contains("the word is kestrel", vendor.Bodies[^1].GetRawText(), StringComparison.Ordinal);
        Assert.Equal($"{provider}/qwen3:8b\n", await File.ReadAllTextAsync(Path.Combine(_place.Home, ".local/state/jayjaders-llm-harness/previous_model_name"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Nvim_opens_in_a_window_beside_and_what_was_saved_counts_when_it_is_closed()
    {
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Say("It is seven."), FakeTurn.Say("Nine, then."), FakeTurn.Say("Heard."));

        // What nvim would do: shows the file, waits until the person is done, saves.
        var nvim = _place.Write("bin/nvim", $"#!/bin/sh\necho \"nvim has $(basename \"$1\")\"\nwhile [ ! -e {_place.Work}/done ]; do sleep 0.02; done\nrm {_place.Work}/done\nsh {_place.Work}/edit.sh \"$1\"\n");
        File.SetUnixFileMode(nvim, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _place.Environment["PATH"] = $"{Path.GetDirectoryName(nvim)}:{Environment.GetEnvironmentVariable("PATH")}";
        await using var tmux = await Tmux.StartAsync(_place, "-m", Vendors.Model("openai"), "-n", "talk");
        await tmux.WaitForAsync("mode default");
        await tmux.SayAsync("The number is seven.");
        await tmux.WaitForAsync("It is seven.");

        _place.Write("edit.sh", "sed -i 's/seven/nine/g' \"$1\"\n");
        await tmux.SayAsync("/session edit");
        await tmux.WaitForAsync("nvim has session_talk.jsonl");
        _place.Write("done", "");
        await tmux.WaitForAsync("taken over and sealed.");

        _place.Write("edit.sh", "printf 'Which number\\nis it?\\n' > \"$1\"\n");
        await tmux.SayAsync("/editor");
        await tmux.WaitForAsync("nvim has prompt.md");
        _place.Write("done", "");
        await tmux.WaitForAsync("Nine, then.");
        var said = vendor.Bodies[^1].GetProperty("messages").EnumerateArray().Select(message => message.GetRawText()).ToList();
        Assert.Contains("The number is nine.", said[^3], StringComparison.Ordinal);
        Assert.Contains("It is nine.", said[^2], StringComparison.Ordinal);
        Assert.Contains("Which number\\nis it?", said[^1], StringComparison.Ordinal);

        // Closed without saving, and a window that is killed: nothing is sent, and the conversation goes on.
        await tmux.SayAsync("/editor");
        await tmux.WaitForAsync("nvim has prompt.md");
        await tmux.KillWindowAsync();
        await tmux.WaitForAsync("It was not saved, so nothing is sent.");
        await tmux.SayAsync("Still here?");
        await tmux.WaitForAsync("Heard.");
        await tmux.SayAsync("/exit");
        await tmux.WaitForAsync("exit:0");
        Assert.Equal(3, vendor.Bodies.Count);
    }

    [Fact]
    public async Task The_script_beside_the_program_starts_it_by_that_name_also_through_a_link()
    {
        var script = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Place.Program)!, "../../../../start-harness-jayjader"));
        var copy = _place.Write("checkout/start-harness-jayjader", await File.ReadAllTextAsync(script, TestContext.Current.CancellationToken));
        var bridle = _place.Write("checkout/bridle", "#!/bin/sh\nprintf '<%s>' \"$@\"\n");
        const UnixFileMode mine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        File.SetUnixFileMode(copy, mine);
        File.SetUnixFileMode(bridle, mine);
        Assert.True(File.GetUnixFileMode(script).HasFlag(UnixFileMode.UserExecute));
        Directory.CreateDirectory(Path.Combine(_place.Home, "bin"));
        var link = File.CreateSymbolicLink(Path.Combine(_place.Home, "bin", "start-harness-jayjader"), copy).FullName;
        foreach (var program in new[] { copy, link })
        {
            using var process = _place.StartProgram(program, "--one-shot", "-p", "a b");
            process.StandardInput.Close();
            Assert.Equal("<start-harness-jayjader><--one-shot><-p><a b>", (await Place.EndAsync(process)).Out);
        }
    }
}
