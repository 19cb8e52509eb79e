using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

public sealed class PermissionPolicyTests
{
    [Fact]
    public void Deny_beats_allow_in_either_order()
    {
        var (deny, allow) = (Rule("Bash", Verdict.Deny), Rule("Bash", Verdict.Allow));
        Assert.Equal(Verdict.Deny, new PermissionPolicy(Options with { Rules = [deny, allow] }).Judge(Bash("ls")).Verdict);
        Assert.Equal(Verdict.Deny, new PermissionPolicy(Options with { Rules = [allow, deny] }).Judge(Bash("ls")).Verdict);
    }

    [Fact]
    public void A_write_rule_holds_inside_its_folder_and_not_through_ways_out_of_it()
    {
        var files = Files().Folder("/etc/real").Link("/ws/src/out", "/etc/real").Link("/ws/src/file", "/etc/passwd");
        var policy = Policy(allow: ["Write(src/**)"]);
        Assert.Equal(Verdict.Allow, policy.Judge(Writing("src/a.cs", files: files)).Verdict);
        Assert.All(["/etc/passwd", "src/../x", "src/out/x", "src/file", "/ws/lib/src/x"], path => Assert.Equal(Verdict.Ask, policy.Judge(Writing(path, files: files)).Verdict));
    }

    [Fact]
    public void A_deny_rule_holds_for_the_link_and_for_what_it_leads_to()
    {
        var files = Files().Link("/ws/innocent", "/ws/hidden/x").File("/ws/hidden/x");
        Assert.Equal(Verdict.Deny, Policy(deny: ["Read(hidden/**)"]).Judge(Reading("innocent", files: files)).Verdict);
        Assert.Equal(Verdict.Deny, Policy(deny: ["Read(innocent)"]).Judge(Reading("innocent", files: files)).Verdict);
        Assert.Equal(Verdict.Deny, Policy(deny: ["Read(hidden/**)"]).Judge(Bash("cat innocent", files)).Verdict);
    }

    [Fact]
    public void A_read_denial_also_stands_against_writing() =>
        Assert.Equal(Verdict.Deny, Policy(PermissionMode.Bypass, deny: ["Read(hidden/**)"]).Judge(Writing("hidden/x")).Verdict);

    [Fact]
    public void Relative_paths_start_where_the_shell_stands()
    {
        var call = CallReader.Read(new ToolDefinition("Read", "", default, ToolKind.Read, Events.ToolEffect.Repeatable, true),
            new ToolInput(default, new object(), [new FileTarget("x.txt", FileAccessKind.Read)]), Files(), "/ws/sub");
        Assert.Equal(Verdict.Deny, Policy(deny: ["Read(/sub/x.txt)"]).Judge(call).Verdict);
        Assert.Equal(Verdict.Allow, Policy(deny: ["Read(/x.txt)"]).Judge(call).Verdict);
    }

    [Theory]
    [InlineData("rm -rf /")]
    [InlineData("rm  -rf /")]
    [InlineData("rm -fr /")]
    [InlineData("rm -r -f /")]
    [InlineData("sudo rm -rf /")]
    [InlineData("/bin/rm -rf /")]
    public void A_deny_rule_is_not_dodged_by_spelling_the_command_differently(string command) =>
        Assert.Equal(Verdict.Deny, Policy(PermissionMode.Bypass, deny: ["Bash(rm -rf /)"]).Judge(Bash(command)).Verdict);

    [Theory]
    [InlineData("rm -rf /")]
    [InlineData("rm -rf /usr")]
    [InlineData("rm -rf ~")]
    [InlineData("rm -rf /home/u")]
    [InlineData("rm -rf .")]
    [InlineData("rm -rf ..")]
    [InlineData("rm -rf /ws")]
    [InlineData("rm -rf *")]
    [InlineData("rm -rf $X/*")]
    [InlineData("rm -rf -- .git")]
    [InlineData("rmdir /ws/../ws")]
    [InlineData("find / -delete")]
    [InlineData("find . -exec rm -rf x ;")]
    [InlineData("cd / && rm -rf bin")]
    [InlineData("env --chdir=/ rm -rf home")]
    [InlineData("env --chdir / rm -rf home")]
    [InlineData("env --chd=/ rm -rf home")]
    [InlineData("env --c=/ rm -rf home")]
    [InlineData("env -C/ rm -rf home")]
    [InlineData("sudo -D/ rm -rf home")]
    [InlineData("timeout 5 env -C / rm -rf home")]
    [InlineData("env -C /usr rm -rf lib")]
    [InlineData("env -C \"$X\" rm -rf lib")]
    [InlineData("sudo -D / rm -rf home")]
    [InlineData("sudo --chdir=/usr rm -rf lib")]
    [InlineData("nsenter --wd=/usr rm -rf lib")]
    [InlineData("systemd-run --working-directory=/usr rm -rf lib")]
    [InlineData("echo x | xargs rm -rf")]
    [InlineData("sh -c 'rm -rf /'")]
    [InlineData("mv /ws /tmp/x")]
    [InlineData("dd if=x of=/dev/sda")]
    [InlineData("mkfs.ext4 /dev/sda")]
    public void Critical_removals_are_asked_in_every_mode_whatever_is_allowed(string command)
    {
        var judgement = Policy(PermissionMode.Bypass, allow: ["Bash", $"Bash({command})"]).Judge(Bash(command));
        Assert.Equal((Verdict.Ask, true), (judgement.Verdict, judgement.Firm));
    }

    [Fact]
    public void Bypass_lets_ordinary_removals_pass() =>
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass).Judge(Bash("rm -rf build/out && make | tee log")).Verdict);

    [Fact]
    public void Plan_mode_forbids_effects_that_rules_allow_and_keeps_looking_free()
    {
        var policy = Policy(PermissionMode.Plan, allow: ["Bash", "Write", "Write(**)", "WebFetch"]);
        Assert.All([Writing("a.txt"), Bash("npm test"), Bash("ls > x"), Fetching("https://example.com/")], call => Assert.Equal(Verdict.Deny, policy.Judge(call).Verdict));
        Assert.All([Reading("a.txt"), Bash("ls -la"), Bash("cat a.txt")], call => Assert.Equal(Verdict.Allow, policy.Judge(call).Verdict));
    }

    [Theory]
    [InlineData("ls -la", true)]
    [InlineData("cat a.txt src/a.cs", true)]
    [InlineData("grep -n 'x y' a.txt", true)]
    [InlineData("find . -name '*.cs'", true)]
    [InlineData("echo hi", true)]
    [InlineData("cd sub", true)]
    [InlineData("cat /etc/passwd", false)]
    [InlineData("cat ../x", false)]
    [InlineData("grep -r x .", false)]
    [InlineData("grep --recursive x .", false)]
    [InlineData("diff -r a b", false)]
    [InlineData("diff -N . sub", false)]
    [InlineData("diff a.txt src/a.cs", true)]
    [InlineData("tree --filelimit -- -o x", false)]
    [InlineData("grep --regexp -- x -f/etc/passwd", false)]
    [InlineData("grep -nxf/etc/passwd a.txt", false)]
    [InlineData("grep -nf../x a.txt", false)]
    [InlineData("date 010100002030", false)]
    [InlineData("date -u 010100002030", false)]
    [InlineData("date -d now +%F", true)]
    [InlineData("cd", false)]
    [InlineData("cd -P", false)]
    [InlineData("find . -delete", false)]
    [InlineData("find . -fprint x", false)]
    [InlineData("sort -o a b", false)]
    [InlineData("uniq a b", false)]
    [InlineData("cat .env", false)]
    [InlineData("git status", false)]
    [InlineData("./ls", false)]
    [InlineData("ls; ls", true)]
    [InlineData("cd sub && ls | head -3", true)]
    [InlineData("cat a.txt 2>/dev/null | wc -l", true)]
    [InlineData("ls *.txt", true)]
    [InlineData("echo \"$(pwd)\"", true)]
    [InlineData("timeout 5 ls", true)]
    [InlineData("ls > x", false)]
    [InlineData("ls; touch x", false)]
    [InlineData("cat *.txt", false)]
    [InlineData("ls ../*", false)]
    [InlineData("cat < ../x", false)]
    [InlineData("cd sub; cat ../../x", false)]
    [InlineData("cd /; cat etc/passwd", false)]
    [InlineData("echo $TOKEN", false)]
    [InlineData("f() { ls; }; f", false)]
    [InlineData("ls $HOME", false)]
    public void The_builtin_list_holds_for_one_harmless_command(string command, bool free) =>
        Assert.Equal(free ? Verdict.Allow : Verdict.Ask, Policy().Judge(Bash(command)).Verdict);

    [Theory]
    [InlineData("ls", false)]
    [InlineData("find -name x", false)]
    [InlineData("ls /ws", false)]
    [InlineData("cd /ws", true)]
    [InlineData("pwd", true)]
    public void Outside_the_workspace_the_builtin_list_only_leads_back(string command, bool free)
    {
        var definition = new ToolDefinition("Bash", "", default, ToolKind.Execute, Events.ToolEffect.Once, false);
        var call = CallReader.Read(definition, new ToolInput(default, new object(), [new CommandTarget(command)]), Files().Folder("/home/u"), "/home/u");
        Assert.Equal(free ? Verdict.Allow : Verdict.Ask, Policy().Judge(call).Verdict);
    }

    [Theory]
    [InlineData("git status", Verdict.Allow)]
    [InlineData("git diff --stat", Verdict.Allow)]
    [InlineData("git branch -a", Verdict.Allow)]
    [InlineData("git branch new", Verdict.Ask)]
    [InlineData("git push", Verdict.Ask)]
    [InlineData("git -C /tmp status", Verdict.Ask)]
    [InlineData("git diff --output=x", Verdict.Ask)]
    public void Git_may_look_once_the_folder_is_trusted(string command, Verdict verdict) => Assert.Equal(verdict, Policy(trusted: true).Judge(Bash(command)).Verdict);

    [Theory]
    [InlineData("mkdir -p a/b", Verdict.Allow)]
    [InlineData("cp a.txt b.txt", Verdict.Allow)]
    [InlineData("rm a.txt", Verdict.Allow)]
    [InlineData("rm -rf src/x", Verdict.Allow)]
    [InlineData("cp a.txt /etc/x", Verdict.Ask)]
    [InlineData("cp a.txt .git/hooks/x", Verdict.Ask)]
    [InlineData("mv a.txt ../x", Verdict.Ask)]
    [InlineData("rm -rf .", Verdict.Ask)]
    [InlineData("cp --target-directory=/etc a.txt", Verdict.Ask)]
    [InlineData("touch ~/.bashrc", Verdict.Ask)]
    public void AcceptEdits_lets_plain_file_commands_work_inside(string command, Verdict verdict) =>
        Assert.Equal(verdict, Policy(PermissionMode.AcceptEdits).Judge(Bash(command)).Verdict);

    [Fact]
    public void A_search_that_climbs_out_of_its_folder_is_asked()
    {
        var definition = new ToolDefinition("Glob", "", default, ToolKind.Read, Events.ToolEffect.Repeatable, true);
        Verdict Of(string pattern) => Policy().Judge(CallReader.Read(definition, new ToolInput(Json($$"""{"pattern":"{{pattern}}"}"""), new object(), []), Files(), "/ws")).Verdict;
        Assert.Equal(Verdict.Allow, Of("**/*.cs"));
        Assert.All(["../**", "/etc/*", "~/.*", "src/../../*", "*/../../x"], pattern => Assert.Equal(Verdict.Ask, Of(pattern)));
    }

    [Fact]
    public void A_file_with_a_second_name_is_not_written_unasked()
    {
        var files = Files().File("/tmp/other").HardLink("/ws/a.txt", "/tmp/other");
        Assert.Equal(Verdict.Ask, Policy(PermissionMode.AcceptEdits).Judge(Writing("a.txt", files: files)).Verdict);
    }

    [Fact]
    public void The_reason_says_what_decided_and_what_the_person_can_do()
    {
        Assert.Contains("deny Bash(rm:*)", Policy(deny: ["Bash(rm:*)"]).Judge(Bash("rm x")).Reason);
        Assert.Contains("user settings", Policy(deny: ["Bash(rm:*)"]).Judge(Bash("rm x")).Rule);
        var refused = Policy(PermissionMode.DontAsk).Judge(Bash("npm test")).Reason;
        Assert.Contains("'Bash(npm test)'", refused);
        Assert.Contains("--mode", refused);
        Assert.Contains("Edit(//ws/x)", Policy(allow: ["Bash(ls:*)"]).Judge(Bash("ls > x")).Reason);
        Assert.Contains("--pre", Policy(allow: ["Bash(rg:*)"]).Judge(Bash("rg --pre x y")).Reason);
    }

    [Theory]
    [InlineData("echo 'unclosed")]
    [InlineData(": $(( '1' )); cat x")]
    [InlineData("a > f'x' >& b'c d")]
    [InlineData("sh -c 'echo \"unclosed'")]
    public void What_cannot_be_read_to_its_end_is_asked_while_a_file_is_denied_even_in_bypass(string command)
    {
        Assert.Equal(Verdict.Ask, Judging.Policy(PermissionMode.Bypass, deny: ["Read(.env)"]).Judge(Judging.Bash(command)).Verdict);
        Assert.Equal(Verdict.Allow, Judging.Policy(PermissionMode.Bypass).Judge(Judging.Bash(command)).Verdict);
    }

    [Theory]
    [InlineData("bash deploy")]
    [InlineData("sh ./deploy now")]
    [InlineData("echo 1; bash -- tools/deploy")]
    public void A_shell_that_runs_a_file_is_a_command_of_that_name_to_a_deny_rule(string command) =>
        Assert.Equal(Verdict.Deny, Judging.Policy(allow: ["Bash"], deny: ["Bash(deploy:*)"]).Judge(Judging.Bash(command)).Verdict);
}
