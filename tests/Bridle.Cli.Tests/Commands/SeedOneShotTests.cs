using System.Text.Json;
using Bridle.FakeVendors;

namespace Bridle.Cli.Tests.Commands;

/// <summary>The command line of llm-agent-harness where it does one thing and ends, against a fake Ollama.</summary>
public sealed class SeedOneShotTests : IAsyncDisposable
{
    private static readonly FakeModel[] Models = [new("able"), new("other"), new("plain", Tools: false)];

    private readonly CliStage _stage = new();
    private readonly FakeVendor _ollama = FakeLocal.Ollama(Models);

    public SeedOneShotTests() => _stage.Variables["OLLAMA_API_URL"] = _ollama.Server.Url.ToString().TrimEnd('/');

    public async ValueTask DisposeAsync()
    {
        await _ollama.DisposeAsync();
        _stage.Dispose();
    }

    private string State => Path.Combine(_stage.Home, ".local/state/bridle");

    private string[] Sessions => Directory.Exists(Data) ? [.. Directory.GetFiles(Data, "session_*.jsonl").Select(file => Path.GetFileName(file)[8..^6]).Order(StringComparer.Ordinal)] : [];

    private string Data => Path.Combine(_stage.Home, ".local/share/bridle/sessions");

    private async Task<(int Code, string Out, string Error)> RunAsync(params string[] arguments)
    {
        var code = await _stage.RunAsync(arguments);
        return (code, _stage.Out.Take(), _stage.Error.Take());
    }

    private async Task RefreshAsync(string? previous = null)
    {
        Assert.Equal(0, (await RunAsync("--one-shot", "--refresh-models")).Code);
        if (previous is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(State, "previous_model_name"), previous + "\n");
        }
    }

    private static string[] Texts(JsonElement body) => [.. body.GetProperty("messages").EnumerateArray().Where(message => message.GetProperty("role").GetString() is "user" or "assistant").Select(message => message.GetProperty("content").GetString()!)];

    public static TheoryData<string> Refused =>
    [
        "--resume-session a --clone-session b", "-r a -c b", "--continue -c b", "--continue -r a", "--interactive --one-shot", "--test-connection --refresh-models", "--prompt x --prompt-file y", "-p x --test-connection",
        "-P x --refresh-models", "--one-shot", "--one-shot -r a", "--one-shot -n a", "--one-shot --resume-session --prompt x", "-p x -r", "-r a -n b", "--continue -n b", "--output json", "--refresh-models --output json",
        "--interactive -p x --output json", "--interactive --input events", "-s --no-stream -p x", "-p", "-m x run y", "--promt x",
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_does_not_go_together_is_refused_before_anything_is_asked_or_written(string words)
    {
        var (code, answer, error) = await RunAsync(words.Split(' '));
        Assert.Equal((ExitCode.Usage, ""), (code, words.Contains("json", StringComparison.Ordinal) ? "" : answer));
        Assert.StartsWith("bridle: ", error, StringComparison.Ordinal);
        Assert.Empty(_ollama.Server.Requests);
        Assert.False(Directory.Exists(Path.Combine(_stage.Home, ".local")));
    }

    [Fact]
    public async Task Help_shows_the_flags_in_all_spellings_and_what_excludes_what_and_touches_nothing()
    {
        foreach (var name in new[] { "bridle", "start-harness-jayjader" })
        {
            string[] words = name == "bridle" ? ["-h"] : [name, "--help"];
            var (code, help, _) = await RunAsync(words);
            Assert.Equal(0, code);
            foreach (var spelling in new[] { "-m, --model, --model-name", "-s, --stream", "-n, --session-name", "-r, --resume, --resume-session", "-c, --clone-session", "-p, --prompt ", "-P, --prompt-file", "--interactive", "--one-shot", "--test-connection", "--refresh-models" })
            {
                Assert.Contains(spelling, help, StringComparison.Ordinal);
            }

            Assert.Contains("At most one of each line:\n  --resume | --continue | --clone-session\n  --interactive | --one-shot\n  --test-connection | --refresh-models | --prompt | --prompt-file\n", help, StringComparison.Ordinal);
            Assert.Contains($"  {name} [", help, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(Path.Combine(_stage.Home, ".local")));
    }

    [Fact]
    public async Task Without_a_terminal_and_without_a_word_the_help_is_shown_with_the_commands()
    {
        var (code, help, _) = await RunAsync();
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("sessions ", help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_connection_is_tested_and_nothing_else_happens()
    {
        var (code, answer, error) = await RunAsync("--one-shot", "--test-connection");
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("Ollama 0.12.6 answers at http://127.0.0.1:", answer, StringComparison.Ordinal);
        Assert.Equal(["/api/version"], _ollama.Server.Requests.Select(request => request.Path));
        Assert.Empty(Sessions);
        await _ollama.DisposeAsync();
        (code, answer, error) = await RunAsync("--one-shot", "--test-connection");
        Assert.Equal((ExitCode.Vendor, ""), (code, answer));

        // Refused; or reset, when a program that is just being started by another test still holds the server's door for a moment.
        Assert.Matches(@"cannot be reached: [^.\n]+\. Start it, or say where it is with OLLAMA_API_URL", error);
    }

    [Fact]
    public async Task The_list_of_models_is_fetched_stored_and_replaced_as_a_whole()
    {
        var (code, answer, error) = await RunAsync("--one-shot", "--refresh-models");
        Assert.Equal((0, "Ollama: 3 models, 2 with tool calls.\n", ""), (code, answer, error));
        var list = Path.Combine(State, "models.jsonl");
        Assert.Equal(["able", "other", "plain"], File.ReadLines(list).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("model").GetString()));
        await using var changed = FakeLocal.Ollama([new("new")]);
        _stage.Variables["OLLAMA_API_URL"] = changed.Server.Url.ToString().TrimEnd('/');
        Assert.Equal(0, (await RunAsync("--refresh-models", "--one-shot")).Code);
        Assert.Equal(["new"], File.ReadLines(list).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("model").GetString()));
        await changed.DisposeAsync();
        Assert.Equal(ExitCode.Vendor, (await RunAsync("--one-shot", "--refresh-models")).Code);
        Assert.Single(File.ReadLines(list));
    }

    [Theory]
    [InlineData(false, null, null, "are not known yet")]
    [InlineData(false, "able", null, "are not known yet")]
    [InlineData(false, null, "ollama/able", "are not known yet")]
    [InlineData(true, null, null, "No model is named, and none was used before")]
    [InlineData(true, null, "ollama/gone", "Ollama does not list the one used last, 'gone'")]
    [InlineData(true, null, "lm-studio/able", "none was used before")]
    [InlineData(true, "gone", "ollama/able", "Ollama does not list the model 'gone'")]
    public async Task Without_a_list_or_a_listed_model_it_says_so_and_asks_no_model(bool listed, string? given, string? previous, string expected)
    {
        if (listed)
        {
            await RefreshAsync();
        }

        if (previous is not null)
        {
            _stage.Write("home/.local/state/bridle/previous_model_name", previous + "\n");
        }

        string[] model = given is null ? [] : ["-m", given];
        var before = _ollama.Server.Requests.Count;
        foreach (var words in new string[][] { ["-p", "hi"], ["--one-shot", "-p", "hi"], ["start-harness-jayjader", "--one-shot", "--prompt", "hi"] })
        {
            // The other program has folders of its own, where nothing is known at all.
            var (code, answer, error) = await RunAsync([.. words, .. model]);
            Assert.Equal((ExitCode.Usage, ""), (code, answer));
            Assert.Contains(words[0][0] == '-' ? expected : "are not known yet", error, StringComparison.Ordinal);
        }

        var (_, json, _) = await RunAsync(["-p", "hi", "-o", "json", .. model]);
        using var result = JsonDocument.Parse(json);
        Assert.Equal(("models", 2), (result.RootElement.GetProperty("error").GetProperty("kind").GetString(), result.RootElement.GetProperty("exit_code").GetInt32()));
        Assert.Equal(before, _ollama.Server.Requests.Count);
        Assert.Empty(Sessions);
    }

    [Theory]
    [InlineData("--model-name")]
    [InlineData("--model")]
    [InlineData("-m")]
    public async Task A_prompt_runs_the_whole_loop_and_the_answer_alone_is_on_standard_output(string model)
    {
        await RefreshAsync();
        _stage.Write("work/notes.txt", "the word is kestrel\n");
        _ollama.Add(FakeTurn.Call("Read", """{"file_path":"notes.txt"}"""), FakeTurn.Say("It is kestrel."));
        var (code, answer, error) = await RunAsync("--one-shot", "--prompt", "  Which word?\n@notes\t$x ", model, "able");
        Assert.Equal((0, "It is kestrel.\n"), (code, answer));
        Assert.Contains("Read notes.txt", error, StringComparison.Ordinal);
        Assert.Equal("  Which word?\n@notes\t$x ", Texts(_ollama.Bodies[0])[0]);
        Assert.Contains("the word is kestrel", _ollama.Bodies[1].GetRawText(), StringComparison.Ordinal);
        Assert.Matches(@"^\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d$", Assert.Single(Sessions));
        Assert.Equal("ollama/able\n", await File.ReadAllTextAsync(Path.Combine(State, "previous_model_name"), TestContext.Current.CancellationToken));
        _ollama.Add(FakeTurn.Say("Again."));
        Assert.Equal(0, (await RunAsync("-p", "again")).Code);
        Assert.Equal("able", _ollama.Bodies[^1].GetProperty("model").GetString());
        Assert.Empty(_ollama.Refusals);
    }

    [Fact]
    public async Task It_streams_exactly_when_the_flag_says_so()
    {
        await RefreshAsync("ollama/able");
        foreach (var (words, streams) in new (string[] Words, bool Streams)[] { (["-p", "x"], false), (["-p", "x", "-s"], true), (["-p", "x", "--stream"], true), (["--one-shot", "-sp", "x"], true), (["-p", "x", "-o", "json"], false) })
        {
            _ollama.Add(FakeTurn.Say("Yes."));
            var (code, answer, _) = await RunAsync(words);
            Assert.Equal(0, code);
            Assert.Contains("Yes.", answer, StringComparison.Ordinal);
            Assert.Equal(streams, _ollama.Bodies[^1].GetProperty("stream").GetBoolean());
        }
    }

    [Fact]
    public async Task A_prompt_file_is_sent_as_it_is_from_here_or_from_anywhere()
    {
        await RefreshAsync("ollama/able");
        var absolute = _stage.Write("elsewhere/b.txt", "from anywhere\n\n");
        _stage.Write("work/prompts/a.txt", "from here");
        _ollama.Add(FakeTurn.Say("A."), FakeTurn.Say("B."));
        Assert.Equal((0, "A.\n"), (await RunAsync("--one-shot", "--prompt-file", "prompts/a.txt", "--session-name", "named")) is var first ? (first.Code, first.Out) : default);
        Assert.Equal(0, (await RunAsync("-P", absolute)).Code);
        Assert.Equal(["from here", "from anywhere\n\n"], _ollama.Bodies.Select(body => Texts(body)[0]));
        Assert.Contains("named", Sessions);
        var (code, _, error) = await RunAsync("-P", "missing.txt");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("missing.txt cannot be read", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_are_named_resumed_and_copied_by_name()
    {
        await RefreshAsync("ollama/able");
        _stage.Write("work/next.txt", "third");
        _ollama.Add(FakeTurn.Say("one"), FakeTurn.Say("two"), FakeTurn.Say("three"), FakeTurn.Say("four"), FakeTurn.Say("five"), FakeTurn.Say("six"));
        Assert.Equal(0, (await RunAsync("-p", "first", "-n", "talk")).Code);
        Assert.Equal(0, (await RunAsync("--one-shot", "--resume-session", "talk", "--prompt", "second")).Code);
        Assert.Equal(["first", "one", "second"], Texts(_ollama.Bodies[^1]));
        Assert.Equal(0, (await RunAsync("--one-shot", "-r", "talk", "-P", "next.txt")).Code);
        Assert.Equal(["first", "one", "second", "two", "third"], Texts(_ollama.Bodies[^1]));
        Assert.Equal(["talk"], Sessions);

        var original = await File.ReadAllBytesAsync(Path.Combine(Data, "session_talk.jsonl"), TestContext.Current.CancellationToken);
        Assert.Equal(0, (await RunAsync("--one-shot", "--clone-session", "talk", "--prompt", "aside")).Code);
        Assert.Equal(0, (await RunAsync("-c", "talk", "-p", "aside again")).Code);
        Assert.Equal(0, (await RunAsync("-c", "talk", "-n", "copy", "-P", "next.txt")).Code);
        Assert.Equal(["first", "one", "second", "two", "third", "three", "third"], Texts(_ollama.Bodies[^1]));
        Assert.Equal(["copy", "talk", "talk-clone", "talk-clone-2"], Sessions);
        Assert.Equal(original, await File.ReadAllBytesAsync(Path.Combine(Data, "session_talk.jsonl"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("-r tallk -p x", "There is no session 'tallk'. Did you mean 'talk'?")]
    [InlineData("-c tallk -p x", "There is no session 'tallk'. Did you mean 'talk'?")]
    [InlineData("-n talk -p x", "There is a session 'talk' already.")]
    [InlineData("-c talk -n talk -p x", "There is a session 'talk' already.")]
    [InlineData("-n ../up -p x", "cannot be the name of a session: it begins with a dot")]
    [InlineData("-n a/b -p x", "cannot be the name of a session: it contains /")]
    [InlineData("-c talk -n a/b -p x", "cannot be the name of a session: it contains /")]
    public async Task A_name_that_is_missing_taken_or_none_is_refused_with_what_to_do(string words, string expected)
    {
        await RefreshAsync("ollama/able");
        _ollama.Add(FakeTurn.Say("one"));
        await RunAsync("-p", "first", "-n", "talk");
        var asked = _ollama.Bodies.Count;
        var (code, answer, error) = await RunAsync(words.Split(' '));
        Assert.Equal((ExitCode.Usage, ""), (code, answer));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Equal(asked, _ollama.Bodies.Count);
        Assert.Equal(["talk"], Sessions);
    }

    [Fact]
    public async Task Continue_goes_on_with_the_latest_session_of_this_folder()
    {
        await RefreshAsync("ollama/able");
        Directory.CreateDirectory(_stage.PathOf("other"));
        _ollama.Add(FakeTurn.Say("one"), FakeTurn.Say("two"), FakeTurn.Say("three"), FakeTurn.Say("four"), FakeTurn.Say("five"));
        var (code, _, error) = await RunAsync("--continue", "-p", "x");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("There is no session of the folder", error, StringComparison.Ordinal);
        await RunAsync("-p", "old", "-n", "old");
        await RunAsync("-p", "new", "-n", "new");
        await RunAsync("-p", "there", "-n", "elsewhere", "--cwd", _stage.PathOf("other"));
        File.SetLastWriteTimeUtc(Path.Combine(Data, "session_old.jsonl"), DateTime.UnixEpoch);
        Assert.Equal(0, (await RunAsync("--continue", "-p", "and?")).Code);
        Assert.Equal(["new", "two", "and?"], Texts(_ollama.Bodies[^1]));
        Assert.Equal(0, (await RunAsync("run", "-m", "ollama/able", "--continue", "still?")).Code);
        Assert.Equal(["new", "two", "and?", "four", "still?"], Texts(_ollama.Bodies[^1]));
        Assert.Equal(["elsewhere", "new", "old"], Sessions);
    }

    [Theory]
    [InlineData("HARNESS_INFERENCE_PROVIDER", "openai", "must be ollama or lm-studio or lemonade")]
    [InlineData("OLLAMA_API_URL", "localhost", "must be an address that begins with http:// or https://")]
    [InlineData("HARNESS_ROOT_DIRS_NAME", "a/b", "must be the name of one folder")]
    [InlineData("XDG_STATE_HOME", "state", "must be an absolute path")]
    [InlineData("XDG_DATA_HOME", "data", "must be an absolute path")]
    [InlineData("SANDBOX_CONTAINER_RUNTIME_EXECUTABLE", "sudo", "must be podman or docker")]
    [InlineData("SANDBOX_CONTAINER_IMAGE", "--privileged", "must be the name of an image")]
    [InlineData("SANDBOX_CONTAINER_WORKSPACE_VOLUME_NAME", "a b", "must be the name of a volume that exists")]
    public async Task A_variable_that_cannot_be_used_is_named_with_what_it_may_be(string variable, string value, string expected)
    {
        _stage.Variables[variable] = value;
        var (code, answer, error) = await RunAsync("-p", "hi");
        Assert.Equal((ExitCode.Usage, ""), (code, answer));
        Assert.Contains($"{variable} is '{value}', but {expected}", error, StringComparison.Ordinal);
        Assert.Empty(_ollama.Server.Requests);
    }

    [Theory]
    [InlineData("sessions", "list")]
    [InlineData("start-harness-jayjader", "-p", "x")]
    [InlineData("run", "hi")]
    public async Task A_name_of_folders_that_is_none_is_refused_by_every_command_and_nothing_else_is_said_of_it(params string[] arguments)
    {
        _stage.Variables["HARNESS_ROOT_DIRS_NAME"] = "a/b";
        var (code, answer, error) = await RunAsync(arguments);
        Assert.Equal((ExitCode.Usage, ""), (code, answer));
        Assert.Equal("bridle: HARNESS_ROOT_DIRS_NAME is 'a/b', but must be the name of one folder. Correct it, or unset HARNESS_ROOT_DIRS_NAME.\n", error);
        Assert.Equal(0, (await RunAsync("sessions", "--help")).Code);
    }

    [Fact]
    public async Task Under_its_own_name_everything_is_in_folders_of_its_own_which_a_variable_renames()
    {
        Assert.Equal(0, (await RunAsync("start-harness-jayjader", "--one-shot", "--refresh-models")).Code);
        _ollama.Add(FakeTurn.Say("one"), FakeTurn.Say("two"));
        Assert.Equal(0, (await RunAsync("start-harness-jayjader", "--one-shot", "-m", "able", "-n", "s", "-p", "hi")).Code);
        Assert.True(File.Exists(Path.Combine(_stage.Home, ".local/share/jayjaders-llm-harness/sessions/session_s.jsonl")));
        Assert.True(File.Exists(Path.Combine(_stage.Home, ".local/state/jayjaders-llm-harness/models.jsonl")));
        Assert.Equal("ollama/able\n", await File.ReadAllTextAsync(Path.Combine(_stage.Home, ".local/state/jayjaders-llm-harness/previous_model_name"), TestContext.Current.CancellationToken));

        _stage.Variables["HARNESS_ROOT_DIRS_NAME"] = "mine";
        _stage.Variables["XDG_STATE_HOME"] = _stage.PathOf("state");
        _stage.Variables["XDG_DATA_HOME"] = _stage.PathOf("data");
        Assert.Equal(0, (await RunAsync("start-harness-jayjader", "--one-shot", "--refresh-models")).Code);
        Assert.Equal(0, (await RunAsync("start-harness-jayjader", "--one-shot", "-m", "able", "-n", "s", "-p", "hi")).Code);
        Assert.True(File.Exists(_stage.PathOf("state/mine/models.jsonl")));
        Assert.True(File.Exists(_stage.PathOf("data/mine/sessions/session_s.jsonl")));
        Assert.False(Directory.Exists(Path.Combine(_stage.Home, ".local/share/bridle")));
    }

    [Fact]
    public async Task A_model_whose_name_begins_like_a_provider_is_the_one_in_the_list_and_another_configured_provider_is_still_meant_by_its_name()
    {
        await using var studio = FakeLocal.LmStudio(new(0, 4), [new("openai/gpt-oss-20b")], FakeTurn.Say("Local."));
        await using var openai = new FakeOpenAiChat(FakeTurn.Say("Hosted."));
        (_stage.Variables["HARNESS_INFERENCE_PROVIDER"], _stage.Variables["OLLAMA_API_URL"]) = ("lm-studio", studio.Server.Url.ToString());
        (_stage.Variables["OPENAI_API_KEY"], _stage.Variables["OPENAI_BASE_URL"]) = ("k", openai.Url.ToString());
        Assert.Equal(0, (await RunAsync("--one-shot", "--refresh-models")).Code);
        Assert.Equal("Local.\n", (await RunAsync("-m", "openai/gpt-oss-20b", "-p", "hi")).Out);
        Assert.Equal("Hosted.\n", (await RunAsync("-m", "openai/gpt-4.1", "-p", "hi")).Out);
    }

    [Fact]
    public async Task A_surrounding_env_file_names_the_server_where_its_folder_is_trusted_and_the_environment_beats_it()
    {
        await using var studio = FakeLocal.LmStudio(new(0, 4), [new("x")]);
        _stage.Write("work/.env", $"HARNESS_INFERENCE_PROVIDER=lm-studio\nOLLAMA_API_URL=\"{studio.Server.Url.ToString().TrimEnd('/')}\"\n");
        var address = _stage.Variables["OLLAMA_API_URL"];
        _stage.Variables.Remove("OLLAMA_API_URL");
        Assert.StartsWith("LM Studio answers", (await RunAsync("--one-shot", "--test-connection", "--trust")).Out, StringComparison.Ordinal);
        _stage.Variables["HARNESS_INFERENCE_PROVIDER"] = "ollama";
        _stage.Variables["OLLAMA_API_URL"] = address;
        Assert.StartsWith("Ollama 0.12.6 answers", (await RunAsync("--one-shot", "--test-connection", "--trust")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_run_leaves_a_log_named_by_when_it_began_without_what_was_said()
    {
        await RefreshAsync("ollama/able");
        _ollama.Add(FakeTurn.Call("Ls", "{}"), FakeTurn.Say("the secret answer"), FakeTurn.Fail(400, "not like this"));
        Assert.Equal(0, (await RunAsync("-p", "a secret question", "-n", "talk")).Code);
        Assert.NotEqual(0, (await RunAsync("-p", "again")).Code);
        var logs = Directory.GetFiles(Path.Combine(State, "logs")).Order(StringComparer.Ordinal).ToList();
        Assert.All(logs, log => Assert.Matches(@"^\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d(-[23])?$", Path.GetFileName(log)));
        Assert.Equal(3, logs.Count);
        Assert.Matches(@"^[^\n]*Z Ollama: 3 models, 2 with tool calls\.\n$", await File.ReadAllTextAsync(logs[0], TestContext.Current.CancellationToken));
        var text = await File.ReadAllTextAsync(logs[1], TestContext.Current.CancellationToken);
        Assert.Matches(@"Z bridle .*, session talk, ollama/able, in .*\n.*Z turn 1 began: ollama/able, mode default\n.*Z turn 1: Ls\n.*Z turn 1 ended: Completed, 2 steps\n$", text);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.Contains("the model failed (", await File.ReadAllTextAsync(logs[2], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vendor_that_is_configured_needs_no_list()
    {
        await using var openai = new FakeOpenAiChat(FakeTurn.Say("Hosted."));
        (_stage.Variables["OPENAI_API_KEY"], _stage.Variables["OPENAI_BASE_URL"]) = ("k", openai.Url.ToString());
        Assert.Equal((0, "Hosted.\n"), (await RunAsync("-p", "hi")) is var ran ? (ran.Code, ran.Out) : default);
        Assert.Empty(_ollama.Server.Requests);
    }
}
