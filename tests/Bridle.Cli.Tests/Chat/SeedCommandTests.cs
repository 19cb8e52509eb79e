using Bridle.Cli.Tests.Commands;
using Bridle.FakeVendors;

namespace Bridle.Cli.Tests.Chat;

/// <summary>The commands of llm-agent-harness in a conversation, against a fake Ollama.</summary>
public sealed class SeedCommandTests : IAsyncDisposable
{
    private readonly SeedTalk _talk = new();

    public ValueTask DisposeAsync() => _talk.DisposeAsync();

    private async Task TalkAsync(params FakeTurn[] script)
    {
        await _talk.ReadyAsync();
        _talk.Ollama.Add(script);
        _talk.Start("-n", "talk");
        await _talk.UntilAsync("session talk.");
    }

    /// <summary>An editor for a test: a shell script that gets the file as $1.</summary>
    private void Editor(string script)
    {
        var file = _talk.Stage.Write("editor.sh", $"#!/bin/sh\n{script}\n");
        _talk.Stage.Variables["VISUAL"] = $"sh {file}";
    }

    [Fact]
    public async Task The_model_is_changed_for_the_next_message_and_streaming_is_switched()
    {
        await TalkAsync(FakeTurn.Say("one"), FakeTurn.Say("two"), FakeTurn.Say("three"), FakeTurn.Say("four"));
        await _talk.AskAsync("first");
        Assert.Equal(("able", false), (_talk.LastModel, _talk.Ollama.Bodies[^1].GetProperty("stream").GetBoolean()));
        await _talk.SayAsync("/model other", "ollama/other answers from now on.\n");
        await _talk.SayAsync("/stream", "Replies are streamed from now on.");
        await _talk.AskAsync("second");
        Assert.Equal(("other", true), (_talk.LastModel, _talk.Ollama.Bodies[^1].GetProperty("stream").GetBoolean()));
        await _talk.SayAsync("/stream", "Replies come as a whole from now on.");
        await _talk.SayAsync("/model ollama/plain", "ollama/plain answers from now on.\n  It has no tool calls of its own; tools are described in the prompt.");
        await _talk.AskAsync("third");
        Assert.Equal(("plain", false), (_talk.LastModel, _talk.Ollama.Bodies[^1].GetProperty("stream").GetBoolean()));
        await _talk.SayAsync("/model gone", "It is not in the list of models; /refresh-models fetches that again.");
        Assert.Equal(["first", "one", "second", "two"], _talk.LastTexts[^5..^1]);
        Assert.Equal(0, await _talk.EndAsync());
        Assert.Equal("ollama/plain\n", await File.ReadAllTextAsync(Path.Combine(_talk.State, "previous_model_name"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_session_is_begun_renamed_copied_and_left_for_another_one()
    {
        await TalkAsync(FakeTurn.Say("one"), FakeTurn.Say("two"), FakeTurn.Say("three"), FakeTurn.Say("four"));
        await _talk.AskAsync("first");
        await _talk.SayAsync("/session rename monday", "monday: ");
        Assert.Equal(["monday"], _talk.Names);
        await _talk.AskAsync("second");
        Assert.Equal(["first", "one", "second"], _talk.LastTexts);

        await _talk.SayAsync("/session clone", "Session monday-clone, ollama/able, mode default.");
        Assert.Contains("❯ second", _talk.Screen, StringComparison.Ordinal);
        await _talk.AskAsync("aside");
        Assert.Equal(["first", "one", "second", "two", "aside"], _talk.LastTexts);
        await _talk.SayAsync("/session rename \"con\"", "Windows keeps it for a device");
        await _talk.SayAsync("/session rename 'tuesday'", "tuesday: ");

        await _talk.SayAsync("/session new", "Session 20");
        await _talk.SayAsync("/model other", "ollama/other answers");
        await _talk.AskAsync("afresh");
        Assert.Equal(["afresh"], _talk.LastTexts);
        await _talk.SayAsync("/session resume moonday", "There is no session 'moonday'. Did you mean 'monday'?");
        await _talk.SayAsync("/session rename tuesday", "There is a session 'tuesday' already.");
        await _talk.SayAsync("/session rename a/b", "it contains /");
        await _talk.SayAsync("/session clone tuesday", "There is a session \"tuesday\" already.");
        await _talk.SayAsync("/session resume monday", "Session monday, ollama/other, mode default.");
        _talk.Ollama.Add(FakeTurn.Say("five"));
        await _talk.AskAsync("third");
        Assert.Equal("other", _talk.LastModel);
        Assert.Equal(["first", "one", "second", "two", "third"], _talk.LastTexts);
        Assert.Equal(0, await _talk.EndAsync());
        Assert.Equal(3, _talk.Names.Length);
        Assert.Superset(new HashSet<string> { "monday", "tuesday" }, _talk.Names.ToHashSet());
        Assert.Equal(0, await _talk.Stage.RunAsync("sessions", "verify"));
    }

    [Fact]
    public async Task A_copy_under_a_name_at_the_start_is_what_a_copy_and_a_renaming_give_later()
    {
        await TalkAsync(FakeTurn.Say("one"));
        await _talk.AskAsync("first");
        await _talk.SayAsync("/session clone", "Session talk-clone");
        await _talk.SayAsync("/session rename later", "later: ");
        Assert.Equal(0, await _talk.EndAsync());
        _talk.Start("-c", "talk", "-n", "atonce");
        await _talk.UntilAsync("session atonce.");
        Assert.Equal(0, await _talk.EndAsync());
        _talk.Stage.Out.Take();
        var copies = new List<string>();
        foreach (var name in new[] { "later", "atonce" })
        {
            Assert.Equal(0, await _talk.Stage.RunAsync("sessions", "export", name, "--format", "openai"));
            copies.Add(_talk.Stage.Out.Take());
        }

        Assert.Equal(copies[0], copies[1]);
        Assert.Contains("first", copies[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_messages_are_shown_with_calls_and_their_results()
    {
        _talk.Stage.Write("work/notes.txt", "the word is kestrel\nand the next\n");
        await TalkAsync(FakeTurn.Call("Read", """{"file_path":"notes.txt"}"""), FakeTurn.Say("It is kestrel."));
        await _talk.SayAsync("/session show-messages", "There are no messages yet.");
        await _talk.AskAsync("Which word?");
        _talk.Stage.Out.Take();
        await _talk.SayAsync("/session show-messages", " messages\n");
        var shown = _talk.Stage.Out.ToString();
        Assert.Matches(@"❯ Which word\?\n• Read notes\.txt\n.*kestrel\n.*and the next\n(.*\n)*?It is kestrel\.\n  4 messages\n", shown);
        Assert.Equal(0, await _talk.EndAsync());
    }

    [Fact]
    public async Task The_model_goes_on_without_a_new_message()
    {
        await TalkAsync(FakeTurn.Fail(400, "no"), FakeTurn.Say("one"), FakeTurn.Say("and more"));
        await _talk.SayAsync("/continue", "There is nothing to go on with yet: say something first.");
        await _talk.AskAsync("first");
        await _talk.SayAsync("/continue", "out tokens, ", 2);
        Assert.Equal(["first"], _talk.LastTexts);
        await _talk.SayAsync("/continue", "The model has answered already; it is asked to go on all the same.");
        Assert.Equal(0, await _talk.EndAsync());
        Assert.Contains("one\n", _talk.Screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_the_prompts_folder_is_sent_at_once()
    {
        _talk.Stage.Write("home/.local/share/bridle/prompts/deep/review.md", "Review it\nclosely.\n");
        _talk.Stage.Write("home/.local/share/bridle/prompts/empty.md", "\n");
        await TalkAsync(FakeTurn.Say("one"));
        await _talk.SayAsync("/promptfile", "Which one? deep/review.md, empty.md");
        await _talk.SayAsync("/promptfile deep/reviw.md", "Did you mean deep/review.md?");
        await _talk.SayAsync("/promptfile deep", "deep is a folder. Name a file in it.");
        await _talk.SayAsync("/promptfile empty.md", "empty.md is empty, so nothing is sent.");
        await _talk.AskAsync("/promptfile deep/review.md");
        Assert.Equal(["Review it\nclosely.\n"], _talk.LastTexts);
        Assert.Contains("❯ Review it\nclosely.\n", _talk.Screen, StringComparison.Ordinal);
        Assert.Equal(0, await _talk.EndAsync());
    }

    [Fact]
    public async Task The_list_is_fetched_again_and_the_server_asked_whether_it_is_there()
    {
        await TalkAsync();
        File.Delete(Path.Combine(_talk.State, "models.jsonl"));
        await _talk.SayAsync("/refresh-models", "  ollama: 3 models");
        Assert.Equal(3, File.ReadLines(Path.Combine(_talk.State, "models.jsonl")).Count());
        await _talk.SayAsync("/test-connection", "  Ollama 0.12.6 answers at http://127.0.0.1:");
        await _talk.Ollama.DisposeAsync();
        await _talk.SayAsync("/test-connection", "cannot be reached: ");
        await _talk.SayAsync("/refresh-models", "The list is what it was.");
        Assert.Equal(3, File.ReadLines(Path.Combine(_talk.State, "models.jsonl")).Count());
        Assert.Equal(0, await _talk.EndAsync());
    }

    [Fact]
    public async Task Without_tmux_and_without_an_editor_a_plain_reason_is_given_and_all_else_works()
    {
        await TalkAsync(FakeTurn.Say("one"));
        await _talk.SayAsync("/editor", "This opens nvim in a window of tmux, and Bridle does not run inside tmux. Start it there, or set $VISUAL or $EDITOR.");
        await _talk.SayAsync("/session edit", "Start it there, or set $VISUAL or $EDITOR.", 2);
        await _talk.AskAsync("first");
        Assert.Equal(0, await _talk.EndAsync());

        // Inside tmux, but without its programs.
        _talk.Stage.Variables["TMUX"] = "/nowhere,1,0";
        _talk.Stage.Variables["PATH"] = _talk.Stage.PathOf("bin");
        _talk.Start("-r", "talk");
        await _talk.SayAsync("/editor", "tmux is not installed (not found on the PATH).");
        _talk.Stage.Write("bin/tmux", "");
        await _talk.SayAsync("/editor", "nvim is not installed (not found on the PATH). Install it, or set $VISUAL or $EDITOR.");
        Assert.Equal(0, await _talk.EndAsync());
    }

    [Fact]
    public async Task A_message_is_written_in_the_editor_and_sent_when_it_was_saved()
    {
        Editor("printf ' and more\\n' >> \"$1\"");
        await TalkAsync(FakeTurn.Say("one"));
        await _talk.AskAsync("/editor the beginning");
        Assert.Equal(["the beginning and more"], _talk.LastTexts);
        Editor("exit 0");
        await _talk.SayAsync("/editor not saved", "It was not saved, so nothing is sent.");
        Editor(": > \"$1\"");
        await _talk.SayAsync("/editor", "It is empty, so nothing is sent.");
        Editor("exit 3");
        await _talk.SayAsync("/editor", "ended with 3.");
        Assert.Single(_talk.Ollama.Bodies);
        Assert.Equal((4, false), _talk.Lent);
        Assert.Equal(0, await _talk.EndAsync());
    }

    [Fact]
    public async Task The_session_is_edited_in_the_editor_and_the_next_message_goes_to_what_it_became()
    {
        await TalkAsync(FakeTurn.Say("It is seven."), FakeTurn.Say("Nine, then."), FakeTurn.Say("three"));
        await _talk.AskAsync("The number is seven.");
        Editor("sed -i 's/seven/nine/g' \"$1\"");
        await _talk.SayAsync("/session edit", "changes were taken over and sealed.");
        await _talk.UntilAsync("Session talk, ollama/able");
        Assert.Contains("The number is nine.", _talk.Screen, StringComparison.Ordinal);
        await _talk.AskAsync("Which number?");
        Assert.Equal(["The number is nine.", "It is nine.", "Which number?"], _talk.LastTexts);

        Editor("exit 0");
        await _talk.SayAsync("/session edit", "Nothing was changed.");
        Editor("if [ -e \"$0.broken\" ]; then sed -i '$d' \"$1\"; else touch \"$0.broken\"; echo '{\"half' >> \"$1\"; fi");
        await _talk.SayAsync("/session edit", "Edit again? [y/n]");
        Assert.Matches(@"line \d+: it is not", _talk.Screen);
        await _talk.SayAsync("n", "A line is broken, so nothing was taken over. Your text is in ");
        await _talk.AskAsync("Still here?");
        Assert.Equal(["Nine, then.", "Still here?"], _talk.LastTexts[^2..]);
        Assert.Equal(0, await _talk.EndAsync());
        Assert.Equal(0, await _talk.Stage.RunAsync("sessions", "verify", "talk"));
    }
}
