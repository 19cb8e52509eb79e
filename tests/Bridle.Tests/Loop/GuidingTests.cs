using Bridle.Context;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Tests.Loop;

public sealed class GuidingTests
{
    [Fact]
    public async Task A_guide_speaks_at_the_start_or_before_each_step_once_for_the_same_words()
    {
        var steps = 0;
        await using var stage = Stage(
            [Always("start", GuideTime.Start, () => "Begin well."), Always("step", GuideTime.EachStep, () => $"Step {++steps / 2}.")],
            Look("a"), Look("b"), ScriptedReply.Text("Done."), ScriptedReply.Text("Again."));
        await stage.Session.RunAsync("Look.", default);
        Assert.Equal(["Begin well.", "Step 0."], Notes(stage.Model.Requests[0]));
        Assert.Equal(["Begin well.", "Step 0.", "Step 1."], Notes(stage.Model.Requests[2]));
        await stage.Session.RunAsync("Once more.", default);
        Assert.Equal(["Begin well.", "Step 0.", "Step 1.", "Step 2."], Notes(stage.Model.Requests[3]));
        Assert.All(stage.Model.Requests, request => Assert.Equal("Be useful.", request.System));
    }

    [Fact]
    public async Task A_guide_is_asked_only_when_the_task_or_a_seen_file_fits()
    {
        var asked = new List<string>();
        Guide Asked(string name) => Always(name, GuideTime.EachStep, () => { asked.Add(name); return name; });
        await using var stage = Stage(
            [
                Asked("task") with { TaskMatches = ["DEPLOY"] }, Asked("other task") with { TaskMatches = ["delete"] },
                Asked("file") with { FilesMatch = path => path.EndsWith(".cs", StringComparison.Ordinal) }, Asked("other file") with { FilesMatch = path => path.EndsWith(".ts", StringComparison.Ordinal) },
            ],
            ScriptedReply.Text("Done."));
        await stage.Events.RecordAsync(new RunId("0"), new UserSpoke("m0", [new TextPart("Look at a.cs.")]), Durability.Written, default);
        await stage.Events.RecordAsync(new RunId("0"), new ModelReplied(new ModelReply([new ToolCallPart(new CallId("x"), "Look", "{}")], StopReason.ToolUse, null, null), null, 0), Durability.Written, default);
        await stage.Events.RecordAsync(new RunId("0"), new ToolReturned(new CallId("x"), CallOutcome.Completed, [new TextPart("y")], 0) { Files = [new FileTouch("/ws/a.cs", "h", false)] }, Durability.Written, default);
        await stage.Session.RunAsync("Please deploy it.", default);
        Assert.Equal(["task", "file"], asked);
    }

    [Fact]
    public async Task A_note_is_cut_at_its_cap_and_a_guide_that_breaks_ends_nothing()
    {
        await using var stage = Stage(
            [Always("long", GuideTime.Start, () => new string('x', 500)) with { MostTokens = 10 }, Always("broken", GuideTime.Start, () => throw new InvalidOperationException("no")), Always("empty", GuideTime.Start, () => " ")],
            ScriptedReply.Text("Done."));
        Assert.Equal(TurnOutcome.Completed, (await stage.Session.RunAsync("Go.", default)).Outcome);
        Assert.Equal([$"{new string('x', 40)}\n[cut here: 460 more characters]"], Notes(stage.Model.Requests[0]));
        Assert.Contains("The guide 'broken' failed (InvalidOperationException) and says nothing.", stage.Stream, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cap_holds_in_every_script()
    {
        await using var stage = Stage([Always("long", GuideTime.Start, () => new string('备', 500)) with { MostTokens = 10 }], ScriptedReply.Text("Done."));
        await stage.Session.RunAsync("Go.", default);
        Assert.Equal([$"{new string('备', 10)}\n[cut here: 490 more characters]"], Notes(stage.Model.Requests[0]));
    }

    [Fact]
    public async Task What_a_compaction_took_away_is_told_again_and_a_restart_tells_nothing_twice()
    {
        IReadOnlyList<Guide> guides = [Always("rule", GuideTime.EachStep, () => "Mind the rule.")];
        var model = new ScriptedModel(Look(new string('a', 900)), Look(new string('b', 900)), ScriptedReply.Text("Done."), ScriptedReply.Text("Again."), ScriptedReply.Text("After."));
        await using var stage = Stage(guides, model);
        await stage.Session.RunAsync("Look.", default);
        await using var later = new LoopStage(model, journal: stage.Journal, guides: guides);
        await later.Session.RunAsync([new TextPart("More.")], "m2", default);
        Assert.Equal(["Mind the rule."], Notes(model.Requests[3]));
        Assert.NotNull(await new Sessions.Shortening(later.Parts).RunAsync(model, null, default));
        await later.Session.RunAsync([new TextPart("And now?")], "m3", default);
        Assert.Equal(["Mind the rule."], Notes(model.Requests[4]));
        Assert.Equal(2, stage.Journal.Read().Count(record => record.Event is ReminderAdded { Source: "guide rule: test" }));
    }

    [Fact]
    public async Task One_that_says_how_things_stand_is_heard_again_when_they_are_as_they_were_before()
    {
        var (words, model) = (new Queue<string>(["red", "red", "green", "red"]), new ScriptedModel(Look("a"), Look("b"), Look("c"), ScriptedReply.Text("Done.")));
        await using var stage = Stage([Always("state", GuideTime.EachStep, words.Dequeue) with { SaysHowItStands = true }], model);
        await stage.Session.RunAsync("Go.", default);
        Assert.Equal(["red", "green", "red"], Notes(model.Requests[^1]));
    }

    [Fact]
    public async Task A_guide_is_asked_only_when_what_it_is_told_of_the_task_fits()
    {
        await using var stage = Stage([Always("yes", GuideTime.Start, () => "yes") with { TaskFits = task => task is "Go." }, Always("no", GuideTime.Start, () => "no") with { TaskFits = _ => false }], ScriptedReply.Text("Done."));
        await stage.Session.RunAsync("Go.", default);
        Assert.Equal(["yes"], Notes(stage.Model.Requests[0]));
    }

    [Fact]
    public async Task A_command_of_a_guide_passes_the_pipeline_and_is_no_part_of_the_conversation()
    {
        var guide = new Guide("ran", GuideTime.Start, async (moment, token) => [new GuideNote("command", (await moment.Doors!.RunCommandAsync("ls", 5, null, token)).Text)]);
        await using var stage = Stage([guide], ScriptedReply.Text("Done."));
        await stage.Session.RunAsync("Go.", default);
        Assert.Equal(["There is no tool that runs commands."], Notes(stage.Model.Requests[0]));
        Assert.All(stage.Model.Requests[0].Messages, message => Assert.Empty(message.Parts.OfType<ToolCallPart>()));
    }

    private static LoopStage Stage(IReadOnlyList<Guide> guides, params ScriptedReply[] script) => Stage(guides, new ScriptedModel(script));

    private static LoopStage Stage(IReadOnlyList<Guide> guides, ScriptedModel model) => new(model, guides: guides);

    private static Guide Always(string name, GuideTime when, Func<string> text) => new(name, when, (_, _) => ValueTask.FromResult<IReadOnlyList<GuideNote>>([new GuideNote("test", text())]));

    private static ScriptedReply Look(string what) => ScriptedReply.Calls(("Look", $$"""{"text":"{{what}}"}"""));

    private static IEnumerable<string> Notes(ModelRequest request) =>
        request.Messages.SelectMany(message => message.Parts).OfType<TextPart>().Where(part => Reminders.IsNote(part.Text)).Select(part => part.Text["<harness-note>".Length..^"</harness-note>".Length]);
}
