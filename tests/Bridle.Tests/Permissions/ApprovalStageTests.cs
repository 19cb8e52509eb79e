using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Sandboxing;
using Bridle.Tools;

namespace Bridle.Tests.Permissions;

public sealed class ApprovalStageTests
{
    private int _ids;

    [Fact]
    public async Task A_denied_call_never_reaches_the_tool()
    {
        var rig = Rig(GateRig.InForce(deny: ["Write"]), new ListedApprover(new ApprovalAnswer(true)));
        var result = await rig.RunAsync();
        Assert.Equal(CallOutcome.Denied, result.Outcome);
        Assert.StartsWith("[Permission denied] ", result.Text);
        Assert.Empty(rig.Tool.Ran);
        Assert.Equal("deny", Assert.IsType<CallJudged>(rig.Events.Single()).Verdict);
    }

    [Fact]
    public async Task A_yes_is_on_disk_before_the_tool_runs()
    {
        var syncs = -1;
        GateRig rig = null!;
        var tool = new FakeTool("Write", ToolKind.Write, (_, _, _) =>
        {
            syncs = rig.Journal.Syncs;
            return ValueTask.FromResult(ToolResult.Completed("ok"));
        });
        rig = Rig(GateRig.InForce(), new ListedApprover(new ApprovalAnswer(true)), tool);
        Assert.Equal("ok", (await rig.RunAsync()).Text);
        Assert.Equal(1, syncs);
        Assert.Equal(["CallJudged", "ApprovalRequested", "ApprovalGiven"], rig.Events.Select(one => one.GetType().Name));
        var request = rig.Events.OfType<ApprovalRequested>().Single();
        Assert.Equal("""{"path":"a.txt"}""", request.Input);
        Assert.Equal(PlanIsolationStage.None, request.Isolation);
        Assert.Equal(TimeSpan.FromMinutes(10), request.ExpiresAt - rig.Time.GetUtcNow());
    }

    [Fact]
    public async Task A_no_tells_the_model_the_persons_reason()
    {
        var rig = Rig(GateRig.InForce(), new ListedApprover(new ApprovalAnswer(false, Reason: "use b.txt")));
        var result = await rig.RunAsync();
        Assert.Equal("[Permission denied] The person said no: use b.txt", result.Text);
        Assert.Empty(rig.Tool.Ran);
    }

    [Fact]
    public async Task Nobody_there_means_no_and_says_what_the_person_could_do()
    {
        var rig = Rig(GateRig.InForce(), new ListedApprover(), new FakeTool("Bash", ToolKind.Execute));
        var result = await rig.RunAsync("""{"command":"npm test"}""");
        Assert.Equal(CallOutcome.Denied, result.Outcome);
        Assert.Contains("'Bash(npm test)'", result.Text);
        Assert.Contains("--mode", result.Text);
        Assert.Equal("headless", rig.Events.OfType<ApprovalGiven>().Single().By);
    }

    [Fact]
    public async Task A_session_scope_covers_the_same_call_again_and_no_other()
    {
        var approver = new ListedApprover(new ApprovalAnswer(true, "session"), new ApprovalAnswer(false));
        var inForce = GateRig.InForce();
        var rig = Rig(inForce, approver, new FakeTool("Bash", ToolKind.Execute));
        await rig.RunAsync("""{"command":"npm test && npm run lint"}""");
        await rig.RunAsync("""{"command":"npm test && npm run lint"}""");
        Assert.Single(approver.Prompts);
        Assert.Equal(["once", "session"], approver.Prompts[0].Scopes);
        Assert.Equal(CallOutcome.Denied, (await rig.RunAsync("""{"command":"npm test && npm run lint; x"}""")).Outcome);

        // After a restart the same grants come out of the log.
        var again = SessionGrants.From(rig.Journal.Read());
        Assert.Equal(["Bash(npm test && npm run lint)"], again.Select(grant => grant.RuleText));
        var after = new PermissionPolicy(Judging.Options with { Rules = [.. again.Select(grant => grant.ToRule()!)] });
        Assert.Equal(Verdict.Allow, after.Judge(Judging.Bash("npm test && npm run lint")).Verdict);
        Assert.Equal(Verdict.Ask, after.Judge(Judging.Bash("npm test")).Verdict);
    }

    [Fact]
    public async Task A_session_scope_for_a_file_covers_that_file_with_every_editing_tool()
    {
        var inForce = GateRig.InForce();
        await Rig(inForce, new ListedApprover(new ApprovalAnswer(true, "session"))).RunAsync();
        Assert.Equal(Verdict.Allow, inForce.Policy.Judge(Judging.Writing("a.txt", "Edit")).Verdict);
        Assert.Equal(Verdict.Ask, inForce.Policy.Judge(Judging.Writing("b.txt", "Edit")).Verdict);
        Assert.Equal(Verdict.Ask, inForce.Policy.Judge(Judging.Writing("sub/a.txt", "Edit")).Verdict);
    }

    [Theory]
    [InlineData("rm -rf build/*")]
    [InlineData("npm run a:*")]
    [InlineData("cat .env")]
    [InlineData("npm run *")]
    [InlineData("echo a) | Bash(b")]
    public async Task A_session_scope_is_not_offered_where_its_rule_would_not_say_exactly_this(string command)
    {
        var approver = new ListedApprover(new ApprovalAnswer(true, "session"));
        var inForce = GateRig.InForce();
        var rig = Rig(inForce, approver, new FakeTool("Bash", ToolKind.Execute));
        await rig.RunAsync($$"""{"command":"{{command}}"}""");
        Assert.Equal(["once"], approver.Prompts.Single().Scopes);
        Assert.Equal(("once", null), (rig.Events.OfType<ApprovalGiven>().Single().Scope, rig.Events.OfType<ApprovalGiven>().Single().Rule));
        Assert.Empty(inForce.Policy.Options.Rules);
    }

    [Fact]
    public async Task An_edited_input_is_bound_and_judged_again()
    {
        var approver = new ListedApprover(new ApprovalAnswer(true, EditedInput: """{"path":"b.txt"}"""));
        var rig = Rig(GateRig.InForce(deny: ["Write(hidden/**)"]), approver);
        Assert.StartsWith("""The person changed this call before it ran. What ran is Write {"path":"b.txt"}""" + "\n", (await rig.RunAsync()).Text, StringComparison.Ordinal);
        Assert.Equal(["""{"path":"b.txt"}"""], rig.Tool.Ran);

        var refused = Rig(GateRig.InForce(deny: ["Write(hidden/**)"]), new ListedApprover(new ApprovalAnswer(true, EditedInput: """{"path":"hidden/x"}""")));
        Assert.Equal(CallOutcome.Denied, (await refused.RunAsync()).Outcome);
        Assert.Empty(refused.Tool.Ran);

        var unbound = Rig(GateRig.InForce(), new ListedApprover(new ApprovalAnswer(true, EditedInput: "{}")));
        Assert.Equal(CallOutcome.Failed, (await unbound.RunAsync()).Outcome);
        Assert.Empty(unbound.Tool.Ran);
    }

    [Fact]
    public async Task A_file_that_changes_while_the_person_thinks_is_asked_about_once_more_and_then_given_up()
    {
        var version = 0;
        var tool = new FakeTool("Edit", ToolKind.Write) { Preview = () => new CallPreview("diff", $"hash{version}") };
        var approver = new ListedApprover(new ApprovalAnswer(true), new ApprovalAnswer(true));
        approver.OnAsked = () => version += approver.Prompts.Count == 1 ? 1 : 0;
        var rig = Rig(GateRig.InForce(), approver, tool);
        Assert.Equal(CallOutcome.Completed, (await rig.RunAsync()).Outcome);
        Assert.Equal(2, approver.Prompts.Count);
        Assert.Contains("changed", approver.Prompts[1].Request.Reason);
        Assert.Equal("hash1", approver.Prompts[1].Request.BaseHash);

        var restless = new ListedApprover(new ApprovalAnswer(true), new ApprovalAnswer(true), new ApprovalAnswer(true)) { OnAsked = () => version++ };
        var second = Rig(GateRig.InForce(), restless, new FakeTool("Edit", ToolKind.Write) { Preview = () => new CallPreview("diff", $"hash{version}") });
        Assert.Equal(CallOutcome.Failed, (await second.RunAsync()).Outcome);
        Assert.Equal(2, restless.Prompts.Count);
        Assert.Empty(second.Tool.Ran);
    }

    [Theory]
    [InlineData("same", true)]
    [InlineData("other input", false)]
    [InlineData("too old", false)]
    [InlineData("other base", false)]
    [InlineData("other isolation", false)]
    public async Task An_answer_from_before_a_restart_counts_for_exactly_what_was_asked(string case_, bool counts)
    {
        var time = new ManualTime();
        var request = new ApprovalRequested(
            "r1", new CallId("c1"), "Write", "", InputHash.Of("Write", Judging.Json(case_ == "other input" ? """{"path":"z"}""" : """{"path":"a.txt"}""")),
            case_ == "other base" ? "old" : "base", case_ == "other isolation" ? "sandboxed" : PlanIsolationStage.None, "", time.GetUtcNow() + TimeSpan.FromMinutes(case_ == "too old" ? -1 : 5));
        var earlier = SessionGrants.AnswerFor(
            [Record(1, request), Record(2, new ApprovalGiven("r1", "allow", "once", "person")), Record(3, new ApprovalGiven("other", "deny", "once", "person"))], new CallId("c1"));
        Assert.NotNull(earlier);
        var approver = new ListedApprover();
        var tool = new FakeTool("Write", ToolKind.Write) { Preview = () => new CallPreview(null, "base") };
        var rig = Rig(GateRig.InForce(), approver, tool, _ => earlier);
        Assert.Equal(counts ? CallOutcome.Completed : CallOutcome.Denied, (await rig.RunAsync()).Outcome);
        Assert.Equal(counts ? 0 : 1, approver.Prompts.Count);
    }

    [Theory]
    [InlineData(5, "r0", 0)]
    [InlineData(-1, "r1", 1)]
    public async Task A_question_that_a_restart_left_open_is_asked_again_under_its_id_unless_it_ran_out(int minutesLeft, string id, int recorded)
    {
        var request = new ApprovalRequested(
            "r0", new CallId("c1"), "Write", "not what runs", InputHash.Of("Write", Judging.Json("""{"path":"a.txt"}""")), null, PlanIsolationStage.None, "", new ManualTime().GetUtcNow().AddMinutes(minutesLeft));
        var approver = new ListedApprover(new ApprovalAnswer(true));
        var rig = Rig(GateRig.InForce(), approver, null, _ => SessionGrants.AnswerFor([Record(1, request)], new CallId("c1")));
        Assert.Equal(CallOutcome.Completed, (await rig.RunAsync()).Outcome);
        Assert.Equal((id, """{"path":"a.txt"}"""), (approver.Prompts.Single().Request.Id, approver.Prompts.Single().Request.Input));
        Assert.Equal(recorded, rig.Events.OfType<ApprovalRequested>().Count());
        Assert.Equal(id, rig.Events.OfType<ApprovalGiven>().Single().Id);
    }

    [Fact]
    public async Task A_no_from_before_a_restart_stays_a_no()
    {
        var rig0 = Rig(GateRig.InForce(), new ListedApprover(new ApprovalAnswer(false, Reason: "never")));
        await rig0.RunAsync();
        var approver = new ListedApprover(new ApprovalAnswer(true));
        var rig = Rig(GateRig.InForce(), approver, null, _ => SessionGrants.AnswerFor(rig0.Journal.Read(), new CallId("c1")));
        Assert.Contains("never", (await rig.RunAsync()).Text);
        Assert.Empty(approver.Prompts);

        var permissive = Rig(GateRig.InForce(PermissionMode.Bypass), approver, null, _ => SessionGrants.AnswerFor(rig0.Journal.Read(), new CallId("c1")));
        Assert.Contains("never", (await permissive.RunAsync()).Text);
        Assert.Empty(permissive.Tool.Ran);
        Assert.Equal(CallOutcome.Completed, (await permissive.RunAsync("""{"path":"other.txt"}""")).Outcome);
    }

    [Fact]
    public async Task A_yes_to_the_plan_leaves_plan_mode_in_the_log_and_in_force()
    {
        var inForce = GateRig.InForce(PermissionMode.Plan);
        var rig = Rig(inForce, new ListedApprover(new ApprovalAnswer(true)), new FakeTool("ExitPlanMode", ToolKind.Meta));
        await rig.RunAsync("""{"plan":"x"}""");
        Assert.Equal(new ModeChanged("plan", "default", "plan_approved"), rig.Events.OfType<ModeChanged>().Single());
        Assert.Equal(PermissionMode.Default, inForce.Policy.Options.Mode);

        var refused = GateRig.InForce(PermissionMode.Plan);
        await Rig(refused, new ListedApprover(new ApprovalAnswer(false)), new FakeTool("ExitPlanMode", ToolKind.Meta)).RunAsync("""{"plan":"x"}""");
        Assert.Equal(PermissionMode.Plan, refused.Policy.Options.Mode);
    }

    [Theory]
    [InlineData(PermissionMode.Default)]
    [InlineData(PermissionMode.Bypass)]
    public async Task A_plan_handed_in_while_plan_mode_is_off_is_not_told_as_approved(PermissionMode mode)
    {
        var approver = new ListedApprover();
        var rig = Rig(GateRig.InForce(mode), approver, new FakeTool("ExitPlanMode", ToolKind.Meta));
        var result = await rig.RunAsync("""{"plan":"x"}""");
        Assert.Equal(CallOutcome.Completed, result.Outcome);
        Assert.StartsWith("Plan mode is not on", result.Text, StringComparison.Ordinal);
        Assert.Empty(rig.Tool.Ran);
    }

    [Fact]
    public async Task Questions_come_one_at_a_time()
    {
        var (open, most) = (0, 0);
        var gate = new TaskCompletionSource();
        var approver = new SlowApprover(async () =>
        {
            most = Math.Max(most, ++open);
            await gate.Task;
            open--;
        });
        var rig = Rig(GateRig.InForce(), approver);
        var calls = Enumerable.Range(0, 4).Select(_ => rig.RunAsync()).ToList();
        gate.SetResult();
        await Task.WhenAll(calls);
        Assert.Equal(1, most);
        Assert.Equal(4, rig.Tool.Ran.Count);
    }

    [Theory]
    [InlineData(Verdict.Allow, "a.txt", CallOutcome.Completed)]
    [InlineData(Verdict.Allow, ".env", CallOutcome.Denied)]
    [InlineData(Verdict.Allow, "denied.txt", CallOutcome.Denied)]
    [InlineData(null, "a.txt", CallOutcome.Denied)]
    public async Task A_hooks_allow_skips_a_question_and_never_a_deny_or_a_firm_question(Verdict? hook, string path, CallOutcome outcome)
    {
        var rig = Rig(GateRig.InForce(deny: ["Write(denied.txt)"]), new ListedApprover());
        var invocation = rig.Invocation($$"""{"path":"{{path}}"}""");
        invocation.HookVerdict = hook;
        Assert.Equal(outcome, (await rig.Pipeline.RunAsync(invocation, default)).Outcome);
    }

    [Fact]
    public async Task A_hooks_ask_asks_about_what_would_be_free()
    {
        var approver = new ListedApprover(new ApprovalAnswer(true));
        var rig = Rig(GateRig.InForce(), approver, new FakeTool("Read", ToolKind.Read));
        var invocation = rig.Invocation();
        invocation.HookVerdict = Verdict.Ask;
        Assert.Equal(CallOutcome.Completed, (await rig.Pipeline.RunAsync(invocation, default)).Outcome);
        Assert.Single(approver.Prompts);
    }

    private static Recorded Record(long n, DurableEvent one) => new(n, default, new RunId("1"), one);

    private GateRig Rig(PermissionsInForce inForce, IApprover approver, FakeTool? tool = null, Func<ToolInvocation, EarlierAnswer?>? earlier = null) =>
        new(tool ?? new FakeTool("Write", ToolKind.Write), new PlanIsolationStage(), new PermissionStage(inForce),
            new ApprovalStage(inForce, new ApprovalOptions { Approver = approver, Rebind = GateRig.Rebind, NewId = () => $"r{++_ids}", FindEarlier = earlier ?? (_ => null) }));

    private sealed class SlowApprover(Func<Task> wait) : IApprover
    {
        public async ValueTask<ApprovalAnswer?> ApproveAsync(ApprovalPrompt prompt, CancellationToken cancellationToken)
        {
            await wait();
            return new ApprovalAnswer(true);
        }

        public ValueTask<string?> AnswerAsync(QuestionAsked question, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);
    }
}
