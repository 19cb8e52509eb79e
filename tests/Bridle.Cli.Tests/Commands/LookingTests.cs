using Bridle.FakeVendors;
using Bridle.Hosting.Providers;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

public sealed class LookingTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Doctor_with_nothing_configured_says_what_to_do_and_that_it_can_work()
    {
        Assert.Equal(0, await _stage.RunAsync("doctor"));
        var shown = _stage.Out.ToString();
        foreach (var text in new[] { "ok  version   Bridle 0.1.0", $"{_stage.Home}/.local/share/bridle", "none configured", "→ Run `bridle init`", "bash: /", "ok  sandbox   bubblewrap", "ok  refused   write beside the workspace", "ok  refused   plant a hook in .git", "ok  refused   start processes without end", "no terminal", "Bridle can work." })
        {
            Assert.Contains(text, shown);
        }

        Assert.DoesNotContain("(exit code 0)", shown);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_stage.Home));
    }

    [Fact]
    public async Task Doctor_says_which_model_and_why_and_never_the_key()
    {
        _stage.Variables["ANTHROPIC_API_KEY"] = "sk-secret";
        _stage.Running.Add(new(KnownProviders.Default.LocalServers[0], "qwen3"));
        Assert.Equal(0, await _stage.RunAsync("doctor"));
        Assert.Contains("by ANTHROPIC_API_KEY (anthropic at https://api.anthropic.com/, key from ANTHROPIC_API_KEY)", _stage.Out.ToString());
        Assert.Contains("Ollama at http://localhost:11434, model qwen3", _stage.Out.ToString());
        Assert.DoesNotContain("sk-secret", _stage.Out.ToString());
    }

    [Fact]
    public async Task Doctor_finds_what_stops_Bridle_and_ends_with_1()
    {
        var file = _stage.Write("home/.config/bridle/settings.json", "{ nonsense");
        var strangers = _stage.Write("work/.bridle/settings.json", "{ nonsense");
        _stage.Variables["PATH"] = "/nowhere";
        Assert.Equal(1, await _stage.RunAsync("doctor"));
        Assert.Contains($"→ Correct {file} or remove it.", _stage.Out.ToString());
        Assert.Contains($"{strangers} counts for nothing, as the folder is not trusted: Line 1", _stage.Out.ToString());
        Assert.DoesNotContain($"→ Correct {strangers}", _stage.Out.ToString());
        Assert.Contains("model     not known: nothing starts until what is marked above is put right", _stage.Out.ToString());
        Assert.DoesNotContain("rehearses", _stage.Out.ToString());
        Assert.Contains("BAD program   bash: not found", _stage.Out.ToString());
        Assert.Contains("→ Install ripgrep", _stage.Out.ToString());
    }

    [Fact]
    public async Task Doctor_calls_a_configured_provider_without_a_key_a_problem()
    {
        _stage.Write("home/.config/bridle/settings.json", """{ "model": "anthropic/m" }""");
        Assert.Equal(1, await _stage.RunAsync("doctor"));
        Assert.Contains("BAD model     There is no key for Anthropic.", _stage.Out.ToString());
    }

    [Fact]
    public async Task Models_are_refreshed_listed_and_tested()
    {
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("models", "list"));
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("models", "refresh"));
        await using var vendor = new FakeOpenAiChat(FakeTurn.Say("ready"), FakeTurn.Fail(401, "no"));
        _stage.Variables["OPENAI_API_KEY"] = "k";
        _stage.Variables["OPENAI_BASE_URL"] = vendor.Url.ToString();
        Assert.Equal(0, await _stage.RunAsync("models", "test", "openai/test-model"));
        Assert.Contains("openai/test-model answers", _stage.Out.ToString());
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("models", "test", "openai/test-model"));
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("models", "refresh", "anthropic"));
        _stage.Write("home/.local/state/bridle/models.jsonl", """
            {"provider":"openai","model":"gpt-4.1","context_window":1000,"tools":"yes"}
            {"provider":"work","model":"big","tools":"no"}
            {"provider":"work","model":"Qwen3:32b"}
            {"provider":"work","model":"meta/Meta-Llama-3-8B-Instruct"}
            {"provider":"work","model":"qwen-old","tools":"no"}
            {"provider":"work","model":"gemma2"}
            """);
        Assert.Equal(0, await _stage.RunAsync("models", "list"));
        Assert.Matches(@"openai/gpt-4\.1 +yes +1000 +\d", _stage.Out.ToString());
        Assert.Matches(@"work/big +no +unknown +unknown +unknown", _stage.Out.ToString());
        Assert.Matches(@"work/Qwen3:32b +yes\? +", _stage.Out.ToString());
        Assert.Matches(@"work/meta/Meta-Llama-3-8B-Instruct +yes\? +", _stage.Out.ToString());
        Assert.Matches(@"work/qwen-old +no +", _stage.Out.ToString());
        Assert.Matches(@"work/gemma2 +unknown +", _stage.Out.ToString());
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("models", "list", "nothing-like-it"));
    }

    [Fact]
    public async Task A_list_that_cannot_be_fetched_is_exit_3_with_a_word()
    {
        _stage.Variables["OPENAI_API_KEY"] = "k";
        _stage.Variables["OPENAI_BASE_URL"] = "http://127.0.0.1:1/v1";
        Assert.Equal(ExitCode.Vendor, await _stage.RunAsync("models", "refresh"));
        Assert.Contains("openai: http://127.0.0.1:1/v1/models cannot be reached", _stage.Error.ToString());
    }

    [Fact]
    public async Task Sessions_are_listed_and_shown()
    {
        Assert.Equal(0, await _stage.RunAsync("sessions", "list"));
        Assert.Contains("There are no sessions yet.", _stage.Error.ToString());
        _stage.Write("work/a.txt", "alpha\n");
        _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Read", """{"file_path":"a.txt"}""")), ScriptedReply.Text("It says alpha."));
        await _stage.RunAsync("run", "--session", "first", "what does a.txt say?");
        _stage.Out.GetStringBuilder().Clear();
        Assert.Equal(0, await _stage.RunAsync("sessions", "list"));
        Assert.Matches(@"first +\d{4}-\d\d-\d\d \d\d:\d\d +3 +\? +test/scripted +what does a\.txt say\?", _stage.Out.ToString());
        _stage.Out.GetStringBuilder().Clear();
        Assert.Equal(0, await _stage.RunAsync("sessions", "show", "first"));
        Assert.Equal("❯ what does a.txt say?\n• Read a.txt\n  1 alpha\nIt says alpha.\n", _stage.Out.ToString().Replace("\t", " ", StringComparison.Ordinal));
        _stage.Out.GetStringBuilder().Clear();
        Assert.Equal(0, await _stage.RunAsync("sessions", "show", "first", "--output", "events"));
        Assert.Contains("\"type\":\"session_started\"", _stage.Out.ToString());
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sessions", "show", "frist"));
        Assert.Contains("Did you mean 'first'?", _stage.Error.ToString());
    }
}
