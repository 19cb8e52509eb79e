using System.Text.Json;
using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

public sealed class TerminalChatTests : IDisposable
{
    private const string Usage = "[100 in (40 cached) / 20 out tokens, cost unknown, 1 step, openai/test-model]";

    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    private Task<Tmux> ChatAsync(params string[] arguments) => Tmux.StartAsync(_place, ["chat", "-m", Vendors.Model("openai"), "--session", "s", .. arguments]);

    [Fact]
    public async Task The_answer_appears_while_it_comes_and_a_usage_line_follows()
    {
        var rest = new TaskCompletionSource();
        await using var vendor = Vendors.Make("openai", _place, new FakeTurn
        {
            Text = ["Half ", "of it, ", "and the rest."], Fault = new FakeFault.Trickle(n => n < 3 ? Task.CompletedTask : rest.Task),
        });
        await using var tmux = await ChatAsync();
        await tmux.WaitForAsync("❯");
        await tmux.SayAsync("Say it.");
        var early = await tmux.WaitForAsync("Half");
        Assert.DoesNotContain("the rest", early, StringComparison.Ordinal);
        rest.SetResult();
        var shown = await tmux.WaitForAsync("❯", 2);
        Assert.Contains($"❯ Say it.\nHalf of it, and the rest.\n{Usage}\n", shown + "\n", StringComparison.Ordinal);
        await tmux.SayAsync("/exit");
        await tmux.WaitForAsync("exit:0");
    }

    [Fact]
    public async Task The_commands_show_and_change_what_they_say()
    {
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Say("Hello."));
        await using var tmux = await ChatAsync();
        await tmux.WaitForAsync("❯");
        await tmux.SayAsync("hi");
        await tmux.WaitForAsync(Usage);
        foreach (var (command, answer) in new[]
        {
            ("/help", "leave (also /quit, exit, quit, Ctrl+D)"), ("/model", "  openai/test-model\n"), ("/model openai/other", "openai/other answers from now on."),
            ("/cost", "100 in (40 cached) / 20 out tokens, cost unknown, 1 turn"), ("/tools", "Read"), ("/mode", "  default\n"), ("/mode acceptEdits", "Mode acceptEdits."),
            ("/plan", "Mode plan."), ("/session", "session_s.jsonl"), ("/hlep", "Did you mean /help?"),
        })
        {
            await tmux.SayAsync(command);
            var shown = await tmux.WaitForAsync(answer);
            Assert.Contains($"❯ {command}\n", shown, StringComparison.Ordinal);
        }

        vendor.Add(FakeTurn.Say("Still here."));
        await tmux.SayAsync("and now?");
        await tmux.WaitForAsync("Still here.");
        Assert.Equal("other", vendor.Bodies[^1].GetProperty("model").GetString());
        await tmux.PressAsync(Tmux.CtrlD);
        await tmux.WaitForAsync("exit:0");
    }

    [Fact]
    public async Task What_is_typed_while_a_command_runs_is_in_the_next_request()
    {
        const string wait = """{"command":"touch started; while [ ! -e go ]; do sleep 0.05; done"}""";
        await using var vendor = new FakeOpenAiChat
        {
            // Typed text is drawn just before it is posted, so one step may pass in between.
            Script = (turn, body) => turn == 0 ? FakeTurn.Call("Bash", wait) : Heard(body) ? FakeTurn.Say("Heard it.") : turn < 5 ? FakeTurn.Call("Ls", "{}") : FakeTurn.Say("Not heard."),
        };
        Vendors.Point("openai", _place, vendor);
        await using var tmux = await ChatAsync("--mode", "bypass");
        await tmux.WaitForAsync("❯");
        await tmux.SayAsync("Wait.");
        await WaitForAsync(() => File.Exists(Path.Combine(_place.Work, "started")));
        await tmux.SayAsync("look at the moon too");
        await tmux.WaitForAsync("↳ look at the moon too");
        _place.Write("go", "");
        await tmux.WaitForAsync("Heard it.");
        Assert.Contains("(passed on: look at the moon too)", await tmux.UnbrokenAsync(), StringComparison.Ordinal);
        Assert.Empty(vendor.Refusals);
    }

    [Fact]
    public async Task A_command_typed_while_a_turn_runs_waits_for_its_end_and_never_reaches_the_model()
    {
        await using var vendor = Vendors.Make("openai", _place,
            FakeTurn.Call("Bash", """{"command":"touch started; while [ ! -e go ]; do sleep 0.05; done"}"""), FakeTurn.Say("Waited."));
        await using var tmux = await ChatAsync("--mode", "bypass");
        await tmux.WaitForAsync("❯");
        await tmux.SayAsync("Wait.");
        await WaitForAsync(() => File.Exists(Path.Combine(_place.Work, "started")));
        await tmux.SayAsync("/cost");
        await tmux.WaitForAsync("↳ /cost  (when this turn is over)");
        await tmux.SayAsync("/exit");
        await tmux.WaitForAsync("↳ /exit  (when this turn is over)");
        _place.Write("go", "");
        var shown = await tmux.WaitForAsync("exit:0");
        Assert.Contains(
            "❯ /cost\n  200 in (80 cached) / 40 out tokens, cost unknown, 1 turn\n    openai/test-model: 200 in (80 cached) / 40 out (10 reasoning) tokens, cost\n    unknown, 2 requests\n❯ /exit\n", shown,
            StringComparison.Ordinal);
        Assert.DoesNotContain("/cost", vendor.Bodies[^1].GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_typed_when_a_turn_is_interrupted_waits_in_the_input_line_until_it_is_sent()
    {
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Call("Bash", """{"command":"touch started; sleep 600"}"""), FakeTurn.Say("Turned round."));
        await using var tmux = await ChatAsync("--mode", "bypass");
        await tmux.WaitForAsync("❯");
        await tmux.SayAsync("Wait.");
        await WaitForAsync(() => File.Exists(Path.Combine(_place.Work, "started")));
        await tmux.SayAsync("do something else");
        await tmux.WaitForAsync("↳ do something else");
        await tmux.PressAsync(Tmux.CtrlC);
        await tmux.WaitForAsync("❯ do something else\n");
        Assert.Single(vendor.Bodies);
        await tmux.PressAsync(Tmux.Enter);
        await tmux.WaitForAsync("Turned round.");
        Assert.Contains("do something else", vendor.Bodies[^1].GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_is_approved_and_what_follows_is_asked_about_as_the_mode_says()
    {
        await using var vendor = Vendors.Make("openai", _place,
            FakeTurn.Call("Write", """{"file_path":"early.txt","content":"no\n"}"""),
            FakeTurn.Call("ExitPlanMode", """{"plan":"1. Write a.txt\n2. Look at it"}"""),
            FakeTurn.Call("Write", """{"file_path":"a.txt","content":"as planned\n"}"""), FakeTurn.Say("All done."));
        await using var tmux = await ChatAsync();
        await tmux.WaitForAsync("❯");
        await tmux.SayAsync("/plan");
        await tmux.WaitForAsync("Mode plan.");
        await tmux.SayAsync("Make a.txt.");
        var plan = await tmux.WaitForAsync("[y] yes, once");
        Assert.Contains("ExitPlanMode asks to run", plan, StringComparison.Ordinal);
        Assert.Contains("    1. Write a.txt\n    2. Look at it\n", plan, StringComparison.Ordinal);
        Assert.Single(plan.Split('\n'), line => line.Contains("asks to run", StringComparison.Ordinal));
        await tmux.TypeAsync("y");
        var write = await tmux.WaitForAsync("[y] yes, once", 2);
        Assert.Contains("Write asks to run", write, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_place.Work, "a.txt")));
        await tmux.TypeAsync("y");
        await tmux.WaitForAsync("All done.");
        Assert.Equal("as planned\n", _place.Read("a.txt"));
        Assert.False(File.Exists(Path.Combine(_place.Work, "early.txt")));
        await tmux.SayAsync("/mode");
        await tmux.WaitForAsync("  default\n");
    }

    [Fact]
    public async Task A_question_of_the_model_is_answered_by_number_or_in_words()
    {
        await using var vendor = Vendors.Make("openai", _place,
            FakeTurn.Call("AskUser", """{"question":"Which colour?","options":["red","deep blue"]}"""),
            FakeTurn.Call("AskUser", """{"question":"And how large?"}"""), FakeTurn.Say("Painted."));
        await using var tmux = await ChatAsync();
        await tmux.WaitForAsync("❯");
        await tmux.SayAsync("Paint.");
        Assert.Contains("? Which colour?\n  1. red\n  2. deep blue\n", await tmux.WaitForAsync("number or text:"), StringComparison.Ordinal);
        await tmux.SayAsync("2");
        await tmux.WaitForAsync("answer:");
        await tmux.SayAsync("as large as a house");
        await tmux.WaitForAsync("Painted.");
        Assert.Contains("The person answered: deep blue", vendor.Bodies[1].GetRawText(), StringComparison.Ordinal);
        Assert.Contains("The person answered: as large as a house", vendor.Bodies[2].GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conversation_goes_on_after_the_program_ended()
    {
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Say("I will remember seven."), FakeTurn.Say("It was seven."));
        await using (var first = await ChatAsync())
        {
            await first.WaitForAsync("❯");
            await first.SayAsync("The number is seven.");
            await first.WaitForAsync(Usage);
            await first.SayAsync("exit");
            await first.WaitForAsync("exit:0");
        }

        await using var again = await Tmux.StartAsync(_place, "chat", "-m", Vendors.Model("openai"), "--resume", "s");
        var shown = await again.WaitForAsync("❯", 2);
        Assert.Contains("❯ The number is seven.\nI will remember seven.\n", shown, StringComparison.Ordinal);
        await again.SayAsync("Which number was it?");
        await again.WaitForAsync("It was seven.");
        Assert.Equal(
            ["The number is seven.", "I will remember seven.", "Which number was it?"],
            vendor.Bodies[^1].GetProperty("messages").EnumerateArray().Where(message => message.GetProperty("role").GetString() is not ("system" or "developer")).Select(Text));
        Assert.Single(_place.Sessions);
    }

    [Fact]
    public async Task With_nothing_configured_a_person_chooses_to_rehearse_to_set_up_or_to_leave()
    {
        const string choice = "[s] set one up now";
        await using (var leaving = await Tmux.StartAsync(_place, "chat"))
        {
            await leaving.WaitForAsync(choice);
            await leaving.TypeAsync("q");
            await leaving.WaitForAsync("exit:0");
        }

        await using (var settingUp = await Tmux.StartAsync(_place, "chat"))
        {
            await settingUp.WaitForAsync(choice);
            await settingUp.TypeAsync("s");
            await settingUp.WaitForAsync("Number or name:");
        }

        Assert.Empty(_place.Sessions);
        _place.Write("notes.md", "TODO: buy bread\n");
        await using var rehearsing = await Tmux.StartAsync(_place, "chat");
        await rehearsing.WaitForAsync(choice);
        await rehearsing.TypeAsync("r");
        await rehearsing.WaitForAsync("❯");
        await rehearsing.SayAsync("Which files mention TODO?");
        Assert.Contains("buy bread", await rehearsing.WaitForAsync("rehearsal, no cost"), StringComparison.Ordinal);

        // What was chosen holds for the next session as well.
        await rehearsing.SayAsync("/session new");
        await rehearsing.WaitForAsync("rehearsal/rehearsal, mode default.");
    }

    private static bool Heard(JsonElement body) =>
        body.GetProperty("messages").EnumerateArray().Any(message => message.GetProperty("role").GetString() is "user" && message.GetRawText().Contains("look at the moon too", StringComparison.Ordinal));

    private static string? Text(JsonElement message) => message.GetProperty("content") is { ValueKind: JsonValueKind.String } text
        ? text.GetString() : string.Concat(message.GetProperty("content").EnumerateArray().Select(part => part.GetProperty("text").GetString()));

    private static async Task WaitForAsync(Func<bool> done)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!done())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        }
    }
}
