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
        var rig = new GateRig(new FakeTool("Write", ToolKind.Write), Stages(new ToolHooks([first, second], []), GateRig.InForce()));
        Assert.Equal(CallOutcome.Denied, (await rig.RunAsync()).Outcome);
    }

    [Fact]
    public async Task The_strictest_of_several_hooks_counts()
    {
        var hooks = new ToolHooks([Hook(_ => new HookAnswer(Verdict.Allow)), Hook(_ => new HookAnswer(Verdict.Ask), "b"), Hook(_ => new HookAnswer(Verdict.Allow), "c")], []);
        var rig = new GateRig(new FakeTool("Read", ToolKind.Read), Stages(hooks, GateRig.InForce()));
        Assert.Equal(CallOutcome.Denied, (await rig.RunAsync()).Outcome);
        Assert.Equal("ask", rig.Events.OfType<CallJudged>().Single().Verdict);
    }

    [Theory]
    [InlineData(true, CallOutcome.Denied)]
    [InlineData(false, CallOutcome.Completed)]
    public async Task A_hook_that_fails_refuses_the_call_unless_it_says_otherwise(bool failClosed, CallOutcome outcome)
    {
        var hook = new BeforeToolHook("broken", (_, _) => throw new InvalidOperationException("secret detail")) { FailClosed = failClosed };
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
        var rig = new GateRig(new FakeTool("Read", ToolKind.Read), new HookStage(new ToolHooks([hook], []), options), new PermissionStage(inForce));
        Assert.Contains("as before", (await rig.RunAsync()).Text);
        Assert.Equal(0, asked);
        Assert.Equal(CallOutcome.Completed, (await rig.RunAsync("""{"path":"src/a.cs"}""")).Outcome);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Hooks_hear_only_of_the_tools_they_match()
    {
        var rig = Rig(new BeforeToolHook("edits", (_, _) => ValueTask.FromResult(new HookAnswer(Verdict.Deny))) { Matches = tool => tool == "Edit" }, tool: new FakeTool("Read", ToolKind.Read));
        Assert.Equal(CallOutcome.Completed, (await rig.RunAsync()).Outcome);
    }

    [Fact]
    public async Task What_a_hook_says_afterwards_follows_the_result_and_changes_no_outcome()
    {
        var hooks = new ToolHooks([], [
            new AfterToolHook("lint", (_, result, _) => ValueTask.FromResult<string?>($"saw {result.Outcome}")),
            new AfterToolHook("silent", (_, _, _) => ValueTask.FromResult<string?>(null)),
            new AfterToolHook("broken", (_, _, _) => throw new InvalidOperationException("secret detail")),
        ]);
        var rig = new GateRig(new FakeTool("Read", ToolKind.Read), new AfterHookStage(hooks));
        var result = await rig.RunAsync();
        Assert.Equal(CallOutcome.Completed, result.Outcome);
        Assert.StartsWith("done\n[Hook lint] saw Completed\n[Hook broken] The hook failed", result.Text);
        Assert.DoesNotContain("secret detail", result.Text);
        Assert.Equal(["lint", "broken"], rig.Events.OfType<HookRan>().Select(ran => ran.Hook));
    }

    [Fact]
    public async Task Cancelling_a_comment_does_not_lose_the_result()
    {
        using var source = new CancellationTokenSource();
        var hooks = new ToolHooks([], [new AfterToolHook("slow", (_, _, token) =>
        {
            source.Cancel();
            token.ThrowIfCancellationRequested();
            return ValueTask.FromResult<string?>("never");
        })]);
        var rig = new GateRig(new FakeTool("Read", ToolKind.Read), new AfterHookStage(hooks));
        Assert.Equal("done", (await rig.RunAsync(cancellationToken: source.Token)).Text);
    }

    private static BeforeToolHook Hook(Func<HookCall, HookAnswer> answer, string name = "hook") => new(name, (call, _) => ValueTask.FromResult(answer(call)));

    private static GateRig Rig(BeforeToolHook hook, PermissionsInForce? inForce = null, FakeTool? tool = null) =>
        new(tool ?? new FakeTool("Write", ToolKind.Write), Stages(new ToolHooks([hook], []), inForce ?? GateRig.InForce()));

    private static ToolStage[] Stages(ToolHooks hooks, PermissionsInForce inForce)
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
