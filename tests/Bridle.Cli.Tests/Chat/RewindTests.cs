using Bridle.Cli.Tests.Chat.Live;
using Bridle.Messages;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Chat;

/// <summary>/rewind, without a terminal: every line of the input is a message, a command or an answer.</summary>
public sealed class RewindTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    private string Work(string path) => _stage.PathOf($"work/{path}");

    private static ScriptedReply Write(string path, string content) => ScriptedReply.Calls(("Write", $$"""{"file_path":"{{path}}","content":"{{content}}"}"""));

    private static ScriptedReply Read(string path) => ScriptedReply.Calls(("Read", $$"""{"file_path":"{{path}}"}"""));

    private Task<(string Shown, ScriptedModel Model)> SayAsync(IEnumerable<ScriptedReply> replies, params string[] lines) => SayInAsync("s", replies, lines);

    private async Task<(string Shown, ScriptedModel Model)> SayInAsync(string session, IEnumerable<ScriptedReply> replies, params string[] lines)
    {
        var model = new ScriptedModel([.. replies]);
        (_stage.Model, _stage.Input) = (model, string.Concat(lines.Select(line => line + "\n")));
        await _stage.RunAsync("chat", "--session", session, "--mode", "acceptEdits", "--sandbox", "off");
        return (_stage.Out.Take() + _stage.Error, model);
    }

    // Two turns: the first makes made.txt and changes old.txt, the second changes both again.
    private static ScriptedReply[] TwoTurns() =>
    [
        ScriptedReply.Text("Hello."),
        Read("old.txt"), Write("old.txt", "first"), Write("made.txt", "one"), ScriptedReply.Text("Did the first."),
        Write("made.txt", "two"), Write("old.txt", "second"), ScriptedReply.Text("Did the second."),
    ];

    private string[] Blobs() => Directory.GetFiles(_stage.PathOf("home/.local/share/bridle/blobs"));

    private void Begin()
    {
        var old = _stage.Write("work/old.txt", "as it was");
        File.SetUnixFileMode(old, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task It_goes_back_to_before_a_message_with_the_files_as_they_were_and_keeps_what_was_said_since()
    {
        Begin();
        var (shown, model) = await SayAsync([.. TwoTurns(), ScriptedReply.Text("Anew.")], "hello", "do the first", "do the second", "/mode default", "/rewind", "2", "y", "do it otherwise");
        Assert.Contains("(2 files) do the second", shown);
        Assert.Contains("(2 files) do the first", shown);
        Assert.Matches(@" 3\. .*:\d\d  \(2 files\) hello", shown);
        Assert.Contains("made.txt: was not there before, would be removed", shown);
        Assert.Contains("old.txt: would be put back", shown);
        Assert.Contains("What commands did is not undone.", shown);
        Assert.Contains("Session s-rewind, test/scripted, mode default.", shown);
        Assert.Equal("as it was", File.ReadAllText(Work("old.txt")));
        Assert.True(File.GetUnixFileMode(Work("old.txt")).HasFlag(UnixFileMode.UserExecute));
        Assert.False(File.Exists(Work("made.txt")));
        Assert.Equal(["hello", "Hello.", "do it otherwise"], model.Requests[^1].Messages.Select(message => message.Text));
        var sessions = _stage.PathOf("home/.local/share/bridle/sessions");
        Assert.Contains("do the second", File.ReadAllText(Path.Combine(sessions, "session_s.jsonl")));
        Assert.DoesNotContain("do the first", File.ReadAllText(Path.Combine(sessions, "session_s-rewind.jsonl")));
    }

    [Fact]
    public async Task Undo_goes_to_where_the_person_was_with_the_files_as_they_were_just_before_and_can_be_undone_itself()
    {
        Begin();
        await SayAsync([.. TwoTurns()], "hello", "do the first", "do the second", "/rewind undo", "/rewind 2", "y");
        Assert.Equal(("as it was", false), (File.ReadAllText(Work("old.txt")), File.Exists(Work("made.txt"))));

        // Edited anew since: old.txt, and a file that going back had not touched.
        var (shown, model) = await SayInAsync("s-rewind", [Read("old.txt"), Write("old.txt", "anew"), Write("later.txt", "late"), ScriptedReply.Text("Done."), ScriptedReply.Text("On.")], "otherwise", "/rewind undo", "y", "go on");
        Assert.Contains("made.txt: would be put back", shown);
        Assert.Contains("later.txt: was not there before, would be removed", shown);
        Assert.Contains("Where you were before going back. What was said since is kept in session s-rewind.", shown);
        Assert.Equal(("second", "two", false), (File.ReadAllText(Work("old.txt")), File.ReadAllText(Work("made.txt")), File.Exists(Work("later.txt"))));
        Assert.True(File.GetUnixFileMode(Work("old.txt")).HasFlag(UnixFileMode.UserExecute));
        Assert.Equal(["hello", "do the first", "do the second", "go on"], model.Requests[^1].Messages.Where(message => message is { Role: Role.User, Parts: [TextPart, ..] }).Select(message => message.Text));

        (shown, model) = await SayAsync([ScriptedReply.Text("Back.")], "/rewind undo", "y", "and on");
        Assert.Equal(("anew", "late", false), (File.ReadAllText(Work("old.txt")), File.ReadAllText(Work("later.txt")), File.Exists(Work("made.txt"))));
        Assert.Contains("otherwise", string.Concat(model.Requests[^1].Messages.Select(message => message.Text)));
        Assert.DoesNotContain("do the first", string.Concat(model.Requests[^1].Messages.Select(message => message.Text)));
    }

    [Fact]
    public async Task Undo_asks_as_going_back_does_and_says_what_it_cannot_do()
    {
        Begin();
        var (shown, _) = await SayAsync([.. TwoTurns()], "hello", "do the first", "do the second", "/rewind undo", "/rewind 2", "y");
        Assert.Contains("There is nothing to undo: /rewind did not lead into this session.", shown);
        Assert.Contains("/rewind undo goes to where you were.", shown);

        // Enter stays; a file that somebody else changed is asked for by itself; no goes without the files.
        File.WriteAllText(Work("made.txt"), "by hand");
        (shown, _) = await SayInAsync("s-rewind", [], "/rewind undo", "");
        Assert.Contains("Nothing was changed.", shown);
        (shown, _) = await SayInAsync("s-rewind", [], "/rewind undo", "y", "n");
        Assert.Contains("made.txt is not as the agent left it", shown);
        Assert.Equal(("second", "by hand"), (File.ReadAllText(Work("old.txt")), File.ReadAllText(Work("made.txt"))));

        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "rename", "s", "t"));
        (shown, _) = await SayInAsync("s-rewind", [], "/rewind undo");
        Assert.Contains("You were in session s, and its file is not there any more.", shown);
        Assert.Equal("second", File.ReadAllText(Work("old.txt")));

        // A record of it that was put there by hand names what it likes.
        await _stage.RunAsync("sessions", "clone", "s-rewind", "copy");
        (shown, _) = await SayInAsync("copy", [], "/rewind undo");
        Assert.Contains("That cannot be undone: the record of going back was not written here", shown);
    }

    [Fact]
    public async Task Only_what_changed_since_that_message_is_put_back_and_a_no_keeps_the_files()
    {
        Begin();
        await SayAsync([.. TwoTurns(), ScriptedReply.Text("Anew.")], "hello", "do the first", "do the second", "/rewind 1", "y", "again");
        Assert.True(File.Exists(_stage.PathOf("home/.local/share/bridle/sessions/session_s-rewind.jsonl")));
        Assert.Equal(("first", "one"), (File.ReadAllText(Work("old.txt")), File.ReadAllText(Work("made.txt"))));

        var (shown, model) = await SayInAsync("s-rewind", [ScriptedReply.Text("Still.")], "/rewind 2", "n", "other words");
        Assert.Equal(("first", "one"), (File.ReadAllText(Work("old.txt")), File.ReadAllText(Work("made.txt"))));
        Assert.Contains("go back without", shown);
        Assert.Equal("other words", model.Requests[^1].Messages[^1].Text);
        Assert.Equal(3, model.Requests[^1].Messages.Count);
    }

    [Fact]
    public async Task What_somebody_else_changed_since_is_asked_for_one_by_one_and_stays_without_a_yes()
    {
        Begin();
        _stage.Write("work/own.txt", "mine");
        await SayAsync([.. TwoTurns(), Read("own.txt"), Write("own.txt", "its"), ScriptedReply.Text("Third.")], "hello", "do the first", "do the second", "third");
        File.WriteAllText(Work("old.txt"), "by hand");
        File.Delete(Work("made.txt"));
        File.WriteAllText(Work("own.txt"), "by hand too");
        var (shown, _) = await SayAsync([], "/rewind 3", "", "y");
        Assert.Contains("old.txt is not as the agent left it", shown);
        Assert.Contains("Put it back all the same? [y/N]", shown);
        Assert.DoesNotContain("would be removed", shown);
        Assert.DoesNotContain("made.txt is not", shown);
        Assert.Equal(("by hand", "mine"), (File.ReadAllText(Work("old.txt")), File.ReadAllText(Work("own.txt"))));
    }

    [Fact]
    public async Task Enter_and_a_number_that_is_none_leave_everything_as_it_is()
    {
        Begin();
        var (shown, model) = await SayAsync([.. TwoTurns(), ScriptedReply.Text("On.")], "/rewind", "hello", "do the first", "do the second", "/rewind", "", "/rewind 9", "/rewind x", "/rewind 2", "", "go on");
        Assert.Contains("There is no message to go back to yet.", shown);
        Assert.Contains("There is no message 9: 1 is your last one, 3 the first.", shown);
        Assert.Contains("There is no message x", shown);
        Assert.Equal("second", File.ReadAllText(Work("old.txt")));
        Assert.Contains("do the second", string.Concat(model.Requests[^1].Messages.Select(message => message.Text)));
        Assert.Single(Directory.GetFiles(_stage.PathOf("home/.local/share/bridle/sessions"), "*.jsonl"));
    }

    [Fact]
    public async Task A_copy_that_is_gone_is_said_and_nothing_is_guessed()
    {
        Begin();
        await SayAsync(TwoTurns(), "hello", "do the first", "do the second");
        File.Delete(Assert.Single(Blobs(), blob => File.ReadAllText(blob) == "as it was"));
        var (shown, _) = await SayAsync([], "/rewind 2", "y");
        Assert.Contains("old.txt: no copy was kept, so it stays as it is.", shown);
        Assert.Equal("second", File.ReadAllText(Work("old.txt")));
        Assert.False(File.Exists(Work("made.txt")));
    }

    [Fact]
    public async Task A_clone_keeps_the_way_back_when_its_source_is_removed_and_the_last_one_takes_the_copies_along()
    {
        Begin();
        await SayAsync(TwoTurns(), "hello", "do the first", "do the second");
        foreach (var blob in Blobs())
        {
            File.SetLastWriteTimeUtc(blob, DateTime.UtcNow.AddDays(-30));
        }

        await _stage.RunAsync("sessions", "clone", "s", "t");
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "rm", "s", "--yes"));
        await SayInAsync("t", [], "/rewind 2", "y");
        Assert.Equal("as it was", File.ReadAllText(Work("old.txt")));
        await _stage.RunAsync("sessions", "rm", "t", "--yes");
        Assert.DoesNotContain(Blobs(), blob => File.ReadAllText(blob) == "as it was");
    }

    [Fact]
    public async Task Any_message_can_be_gone_back_to_by_its_number_and_a_text_finds_it()
    {
        var said = Enumerable.Range(1, 20).Select(i => $"message {i:00}").ToArray();
        var (shown, _) = await SayAsync([.. said.Select((text, i) => i == 17 ? ScriptedReply.Calls(("Bash", """{"command":"true"}""")) : ScriptedReply.Text("Yes.")), ScriptedReply.Text("Yes.")], [.. said, "/rewind", "", "/rewind all", "", "/rewind GE 1", "0", "/rewind 19", "otherwise"]);
        var lists = shown.Split("Back to before which message?");
        Assert.Contains(" 15. ", lists[0], StringComparison.Ordinal);
        Assert.DoesNotContain(" 16. ", lists[0], StringComparison.Ordinal);
        Assert.Contains("(+5 earlier: any number up to 20, /rewind all, /rewind TEXT)", lists[0], StringComparison.Ordinal);
        Assert.Contains(" 20. ", lists[1], StringComparison.Ordinal);
        Assert.Equal(10, lists[2].Split("message 1").Length - 1);
        Assert.Contains("There is no message 0: 1 is your last one, 20 the first.", shown, StringComparison.Ordinal);
        Assert.Contains("A command ended since then. What commands did cannot be undone and stays.", shown, StringComparison.Ordinal);
        var copy = File.ReadAllText(_stage.PathOf("home/.local/share/bridle/sessions/session_s-rewind.jsonl"));
        Assert.Contains("message 01", copy, StringComparison.Ordinal);
        Assert.DoesNotContain("message 02", copy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_screen_one_key_decides_and_an_enter_behind_it_sends_nothing()
    {
        Begin();
        await using var live = new LiveStage();
        var old = live.Stage.Write("work/old.txt", "as it was");
        await live.StartAsync(new ScriptedModel(Read("old.txt"), Write("old.txt", "first"), ScriptedReply.Text("Did it.")), "--mode", "acceptEdits");
        await live.TypeAsync("do it{enter}", "Did it.");
        await live.WaitForAsync("3 steps, test/scripted]");
        await live.TypeAsync("/rewind 1{enter}", "Enter to stay:");
        await live.TypeAsync("x{esc}", "Nothing was changed.");
        Assert.Equal("first", File.ReadAllText(old));
        await live.TypeAsync("/rewind 1{enter}", "Enter to stay:", 2);
        Assert.True(live.Stage.Interrupts.Request());
        await live.WaitForAsync("Enter to stay: no (Ctrl+C)");
        await live.WaitForAsync("Nothing was changed.", 2);
        await live.TypeAsync("/rewind 1{enter}", "Enter to stay:", 3);
        await live.TypeAsync("y{enter}", "commands did is not undone.");
        await live.WaitForAsync("❯ do it", 2);
        Assert.Equal("as it was", File.ReadAllText(old));
        await live.TypeAsync(" otherwise", "❯ do it otherwise");
        live.Keys.Type("{ctrl-u}");
        await live.LeaveAsync();
        Assert.Equal(3, ((ScriptedModel)live.Stage.Model!).Requests.Count);
    }

    [Theory]
    [InlineData("yx{enter}z", "do it⏎x z")]
    [InlineData("y{enter}xyz", "do it⏎xyz")]
    [InlineData("nxy", "do it⏎xy")]
    public async Task On_a_screen_keys_that_follow_at_once_belong_to_the_next_message(string keys, string left)
    {
        Begin();
        await using var live = new LiveStage();
        live.Stage.Write("work/old.txt", "as it was");
        await live.StartAsync(new ScriptedModel(Read("old.txt"), Write("old.txt", "first"), ScriptedReply.Text("Did it."), ScriptedReply.Text("Heard.")), "--mode", "acceptEdits");
        await live.TypeAsync("do it{enter}", "3 steps, test/scripted]");
        await live.TypeAsync("/rewind 1{enter}", "Enter to stay:");
        live.Keys.Type(keys);
        await live.WaitForAsync("❯ do it", 2);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        await live.TypeAsync("!{enter}", "Heard.");
        await live.LeaveAsync();
        Assert.Equal(left + "!", ((ScriptedModel)live.Stage.Model!).Requests[^1].Messages[^1].Text.Replace("\n", "⏎", StringComparison.Ordinal));
    }

    [Fact]
    public async Task On_a_screen_the_message_stands_in_the_editor_again()
    {
        await using var live = new LiveStage();
        await live.StartAsync(new ScriptedModel(ScriptedReply.Text("Yes."), ScriptedReply.Text("Better.")));
        await live.TypeAsync("say yes{enter}", "Yes.");
        await live.TypeAsync("/rewind{enter}", "Number, or Enter for none:");
        await live.TypeAsync("1{enter}", "❯ say yes", 2);
        await live.TypeAsync(" or no{enter}", "Better.");
        Assert.Equal("say yes or no", ((ScriptedModel)live.Stage.Model!).Requests[^1].Messages.Single().Text);
    }
}
