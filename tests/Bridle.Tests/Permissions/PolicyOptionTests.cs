using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>Each option of a policy changes a verdict.</summary>
public sealed class PolicyOptionTests
{
    private static readonly string[] Beside = ["/other"];

    private static FakeFiles Wider() => Files().Folder("/other").File("/other/a.txt").File("/else/a.txt").File("/other/.env");

    [Fact]
    public void An_additional_directory_counts_as_inside_for_reading_listing_editing_and_commands()
    {
        var (narrow, wide) = (new PermissionPolicy(Options), new PermissionPolicy(Options with { AdditionalDirectories = Beside }));
        foreach (var call in new[] { Reading("/other/a.txt", files: Wider()), Reading("/other", "Ls", Wider()), Bash("cat /other/a.txt", Wider()) })
        {
            Assert.Equal((Verdict.Ask, Verdict.Allow), (narrow.Judge(call).Verdict, wide.Judge(call).Verdict));
        }

        Assert.Equal(Verdict.Allow, new PermissionPolicy(Options with { AdditionalDirectories = Beside, Mode = PermissionMode.AcceptEdits }).Judge(Writing("/other/new", files: Wider())).Verdict);
        Assert.Equal(Verdict.Ask, wide.Judge(Reading("/else/a.txt", files: Wider())).Verdict);
        Assert.Equal(Verdict.Ask, wide.Judge(Reading("/otherwise/a.txt", files: Wider().File("/otherwise/a.txt"))).Verdict);
        Assert.Equal(Verdict.Ask, wide.Judge(Reading("/other/.env", files: Wider())).Verdict);
        Assert.Equal(Verdict.Ask, wide.Judge(Reading("/other/link", files: Wider().Link("/other/link", "/else/a.txt"))).Verdict);
    }

    [Fact]
    public void Blocking_reads_outside_refuses_what_rules_and_bypass_would_allow()
    {
        var open = Options with { Mode = PermissionMode.Bypass, Rules = Rules(allow: ["Read(//**)", "Bash"]) };
        var closed = new PermissionPolicy(open with { BlockReadsOutside = true });
        foreach (var call in new[] { Reading("/etc/passwd"), Reading("/etc", "Grep"), Bash("cat /etc/passwd"), Bash("cat < /etc/passwd") })
        {
            Assert.Equal((Verdict.Allow, Verdict.Deny), (new PermissionPolicy(open).Judge(call).Verdict, closed.Judge(call).Verdict));
        }

        Assert.Contains("blockReadsOutsideWorkingDirectories", closed.Judge(Reading("/etc/passwd")).Reason);
        Assert.Equal(Verdict.Allow, closed.Judge(Reading("a.txt")).Verdict);
        Assert.Equal(Verdict.Allow, closed.Judge(Bash("ls > /dev/null")).Verdict);
        Assert.Equal(Verdict.Allow, closed.Judge(Bash("/usr/bin/env")).Verdict);
        Assert.Equal(Verdict.Allow, new PermissionPolicy(open with { BlockReadsOutside = true, AdditionalDirectories = Beside }).Judge(Reading("/other/a.txt", files: Wider())).Verdict);
        Assert.Throws<Messages.ToolException>(() => new GuardedFiles(Files(), closed, []).OpenRead(Files().Resolve("/etc/passwd", "/ws")));
    }

    [Fact]
    public void Blocking_writes_outside_refuses_what_rules_and_bypass_would_allow_and_leaves_reading_alone()
    {
        var open = Options with { Mode = PermissionMode.Bypass, Rules = Rules(allow: ["Edit(//**)", "Bash"]) };
        var closed = new PermissionPolicy(open with { BlockWritesOutside = true });
        foreach (var call in new[] { Writing("/tmp/x"), Bash("touch /tmp/x"), Bash("echo x > /tmp/x"), Bash("git -C /etc commit -m x") })
        {
            Assert.Equal((Verdict.Allow, Verdict.Deny), (new PermissionPolicy(open).Judge(call).Verdict, closed.Judge(call).Verdict));
        }

        Assert.Equal(Verdict.Allow, closed.Judge(Reading("/etc/passwd")).Verdict);
        Assert.Equal(Verdict.Allow, closed.Judge(Bash("cat /etc/passwd")).Verdict);
        Assert.Equal(Verdict.Allow, closed.Judge(Writing("b.txt")).Verdict);
    }

    [Fact]
    public void Denying_instead_of_prompting_refuses_what_would_be_asked_and_nothing_else()
    {
        var policy = new PermissionPolicy(Options with { DenyInsteadOfPrompting = true, Rules = Rules(ask: ["Read(asked.txt)"]) });
        foreach (var call in new[] { Bash("npm test"), Writing("a.txt"), Reading("asked.txt"), Call("AskUser", ToolKind.Meta) })
        {
            Assert.Equal(Verdict.Deny, policy.Judge(call).Verdict);
        }

        Assert.Contains("denyInsteadOfPrompting", policy.Judge(Bash("npm test")).Reason);
        Assert.Equal(Verdict.Allow, policy.Judge(Reading("a.txt")).Verdict);
    }

    [Fact]
    public void A_hook_that_asks_is_refused_where_nobody_is_to_be_asked_and_one_that_allows_lifts_no_refusal()
    {
        foreach (var options in new[] { Options with { DenyInsteadOfPrompting = true }, Options with { Mode = PermissionMode.DontAsk } })
        {
            var policy = new PermissionPolicy(options with { Rules = Rules(allow: ["Bash(npm test)"]) });
            Assert.Equal(Verdict.Allow, policy.Judge(Bash("npm test")).Verdict);
            Assert.Equal(Verdict.Deny, policy.Judge(Bash("npm test"), Verdict.Ask).Verdict);
            Assert.Equal(Verdict.Deny, policy.Judge(Bash("npm run x"), Verdict.Allow).Verdict);
        }

        var asking = new PermissionPolicy(Options with { Rules = Rules(ask: ["Bash(npm publish)"]) });
        Assert.Equal((Verdict.Ask, true), (asking.Judge(Reading("a.txt"), Verdict.Ask).Verdict, asking.Judge(Reading("a.txt"), Verdict.Ask).Firm));
        Assert.Equal(Verdict.Allow, asking.Judge(Bash("npm run x"), Verdict.Allow).Verdict);
        Assert.Equal(Verdict.Ask, asking.Judge(Bash("npm publish"), Verdict.Allow).Verdict);
    }

    [Fact]
    public void A_session_that_began_strict_stays_strict_when_its_mode_changes()
    {
        var inForce = new PermissionsInForce(Options with { Mode = PermissionMode.Plan, Strict = true });
        inForce.SetMode(PermissionMode.Default);
        Assert.Equal(Verdict.Ask, inForce.Policy.Judge(Bash("ls")).Verdict);
        inForce.SetMode(PermissionMode.AcceptEdits, strict: false);
        Assert.Equal(Verdict.Ask, inForce.Policy.Judge(Reading("sub", "Ls")).Verdict);

        var open = new PermissionsInForce(Options);
        open.SetMode(PermissionMode.Default, strict: true);
        Assert.Equal(Verdict.Ask, open.Policy.Judge(Bash("ls")).Verdict);
        open.SetMode(PermissionMode.Default);
        Assert.Equal(Verdict.Allow, open.Policy.Judge(Bash("ls")).Verdict);
    }

    [Fact]
    public void A_confined_call_is_not_asked_about_where_settings_say_so()
    {
        var (on, off) = (new PermissionPolicy(Options with { AllowConfined = true }), new PermissionPolicy(Options));
        var call = Bash("npm test && make") with { Confined = true };
        Assert.Equal((Verdict.Allow, Verdict.Ask), (on.Judge(call).Verdict, off.Judge(call).Verdict));
        Assert.Equal(Verdict.Ask, on.Judge(call with { Confined = false }).Verdict);
        Assert.Equal(Verdict.Ask, on.Judge(call with { AsksForNoSandbox = true }).Verdict);
        Assert.Equal(Verdict.Deny, new PermissionPolicy(Options with { AllowConfined = true, Mode = PermissionMode.Plan }).Judge(call).Verdict);
    }

    [Fact]
    public void Asking_for_no_sandbox_where_there_is_none_is_no_question_in_mode_bypass()
    {
        var call = Bash("echo off") with { AsksForNoSandbox = true };
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass).Judge(call with { NothingConfines = true }).Verdict);
        Assert.Equal(Verdict.Ask, Policy(PermissionMode.Bypass).Judge(call).Verdict);
        Assert.Equal(Verdict.Deny, Policy(PermissionMode.Bypass, deny: ["Bash(echo off)"]).Judge(call with { NothingConfines = true }).Verdict);
        Assert.Equal(Verdict.Ask, Policy(allow: ["Bash(echo off)"]).Judge(call with { NothingConfines = true }).Verdict);

        var refused = new PermissionPolicy(Options with { DenyInsteadOfPrompting = true }).Judge(call).Reason;
        Assert.Contains("name the command in sandbox.allowUnconfined in their own settings ('echo off')", refused);
        Assert.DoesNotContain("--mode", refused);
    }

    [Theory]
    [InlineData("git push", Verdict.Deny)]
    [InlineData("git fetch", Verdict.Ask)]
    [InlineData("rm -rf .git", Verdict.Ask)]
    [InlineData("rm -rf /", Verdict.Ask)]
    [InlineData("echo x > .git/config", Verdict.Ask)]
    [InlineData("cat .env", Verdict.Ask)]
    [InlineData("cat ~/.ssh/id_rsa", Verdict.Deny)]
    public void Confinement_skips_the_question_but_no_deny_or_ask_rule_and_no_sensitive_protected_or_critical_path(string command, Verdict verdict) =>
        Assert.Equal(verdict, new PermissionPolicy(Options with { AllowConfined = true, Rules = Rules(ask: ["Bash(git fetch:*)"], deny: ["Bash(git push:*)"]) }).Judge(Bash(command) with { Confined = true }).Verdict);

    [Fact]
    public void A_run_narrowed_to_some_tools_may_call_no_other()
    {
        var policy = new PermissionPolicy(Options with { Mode = PermissionMode.Bypass, OnlyTools = new HashSet<string> { "Read" } });
        Assert.Equal(Verdict.Allow, policy.Judge(Reading("a.txt")).Verdict);
        Assert.Equal(Verdict.Deny, policy.Judge(Writing("a.txt")).Verdict);
        Assert.Equal(Verdict.Deny, new PermissionPolicy(Options with { OnlyTools = new HashSet<string>() }).Judge(Reading("a.txt")).Verdict);
    }

    [Fact]
    public void A_command_that_names_a_private_key_by_any_file_name_is_refused_until_a_person_names_the_file()
    {
        var files = Files().File("/ws/deploy.txt", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n").Link("/ws/link", "deploy.txt");
        foreach (var command in new[] { "cat deploy.txt", "cat ./link", "scp -i deploy.txt a b:", "base64 < deploy.txt" })
        {
            Assert.Equal(Verdict.Deny, Policy(PermissionMode.Bypass, allow: ["Bash"]).Judge(Bash(command, files)).Verdict);
        }

        Assert.Equal(Verdict.Ask, Policy(PermissionMode.Bypass, ask: ["Read(deploy.txt)"]).Judge(Bash("cat deploy.txt", files)).Verdict);
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass).Judge(Bash("cat a.txt", files)).Verdict);
        foreach (var call in new[] { Reading("deploy.txt", files: files), Reading("link", "Grep", files), Writing("deploy.txt", "Edit", files) })
        {
            Assert.Contains("private key", Policy(PermissionMode.Bypass).Judge(call).Reason, StringComparison.Ordinal);
            Assert.Equal(Verdict.Deny, Policy(PermissionMode.Bypass, allow: ["Read", "Edit"]).Judge(call).Verdict);
        }

        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Default, allow: ["Read(deploy.txt)"]).Judge(Reading("deploy.txt", files: files)).Verdict);
    }

    [Fact]
    public void A_credentials_folder_that_settings_move_is_asked_about_and_its_neighbours_are_refused()
    {
        var policy = new PermissionPolicy(Options with { Mode = PermissionMode.Bypass, AskedInsteadOfRefused = ["/home/u/.aws"] });
        Assert.Equal(Verdict.Ask, policy.Judge(Reading("~/.aws/config")).Verdict);
        Assert.Equal(Verdict.Ask, policy.Judge(Bash("cat ~/.aws/config")).Verdict);
        Assert.Equal(Verdict.Deny, policy.Judge(Reading("~/.ssh/config")).Verdict);
        Assert.Equal(Verdict.Deny, policy.Judge(Reading("link", files: Files().Link("/home/u/.aws/link", "/home/u/.ssh/config").Link("/ws/link", "/home/u/.aws/link").File("/home/u/.ssh/config"))).Verdict);
    }

    [Theory]
    [InlineData(RuleLayer.User, Verdict.Ask)]
    [InlineData(RuleLayer.Managed, Verdict.Ask)]
    [InlineData(RuleLayer.Project, Verdict.Deny)]
    [InlineData(RuleLayer.ProjectLocal, Verdict.Deny)]
    public void Only_a_person_or_the_administrator_moves_a_credential_from_deny_to_ask(RuleLayer layer, Verdict verdict)
    {
        var rule = Rule("Read(~/.aws/config)", Verdict.Ask, new RuleSource(layer, "x"));
        Assert.Equal(verdict, new PermissionPolicy(Options with { Rules = [rule] }).Judge(Reading("~/.aws/config")).Verdict);
    }
}
