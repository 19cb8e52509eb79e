using System.Text.RegularExpressions;
using Bridle.Permissions;
using Bridle.Sandboxing;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>What a refusal advises changes something, and where nothing does it says so.</summary>
public sealed class RemediesTests
{
    private const string Nothing = "No allow rule and no mode stands in for";

    [Theory]
    [InlineData("""{"command":"npm test"}""", null, "The person can run again with another --mode, or add the allow rule 'Bash(npm test)'.")]
    [InlineData("""{"command":"npm test"}""", "Bash(npm test)", "No allow rule and no mode stands in for that: a person answers, or takes the rule 'ask Bash(npm test) (user settings)' out.")]
    [InlineData("""{"command":"rm -rf /"}""", null, "No allow rule and no mode stands in for that: it needs the answer of a person, where somebody can be asked.")]
    [InlineData("""{"command":"echo x > .git/config"}""", null, "The person can run again with another --mode.")]
    [InlineData("""{"command":"npm test","sandbox":"off"}""", null, "The person can name the command in sandbox.allowUnconfined in their own settings ('npm test'); an allow rule does not free it from the sandbox.")]
    [InlineData("""{"command":"npm test","sandbox":"off"}""", "Bash(npm:*)", "takes the rule 'ask Bash(npm:*) (user settings)' out.")]
    public async Task Where_nobody_is_there(string input, string? ask, string advice)
    {
        var result = await Rig(GateRig.InForce(ask: ask is null ? [] : [ask])).RunAsync(input, TestContext.Current.CancellationToken);
        Assert.EndsWith(advice, result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_hook_asks_it_is_the_hook_that_wants_an_answer()
    {
        var inForce = GateRig.InForce(allow: ["Bash(npm test)"]);
        var rig = Rig(inForce);
        var invocation = rig.Invocation("""{"command":"npm test"}""");
        invocation.HookVerdict = Verdict.Ask;
        Assert.EndsWith($"{Nothing} the answer that the hook asks for.", (await rig.Pipeline.RunAsync(invocation, TestContext.Current.CancellationToken)).Text, StringComparison.Ordinal);
        var refused = new PermissionPolicy(inForce.Policy.Options with { Mode = PermissionMode.DontAsk }).Judge(Bash("npm test"), Verdict.Ask);
        Assert.EndsWith($"refuses what would be asked. {Nothing} the answer that the hook asks for.", refused.Reason, StringComparison.Ordinal);
    }

    // Every piece of advice is followed, and what is said to help must help.
    [Theory]
    [InlineData(PermissionMode.DontAsk, false)]
    [InlineData(PermissionMode.Default, true)]
    public void Where_a_mode_or_setting_refuses_what_would_be_asked(PermissionMode mode, bool setting)
    {
        var (rules, modes, none) = (0, 0, 0);
        CallToJudge[] calls =
        [
            Bash("npm test"), Bash("npm test && make"), Bash("git push"), Bash("rm -rf /"), Bash("rm -rf ."), Bash("cat .env"), Bash("echo x > .git/config"), Bash("$x"), Bash("env make"), Bash("ls /etc"),
            Writing("a.txt"), Writing(".git/config"), Writing(".env"), Writing("/tmp/x"), Reading(".env"), Reading("/etc/passwd"), Fetching("https://example.com/a"), Git("commit", "-m", "x"), Git("add", ".env"),
        ];
        foreach (var ask in (string[][])[[], ["Bash(npm:*)"], ["Edit(a.txt)", "Git", "WebFetch"]])
        {
            var policy = new PermissionPolicy(Policy(mode, ask: ask).Options with { DenyInsteadOfPrompting = setting });
            var asking = policy.Options with { DenyInsteadOfPrompting = false, Mode = PermissionMode.Default };
            foreach (var call in calls)
            {
                var said = policy.Judge(call);
                Assert.True(said.Verdict is Verdict.Deny, said.Reason);
                var named = Regex.Matches(said.Reason[said.Reason.IndexOf("refuses what would be asked", StringComparison.Ordinal)..], "'((?:Bash|Edit|Read|Git|WebFetch)\\([^']*\\))'").Select(match => match.Groups[1].Value).ToList();
                if (said.Reason.Contains("add the allow rule", StringComparison.Ordinal))
                {
                    rules++;
                    Assert.Equal(Verdict.Allow, new PermissionPolicy(asking with { Rules = [.. asking.Rules, .. named.Select(rule => Rule(rule, Verdict.Allow))] }).Judge(call).Verdict);
                }

                if (said.Reason.Contains("choose another --mode", StringComparison.Ordinal))
                {
                    modes++;
                    Assert.Contains((PermissionMode[])[PermissionMode.AcceptEdits, PermissionMode.Bypass], one => new PermissionPolicy(asking with { Mode = one }).Judge(call).Verdict is Verdict.Allow);
                }

                none += said.Reason.Contains(Nothing, StringComparison.Ordinal) ? 1 : 0;
            }
        }

        Assert.True(rules > 10 && modes > 10 && none > 8, $"{rules} rules, {modes} modes, {none} without either");
    }

    private static GateRig Rig(PermissionsInForce inForce) => new(new FakeTool("Bash", ToolKind.Execute), new PlanIsolationStage(), new PermissionStage(inForce),
        new ApprovalStage(inForce, new ApprovalOptions { Approver = new ListedApprover(), Rebind = GateRig.Rebind, NewId = () => "r1" }));
}
