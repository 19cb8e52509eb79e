using System.Text.Json;
using Bridle.Cli.Tests.Chat.Live;
using Bridle.Cli.Tests.Commands;
using Bridle.FakeVendors;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Chat;

/// <summary>Another program changes the session's file while the session is open.</summary>
public sealed class OutsideChangeTests
{
    private const string Question = "Accept these changes? [y/n]";

    // As an editor does it: another file in its place; or into the same one.
    // The command has begun; the test's own limit of time ends the wait.
    private static async Task UntilCountedAsync(LiveStage live)
    {
        while (!File.Exists(live.Stage.PathOf("work/count.txt")))
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private static void Edit(string file, string from, string to, bool inPlace = false)
    {
        var text = File.ReadAllText(file);
        Assert.Contains(from, text, StringComparison.Ordinal);
        var target = inPlace ? file : file + ".new";
        File.WriteAllText(target, text.Replace(from, to, StringComparison.Ordinal));
        if (!inPlace)
        {
            File.Move(target, file, overwrite: true);
        }
    }

    [Fact]
    public async Task It_is_shown_asked_about_and_honoured_by_the_next_request_and_the_message_goes_with_it()
    {
        await using var talk = new SeedTalk();
        await talk.ReadyAsync();
        talk.Ollama.Add(FakeTurn.Say("one"), FakeTurn.Say("two"), FakeTurn.Say("three"));
        talk.Start("-n", "talk");
        await talk.UntilAsync("session talk.");
        await talk.AskAsync("first moon");

        Edit(talk.FileOf("talk"), "first moon", "first sun");
        await talk.SayAsync("second", Question);
        Assert.Contains("first sun", talk.Screen, StringComparison.Ordinal);
        await talk.SayAsync("y", "out tokens, ", 2);

        // Shown to be agreed to, and not once more after that.
        Assert.Equal(2, talk.Screen.Split("record 2 (line 2)").Length);
        Assert.Equal(["first sun", "one", "second"], talk.LastTexts);

        Edit(talk.FileOf("talk"), "first sun", "first star", inPlace: true);
        await talk.SayAsync("/mode plan", Question, 2);
        await talk.SayAsync("y", "Give the command again.");

        Edit(talk.FileOf("talk"), "first star", "first comet");
        await talk.SayAsync("third", Question, 3);
        await talk.SayAsync("n", "Your message was not sent and is in no file: third");
        // It stays in the input line until it is sent or taken out.
        await talk.SayAsync(" and fourth", "No session is open.");
        await talk.SayAsync("{esc}/session resume talk", Question, 4);
        await talk.SayAsync("y", "Session talk, ");
        await talk.AskAsync("third");
        Assert.Equal(["first comet", "one", "second", "two", "third"], talk.LastTexts);
        Assert.Equal(0, await talk.EndAsync());
    }

    [Fact]
    public async Task While_a_reply_comes_its_words_are_kept_and_the_message_is_not_taken_twice()
    {
        await using var live = new LiveStage();
        var file = live.Stage.PathOf("home/.local/share/bridle/sessions/session_s.jsonl");
        await live.StartAsync(new ScriptedModel(Changing(() => Edit(file, "go to the moon", "go to the sun")), ScriptedReply.Text("Found again.")));
        var asked = await live.TypeAsync("go to the moon{enter}", Question);
        Assert.Contains("Lost words.", asked, StringComparison.Ordinal);
        Assert.DoesNotContain("interrupts", asked, StringComparison.Ordinal);
        live.Keys.Type("y");
        await live.WaitForAsync("Found again.");
        await live.WaitForAsync("1 step, test/scripted]");
        Assert.Contains("The reply is asked for again: what came of it before does not count here, and was paid for.", Flat(await live.LeaveAsync()), StringComparison.Ordinal);
        var log = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        Assert.Single(log, line => line.Contains("\"type\":\"user_spoke\"", StringComparison.Ordinal));
        Assert.Contains("\"partial_text\":\"Lost words.\"", Assert.Single(log, line => line.Contains("\"type\":\"reply_cut\"", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_call_came_to_meanwhile_is_kept_and_neither_it_nor_the_reply_is_made_again()
    {
        await using var live = new LiveStage();
        var file = live.Stage.PathOf("home/.local/share/bridle/sessions/session_s.jsonl");
        var model = new ScriptedModel(ScriptedReply.Calls(("Bash", """{"command":"echo counted >> count.txt; while [ ! -e go ]; do sleep 0.02; done; echo it ended"}""")), ScriptedReply.Text("Found again."));
        await live.StartAsync(model, "--mode", "bypass");
        live.Keys.Type("go to the moon{enter}");
        await UntilCountedAsync(live);

        Edit(file, "go to the moon", "go to the sun");
        live.Stage.Write("work/go", "");
        var asked = await live.WaitForAsync(Question);
        Assert.Contains("+ go to the sun", asked, StringComparison.Ordinal);
        live.Keys.Type("y");
        await live.WaitForAsync("Found again.");
        await live.WaitForAsync("1 step, test/scripted]");
        Assert.DoesNotContain("asked for again", Flat(await live.LeaveAsync()), StringComparison.Ordinal);

        Assert.Equal(2, model.Requests.Count);
        var (said, result) = (model.Requests[1].Messages[0].Text, Assert.IsType<ToolResultPart>(model.Requests[1].Messages[^1].Parts[0]));
        Assert.Equal("go to the sun", said);
        Assert.Equal("it ended", Assert.IsType<TextPart>(Assert.Single(result.Content)).Text.Trim());
        Assert.False(result.IsError);
        Assert.Single(await File.ReadAllLinesAsync(live.Stage.PathOf("work/count.txt"), TestContext.Current.CancellationToken));
        var log = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("\"outcome\":\"interrupted\"", log, StringComparison.Ordinal);
        Assert.Contains("Ended because the session's file was changed by another program.", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_log_put_there_while_a_call_runs_gets_nothing_by_itself_and_the_person_is_told_what_the_call_came_to()
    {
        await using var live = new LiveStage();
        var file = live.Stage.PathOf("home/.local/share/bridle/sessions/session_s.jsonl");
        (live.Stage.Model, live.Stage.Screen) = (new ScriptedModel(ScriptedReply.Text("Of another.")), null);
        await live.Stage.RunAsync("run", "--session", "other", "talk of another");
        live.Stage.Screen = live.Screen;
        var model = new ScriptedModel(ScriptedReply.Calls(("Bash", """{"command":"echo counted >> count.txt; while [ ! -e go ]; do sleep 0.02; done; echo it ended"}""")), ScriptedReply.Text("Sent by hand."));
        await live.StartAsync(model, "--mode", "bypass");
        live.Keys.Type("go to the moon{enter}");
        await UntilCountedAsync(live);

        File.Copy(live.Stage.PathOf("home/.local/share/bridle/sessions/session_other.jsonl"), file + ".new");
        File.Move(file + ".new", file, overwrite: true);
        live.Stage.Write("work/go", "");
        Assert.Contains("another log stands there", await live.WaitForAsync(Question), StringComparison.Ordinal);

        // Neither another key decides, nor does Enter behind the one that did send anything.
        var said = await live.TypeAsync("xy{enter}", "The message is in the input line");
        Assert.Contains("ended, and its result is in no file: it ended", Flat(said), StringComparison.Ordinal);
        Assert.Contains("Nothing was sent: calls of this turn had run", Flat(said), StringComparison.Ordinal);
        await live.WaitForAsync("❯ go to the moon", 2);
        Assert.Single(model.Requests);

        // The person sends it, if they like.
        await live.TypeAsync("{enter}", "Sent by hand.");
        await live.LeaveAsync();
        Assert.Equal(["talk of another", "Of another.", "go to the moon"], model.Requests[1].Messages.Select(message => message.Text));
        Assert.Single(await File.ReadAllLinesAsync(live.Stage.PathOf("work/count.txt"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_session_whose_file_is_gone_is_named_keeps_the_message_and_goes_on_when_the_file_is_there_again()
    {
        await using var live = new LiveStage();
        var file = live.Stage.PathOf("home/.local/share/bridle/sessions/session_s.jsonl");
        await live.StartAsync(new ScriptedModel(ScriptedReply.Text("Here."), ScriptedReply.Text("Here again.")));
        await live.TypeAsync("first{enter}", "1 step, test/scripted]");
        File.Move(file, file + ".away");
        await live.TypeAsync("second{enter}", "in no file: second");
        var gone = Flat(await live.WaitForAsync("❯ second", 2));
        Assert.Contains("The file of session 's' was deleted or moved away while it was open", gone, StringComparison.Ordinal);
        Assert.DoesNotContain("Did you mean", gone, StringComparison.Ordinal);
        Assert.EndsWith("❯ second no session open (s is closed)", gone, StringComparison.Ordinal);

        // Still gone, and then a folder stands there: each is said, and the message stays.
        await live.TypeAsync("{enter}", "No session is open. The last one was s");
        await live.WaitForAsync("❯ second", 3);
        Directory.CreateDirectory(file);
        await live.TypeAsync("{enter}", "A folder stands where");
        var folder = Flat(await live.WaitForAsync("❯ second", 4));
        Assert.EndsWith("❯ second no session open (s is closed)", folder, StringComparison.Ordinal);
        Directory.Delete(file);
        File.Move(file + ".away", file);
        await live.TypeAsync("{enter}", "is there again, and it goes on.");
        await live.WaitForAsync("Here again.");
        await live.WaitForAsync("1 step, test/scripted]", 2);
        Assert.DoesNotContain("is closed", live.Window, StringComparison.Ordinal);
        await live.LeaveAsync();
        Assert.Equal(["first", "Here.", "second"], ((ScriptedModel)live.Stage.Model!).Requests[^1].Messages.Select(message => message.Text));
    }

    [Fact]
    public async Task A_file_that_goes_away_while_its_changes_are_asked_about_is_told_as_one_that_was_gone_before_and_the_message_stays()
    {
        await using var live = new LiveStage();
        var file = live.Stage.PathOf("home/.local/share/bridle/sessions/session_s.jsonl");
        await live.StartAsync(new ScriptedModel(ScriptedReply.Text("Here."), ScriptedReply.Text("Here again.")));
        await live.TypeAsync("first moon{enter}", "1 step, test/scripted]");
        Edit(file, "first moon", "first sun");
        await live.TypeAsync("second{enter}", Question);
        File.Move(file, file + ".away");
        live.Keys.Type("y");
        await UntilAsync(live, "The file of session 's' was deleted or moved away while it was open");
        await UntilAsync(live, "❯ second no session open (s is closed)");

        // There again, with the change that nobody has said yes to.
        File.Move(file + ".away", file);
        await live.TypeAsync("{enter}", Question, 2);
        live.Keys.Type("y");
        await live.WaitForAsync("Here again.");
        await live.WaitForAsync("1 step, test/scripted]", 2);
        await live.LeaveAsync();
        Assert.Equal(["first sun", "Here.", "second"], ((ScriptedModel)live.Stage.Model!).Requests[^1].Messages.Select(message => message.Text));
    }

    [Theory]
    [InlineData("/session rename t")]
    [InlineData("/session clone t")]
    [InlineData("/session edit")]
    [InlineData("/session show-messages --all")]
    [InlineData("/rewind 1")]
    [InlineData("/mode plan")]
    [InlineData("/cost")]
    public async Task Every_command_that_needs_the_file_says_the_same_when_it_is_gone(string command)
    {
        await using var live = new LiveStage();
        var file = live.Stage.PathOf("home/.local/share/bridle/sessions/session_s.jsonl");
        await live.StartAsync(new ScriptedModel(ScriptedReply.Text("Here."), ScriptedReply.Text("Here again.")));
        await live.TypeAsync("first{enter}", "1 step, test/scripted]");
        File.Move(file, file + ".away");
        live.Keys.Type(command + "{enter}");
        await UntilAsync(live, "The file of session 's' was deleted or moved away while it was open");
        await UntilAsync(live, "/session new begins another one. ❯ no session open (s is closed)");
        Assert.DoesNotContain("There is no session", live.Screen.Text, StringComparison.Ordinal);
        File.Move(file + ".away", file);
        await live.TypeAsync("second{enter}", "is there again, and it goes on.");
        await live.WaitForAsync("Here again.");
        await live.WaitForAsync("1 step, test/scripted]", 2);
        await live.LeaveAsync();
        Assert.Equal(["session_s.jsonl"], Directory.GetFiles(Path.GetDirectoryName(file)!, "*.jsonl").Select(Path.GetFileName));
    }

    [Fact]
    public async Task Interrupting_the_question_says_no_and_interrupting_once_more_leaves()
    {
        await using var live = new LiveStage();
        var file = live.Stage.PathOf("home/.local/share/bridle/sessions/session_s.jsonl");
        await live.StartAsync(new ScriptedModel(ScriptedReply.Text("Here.")));
        await live.TypeAsync("first moon{enter}", "1 step, test/scripted]");
        Edit(file, "first moon", "first sun");
        var edited = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await live.TypeAsync("second{enter}", Question);
        Assert.True(live.Stage.Interrupts.Request());
        await live.WaitForAsync("in no file: second");
        var said = await live.WaitForAsync("no session open (s is closed)");
        Assert.True(Flat(said).Contains(Question + " no (Ctrl+C)", StringComparison.Ordinal), said);
        Assert.Equal(edited, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.True(live.Stage.Interrupts.Request());
        Assert.Equal(ExitCode.Interrupted, await live.EndedAsync());
    }

    [Fact]
    public async Task A_folder_in_the_place_of_a_sessions_file_is_named_by_all_who_look_for_the_session()
    {
        using var stage = new CliStage();
        stage.Model = new ScriptedModel(ScriptedReply.Text("Here."), ScriptedReply.Text("Here."));
        Assert.Equal(ExitCode.Done, await stage.RunAsync("run", "--session", "whole", "hello"));
        var folder = stage.PathOf("home/.local/share/bridle/sessions/session_s.jsonl");
        Directory.CreateDirectory(folder);
        string[][] asked = [["sessions", "list"], ["sessions", "verify"], ["sessions", "show", "s"], ["sessions", "verify", "s"], ["run", "--resume", "s", "and on"]];
        foreach (var arguments in asked)
        {
            stage.Out.Take();
            stage.Error.Take();
            Assert.Equal(arguments is ["sessions", "list"] ? ExitCode.Done : arguments is ["sessions", "verify"] ? ExitCode.Failed : ExitCode.Usage, await stage.RunAsync(arguments));
            Assert.Contains($"A folder stands where the file of session 's' belongs: {folder}", stage.Out.Take() + stage.Error.Take(), StringComparison.Ordinal);
        }
    }

    private static async Task UntilAsync(LiveStage live, string flat)
    {
        for (var i = 0; !Flat(live.Screen.Text).Contains(flat, StringComparison.Ordinal); i++)
        {
            Assert.True(i < 3_000, $"'{flat}' did not appear.\n{live.Screen.Text}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    private static string Flat(string shown) => string.Join(' ', shown.Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public async Task A_file_that_is_only_written_anew_costs_nothing_and_another_log_in_its_place_is_asked_about()
    {
        await using var live = new LiveStage();
        var file = live.Stage.PathOf("home/.local/share/bridle/sessions/session_s.jsonl");
        (live.Stage.Model, live.Stage.Screen) = (new ScriptedModel(ScriptedReply.Text("Of another.")), null);
        await live.Stage.RunAsync("run", "--session", "other", "talk of another");
        live.Stage.Screen = live.Screen;
        await live.StartAsync(new ScriptedModel(Changing(() => Edit(file, "go to the moon", "go to the moon")), ScriptedReply.Text("Here.")));

        // Nothing was changed: the reply that was paid for counts.
        var shown = await live.TypeAsync("go to the moon{enter}", "out tokens, ");
        Assert.DoesNotContain(Question, shown, StringComparison.Ordinal);
        Assert.Single(((ScriptedModel)live.Stage.Model!).Requests);
        Assert.Contains("\"Lost words.\"", Assert.Single(await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken), line => line.Contains("\"type\":\"model_replied\"", StringComparison.Ordinal)), StringComparison.Ordinal);

        File.Copy(live.Stage.PathOf("home/.local/share/bridle/sessions/session_other.jsonl"), file + ".new");
        File.Move(file + ".new", file, overwrite: true);
        var asked = await live.TypeAsync("and now?{enter}", Question);
        Assert.Contains("another log stands there", asked, StringComparison.Ordinal);
        live.Keys.Type("n");
        Assert.Equal(2, (await live.WaitForAsync("in no file: and now?")).Split("another log stands there").Length);
        await live.WaitForAsync("❯ and now?", 2);
        live.Keys.Type("{ctrl-u}/session resume s{enter}");
        await live.WaitForAsync(Question, 2);
        live.Keys.Type("y");
        await live.WaitForAsync("❯ talk of another");
        await live.TypeAsync("where are we?{enter}", "Here.");
        Assert.Equal(["talk of another", "Of another.", "where are we?"], ((ScriptedModel)live.Stage.Model!).Requests[^1].Messages.Select(message => message.Text));
        await live.LeaveAsync();
    }

    [Fact]
    public async Task Without_a_person_the_turn_ends_with_what_came_and_says_how_to_go_on()
    {
        using var stage = new CliStage();
        var file = stage.PathOf("home/.local/share/bridle/sessions/session_s.jsonl");
        stage.Model = new ScriptedModel(Changing(() => Edit(file, "go to the moon", "go to the sun")), Changing(() => Edit(file, "go to the sun", "go to a star")), ScriptedReply.Text("Fine."));
        Assert.Equal(ExitCode.Failed, await stage.RunAsync("run", "--session", "s", "-o", "json", "go to the moon"));
        using var result = JsonDocument.Parse(stage.Out.Take());
        var error = result.RootElement.GetProperty("error");
        Assert.Equal(("log_changed", "s", "Lost words."), (result.RootElement.GetProperty("outcome").GetString(), result.RootElement.GetProperty("session").GetString(), result.RootElement.GetProperty("answer").GetString()));
        Assert.Equal("log_changed", error.GetProperty("kind").GetString());
        Assert.Contains("What came of the reply is in no file.", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("--accept-edits", error.GetProperty("advice").GetString(), StringComparison.Ordinal);

        Assert.Equal(ExitCode.Failed, await stage.RunAsync("run", "--resume", "s", "--accept-edits", "--stream", "and on"));
        Assert.Equal("Lost words.\n", stage.Out.Take());
        Assert.Equal(ExitCode.Done, await stage.RunAsync("run", "--resume", "s", "--accept-edits", "and on"));
    }

    private static ScriptedReply Changing(Action change) =>
        ScriptedReply.Of([new TextPart("Lost words.")], StopReason.EndTurn, new TextArrived("Lost words.")).After((_, _) =>
        {
            change();
            return Task.CompletedTask;
        });
}
