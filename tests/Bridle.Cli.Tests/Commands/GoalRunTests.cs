using System.Text.Json;
using Bridle.Hosting;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

/// <summary>Work on a goal: what a phase is told, when it counts as done, and what is left of a run that ended badly.</summary>
public sealed class GoalRunTests : IDisposable
{
    private const string Two = """
        { "schema": "harness.goal.v1", "id": "g", "objective": "Have a report.", "context": ["notes.md"], "invariants": ["Notes stay."],
          "phases": [ { "title": "draft", "task": "Write a draft.", "verify": [ { "file": "draft.md" } ] }, { "title": "report", "verify": [ { "file": "report.md" } ] } ] }
        """;

    private readonly CliStage _stage = new();

    public GoalRunTests() => _stage.Write("home/.config/bridle/settings.json", """{ "acceptanceRounds": 0 }""");

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task A_phase_that_failed_is_tried_again_with_the_reason_and_the_next_one_hears_what_it_came_to()
    {
        Goal(Two);
        var model = Script(ScriptedReply.Text("I think that is it."), Write("draft.md"), ScriptedReply.Text("The draft is in draft.md."), Write("report.md"), ScriptedReply.Text("Reported."));
        Assert.Equal(ExitCode.Failed, await RunAsync());
        Assert.Contains("Phase 1 failed: Not accepted: file draft.md exists: There is no such file.", _stage.Error.Take());
        Assert.Equal(("failed", null), (Phase(0, "status"), Phase(1, "status")));

        Assert.Equal(ExitCode.Done, await RunAsync());
        var brief = model.Requests[1].Messages[0].Text;
        Assert.StartsWith("Phase 1 of 2 of the goal g: draft\n", brief);
        foreach (var told in new[] { "# The goal\nHave a report.\n", "# Read first\n- notes.md\n", "# Must hold all the time\n- Notes stay.\n", "# This phase\nWrite a draft.\n", "- file draft.md exists\n" })
        {
            Assert.Contains(told, brief);
            Assert.Contains(told, model.Requests[0].Messages[0].Text);
        }

        Assert.Contains("# This phase was tried before and failed\n<last-try>\nNot accepted: file draft.md exists: There is no such file.\n- not met: file draft.md exists: There is no such file.\nThe last answer was: I think that is it.\n</last-try>", brief);
        Assert.DoesNotContain("last-try", model.Requests[0].Messages[0].Text);

        Assert.Equal(ExitCode.Done, await RunAsync());
        Assert.Contains("- 1, draft: done\n<came-to>\nThe draft is in draft.md.\n</came-to>", model.Requests[3].Messages[0].Text);
        Assert.Contains("Goal g: every phase is done.", _stage.Error.Take());
        Assert.Equal(ExitCode.Usage, await RunAsync());
        Assert.Contains("Every phase of the goal 'g' is done.", _stage.Error.Take());

        // Both tries stand there with their receipts, each in a session of its own.
        Assert.Equal(["goal-g-1-1/1", "goal-g-1-2/1"], Tries(0).ConvertAll(one => one.GetProperty("runs")[0].GetString()));
        Assert.Equal(["not_accepted accepted"], [string.Join(' ', Tries(0).ConvertAll(one => one.GetProperty("verdict").GetString()))]);
        _ = _stage.Out.Take();
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("runs", "show", "goal-g-1-1/1"));
        Assert.Contains("✗ file draft.md exists", _stage.Out.Take());
    }

    [Fact]
    public async Task What_a_limit_ended_is_failed_with_its_reason_and_keeps_what_it_took()
    {
        Goal(Two);
        Script(ScriptedReply.Calls(("Read", """{ "file_path": "a" }""")), ScriptedReply.Text("As far as I came: the heading."));
        Assert.Equal(ExitCode.Limit, await RunAsync("--max-steps", "1"));
        var one = Assert.Single(Tries(0));
        Assert.Equal(("failed", "limit_reached", "not_checked"), (Phase(0, "status"), one.GetProperty("outcome").GetString(), one.GetProperty("verdict").GetString()));
        Assert.Equal((200, 20, 0.004m, 2), (one.GetProperty("usage").GetProperty("input").GetInt32(), one.GetProperty("usage").GetProperty("output").GetInt32(), one.GetProperty("cost").GetDecimal(), one.GetProperty("requests").GetInt32()));
        Assert.Contains("The last answer was: As far as I came: the heading.", Phase(0, "note"));
        Assert.Contains("limit", one.GetProperty("why").GetString());
    }

    [Fact]
    public async Task A_model_that_cannot_be_reached_fails_the_phase_with_its_exit_code()
    {
        Goal(Two);
        Script(ScriptedReply.Failure(ModelErrorKind.Authentication));
        Assert.Equal(ExitCode.Usage, await RunAsync());
        Assert.Equal(("failed", "model_failed"), (Phase(0, "status"), Tries(0)[0].GetProperty("outcome").GetString()));
        Assert.Contains("scripted Authentication", Phase(0, "note"));
    }

    [Fact]
    public async Task A_start_that_is_refused_leaves_the_phase_as_it_was()
    {
        var before = Goal(Two);
        _stage.Model = new ScriptedModel();
        Assert.Equal(ExitCode.Usage, await RunAsync("--max-cost", "1"));
        Assert.Equal(before, File.ReadAllText(_stage.PathOf("work/.bridle/goals/g.json")));
    }

    [Fact]
    public async Task Nothing_is_rehearsed_unless_that_was_asked_for_and_then_the_file_says_so()
    {
        var before = Goal("""{ "schema": "harness.goal.v1", "id": "g", "objective": "write \"hello\" to draft.md", "phases": [ { "title": "draft" } ] }""");
        Assert.Equal(ExitCode.Usage, await RunAsync());
        Assert.Contains("No model is configured", _stage.Error.Take());
        Assert.Equal(before, File.ReadAllText(_stage.PathOf("work/.bridle/goals/g.json")));
        Assert.Equal(ExitCode.Done, await RunAsync("-m", "rehearsal"));
        Assert.True(Tries(0)[0].GetProperty("simulated").GetBoolean());
    }

    [Fact]
    public async Task An_interrupted_phase_is_running_and_the_next_run_goes_on_in_its_session_without_saying_it_twice()
    {
        Goal(Two);
        var model = Script(Write("draft.md"), ScriptedReply.Text("Never said.") with { Before = (_, token) => { _stage.Interrupts.Request(); return Task.Delay(Timeout.Infinite, token); } });
        Assert.Equal(ExitCode.Interrupted, await RunAsync());
        Assert.Equal(("running", "goal-g-1-1"), (Phase(0, "status"), Phase(0, "session")));
        Assert.Contains("Phase 1 is not over", _stage.Error.Take());
        model.Then(ScriptedReply.Text("The draft is there."));
        Assert.Equal(ExitCode.Done, await RunAsync());
        Assert.Single(model.Requests[^1].Messages, message => message.Text.Contains("Phase 1 of 2", StringComparison.Ordinal));
        Assert.Equal(("done", null, "The draft is there."), (Phase(0, "status"), Phase(0, "session"), Phase(0, "note")));
        Assert.Equal(["goal-g-1-1/1", "goal-g-1-1/2"], Assert.Single(Tries(0)).GetProperty("runs").EnumerateArray().Select(run => run.GetString()));
    }

    [Fact]
    public async Task A_run_that_ended_before_anybody_wrote_it_down_is_settled_from_its_log_and_nobody_is_asked()
    {
        Goal(Two);
        var model = Script(Write("draft.md"), ScriptedReply.Text("Drafted."));
        Assert.Equal(ExitCode.Done, await RunAsync());
        Goal(Two.Replace("\"task\": \"Write a draft.\"", "\"status\": \"running\", \"session\": \"goal-g-1-1\""));
        Assert.Equal(ExitCode.Done, await RunAsync());
        Assert.Equal(2, model.Requests.Count);
        Assert.Equal(("done", "Drafted."), (Phase(0, "status"), Phase(0, "note")));
    }

    [Fact]
    public async Task What_a_person_did_in_the_session_by_hand_is_looked_at_before_it_counts()
    {
        Goal(Two);
        var model = Script(ScriptedReply.Text("x") with { Before = (_, token) => { _stage.Interrupts.Request(); return Task.Delay(Timeout.Infinite, token); } }, ScriptedReply.Text("Looks done to me."));
        Assert.Equal(ExitCode.Interrupted, await RunAsync());
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--resume", "goal-g-1-1", "Is it done?"));
        Assert.Equal(ExitCode.Failed, await RunAsync());
        Assert.Equal((2, "failed"), (model.Requests.Count, Phase(0, "status")));
        Assert.Contains("file draft.md exists: There is no such file.", Phase(0, "note"));
    }

    [Fact]
    public async Task An_answer_that_an_earlier_run_of_the_session_gave_counts_once_it_was_looked_at()
    {
        // As after a kill between the answer and the end of the run.
        Goal(Two);
        var model = Script(ScriptedReply.Text("x") with { Before = (_, token) => { _stage.Interrupts.Request(); return Task.Delay(Timeout.Infinite, token); } }, ScriptedReply.Text("The draft is there."));
        Assert.Equal(ExitCode.Interrupted, await RunAsync());
        _stage.Write("work/draft.md", "Text.");
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--resume", "goal-g-1-1", "Go on."));
        Assert.Equal(ExitCode.Done, await RunAsync());
        Assert.Equal((2, "done", "The draft is there."), (model.Requests.Count, Phase(0, "status"), Phase(0, "note")));
        _ = _stage.Out.Take();
        await _stage.RunAsync("runs", "show", "goal-g-1-1", "--json");
        using var receipt = JsonDocument.Parse(_stage.Out.Take());
        Assert.Equal(0, receipt.RootElement.GetProperty("exit_code").GetInt32());
    }

    [Fact]
    public async Task A_model_that_got_stuck_fails_the_phase_and_keeps_what_it_took()
    {
        Goal(Two);
        Script([.. Enumerable.Repeat(ScriptedReply.Calls(("Read", """{ "file_path": "a" }""")), 12)]);
        Assert.Equal(ExitCode.Failed, await RunAsync());
        var one = Assert.Single(Tries(0));
        Assert.Equal(("failed", "stuck", "not_checked"), (Phase(0, "status"), one.GetProperty("outcome").GetString(), one.GetProperty("verdict").GetString()));
        Assert.True(one.GetProperty("cost").GetDecimal() >= 0.006m && one.GetProperty("requests").GetInt32() * 100 == one.GetProperty("usage").GetProperty("input").GetInt32());
    }

    [Fact]
    public async Task A_file_cannot_make_a_run_go_on_in_a_session_that_was_not_begun_for_it()
    {
        var model = Script(ScriptedReply.Text("My secret plans."), ScriptedReply.Text("Done."));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--session", "private", "Plan."));
        Goal(Two.Replace("\"task\": \"Write a draft.\"", "\"status\": \"running\", \"session\": \"private\""));
        Assert.Equal(ExitCode.Failed, await RunAsync());
        Assert.Contains("The session 'private' that the goal names was not begun for it", _stage.Error.Take());
        Assert.DoesNotContain("secret", string.Concat(model.Requests[^1].Messages.Select(message => message.Text)));
        Assert.Equal("goal-g-1-1/1", Tries(0)[0].GetProperty("runs")[0].GetString());
    }

    [Theory]
    [InlineData("""{ "command": "touch ran" }""", """[ "Notes stay." ]""")]
    [InlineData("\"touch ran\"", """[ "Notes stay." ]""")]
    [InlineData("""{ "file": "notes.md" }""", """[ { "text": "x", "command": "touch ran" } ]""")]
    public async Task Commands_of_a_goal_are_not_run_before_its_folder_is_trusted(string verify, string invariants)
    {
        _stage.Write("work/notes.md", "x");
        var before = Goal($$"""{ "schema": "harness.goal.v1", "id": "g", "objective": "x", "invariants": {{invariants}}, "phases": [ { "title": "a", "verify": [ {{verify}} ] } ] }""");
        var model = Script(ScriptedReply.Text("Done."));
        Assert.Equal(ExitCode.Usage, await RunAsync());
        Assert.Contains("is not trusted, so they are not run", _stage.Error.Take());
        Assert.Equal((0, before, false), (model.Requests.Count, File.ReadAllText(_stage.PathOf("work/.bridle/goals/g.json")), File.Exists(_stage.PathOf("work/ran"))));
        Assert.Equal(ExitCode.Done, await RunAsync("--trust"));
        Assert.True(File.Exists(_stage.PathOf("work/ran")));
    }

    [Fact]
    public async Task A_goal_that_lies_outside_the_trusted_folder_runs_no_commands_either_also_behind_a_link()
    {
        Directory.CreateDirectory(_stage.PathOf("work/.bridle"));
        _stage.Write("elsewhere/g.json", """{ "schema": "harness.goal.v1", "id": "g", "objective": "x", "phases": [ { "title": "a", "verify": [ "touch ran" ] } ] }""");
        File.CreateSymbolicLink(_stage.PathOf("work/.bridle/goals"), _stage.PathOf("elsewhere"));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("trust"));
        var model = Script(ScriptedReply.Text("Done."));
        Assert.Equal(ExitCode.Usage, await RunAsync());
        Assert.Contains("is not trusted, so they are not run", _stage.Error.Take());
        Assert.Equal(ExitCode.Usage, await RunAsync("--trust"));
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("goal", "run", _stage.PathOf("elsewhere/g.json"), "--trust"));
        Assert.Contains($"`bridle trust {_stage.PathOf("elsewhere")}`", _stage.Error.Take());
        Assert.Empty(model.Requests);
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("trust", _stage.PathOf("elsewhere")));
        Assert.Equal(ExitCode.Done, await RunAsync());
    }

    [Fact]
    public async Task An_invariant_that_does_not_hold_fails_a_phase_whose_own_check_holds()
    {
        Goal("""{ "schema": "harness.goal.v1", "id": "g", "objective": "x", "invariants": [ { "text": "The licence stays.", "file": "LICENSE" } ], "phases": [ { "title": "a", "verify": [ { "file": "made.md" } ] } ] }""");
        Script(Write("made.md"), ScriptedReply.Text("Done."));
        Assert.Equal(ExitCode.Failed, await RunAsync());
        Assert.Equal("failed", Phase(0, "status"));
        Assert.Contains("file LICENSE exists", Phase(0, "note"));
        Assert.DoesNotContain("made.md exists: ", Phase(0, "note"));
    }

    [Fact]
    public async Task What_is_demanded_of_the_goal_is_looked_at_in_its_last_open_phase_and_all_of_them_can_be_worked_on_at_once()
    {
        Goal("""{ "schema": "harness.goal.v1", "id": "g", "objective": "x", "verify": [ { "file": "end.md" } ], "phases": [ { "title": "a" }, { "title": "b" } ] }""");
        Script(ScriptedReply.Text("First."), ScriptedReply.Text("Second."));
        Assert.Equal(ExitCode.Failed, await RunAsync("--all", "--output", "json"));
        using var result = JsonDocument.Parse(_stage.Out.Take());
        Assert.Equal(("goal", 1, 2), (result.RootElement.GetProperty("type").GetString(), result.RootElement.GetProperty("exit_code").GetInt32(), result.RootElement.GetProperty("goal").GetProperty("next").GetInt32()));
        Assert.Equal(["First. completed", "Second. not_accepted"], result.RootElement.GetProperty("results").EnumerateArray().Select(one => $"{one.GetProperty("answer").GetString()} {one.GetProperty("outcome").GetString()}"));
        Assert.Equal(("done", "failed"), (Phase(0, "status"), Phase(1, "status")));

        // Lines as they come, and the goal at the end; a start that is refused after something was done is told with it.
        Script(Write("end.md"), ScriptedReply.Text("Third."));
        Assert.Equal(ExitCode.Done, await RunAsync("--output", "events"));
        var lines = _stage.Out.Take().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["result", "goal"], lines[^2..].ToList().ConvertAll(line => JsonDocument.Parse(line).RootElement.GetProperty("type").GetString()));
        Goal("""{ "schema": "harness.goal.v1", "id": "g", "objective": "x", "phases": [ { "title": "a" }, { "title": "b", "verify": [ "true" ] } ] }""");
        Script(ScriptedReply.Text("First."));
        Assert.Equal(ExitCode.Usage, await RunAsync("--all", "--output", "json"));
        using var partly = JsonDocument.Parse(_stage.Out.Take());
        Assert.Equal((2, 2, 1), (partly.RootElement.GetProperty("exit_code").GetInt32(), partly.RootElement.GetProperty("goal").GetProperty("next").GetInt32(), partly.RootElement.GetProperty("results").GetArrayLength()));
    }

    [Fact]
    public async Task In_plan_mode_nothing_is_looked_at_so_a_phase_that_demands_something_is_not_done()
    {
        Goal(Two);
        Script(ScriptedReply.Text("Here is a plan."));
        Assert.Equal(ExitCode.Failed, await RunAsync("--mode", "plan"));
        Assert.Contains("Nobody looked whether what is demanded is there: in plan mode", Phase(0, "note"));
    }

    [Fact]
    public async Task The_model_cannot_write_the_file_that_judges_it_though_everything_is_allowed()
    {
        Goal(Two);
        Script(Write(".bridle/goals/g.json"), Write("draft.md"), ScriptedReply.Text("Done."));
        Assert.Equal(ExitCode.Denied, await _stage.RunAsync("goal", "run", "g", "--mode", "bypass", "--sandbox", "off"));
        Assert.Contains("sealedFiles", _stage.Error.Take());
        Assert.Equal("done", Phase(0, "status"));
    }

    [Fact]
    public async Task A_message_that_a_hook_refuses_fails_the_phase_with_what_the_hook_says()
    {
        Goal(Two);
        _stage.Write("home/.config/bridle/settings.json", """{ "hooks": { "UserPromptSubmit": [ { "hooks": [ { "type": "command", "command": "echo not today >&2; exit 2" } ] } ] } }""");
        Script();
        Assert.Equal(ExitCode.Failed, await RunAsync());
        Assert.Equal("failed", Phase(0, "status"));
        Assert.Contains("not today", Phase(0, "note"));
    }

    [Fact]
    public async Task Of_two_programs_on_one_goal_one_works_and_the_other_says_so()
    {
        Goal(Two);
        var second = ExitCode.Done;
        Script(ScriptedReply.Text("Done.") with { Before = async (_, _) => second = await _stage.RunAsync("goal", "run", "g", "--phase", "2") });
        Assert.Equal(ExitCode.Failed, await RunAsync());
        Assert.Equal(ExitCode.Usage, second);
        Assert.Contains("Another program works on the goal 'g'.", _stage.Error.Take());
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("goal", "reset", "g"));
    }

    [Fact]
    public async Task A_dry_run_shows_the_brief_and_what_is_demanded_and_writes_nothing()
    {
        var before = Goal(Two);
        var model = Script();
        _stage.Adjust = request => request with { Model = null };
        Assert.Equal(ExitCode.Done, await RunAsync("--dry-run", "-m", "rehearsal"));
        var said = _stage.Out.Take();
        Assert.Contains("Goal g, phase 1 of 2: draft\n", said);
        Assert.Contains("# This phase\nWrite a draft.\n", said);
        Assert.Contains("file draft.md exists", said[said.IndexOf("\nfolder", StringComparison.Ordinal)..]);
        Assert.Equal(ExitCode.Done, await RunAsync("--dry-run", "--phase", "report", "--output", "json", "-m", "rehearsal"));
        using var look = JsonDocument.Parse(_stage.Out.Take());
        Assert.Equal(("goal_dry_run", 2, "dry_run"), (look.RootElement.GetProperty("type").GetString(), look.RootElement.GetProperty("phase").GetInt32(), look.RootElement.GetProperty("run").GetProperty("type").GetString()));
        Assert.Equal((0, before), (model.Requests.Count, File.ReadAllText(_stage.PathOf("work/.bridle/goals/g.json"))));
        Assert.False(Directory.Exists(_stage.PathOf("home/.local/share/bridle/sessions")));
    }

    [Theory]
    [InlineData("look", null, "plan")]
    [InlineData("look", "bypass", "plan")]
    [InlineData("cautious", "bypass", "default")]
    [InlineData("cautious", "plan", "plan")]
    [InlineData("edits", "bypass", "acceptEdits")]
    [InlineData("edits", null, null)]
    [InlineData("edits", "dontAsk", "dontAsk")]
    [InlineData("edits", "strict", "strict")]
    [InlineData("open", "bypass", "bypass")]
    [InlineData("Be careful with dates.", "bypass", "bypass")]
    public async Task A_posture_takes_away_and_never_adds(string posture, string? mode, string? wanted)
    {
        Goal($$"""{ "schema": "harness.goal.v1", "id": "g", "objective": "x", "posture": "{{posture}}", "deny": [ "WebFetch" ], "seal": [ "tests/**" ], "phases": [ { "title": "a" } ] }""");
        _stage.OnlyParse = true;
        await RunAsync([.. mode is null ? Array.Empty<string>() : ["--mode", mode], "--deny", "WebSearch", "--seal", "a.md"]);
        var request = _stage.Request!;
        Assert.Equal((wanted, posture is not ("look" or "cautious")), (request.Mode, request.ConfinedUnasked));
        Assert.Equal("WebSearch WebFetch", string.Join(' ', request.Deny));
        Assert.Equal(posture is "look" ? "a.md tests/**" : "a.md tests/** .bridle/goals/g.json", string.Join(' ', request.Seal));
    }

    [Fact]
    public async Task A_phase_narrows_the_posture_of_its_goal_and_cannot_widen_it()
    {
        Goal("""{ "schema": "harness.goal.v1", "id": "g", "objective": "x", "posture": "cautious", "phases": [ { "title": "a", "posture": "open" }, { "title": "b", "posture": "look" } ] }""");
        _stage.OnlyParse = true;
        await RunAsync("--mode", "bypass");
        Assert.Equal("default", _stage.Request!.Mode);
        await RunAsync("--mode", "bypass", "--phase", "b");
        Assert.Equal("plan", _stage.Request!.Mode);
    }

    [Fact]
    public async Task What_settings_say_of_the_mode_is_narrowed_too()
    {
        Goal("""{ "schema": "harness.goal.v1", "id": "g", "objective": "x", "posture": "cautious", "phases": [ { "title": "a" } ] }""");
        _stage.Write("home/.config/bridle/settings.json", """{ "permissions": { "defaultMode": "acceptEdits" } }""");
        Script(Write("a.md"), ScriptedReply.Text("Refused."));
        Assert.Equal(ExitCode.Denied, await RunAsync());
        Assert.False(File.Exists(_stage.PathOf("work/a.md")));
    }

    private Task<int> RunAsync(params string[] flags) => _stage.RunAsync(["goal", "run", "g", .. flags]);

    private string Goal(string text)
    {
        _stage.Write("work/.bridle/goals/g.json", text);
        return text;
    }

    private string? Phase(int at, string field) => Read().GetProperty("phases")[at].TryGetProperty(field, out var value) ? value.GetString() : null;

    private List<JsonElement> Tries(int at) => [.. Read().GetProperty("phases")[at].GetProperty("tries").EnumerateArray()];

    private JsonElement Read() => JsonDocument.Parse(File.ReadAllText(_stage.PathOf("work/.bridle/goals/g.json"))).RootElement;

    private static ScriptedReply Write(string path) => ScriptedReply.Calls(("Write", $$"""{ "file_path": {{Effects.SettingEffect.Quoted(path)}}, "content": "Text.\n" }"""));

    private ScriptedModel Script(params ScriptedReply[] replies)
    {
        var model = new ScriptedModel(replies) { Info = new("test", "scripted", "scripted") { ContextWindow = 200_000, MaxOutputTokens = 8_192, Tools = Known.Yes, Price = new Price(10, 100) } };
        _stage.Model = model;
        return model;
    }
}
