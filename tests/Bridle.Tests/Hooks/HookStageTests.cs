using Bridle.Events;
using Bridle.Hooks;
using Bridle.Journal;
using Bridle.Permissions;
using Bridle.Tests.Permissions;
using Bridle.Tools;

namespace Bridle.Tests.Hooks;

public sealed class HookStageTests
{
    [Fact]
    public async Task A_hooks_no_keeps_the_call_from_the_tool_and_gives_its_reason()
    {
        var rig = Rig(Hook(_ => new HookAnswer(Verdict.Deny, "not on Fridays")));
        var result = await rig.RunAsync();
        Assert.Equal(CallOutcome.Denied, result.Outcome);
        Assert.Contains("not on Fridays", result.Text);
        Assert.Empty(rig.Tool.Ran);
        var ran = rig.Events.OfType<HookRan>().Single();
        Assert.Equal(("PreToolUse", "deny", InputHash.Of("Write", Judging.Json("""{"path":"a.txt"}"""))), (ran.Event, ran.Verdict, ran.InputHash));
    }

    [Fact]
    public async Task A_call_that_a_rule_denies_is_not_shown_to_hooks()
    {
        var heard = 0;
        var rig = Rig(Hook(_ =>
        {
            heard++;
            return HookAnswer.None;
        }), GateRig.InForce(deny: ["Write"]));
        Assert.Equal(CallOutcome.Denied, (await rig.RunAsync()).Outcome);
        Assert.Equal(0, heard);
    }

    [Fact]
    public async Task A_rewrite_is_bound_and_judged_again()
    {
        var allowed = Rig(Hook(_ => new HookAnswer(Verdict.Allow, UpdatedInput: """{"path":"b.txt"}""")));
        Assert.Equal(CallOutcome.Completed, (await allowed.RunAsync()).Outcome);
        Assert.Equal(["""{"path":"b.txt"}"""], allowed.Tool.Ran);

        var denied = Rig(Hook(_ => new HookAnswer(Verdict.Allow, UpdatedInput: """{"path":"hidden/x"}""")), GateRig.InForce(deny: ["Write(hidden/**)"]));
        Assert.Equal(CallOutcome.Denied, (await denied.RunAsync()).Outcome);
        Assert.Empty(denied.Tool.Ran);

        var unbound = Rig(Hook(_ => new HookAnswer(UpdatedInput: "{}")));
        Assert.Equal(CallOutcome.Failed, (await unbound.RunAsync()).Outcome);
        Assert.Empty(unbound.Tool.Ran);
    }

    [Fact]
    public async Task Rewriting_ls_into_the_removal_of_everything_is_refused()
    {
        var rig = Rig(Hook(_ => new HookAnswer(Verdict.Allow, UpdatedInput: """{"command":"rm -rf /"}""")), tool: new FakeTool("Bash", ToolKind.Execute));
        Assert.Equal(CallOutcome.Denied, (await rig.RunAsync("""{"command":"ls"}""")).Outcome);
        Assert.Empty(rig.Tool.Ran);
    }

    [Fact]
    public async Task An_allow_does_not_carry_over_to_what_a_later_hook_makes_of_the_call()
    {
        var first = Hook(_ => new HookAnswer(Verdict.Allow));
        var second = Hook(_ => new HookAnswer(UpdatedInput: """{"path":"b.txt"}"""), "second");
        var rig = new GateRig(new FakeTool("Write", ToolKind.Write), Stages(new HookSet([first, second]), GateRig.InForce()));
        Assert.Equal(CallOutcome.Denied, (await rig.RunAsync()).Outcome);
    }

    [Fact]
    public async Task The_strictest_of_several_hooks_counts()
    {
        var hooks = new HookSet([Hook(_ => new HookAnswer(Verdict.Allow)), Hook(_ => new HookAnswer(Verdict.Ask), "b"), Hook(_ => new HookAnswer(Verdict.Allow), "c")]);
        var rig = new GateRig(new FakeTool("Read", ToolKind.Read), Stages(hooks, GateRig.InForce()));
        Assert.Equal(CallOutcome.Denied, (await rig.RunAsync()).Outcome);
        Assert.Equal("ask", rig.Events.OfType<CallJudged>().Single().Verdict);
    }

    [Theory]
    [InlineData(true, CallOutcome.Denied)]
    [InlineData(false, CallOutcome.Completed)]
    public async Task A_hook_that_fails_refuses_the_call_unless_it_says_otherwise(bool failClosed, CallOutcome outcome)
    {
        var hook = new Hook("broken", HookEvents.PreToolUse, (_, _) => throw new InvalidOperationException("secret detail")) { FailClosed = failClosed };
        var rig = Rig(hook, tool: new FakeTool("Read", ToolKind.Read));
        var result = await rig.RunAsync();
        Assert.Equal(outcome, result.Outcome);
        Assert.DoesNotContain("secret detail", result.Text);
        Assert.Single(rig.Events.OfType<HookRan>());
    }

    [Fact]
    public async Task A_recorded_answer_is_used_again_for_the_same_input_only()
    {
        var asked = 0;
        var hook = Hook(_ =>
        {
            asked++;
            return HookAnswer.None;
        });
        var recorded = new HookRan(new Messages.CallId("c1"), "PreToolUse", "hook", InputHash.Of("Read", Judging.Json("""{"path":"a.txt"}""")), "deny", "as before");
        var inForce = GateRig.InForce();
        var options = new HookStageOptions
        {
            WhatDenies = _ => null,
            Rebind = GateRig.Rebind,
            FindRecorded = (call, name, hash) => call == recorded.Call && name == recorded.Hook && hash == recorded.InputHash ? recorded : null,
        };
        var rig = new GateRig(new FakeTool("Read", ToolKind.Read), new HookStage(new HookSet([hook]), options), new PermissionStage(inForce));
        Assert.Contains("as before", (await rig.RunAsync()).Text);
        Assert.Equal(0, asked);
        Assert.Equal(CallOutcome.Completed, (await rig.RunAsync("""{"path":"src/a.cs"}""")).Outcome);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_hook_that_cannot_say_whether_a_call_concerns_it_is_asked()
    {
        var hook = Hook(_ => new HookAnswer(Verdict.Deny, "guarded")) with { Matches = _ => throw new TimeoutException() };
        Assert.Contains("guarded", (await Rig(hook, tool: new FakeTool("Read", ToolKind.Read)).RunAsync()).Text);
    }

    [Fact]
    public async Task What_a_hook_said_in_full_is_written_down_and_used_again()
    {
        var answer = new HookAnswer(Verdict.Deny, "why") { StopReason = "enough", Mode = "plan", Rules = [("Bash(x)", Verdict.Ask)] };
        var rig = Rig(Hook(_ => answer), tool: new FakeTool("Read", ToolKind.Read));
        await rig.RunAsync();
        var ran = rig.Events.OfType<HookRan>().Single();
        Assert.Equal(("why", "enough", "plan", new HookRule("Bash(x)", "ask")), (ran.Reason, ran.StopReason, ran.Mode, ran.Rules!.Single()));

        var set = new HookSet([Hook(_ => throw new InvalidOperationException("asked again"))]);
        var occasion = new HookOccasion(HookEvents.PreToolUse) { Subject = "Read", Invocation = rig.Invocation() };
        var again = Assert.Single((await set.AskAsync(occasion, new HookLog((_, _, _) => ValueTask.CompletedTask) { FindRecorded = (_, _) => ran }, TestContext.Current.CancellationToken)).All).Answer;
        Assert.Equal((Verdict.Deny, "why", "enough", "plan", ("Bash(x)", Verdict.Ask)), (again.Verdict, again.Reason, again.StopReason, again.Mode, again.Rules.Single()));
    }

    [Fact]
    public async Task Hooks_hear_only_of_the_tools_they_match()
    {
        var rig = Rig(new Hook("edits", HookEvents.PreToolUse, (_, _) => ValueTask.FromResult(new HookAnswer(Verdict.Deny))) { Matches = occasion => occasion.Subject == "Edit" }, tool: new FakeTool("Read", ToolKind.Read));
        Assert.Equal(CallOutcome.Completed, (await rig.RunAsync()).Outcome);
    }

    [Fact]
    public async Task Hooks_of_a_call_run_side_by_side_and_the_strongest_layers_rewrite_counts()
    {
        var both = new SemaphoreSlim(0);
        var met = 0;
        Hook Meeting(string name, string path) => new(name, HookEvents.PreToolUse, async (_, token) =>
        {
            if (Interlocked.Increment(ref met) == 2)
            {
                both.Release(2);
            }

            await both.WaitAsync(token);
            return new HookAnswer(Verdict.Allow, UpdatedInput: $$"""{"path":"{{path}}"}""");
        });
        var rig = new GateRig(new FakeTool("Write", ToolKind.Write), Stages(new HookSet([Meeting("strong", "s.txt"), Meeting("weak", "w.txt")]), GateRig.InForce()));

        Assert.Equal(CallOutcome.Completed, (await rig.RunAsync()).Outcome);
        Assert.Equal(["""{"path":"s.txt"}"""], rig.Tool.Ran);
    }

    [Fact]
    public async Task A_no_beats_a_rewrite()
    {
        var hooks = new HookSet([Hook(_ => new HookAnswer(UpdatedInput: """{"path":"b.txt"}""")), Hook(_ => new HookAnswer(Verdict.Deny, "no"), "b")]);
        var rig = new GateRig(new FakeTool("Write", ToolKind.Write), Stages(hooks, GateRig.InForce()));
        Assert.Equal(CallOutcome.Denied, (await rig.RunAsync()).Outcome);
    }

    [Fact]
    public async Task What_a_hook_adds_before_a_call_is_a_note_to_the_model()
    {
        var rig = Rig(Hook(_ => new HookAnswer { Context = "the build is red" }), tool: new FakeTool("Read", ToolKind.Read));
        Assert.Equal(CallOutcome.Completed, (await rig.RunAsync()).Outcome);
        Assert.Equal([new ReminderAdded("hook", "the build is red")], rig.Events.OfType<ReminderAdded>());
    }

    [Fact]
    public async Task A_hook_that_ends_the_turn_refuses_the_call_and_says_so_on_the_invocation()
    {
        var rig = Rig(Hook(_ => new HookAnswer { StopReason = "budget is spent" }), tool: new FakeTool("Read", ToolKind.Read));
        var invocation = rig.Invocation();
        Assert.Equal(CallOutcome.Denied, (await rig.Pipeline.RunAsync(invocation, CancellationToken.None)).Outcome);
        Assert.Equal("budget is spent", invocation.StopReason);
        Assert.Empty(rig.Tool.Ran);
    }

    [Fact]
    public async Task What_a_hook_says_afterwards_follows_the_result_and_changes_no_outcome()
    {
        var hooks = new HookSet([
            After("lint", (occasion, _) => ValueTask.FromResult(new HookAnswer { Context = $"saw {occasion.Result!.Outcome}" })),
            After("silent", (_, _) => ValueTask.FromResult(HookAnswer.None)),
            After("strict", (_, _) => ValueTask.FromResult(new HookAnswer(Verdict.Deny, "format it"))),
            After("broken", (_, _) => throw new InvalidOperationException("secret detail")),
        ]);
        var rig = new GateRig(new FakeTool("Read", ToolKind.Read), new AfterHookStage(hooks));
        var result = await rig.RunAsync();
        Assert.Equal(CallOutcome.Completed, result.Outcome);
        Assert.StartsWith("done\n[Hook lint] saw Completed\n[Hook strict] format it\n[Hook broken] it failed", result.Text);
        Assert.DoesNotContain("secret detail", result.Text);
        Assert.Equal(["broken", "lint", "silent", "strict"], rig.Events.OfType<HookRan>().Select(ran => ran.Hook).Order());
    }

    [Fact]
    public async Task A_hook_may_replace_what_the_model_sees_of_a_result()
    {
        var rig = new GateRig(new FakeTool("Read", ToolKind.Read), new AfterHookStage(new HookSet([After("cut", (_, _) => ValueTask.FromResult(new HookAnswer { UpdatedOutput = "short" }))])));
        Assert.Equal("short", (await rig.RunAsync()).Text);
    }

    [Fact]
    public async Task A_failed_call_is_told_to_the_hooks_of_failures_and_to_no_others()
    {
        var tool = new FakeTool("Read", ToolKind.Read, (_, _, _) => throw new Messages.ToolException("no such file"));
        var hooks = new HookSet([
            After("success", (_, _) => ValueTask.FromResult(new HookAnswer { Context = "wrong" })),
            new Hook("failure", HookEvents.PostToolUseFailure, (occasion, _) => ValueTask.FromResult(new HookAnswer { Context = $"heard: {occasion.Result!.Text}" })),
        ]);
        var result = await new GateRig(tool, new AfterHookStage(hooks)).RunAsync();
        Assert.Equal((CallOutcome.Failed, "no such file\n[Hook failure] heard: no such file"), (result.Outcome, result.Text));
    }

    [Fact]
    public async Task Cancelling_a_comment_does_not_lose_the_result()
    {
        using var source = new CancellationTokenSource();
        var hooks = new HookSet([After("slow", (_, token) =>
        {
            source.Cancel();
            token.ThrowIfCancellationRequested();
            return ValueTask.FromResult(HookAnswer.None);
        })]);
        var rig = new GateRig(new FakeTool("Read", ToolKind.Read), new AfterHookStage(hooks));
        Assert.Equal("done", (await rig.RunAsync(cancellationToken: source.Token)).Text);
    }

    [Theory]
    [InlineData(Verdict.Allow, CallOutcome.Completed)]
    [InlineData(Verdict.Deny, CallOutcome.Denied)]
    public async Task A_hook_may_answer_in_a_persons_place(Verdict verdict, CallOutcome outcome)
    {
        var approver = new ListedApprover();
        var rig = Asking(new HookAnswer(verdict, "by policy"), GateRig.InForce(), approver);
        Assert.Equal(outcome, (await rig.RunAsync()).Outcome);
        Assert.Empty(approver.Prompts);
        Assert.Equal("hook", rig.Events.OfType<ApprovalGiven>().Single().By);
    }

    [Fact]
    public async Task A_hooks_yes_does_not_answer_a_question_that_only_a_person_may_answer()
    {
        var approver = new ListedApprover(new ApprovalAnswer(false));
        var rig = Asking(new HookAnswer(Verdict.Allow), GateRig.InForce(ask: ["Write"]), approver);
        Assert.Equal(CallOutcome.Denied, (await rig.RunAsync()).Outcome);
        Assert.Single(approver.Prompts);
    }

    [Fact]
    public async Task A_hooks_yes_with_another_input_is_judged_for_that_input()
    {
        var denied = Asking(new HookAnswer(Verdict.Allow, UpdatedInput: """{"path":"hidden/x"}"""), GateRig.InForce(deny: ["Write(hidden/**)"]), new ListedApprover());
        Assert.Equal(CallOutcome.Denied, (await denied.RunAsync()).Outcome);
        Assert.Empty(denied.Tool.Ran);

        var approver = new ListedApprover(new ApprovalAnswer(true));
        var asked = Asking(new HookAnswer(Verdict.Allow, UpdatedInput: """{"path":".git/config"}"""), GateRig.InForce(), approver);
        Assert.Equal(CallOutcome.Completed, (await asked.RunAsync()).Outcome);
        Assert.Contains(".git/config", approver.Prompts.Single().Request.Input);
    }

    [Fact]
    public async Task Rules_and_a_mode_that_a_hook_gives_with_its_yes_hold_from_then_on_but_never_bypass()
    {
        var inForce = GateRig.InForce();
        var answer = new HookAnswer(Verdict.Allow) { Rules = [("Write(b.txt)", Verdict.Allow)], Mode = "acceptEdits" };
        Assert.Equal(CallOutcome.Completed, (await Asking(answer, inForce, new ListedApprover()).RunAsync()).Outcome);
        Assert.Equal(PermissionMode.AcceptEdits, inForce.Policy.Options.Mode);
        Assert.Contains(inForce.Policy.Options.Rules, rule => rule.Text == "Write(b.txt)");

        await Asking(answer with { Mode = "bypass" }, inForce = GateRig.InForce(), new ListedApprover()).RunAsync();
        Assert.Equal(PermissionMode.Default, inForce.Policy.Options.Mode);
    }

    private static GateRig Asking(HookAnswer answer, PermissionsInForce inForce, ListedApprover approver)
    {
        var hooks = new HookSet([new Hook("stand-in", HookEvents.PermissionRequest, (_, _) => ValueTask.FromResult(answer))]);
        return new(new FakeTool("Write", ToolKind.Write),
            new PermissionStage(inForce), new ApprovalStage(inForce, new ApprovalOptions { Approver = approver, Rebind = GateRig.Rebind, NewId = () => "r", Hooks = hooks }));
    }

    private static Hook After(string name, Func<HookOccasion, CancellationToken, ValueTask<HookAnswer>> answer) => new(name, HookEvents.PostToolUse, answer);

    private static Hook Hook(Func<HookOccasion, HookAnswer> answer, string name = "hook") => new(name, HookEvents.PreToolUse, (call, _) => ValueTask.FromResult(answer(call)));

    private static GateRig Rig(Hook hook, PermissionsInForce? inForce = null, FakeTool? tool = null) =>
        new(tool ?? new FakeTool("Write", ToolKind.Write), Stages(new HookSet([hook]), inForce ?? GateRig.InForce()));

    private static ToolStage[] Stages(HookSet hooks, PermissionsInForce inForce)
    {
        var permission = new PermissionStage(inForce);
        return
        [
            new HookStage(hooks, new HookStageOptions { WhatDenies = permission.WhatDenies, Rebind = GateRig.Rebind }),
            permission,
            new ApprovalStage(inForce, new ApprovalOptions { Approver = new ListedApprover(), Rebind = GateRig.Rebind, NewId = () => "r" }),
        ];
    }
}
