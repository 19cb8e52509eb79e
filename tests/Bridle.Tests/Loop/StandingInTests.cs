using Bridle.Hooks;
using Bridle.Context.Compaction;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Sessions;
using Bridle.Sessions.Replaying;
using Bridle.Testing;

namespace Bridle.Tests.Loop;

public sealed class StandingInTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hooks_hear_that_another_model_stands_in_and_may_add_to_the_conversation()
    {
        var (heard, second) = (new List<string>(), new ScriptedModel(ScriptedReply.Calls(("Look", """{"text":"a"}""")), ScriptedReply.Text("Done.")) { Info = new("test", "second", "scripted") { Tools = Known.Yes } });
        var hooks = new HookSet([new Hook("watch", HookEvents.PostModelSwitch, (occasion, _) =>
        {
            heard.Add(occasion.Facts.ToJsonString());
            return ValueTask.FromResult(new HookAnswer { Context = "You are the second." });
        })]);
        await using var stage = new LoopStage(new ScriptedModel(ScriptedReply.Failure(ModelErrorKind.Overloaded)), hooks: hooks, roles: new RoleModels { Fallbacks = [second] });
        Assert.Equal("Done.", (await stage.Session.RunAsync("Do it.", TestContext.Current.CancellationToken)).Answer);
        Assert.Matches("^{\"from_model\":\"test/scripted\",\"to_model\":\"test/second\",\"requested_model\":\"test/second\",\"source\":\"auto\",", Assert.Single(heard));
        Assert.Contains("You are the second.", LoopStage.History(second.Requests[1]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ModelErrorKind.Overloaded)]
    [InlineData(ModelErrorKind.RateLimit)]
    [InlineData(ModelErrorKind.Server)]
    [InlineData(ModelErrorKind.Connection)]
    [InlineData(ModelErrorKind.Timeout)]
    public async Task When_a_model_is_not_there_the_next_one_answers_and_the_log_says_which(ModelErrorKind kind)
    {
        var second = Named("b", ScriptedReply.Text("From b."));
        await using var stage = Stage([ScriptedReply.Failure(kind)], new RoleModels { Fallbacks = [second] });
        var result = await stage.Session.RunAsync("hello", Token);
        Assert.Equal((TurnOutcome.Completed, "From b.", "test/b"), (result.Outcome, result.Answer, result.Model));
        var stood = Assert.Single(stage.Journal.Read().Select(one => one.Event).OfType<ModelStoodIn>());
        Assert.Equal(("test/scripted", "test/b"), (stood.From, stood.To));
        Assert.Equal("test/b", Assert.Single(stage.Journal.Read().Select(one => one.Event).OfType<ModelReplied>()).By);
        Assert.Equal(["test/scripted", "test/b"], stage.Journal.Read().Select(one => one.Event).OfType<ModelRequested>().Select(one => one.Model));
    }

    [Theory]
    [InlineData(ModelErrorKind.Authentication)]
    [InlineData(ModelErrorKind.Permission)]
    [InlineData(ModelErrorKind.Quota)]
    [InlineData(ModelErrorKind.NotFound)]
    [InlineData(ModelErrorKind.BadRequest)]
    [InlineData(ModelErrorKind.TooLarge)]
    [InlineData(ModelErrorKind.ContextOverflow)]
    [InlineData(ModelErrorKind.Refused)]
    public async Task What_another_model_would_not_put_right_is_told_and_nobody_else_is_asked(ModelErrorKind kind)
    {
        var second = Named("b");
        await using var stage = Stage([ScriptedReply.Failure(kind)], new RoleModels { Fallbacks = [second] });
        var result = await stage.Session.RunAsync("hello", Token);
        Assert.Equal(kind, result.ModelError!.Kind);
        Assert.Empty(second.Requests);
    }

    [Fact]
    public async Task The_rest_of_the_turn_stays_with_it_and_the_next_turn_begins_with_the_first_again()
    {
        var second = Named("b", ScriptedReply.Calls(("Look", """{"text":"x"}""")), ScriptedReply.Text("Seen."));
        await using var stage = Stage([ScriptedReply.Failure(ModelErrorKind.Overloaded), ScriptedReply.Text("Back.")], new RoleModels { Fallbacks = [second] });
        Assert.Equal("Seen.", (await stage.Session.RunAsync("hello", Token)).Answer);
        Assert.Equal("Back.", (await stage.Session.RunAsync("again", Token)).Answer);
        Assert.Equal((2, 2), (second.Requests.Count, stage.Model.Requests.Count));
        Assert.Null(stage.Journal.Read().Select(one => one.Event).OfType<ModelReplied>().Last().By);
        Assert.Equal("test/scripted", stage.Session.Model.Info.FullName);
    }

    [Fact]
    public async Task The_chain_is_asked_in_its_order_each_once_and_its_last_failure_is_the_answer()
    {
        var second = Named("b", ScriptedReply.Failure(ModelErrorKind.RateLimit));
        var third = Named("c", new ScriptedReply(_ => [new ReplyFailed(new ModelError(ModelErrorKind.Overloaded, "c is full", ""))]));
        await using var stage = Stage([ScriptedReply.Failure(ModelErrorKind.Overloaded)], new RoleModels { Fallbacks = [second, third] });
        var result = await stage.Session.RunAsync("hello", Token);
        Assert.Equal(ModelErrorKind.Overloaded, result.ModelError!.Kind);
        Assert.Contains("c is full", result.ModelError.Message);
        Assert.Equal((1, 1), (second.Requests.Count, third.Requests.Count));
    }

    [Fact]
    public async Task Half_a_reply_is_withdrawn_before_another_model_answers_and_is_paid_for_at_its_own_price()
    {
        var second = Named("b", ScriptedReply.Text("All of it.")) is var made ? new ScriptedModel(ScriptedReply.Text("All of it.")) { Info = made.Info with { Price = new Price(2, 4) } } : made;
        await using var stage = Stage([new ScriptedReply(_ => [new TextArrived("Half"), new ReplyFailed(new ModelError(ModelErrorKind.Overloaded, "full", ""), "Half")])], new RoleModels { Fallbacks = [second] });
        var result = await stage.Session.RunAsync("hello", Token);
        Assert.Equal("All of it.", result.Answer);
        Assert.Contains(stage.Sink.Events, one => one is Shown { Event: ReplyWithdrawn });
        var records = stage.Journal.Read().Select(one => one.Event).ToList();
        Assert.True(records.FindIndex(one => one is ReplyCut { PartialText: "Half" }) < records.FindIndex(one => one is ModelStoodIn));
        var replied = records.OfType<ModelReplied>().Single();
        Assert.Equal(new Price(2, 4).Of(replied.Reply.Usage!), replied.Cost);
    }

    [Fact]
    public async Task One_whose_window_is_too_small_is_passed_over()
    {
        var small = new ScriptedModel() { Info = new("test", "small", "scripted") { ContextWindow = 400, MaxOutputTokens = 100, Tools = Known.Yes } };
        var other = Named("c", ScriptedReply.Text("Fits."));
        await using var stage = Stage([ScriptedReply.Failure(ModelErrorKind.Overloaded)], new RoleModels { Fallbacks = [small, other] });
        Assert.Equal("Fits.", (await stage.Session.RunAsync(new string('x', 4_000), Token)).Answer);
        Assert.Empty(small.Requests);
    }

    [Fact]
    public async Task A_conversation_that_fills_the_window_goes_to_the_larger_one_before_anything_is_shortened()
    {
        var large = new ScriptedModel(ScriptedReply.Text("Roomy.")) { Info = new("test", "large", "scripted") { ContextWindow = 100_000, Tools = Known.Yes } };
        await using var stage = Stage([], new RoleModels { Larger = large }, window: 3_000);
        Assert.Equal("Roomy.", (await stage.Session.RunAsync(new string('x', 12_000), Token)).Answer);
        Assert.Empty(stage.Model.Requests);
        Assert.DoesNotContain(stage.Journal.Read(), one => one.Event is Compacted);
        Assert.Equal("window", stage.Journal.Read().Select(one => one.Event).OfType<ModelStoodIn>().Single().Why);
    }

    [Fact]
    public async Task A_request_that_the_vendor_finds_too_long_goes_to_the_larger_one_and_is_shortened_only_when_that_finds_so_too()
    {
        var large = new ScriptedModel(ScriptedReply.Failure(ModelErrorKind.ContextOverflow), ScriptedReply.Text("At last.")) { Info = new("test", "large", "scripted") { ContextWindow = 400_000, Tools = Known.Yes } };
        await using var stage = Stage(
            [.. Enumerable.Range(0, 12).Select(at => ScriptedReply.Calls(("Look", $$"""{"text":"{{at}} {{new string('y', 3_000)}}"}"""))), ScriptedReply.Failure(ModelErrorKind.ContextOverflow)], new RoleModels { Larger = large });
        Assert.Equal("At last.", (await stage.Session.RunAsync("task", Token)).Answer);
        var order = stage.Journal.Read().Select(one => one.Event).Where(one => one is ModelStoodIn or Compacted).Select(one => one.GetType().Name);
        Assert.Equal(["ModelStoodIn", "Compacted"], order);
    }

    [Fact]
    public async Task A_larger_one_that_is_no_larger_changes_nothing()
    {
        var same = new ScriptedModel() { Info = new("test", "same", "scripted") { ContextWindow = 200_000 } };
        await using var stage = Stage([ScriptedReply.Failure(ModelErrorKind.ContextOverflow)], new RoleModels { Larger = same });
        Assert.Equal(ModelErrorKind.ContextOverflow, (await stage.Session.RunAsync("hello", Token)).ModelError!.Kind);
        Assert.Empty(same.Requests);
    }

    [Fact]
    public async Task Two_that_send_a_conversation_to_each_other_come_to_an_end()
    {
        var large = new ScriptedModel(ScriptedReply.Failure(ModelErrorKind.Overloaded)) { Info = new("test", "large", "scripted") { ContextWindow = 100_000, Tools = Known.Yes } };
        var narrow = new ScriptedModel(ScriptedReply.Text("Done.")) { Info = new("test", "narrow", "scripted") { ContextWindow = 4_400, MaxOutputTokens = 100, Tools = Known.Yes } };
        await using var stage = Stage([], new RoleModels { Larger = large, Fallbacks = [narrow] }, window: 3_000);
        Assert.Equal("Done.", (await stage.Session.RunAsync(new string('x', 12_000), Token)).Answer);
        Assert.Equal((1, 1), (large.Requests.Count, narrow.Requests.Count));
    }

    [Fact]
    public async Task The_compactor_writes_the_summary_at_its_own_price()
    {
        var compactor = new ScriptedModel(new ScriptedReply(request => ScriptedReply.Text("## Next\n- read on").Updates(request))) { Info = new("test", "compactor", "scripted") { Price = new Price(1, 1) } };
        await using var stage = Stage([.. Enumerable.Range(0, 14).Select(at => ScriptedReply.Calls(("Look", $$"""{"text":"{{at}} {{new string('y', 3_000)}}"}"""))), ScriptedReply.Text("ok")],
            new RoleModels { Compactor = _ => ValueTask.FromResult<IModel?>(compactor) }, compaction: new CompactionOptions { ByModel = true });
        await stage.Session.RunAsync("task", Token);
        Assert.NotNull(await new Shortening(stage.Parts).RunAsync(stage.Model, null, Token));
        var done = stage.Journal.Read().Select(one => one.Event).OfType<Compacted>().Single();
        Assert.Equal(("model", "test/compactor"), (done.How, done.Model));
        Assert.Equal(new Price(1, 1).Of(done.Usage!), done.Cost);
        Assert.Single(compactor.Requests);
    }

    [Fact]
    public async Task The_planner_answers_in_plan_mode_and_nowhere_else()
    {
        var planner = Named("planner", ScriptedReply.Text("A plan."));
        await using var stage = Stage([ScriptedReply.Text("Work.")], new RoleModels { Planner = _ => ValueTask.FromResult<IModel?>(planner) }, mode: "plan");
        Assert.Equal("A plan.", (await stage.Session.RunAsync("plan it", Token)).Answer);
        await stage.Session.ChangeModeAsync("default", Token);
        Assert.Equal("Work.", (await stage.Session.RunAsync("do it", Token)).Answer);
        Assert.Equal([("test/planner", "planner"), ("test/scripted", null)], stage.Journal.Read().Select(one => one.Event).OfType<RunStarted>().Select(one => (one.Model, one.Role)));
    }

    [Fact]
    public async Task Sessions_with_stand_ins_replay_as_they_were()
    {
        var second = Named("b", ScriptedReply.Calls(("Look", """{"text":"x"}""")), ScriptedReply.Failure(ModelErrorKind.RateLimit));
        var third = new ScriptedModel(ScriptedReply.Text("Seen."), ScriptedReply.Text("Roomy.")) { Info = new("test", "c", "scripted") { ContextWindow = 400_000, MaxOutputTokens = 8_192, Tools = Known.Yes } };
        await using var stage = Stage(
            [new ScriptedReply(_ => [new TextArrived("Half"), new ReplyFailed(new ModelError(ModelErrorKind.Overloaded, "full", ""), "Half")]), ScriptedReply.Failure(ModelErrorKind.ContextOverflow)],
            new RoleModels { Fallbacks = [second, third], Larger = third });
        await stage.Session.RunAsync("hello", Token);
        await stage.Session.RunAsync("more", Token);
        Assert.Equal(3, stage.Journal.Read().Count(one => one.Event is ModelStoodIn));
        var report = await new SessionReplay([.. stage.Journal.Read()], stage.Journal.Blobs, _ => null).RunAsync(Token);
        Assert.Null(report.Difference);
        Assert.Equal((2, 6), (report.Runs, report.Requests));
    }

    [Fact]
    public async Task A_session_that_died_while_another_stood_in_goes_on_with_its_own_model()
    {
        var dying = Named("b", new ScriptedReply(_ => throw new OperationCanceledException()));
        await using var stage = Stage([ScriptedReply.Failure(ModelErrorKind.Overloaded)], new RoleModels { Fallbacks = [dying] });
        await Assert.ThrowsAnyAsync<Exception>(() => stage.Session.RunAsync("hello", Token));
        await using var again = new LoopStage(new ScriptedModel(ScriptedReply.Text("Here again.")), journal: stage.Journal);
        Assert.Equal("Here again.", (await again.Session.RunAsync([], "", Token)).Answer);
        Assert.Equal("hello", again.Model.Requests.Single().Messages.Single().Text);
    }

    private static ScriptedModel Named(string name, params ScriptedReply[] replies) => new(replies) { Info = new("test", name, "scripted") { ContextWindow = 200_000, MaxOutputTokens = 8_192, Tools = Known.Yes } };

    private static LoopStage Stage(ScriptedReply[] script, RoleModels roles, string mode = "default", int window = 200_000, CompactionOptions? compaction = null) =>
        new(new ScriptedModel(script) { Info = new("test", "scripted", "scripted") { ContextWindow = window, MaxOutputTokens = Math.Min(8_192, window / 10), Tools = Known.Yes } }, mode: mode, compaction: compaction, roles: roles);
}
