using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Sandboxing;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>What a person agrees to beyond one call: typed, exact, and for one actor.</summary>
public sealed class GrantTests
{
    private readonly List<PermissionGrant> _kept = [];
    private string? _keepProblem;

    [Theory]
    [InlineData("once", 2)]
    [InlineData("session", 1)]
    [InlineData("project", 1)]
    [InlineData("always", 1)]
    public async Task A_scope_beyond_this_call_means_that_the_same_call_is_not_asked_again(string scope, int questions)
    {
        var approver = new ListedApprover(new ApprovalAnswer(true, scope), new ApprovalAnswer(true));
        var rig = Rig(GateRig.InForce(), approver);
        await rig.RunAsync("""{"command":"npm test"}""");
        await rig.RunAsync("""{"command":"npm test"}""");
        Assert.Equal(questions, approver.Prompts.Count);
        Assert.Equal(["once", "session", "project", "always"], approver.Prompts[0].Scopes);
    }

    [Fact]
    public async Task A_kept_grant_is_typed_with_actor_capability_pattern_lifetime_and_for_a_project_its_folder()
    {
        await Rig(GateRig.InForce(), new ListedApprover(new ApprovalAnswer(true, "project"))).RunAsync("""{"command":"npm test"}""");
        var grant = Assert.Single(_kept);
        Assert.Equal(("main", "Bash", "npm test", GrantLifetime.Project, "/ws"), (grant.Actor, grant.Capability, grant.Pattern, grant.Lifetime, grant.Folder));
        Assert.True(grant.HoldsIn("/ws"));
        Assert.False(grant.HoldsIn("/other"));
    }

    // Cases A395 and A396 of the corpus.
    [Theory]
    [InlineData("python3 -c 'print(1)'", "python3 -c 'print(1)'")]
    [InlineData("cd src && npm test", "npm test")]
    [InlineData("ls; echo \\\"$(npm test)\\\"", "npm test")]
    [InlineData("npm test && npm run lint", "npm test && npm run lint")]
    [InlineData("X=1 npm test; ls", "X=1 npm test; ls")]
    public async Task Of_several_commands_the_one_that_is_not_allowed_already_is_agreed_to(string command, string pattern)
    {
        await Rig(GateRig.InForce(), new ListedApprover(new ApprovalAnswer(true, "always"))).RunAsync($$"""{"command":"{{command}}"}""");
        Assert.Equal(pattern, Assert.Single(_kept).Pattern);
    }

    [Theory]
    [InlineData("""{"verb":"commit","arguments":["--allow-empty","-m","two words"]}""", "commit --allow-empty -m 'two words'")]
    [InlineData("""{"verb":"stash"}""", "stash")]
    [InlineData("""{"verb":"reset","arguments":["--hard"]}""", "reset --hard")]
    public async Task A_grant_for_a_call_of_git_is_that_call_and_no_other_verb(string input, string pattern)
    {
        var approver = new ListedApprover(new ApprovalAnswer(true, "always"));
        var rig = Rig(GateRig.InForce(), approver, tool: "Git");
        await rig.RunAsync(input);
        await rig.RunAsync(input);
        await rig.RunAsync("""{"verb":"reset","arguments":["--hard","HEAD~1"]}""");
        await rig.RunAsync("""{"verb":"commit","arguments":["--allow-empty","-m","two","words"]}""");
        Assert.Equal(("Git", pattern), (Assert.Single(_kept).Capability, _kept[0].Pattern));
        Assert.Equal([$"Git({pattern})", "Git(reset --hard HEAD~1)", "Git(commit --allow-empty -m two words)"], approver.Prompts.Select(prompt => prompt.Grant));
        Assert.Equal(2, rig.Tool.Ran.Count);
    }

    // No rule says exactly this: of a pattern with a star, of a message of two lines, of a tool whose input no rule speaks of.
    [Theory]
    [InlineData("Git", """{"verb":"commit","arguments":["-m","every *"]}""")]
    [InlineData("Git", """{"verb":"commit","arguments":["-m","one\n\ntwo"]}""")]
    [InlineData("Git", """{"verb":"reset","arguments":[":*"]}""")]
    [InlineData("Deploy", """{"verb":"everything"}""")]
    public async Task Where_no_rule_says_exactly_the_call_only_this_one_is_offered(string tool, string input)
    {
        var approver = new ListedApprover(new ApprovalAnswer(true, "always"), new ApprovalAnswer(true));
        var rig = Rig(GateRig.InForce(), approver, tool: tool);
        await rig.RunAsync(input);
        await rig.RunAsync(input);
        Assert.Equal([["once"], ["once"]], approver.Prompts.Select(prompt => prompt.Scopes));
        Assert.All(approver.Prompts, prompt => Assert.Null(prompt.Grant));
        Assert.Empty(_kept);
    }

    [Fact]
    public async Task The_log_says_who_was_granted_what_for_how_long_and_only_a_sessions_grants_are_taken_from_it()
    {
        var rig = Rig(GateRig.InForce(), new ListedApprover(new ApprovalAnswer(true, "session"), new ApprovalAnswer(true, "always")));
        await rig.RunAsync("""{"command":"npm test"}""");
        await rig.RunAsync("""{"command":"npm run lint"}""");
        var given = rig.Events.OfType<ApprovalGiven>().ToList();
        Assert.Equal([("main", "Bash", "npm test", "session"), ("main", "Bash", "npm run lint", "always")],
            given.Select(one => (one.Grant!.Actor, one.Grant.Capability, one.Grant.Pattern, one.Grant.Lifetime)).ToArray());
        Assert.Equal(["session", "always"], given.Select(one => one.Scope));
        Assert.Equal(["Bash(npm test)"], SessionGrants.From(rig.Journal.Read()).Select(grant => grant.RuleText));
    }

    [Fact]
    public async Task What_was_taken_back_is_none_of_the_sessions_grants_until_it_is_given_again()
    {
        var inForce = GateRig.InForce();
        var rig = Rig(inForce, new ListedApprover(new ApprovalAnswer(true, "session"), new ApprovalAnswer(true, "session"), new ApprovalAnswer(true, "session")));
        await rig.RunAsync("""{"command":"npm test"}""");
        await rig.RunAsync("""{"command":"npm run lint"}""");
        await rig.Journal.AppendAsync(RunId.Session, new GrantRevoked("nobody", "person"), Durability.Written, TestContext.Current.CancellationToken);
        var grants = SessionGrants.From(rig.Journal.Read());
        Assert.Equal(["Bash(npm test)", "Bash(npm run lint)"], grants.Select(grant => grant.RuleText));
        await rig.Journal.AppendAsync(RunId.Session, new GrantRevoked(grants[0].Id, "person"), Durability.Written, TestContext.Current.CancellationToken);
        inForce.Revoke(grants[0]);
        Assert.Equal(["Bash(npm run lint)"], SessionGrants.From(rig.Journal.Read()).Select(grant => grant.RuleText));
        Assert.Equal([Verdict.Ask, Verdict.Allow], ((string[])["npm test", "npm run lint"]).Select(command => inForce.Policy.Judge(Bash(command)).Verdict));
        await rig.RunAsync("""{"command":"npm test"}""");
        Assert.Equal(["Bash(npm run lint)", "Bash(npm test)"], SessionGrants.From(rig.Journal.Read()).Select(grant => grant.RuleText));
    }

    [Fact]
    public async Task A_grant_that_cannot_be_kept_holds_for_the_session_and_that_is_said()
    {
        _keepProblem = "the file is damaged.";
        var said = new List<string>();
        var approver = new ListedApprover(new ApprovalAnswer(true, "always"));
        var rig = Rig(GateRig.InForce(), approver);
        var invocation = rig.Invocation("""{"command":"npm test"}""");
        var scope = invocation.Scope;
        invocation.Scope = new CallScope
        {
            Call = scope.Call, WorkingDirectory = scope.WorkingDirectory, Files = scope.Files, Processes = scope.Processes, Network = scope.Network, Blobs = scope.Blobs,
            Background = scope.Background, SeenFiles = scope.SeenFiles, ShowProgress = said.Add, AskAsync = scope.AskAsync, Time = scope.Time,
        };
        await rig.Pipeline.RunAsync(invocation, TestContext.Current.CancellationToken);
        await rig.RunAsync("""{"command":"npm test"}""");
        Assert.Single(approver.Prompts);
        Assert.Equal("session", rig.Events.OfType<ApprovalGiven>().Single().Scope);
        Assert.Contains("the file is damaged", said.Single());
    }

    [Theory]
    [InlineData("echo a;\\n\\n\\n\\ntouch x")]
    [InlineData("echo \\u202Etxt")]
    [InlineData("echo \\u200Bx")]
    [InlineData("echo \\u001b[2Kx")]
    public async Task What_a_person_cannot_take_in_as_it_is_is_asked_once_each_time(string command)
    {
        var approver = new ListedApprover(new ApprovalAnswer(true, "always"));
        await Rig(GateRig.InForce(), approver).RunAsync($$"""{"command":"{{command}}"}""");
        Assert.Equal(["once"], approver.Prompts.Single().Scopes);
        Assert.Empty(_kept);
    }

    [Fact]
    public async Task A_command_too_long_to_be_read_is_asked_once_each_time()
    {
        var approver = new ListedApprover(new ApprovalAnswer(true, "always"));
        await Rig(GateRig.InForce(), approver).RunAsync($$"""{"command":"make {{new string('x', 1_100)}}"}""");
        Assert.Equal(["once"], approver.Prompts.Single().Scopes);
    }

    [Fact]
    public async Task Where_only_the_administrators_rules_allow_anything_a_yes_holds_for_one_call()
    {
        var approver = new ListedApprover(new ApprovalAnswer(true, "session"), new ApprovalAnswer(true));
        var rig = Rig(GateRig.InForce(), approver, offer: false);
        await rig.RunAsync("""{"command":"npm test"}""");
        await rig.RunAsync("""{"command":"npm test"}""");
        Assert.Equal(2, approver.Prompts.Count);
        Assert.Equal(["once"], approver.Prompts[0].Scopes);
    }

    [Fact]
    public void A_grant_to_one_skill_covers_no_other_and_not_the_main_agent()
    {
        var grant = PermissionGrant.Of("g1", "skill:x", "Bash(npm test)", GrantLifetime.Always, default);
        var policy = new PermissionPolicy(Options with { Rules = [grant.ToRule()!] });
        var call = Bash("npm test");
        Assert.Equal(Verdict.Allow, policy.Judge(call with { Actor = "skill:x" }).Verdict);
        Assert.Equal(Verdict.Ask, policy.Judge(call with { Actor = "skill:y" }).Verdict);
        Assert.Equal(Verdict.Ask, policy.Judge(call).Verdict);
    }

    [Fact]
    public void A_grant_for_one_file_of_a_folder_covers_that_file_only()
    {
        var policy = new PermissionPolicy(Options with { Rules = [PermissionGrant.Of("g", "main", "Edit(//ws/out/a.md)", GrantLifetime.Session, default).ToRule()!] });
        Assert.Equal(Verdict.Allow, policy.Judge(Writing("out/a.md")).Verdict);
        Assert.Equal(Verdict.Ask, policy.Judge(Writing("out/b.md")).Verdict);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("Bash(")]
    [InlineData("")]
    public void A_grant_that_is_no_rule_opens_nothing(string rule) => Assert.Null(PermissionGrant.Of("g", "main", rule, GrantLifetime.Always, default).ToRule());

    [Fact]
    public async Task A_question_that_nobody_answers_for_300_seconds_is_a_no()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var rig = Rig(GateRig.InForce(), new Silent(asked, listens: true));
        var running = rig.RunAsync("""{"command":"npm test"}""", TestContext.Current.CancellationToken);
        await asked.Task;
        rig.Time.Advance(TimeSpan.FromSeconds(299));
        Assert.False(running.IsCompleted);
        rig.Time.Advance(TimeSpan.FromSeconds(2));
        var result = await running;
        Assert.Equal(CallOutcome.Denied, result.Outcome);
        Assert.Contains("Nobody answered within 300 s", result.Text);
        Assert.Empty(rig.Tool.Ran);
        Assert.Equal(("deny", "timeout"), (rig.Events.OfType<ApprovalGiven>().Single().Verdict, rig.Events.OfType<ApprovalGiven>().Single().By));
    }

    [Fact]
    public async Task An_approver_that_does_not_listen_is_left_behind_and_the_time_is_what_was_set()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var rig = Rig(GateRig.InForce(), new Silent(asked, listens: false), within: TimeSpan.FromSeconds(5));
        var running = rig.RunAsync("""{"command":"npm test"}""", TestContext.Current.CancellationToken);
        await asked.Task;
        rig.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.Contains("within 5 s", (await running).Text);
    }

    private GateRig Rig(PermissionsInForce inForce, IApprover approver, bool offer = true, TimeSpan? within = null, string tool = "Bash")
    {
        var ids = 0;
        return new(new FakeTool(tool, tool is "Bash" ? ToolKind.Execute : ToolKind.Write), new PlanIsolationStage(), new PermissionStage(inForce), new ApprovalStage(inForce, new ApprovalOptions
        {
            Approver = approver, Rebind = GateRig.Rebind, NewId = () => $"r{++ids}", OfferGrants = offer, AnswerWithin = within ?? TimeSpan.FromSeconds(300),
            Keep = grant =>
            {
                _kept.Add(grant);
                return _keepProblem;
            },
        }));
    }

    private sealed class Silent(TaskCompletionSource asked, bool listens) : IApprover
    {
        public async ValueTask<ApprovalAnswer?> ApproveAsync(ApprovalPrompt prompt, CancellationToken cancellationToken)
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, listens ? cancellationToken : CancellationToken.None);
            return new ApprovalAnswer(true);
        }

        public ValueTask<string?> AnswerAsync(QuestionAsked question, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);
    }
}
