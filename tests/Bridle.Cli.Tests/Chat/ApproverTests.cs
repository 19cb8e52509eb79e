using Bridle.Cli.Chat;
using Bridle.Cli.Terminals;
using Bridle.Cli.Tests.Terminals;
using Bridle.Events;
using Bridle.Permissions;

namespace Bridle.Cli.Tests.Chat;

public sealed class ApproverTests
{
    private readonly LockedWriter _screen = new();
    private readonly HeldOutput _held = new();

    private TerminalApprover Approver(IKeys keys, TimeSpan reading = default) =>
        new(new LinearInput(new StrokeReader(keys), _screen, () => 80, _held, reading), _screen, () => 80, new Styling(false));

    private static ApprovalPrompt Prompt(string input, string? diff = null, bool session = true) => new(
        new("id", new("c1"), "Bash", input, "hash", null, "none", "no rule allows it", DateTimeOffset.MaxValue), diff, session ? ["once", "session"] : ["once"]);

    private ValueTask<ApprovalAnswer?> AskAsync(string keys, string input = """{"command":"ls"}""", bool session = true) =>
        Approver(new FakeKeys(keys).Close()).ApproveAsync(Prompt(input, session: session), TestContext.Current.CancellationToken);

    [Fact]
    public async Task Each_key_has_its_answer()
    {
        Assert.Equal(new(true), await AskAsync("y"));
        Assert.Equal(new(true, "session"), await AskAsync("s"));
        Assert.Equal(new(false), await AskAsync("n{enter}"));
        Assert.Equal(new(false, Reason: "use git mv"), await AskAsync("nuse git mv{enter}"));
        Assert.Equal(new(false), await AskAsync("{esc}{enter}"));
    }

    [Theory]
    [InlineData("p", "project")]
    [InlineData("A", "always")]
    public async Task Longer_scopes_are_offered_and_taken_only_where_the_gate_offers_them(string key, string scope)
    {
        var all = Prompt("""{"command":"ls"}""") with { Scopes = ["once", "session", "project", "always"] };
        Assert.Equal(new(true, scope), await Approver(new FakeKeys(key).Close()).ApproveAsync(all, TestContext.Current.CancellationToken));
        Assert.Contains("[p] this project [a] always", _screen.ToString());
        Assert.Null(await AskAsync(key));
    }

    [Theory]
    [InlineData("Git(commit --allow-empty -m q)", "keeps: allow Git(commit --allow-empty -m q)\n")]
    [InlineData("WebFetch(domain:example.com)", "keeps: allow WebFetch(domain:example.com) (every https page of that host)")]
    [InlineData("Edit(//ws/a.txt)", "keeps: allow Edit(//ws/a.txt) (every change of it)")]
    public async Task What_a_longer_yes_keeps_is_shown_where_one_is_offered(string rule, string shown)
    {
        var all = Prompt("""{"command":"ls"}""") with { Grant = rule };
        await new TerminalApprover(new LinearInput(new StrokeReader(new FakeKeys("y").Close()), _screen, () => 200, _held, default), _screen, () => 200, new Styling(false)).ApproveAsync(all, TestContext.Current.CancellationToken);
        Assert.Contains(shown, _screen.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("keeps:", ApprovalText.Of(all with { Scopes = ["once"] }, new Styling(false)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enter_space_and_other_keys_decide_nothing()
    {
        Assert.Null(await AskAsync("{enter} xj\u001b"));
        Assert.Equal(new(true), await AskAsync("{enter}{enter} qy"));
        Assert.Null(await AskAsync("s", session: false));
    }

    [Theory]
    [InlineData("{esc}y{enter}", "y")]
    [InlineData("{esc}a{enter}", "a")]
    [InlineData("{esc}always ask{enter}", "always ask")]
    [InlineData("{alt-y}es, but elsewhere{enter}", "yes, but elsewhere")]
    [InlineData("{alt-a}{enter}", "a")]
    [InlineData("{alt-n}ot so{enter}", "not so")]
    [InlineData("{esc}{esc}", null)]
    [InlineData("{esc}{enter}", null)]
    public async Task Escape_is_no_however_fast_the_reason_follows_it(string keys, string? reason)
    {
        var all = Prompt("""{"command":"ls"}""") with { Scopes = ["once", "session", "project", "always"] };
        Assert.Equal(new(false, Reason: reason), await Approver(new FakeKeys(keys).Close()).ApproveAsync(all, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("{esc}[200~y{esc}[201~")]
    [InlineData("{esc}[200~yes{enter}always{enter}{esc}[201~")]
    [InlineData("{esc}[200~{esc}[31my{esc}[201~")]
    public async Task A_paste_decides_nothing(string paste) =>
        Assert.Null(await Approver(new FakeKeys(paste).Close()).ApproveAsync(Prompt("""{"command":"ls"}"""), TestContext.Current.CancellationToken));

    [Fact]
    public async Task Where_no_paste_is_marked_letters_that_come_together_decide_nothing_and_one_alone_or_with_Enter_does()
    {
        async Task<ApprovalAnswer?> AnswerAsync(FakeKeys keys) =>
            await new TerminalApprover(new LinearInput(new StrokeReader(keys.Close(), marked: false), _screen, () => 80, _held, TimeSpan.Zero), _screen, () => 80, new Styling(false)).ApproveAsync(Prompt("""{"command":"ls"}"""), TestContext.Current.CancellationToken);
        Assert.Null(await AnswerAsync(new FakeKeys().Paste("yes\n")));
        Assert.Null(await AnswerAsync(new FakeKeys().Paste("go on\ny\n")));
        Assert.Equal(new(true), await AnswerAsync(new FakeKeys().Paste("y\n")));
        Assert.Equal(new(true), await AnswerAsync(new FakeKeys("y")));
    }

    [Fact]
    public async Task A_key_that_is_not_listed_repeats_nothing_and_Ctrl_L_shows_the_question_again()
    {
        Assert.Equal(new(true), await AskAsync("x{tab}q{enter}{up}y"));
        Assert.Equal(2, _screen.ToString().Split("[y] yes").Length);
        Assert.Equal(new(true), await AskAsync("{ctrl-l}y", """{"command":"ls -a"}"""));
        Assert.Equal(3, _screen.ToString().Split("command: ls -a").Length);
    }

    [Fact]
    public async Task Nobody_there_is_no_answer() => Assert.Null(await AskAsync(""));

    [Fact]
    public async Task A_command_can_be_edited_and_the_rest_of_the_input_stays()
    {
        var answer = await AskAsync("e{back}{back}pwd{enter}", """{"command":"ls","timeout":5}""");
        Assert.Equal(new(true, EditedInput: """{"command":"pwd","timeout":5}"""), answer);
    }

    [Fact]
    public async Task Other_input_is_edited_as_json_and_bad_json_is_asked_about_again()
    {
        Assert.Equal("""{"path":"b"}""", (await AskAsync("e{back}{back}{back}b\"}{enter}", """{"path":"a"}"""))!.EditedInput);
        Assert.Equal(new(true), await AskAsync("e{back}{enter}y", """{"path":"a"}"""));
        Assert.Contains("That is not JSON", _screen.ToString());
    }

    [Fact]
    public async Task The_whole_command_is_shown_with_every_hidden_character_visible()
    {
        var command = "echo start\nrm -rf \u202e~/x\u200b; printf '\\x1b' \u001b[8m # " + new string('x', 3000) + " end";
        await AskAsync("y", System.Text.Json.Nodes.JsonValue.Create(command) is var text ? $$"""{"command":{{text!.ToJsonString()}}}""" : "");
        var shown = _screen.ToString();
        Assert.DoesNotContain('\x1b', shown);
        Assert.Contains("    rm -rf <U+202E>~/x<U+200B>; printf '\\x1b' ␛[8m # " + new string('x', 3000) + " end", shown);
        Assert.Contains("isolation: none", shown);
        Assert.Contains("Asked because: no rule allows it", shown);
    }

    [Fact]
    public async Task A_change_is_shown_as_its_whole_diff()
    {
        var diff = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"+line {i}\n"));
        await Approver(new FakeKeys("y")).ApproveAsync(Prompt("""{"file_path":"x","content":"…"}""", diff), TestContext.Current.CancellationToken);
        Assert.Contains("file_path: x", _screen.ToString());
        Assert.Contains(diff.TrimEnd(), _screen.ToString());
    }

    [Fact]
    public async Task Keys_that_came_before_the_question_could_be_read_decide_nothing()
    {
        var keys = new FakeKeys("yes, do");
        var approving = Approver(keys, TimeSpan.FromMilliseconds(100)).ApproveAsync(Prompt("""{"command":"rm x"}"""), TestContext.Current.CancellationToken).AsTask();
        while (!_screen.ToString().Contains("[y] yes, once", StringComparison.Ordinal))
        {
            await Task.Yield();
        }

        Assert.False(approving.IsCompleted);
        keys.Type("n{enter}");
        Assert.Equal(new(false), await approving);
    }

    [Fact]
    public async Task A_question_is_answered_by_number_or_in_words()
    {
        async Task<string?> AnswerAsync(string keys) => await Approver(new FakeKeys(keys).Close()).AnswerAsync(new("q", new("c"), "Which?", ["red", "blue"]), TestContext.Current.CancellationToken);
        Assert.Equal("blue", await AnswerAsync("2{enter}"));
        Assert.Equal("green", await AnswerAsync("green{enter}"));
        Assert.Equal("7", await AnswerAsync("7{enter}"));
        Assert.Null(await AnswerAsync("{enter}"));
        Assert.Null(await AnswerAsync(""));
    }

    [Fact]
    public async Task Output_of_the_turn_waits_while_a_question_is_open()
    {
        var keys = new FakeKeys();
        var output = _held.Around(_screen);
        var approving = Approver(keys).ApproveAsync(Prompt("""{"command":"ls"}"""), TestContext.Current.CancellationToken).AsTask();
        output.Write("meanwhile");
        Assert.DoesNotContain("meanwhile", _screen.ToString());
        keys.Type("y");
        await approving;
        Assert.EndsWith("meanwhile", _screen.ToString());
    }
}
