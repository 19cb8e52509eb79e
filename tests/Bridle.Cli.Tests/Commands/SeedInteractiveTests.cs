using System.Text.RegularExpressions;
using Bridle.FakeVendors;

namespace Bridle.Cli.Tests.Commands;

/// <summary>The start of a conversation on the command line of llm-agent-harness.</summary>
public sealed class SeedInteractiveTests : IAsyncDisposable
{
    private readonly SeedTalk _talk = new();

    public ValueTask DisposeAsync() => _talk.DisposeAsync();

    private static string Plain(string screen) => Regex.Replace(Regex.Replace(screen, @"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d(-\d+)?", "DATE"), @"\x1b\[[0-9;]*[A-Za-z]", "");

    [Fact]
    public async Task Without_a_word_it_is_interactive_and_the_name_is_the_date_and_time()
    {
        await _talk.ReadyAsync();
        var screens = new List<string>();
        foreach (var words in new string[][] { [], ["--interactive"] })
        {
            _talk.Ollama.Add(FakeTurn.Say("Hello."));
            _talk.Start(words);
            await _talk.AskAsync("hi");
            Assert.Equal(0, await _talk.EndAsync());
            screens.Add(Plain(_talk.Stage.Out.ToString()) + Plain(_talk.Stage.Error.ToString()));
        }

        Assert.Equal(screens[0], screens[1]);
        Assert.Contains("ollama/able, mode default, session DATE.", screens[0], StringComparison.Ordinal);
        Assert.Equal(2, _talk.Names.Length);
        Assert.All(_talk.Names, name => Assert.Matches(@"^\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d(-\d)?$", name));
    }

    [Fact]
    public async Task An_unknown_list_is_fetched_when_the_person_says_yes_and_without_it_there_is_nothing_to_talk_to()
    {
        _talk.Start();
        await _talk.UntilAsync("Fetch the list? [y/n]");
        Assert.Matches(@"The models of Ollama at http://127\.0\.0\.1:\d+/ are not known yet\.", _talk.Screen);
        await _talk.SayAsync("perhaps", "Please answer y or n.");
        await _talk.SayAsync("", "Fetch the list? [y/n]", 3);
        Assert.Equal(ExitCode.Usage, await _talk.EndAsync("n"));
        Assert.Empty(_talk.Ollama.Server.Requests);
        Assert.Empty(_talk.Names);

        _talk.Start("-m", "other");
        await _talk.SayAsync("y", "ollama/other, mode default");
        Assert.Contains("Ollama: 3 models, 2 with tool calls.", _talk.Screen, StringComparison.Ordinal);
        Assert.Equal(0, await _talk.EndAsync());

        await _talk.Ollama.DisposeAsync();
        File.Delete(Path.Combine(_talk.State, "models.jsonl"));
        _talk.Start();
        Assert.Equal(ExitCode.Vendor, await _talk.EndAsync("y"));
        Assert.Contains("cannot be reached", _talk.Screen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("other", "able", null, "other")]
    [InlineData(null, "able", null, "able")]
    [InlineData(null, null, "No model is named, and none was used before.", "plain")]
    [InlineData(null, "gone", "No model is named, and Ollama does not list the one used last, 'gone'.", "plain")]
    [InlineData("gone", "able", "Ollama does not list the model 'gone'.", "plain")]
    public async Task The_model_is_the_one_given_else_the_one_used_last_and_if_it_is_not_listed_the_person_chooses(string? given, string? previous, string? why, string model)
    {
        await _talk.ReadyAsync(previous);
        _talk.Ollama.Add(FakeTurn.Say("Hello."));
        _talk.Start(given is null ? [] : ["--model-name", given]);
        if (why is not null)
        {
            await _talk.UntilAsync(why);
            await _talk.SayAsync("/help", "/help is not in the list.");
            await _talk.SayAsync("plian", "plian is not in the list. Did you mean plain?");
            await _talk.SayAsync("3", "ollama/plain, mode default");
            Assert.Contains("   3. plain  (no tool calls of its own)", _talk.Screen, StringComparison.Ordinal);
        }

        await _talk.AskAsync("hi");
        Assert.Equal(0, await _talk.EndAsync());
        Assert.Equal(model, _talk.LastModel);
        Assert.Equal($"ollama/{model}\n", await File.ReadAllTextAsync(Path.Combine(_talk.State, "previous_model_name"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Who_chooses_no_model_leaves()
    {
        await _talk.ReadyAsync(null);
        _talk.Start();
        await _talk.UntilAsync("Which model?");
        Assert.Equal(ExitCode.Usage, await _talk.EndAsync(""));
        Assert.Empty(_talk.Names);
    }

    [Fact]
    public async Task The_connection_is_tested_first_and_a_failed_test_ends_it()
    {
        await _talk.ReadyAsync();
        foreach (var words in new string[][] { ["--test-connection"], ["--interactive", "--test-connection"] })
        {
            _talk.Start(words);
            await _talk.UntilAsync("ollama/able, mode default");
            Assert.Contains("Ollama 0.12.6 answers at http://127.0.0.1:", _talk.Screen, StringComparison.Ordinal);
            Assert.Equal(0, await _talk.EndAsync());
        }

        await _talk.Ollama.DisposeAsync();
        _talk.Start("--test-connection");
        Assert.Equal(ExitCode.Vendor, await _talk.EndedAsync());
        Assert.DoesNotContain("mode default", _talk.Screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_is_refreshed_first_and_needs_no_question()
    {
        _talk.Start("--refresh-models", "-m", "able");
        await _talk.UntilAsync("ollama/able, mode default");
        Assert.Equal(0, await _talk.EndAsync());
        Assert.Equal(3, File.ReadLines(Path.Combine(_talk.State, "models.jsonl")).Count());
        Assert.DoesNotContain("[y/n]", _talk.Screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_are_named_resumed_copied_and_chosen()
    {
        await _talk.ReadyAsync();
        _talk.Ollama.Add(FakeTurn.Say("one"), FakeTurn.Say("two"), FakeTurn.Say("three"), FakeTurn.Say("four"));
        _talk.Start("--session-name", "talk");
        await _talk.AskAsync("first");
        Assert.Equal(0, await _talk.EndAsync());
        _talk.Start("--interactive", "--resume-session", "talk");
        await _talk.UntilAsync("❯ first");
        await _talk.AskAsync("second");
        Assert.Equal(0, await _talk.EndAsync());
        Assert.Equal(["first", "one", "second"], _talk.LastTexts);
        Assert.Equal(["talk"], _talk.Names);

        var original = await File.ReadAllBytesAsync(_talk.FileOf("talk"), TestContext.Current.CancellationToken);
        foreach (var (words, name) in new (string[] Words, string Name)[] { (["--clone-session", "talk"], "talk-clone"), (["-c", "talk", "-n", "copy"], "copy") })
        {
            _talk.Start(words);
            await _talk.UntilAsync($"session {name}.");
            await _talk.AskAsync("aside");
            Assert.Equal(0, await _talk.EndAsync());
            Assert.Equal(["first", "one", "second", "two", "aside"], _talk.LastTexts);
        }

        Assert.Equal(["copy", "talk", "talk-clone"], _talk.Names);
        Assert.Equal(original, await File.ReadAllBytesAsync(_talk.FileOf("talk"), TestContext.Current.CancellationToken));

        _talk.Start("--resume-session");
        await _talk.UntilAsync("Number or name:");
        Assert.Matches(@"1\. copy .*\n +2\. talk-clone .*\n +3\. talk .* first", _talk.Screen.Replace("\r", "", StringComparison.Ordinal));
        await _talk.SayAsync("3", "session talk.");
        Assert.Equal(0, await _talk.EndAsync());
        _talk.Start("-r");
        Assert.Equal(ExitCode.Usage, await _talk.EndAsync(""));
    }

    [Fact]
    public async Task A_prompt_is_the_first_message_and_the_conversation_stays()
    {
        await _talk.ReadyAsync();
        _talk.Ollama.Add(FakeTurn.Say("one"), FakeTurn.Say("two"));
        _talk.Start("--interactive", "-p", "/help me");
        await _talk.UntilAsync("out tokens, ");
        await _talk.AskAsync("second");
        Assert.Equal(0, await _talk.EndAsync());
        Assert.Equal(["/help me", "one", "second"], _talk.LastTexts);

        // By its own name a prompt alone does not make it one-shot.
        Directory.CreateDirectory(Path.Combine(_talk.Stage.Home, ".local/state/jayjaders-llm-harness"));
        File.Copy(Path.Combine(_talk.State, "models.jsonl"), Path.Combine(_talk.Stage.Home, ".local/state/jayjaders-llm-harness/models.jsonl"));
        _talk.Ollama.Add(FakeTurn.Say("one"), FakeTurn.Say("two"));
        _talk.Start("start-harness-jayjader", "-m", "able", "--prompt", "hello");
        await _talk.UntilAsync("out tokens, ");
        await _talk.AskAsync("second");
        Assert.Equal(0, await _talk.EndAsync());
        Assert.Equal(["hello", "one", "second"], _talk.LastTexts);
    }

    [Fact]
    public async Task The_same_prompt_makes_the_same_requests_in_both_modes()
    {
        await _talk.ReadyAsync();
        _talk.Stage.Write("work/notes.txt", "the word is kestrel\n");
        FakeTurn[] script = [FakeTurn.Call("Read", """{"file_path":"notes.txt"}"""), FakeTurn.Say("It is kestrel.")];
        _talk.Ollama.Add(script);
        Assert.Equal(0, await _talk.Stage.RunAsync("--one-shot", "-p", "Which word?", "-n", "once"));
        _talk.Ollama.Add(script);
        _talk.Start("-n", "talk");
        await _talk.AskAsync("Which word?");
        Assert.Equal(0, await _talk.EndAsync());
        var requests = _talk.Ollama.Bodies.Select(body => body.GetRawText()).ToList();
        Assert.Equal(4, requests.Count);
        Assert.Equal(requests[..2], requests[2..]);
    }
}
