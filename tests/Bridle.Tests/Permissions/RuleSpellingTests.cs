using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>Rules that look right and would speak of nothing: each means what was meant, or is refused and closes.</summary>
public sealed class RuleSpellingTests
{
    private static Verdict Denied(string rule, CallToJudge call, RuleSource? source = null) => new PermissionPolicy(Options with { Mode = PermissionMode.Bypass, Rules = [Rule(rule, Verdict.Deny, source)] }).Judge(call).Verdict;

    [Theory]
    [InlineData("Read(../sec2/**)", "/sec2/f", "/ws2/f")]
    [InlineData("Read(./../sec2/**)", "/sec2/f", "/ws/sec2/f")]
    [InlineData("Read(~/../sec2/**)", "/home/sec2/f", "/home/u/sec2/f")]
    [InlineData("Read(/../sec2/**)", "/sec2/f", "/ws/sec2/f")]
    [InlineData("Read(//tmp/p/../sec2/**)", "/tmp/sec2/f", "/tmp/p/sec2/f")]
    [InlineData("Read(//tmp/p/./q/../../sec2)", "/tmp/sec2", "/tmp/p/sec2")]
    [InlineData("Read(../../../../etc/passwd)", "/etc/passwd", "/ws/etc/passwd")]
    [InlineData("Read(src/../a.txt)", "/ws/a.txt", "/ws/deep/a.txt")]
    [InlineData("Read(src/../**)", "/ws/x/y", "/other/x")]
    [InlineData("Read(../sec2)", "/SEC2/f", "/x/sec2/f")]
    [InlineData("Edit(../sec2/**)", "/sec2/f", "/ws/sec2/f")]
    [InlineData("Grep(../sec2/**)", "/sec2/f", "/ws/sec2/f")]
    public void A_rule_that_tightens_climbs_from_where_it_starts(string rule, string hit, string other)
    {
        Assert.Empty(PermissionRule.Parse(rule, Verdict.Deny, User).Problems);
        Assert.Equal(Verdict.Deny, Denied(rule, rule[0] == 'E' ? Writing(hit) : Reading(hit)));
        Assert.NotEqual(Verdict.Deny, Denied(rule, rule[0] == 'E' ? Writing(other) : Reading(other)));
    }

    [Fact]
    public void A_rule_of_a_file_climbs_from_the_folder_of_that_file() =>
        Assert.Equal(Verdict.Deny, Denied("Read(/../sec2/**)", Reading("/projects/sec2/f"), User with { Folder = "/projects/one" }));

    [Fact]
    public void A_climbing_rule_denies_a_command_and_a_path_that_climbs_too()
    {
        Assert.Equal(Verdict.Deny, Denied("Read(../sec2/**)", Bash("cat ../sec2/f")));
        Assert.Equal(Verdict.Deny, Denied("Read(../sec2/**)", Bash("cat /sec2/f")));
        Assert.Equal(Verdict.Deny, Denied("Read(../sec2/**)", Reading("../sec2/f")));
        Assert.NotEqual(Verdict.Deny, Denied("Read(../sec2/**)", Bash("cat a.txt")));
    }

    [Theory]
    [InlineData("../sec2/**")]
    [InlineData("//tmp/../etc/passwd")]
    [InlineData("src/../../x")]
    public void An_allow_rule_does_not_climb(string path)
    {
        foreach (var tool in new[] { "Read", "Edit" })
        {
            var outcome = PermissionRule.Parse($"{tool}({path})", Verdict.Allow, User);
            Assert.Null(outcome.Rule);
            Assert.Contains("does not climb", Assert.Single(outcome.Problems));
        }
    }

    [Theory]
    [InlineData("Read(src/*/../x)", "behind '*'")]
    [InlineData("Read(**/../x)", "behind '**'")]
    [InlineData("Edit(a?/../x)", "behind 'a?'")]
    [InlineData("Read(\"a.txt\")", "'Read(a.txt)'")]
    [InlineData("Read('a.txt')", "'Read(a.txt)'")]
    [InlineData("Read(src/\"my dir\"/x)", "without quotes")]
    [InlineData("Read($HOME/x)", "'Read(~/x)'")]
    [InlineData("Read(${HOME}/x)", "'Read(~/x)'")]
    [InlineData("Read(//data/$USER/x)", @"'Read(//data/\$USER/x)'")]
    [InlineData("Read(file:///etc/hosts)", "'Read(//etc/hosts)'")]
    [InlineData("Edit(sftp://h/x)", "no address")]
    [InlineData("Read(!a.txt)", @"'Read(\!a.txt)'")]
    [InlineData("Read(~root/x)", "'Read(//home/root/x)'")]
    [InlineData("Read(**/*.{pem,key})", "'Read(A)|Read(B)'")]
    [InlineData(@"Read(src\a.cs)", "'Read(src/a.cs)'")]
    [InlineData("WebFetch(example.com:8080)", "'WebFetch(domain:example.com:8080)'")]
    [InlineData("WebFetch(domain:x.com/path)", "'WebFetch(domain:x.com)'")]
    [InlineData("WebFetch(domain:https://x.com)", "'WebFetch(domain:x.com)'")]
    [InlineData("WebFetch(domain:https://u@x.com:8443/p)", "'WebFetch(domain:x.com:8443)'")]
    [InlineData("WebFetch(domain:.x.com)", "'WebFetch(domain:*.x.com)'")]
    [InlineData("WebFetch(domain:**.x.com)", "'WebFetch(domain:*.x.com)'")]
    [InlineData("WebFetch(domain:*.x*.com)", "no host")]
    [InlineData("WebFetch(domain:x..com)", "no host")]
    [InlineData("WebFetch(domain:x.com:99999)", "no host")]
    [InlineData("WebFetch(domain:0x7f.1)", "no host")]
    [InlineData("WebFetch(domain:x.com y.com)", "no host")]
    [InlineData("WebFetch(domain:x.com,y.com)", "no host")]
    [InlineData("WebFetch(domain: )", "no host")]
    [InlineData("Git(comit:*)", "'Git'")]
    [InlineData("Bash(echo * > /etc/*)", "without redirections")]
    [InlineData("Bash(FOO=* npm *)", "variables set in front")]
    [InlineData("Bash(for *; do *; done)", "loops")]
    [InlineData("Bash(* && )", "cannot be read")]
    [InlineData("Bash(git push:*),Bash(rm:*)", "'Bash(git push:*)' and 'Bash(rm:*)'")]
    [InlineData("Bash('git push':*)", "'Bash(git push:*)'")]
    [InlineData("Bash(\"git push\":*)", "'Bash(git push:*)'")]
    [InlineData("Bash(git:push:*)", "'Bash(git push:*)'")]
    [InlineData("Bash(!git status)", "'Bash(git status)'")]
    public void What_would_match_nothing_is_refused_with_the_form_that_was_meant_and_closes_its_tool(string rule, string meant)
    {
        var tool = rule[..rule.IndexOf('(')];
        foreach (var verdict in new[] { Verdict.Deny, Verdict.Ask })
        {
            var outcome = PermissionRule.Parse(rule, verdict, User);
            Assert.Contains(meant, Assert.Single(outcome.Problems));
            Assert.Contains($"Until then it holds for every call of {tool}.", outcome.Problems[0]);
            Assert.Equal(verdict, new PermissionPolicy(Options with { Mode = PermissionMode.Bypass, Rules = [outcome.Rule!] }).Judge(Call(tool, ToolKind.Read)).Verdict);
        }

        var allow = PermissionRule.Parse(rule, Verdict.Allow, User);
        Assert.Null(allow.Rule);
        Assert.Contains("ignored", Assert.Single(allow.Problems));
    }

    [Theory]
    [InlineData("Bash(git push:* --force)", "'Bash(git push *--force*)'")]
    [InlineData("Bash(git push:**)", "'Bash(git push:*)'")]
    [InlineData("Bash(git push **)", "'Bash(git push:*)'")]
    [InlineData("Bash(*:*)", "'Bash'")]
    [InlineData("Bash(git\u200b push:*)", "'Bash(git push:*)'")]
    [InlineData("Bash(git\u00a0push:*)", "'Bash(git push:*)'")]
    [InlineData("Bash(git commit -m \"*\")", "'Bash(git commit -m *)'")]
    public void A_command_that_no_words_would_match_closes_where_the_rule_tightens(string rule, string meant)
    {
        var outcome = PermissionRule.Parse(rule, Verdict.Deny, User);
        Assert.Contains(meant, Assert.Single(outcome.Problems));
        Assert.Contains("Until then it holds for every call of Bash.", outcome.Problems[0]);
        Assert.Equal(Verdict.Deny, Denied(rule, Bash("ls")));
    }

    [Theory]
    [InlineData("Read(src/$slug.tsx)", "/ws/src/$slug.tsx")]
    [InlineData("Read(~$report.docx)", "/ws/~$report.docx")]
    [InlineData("Read(John's notes.txt)", "/ws/John's notes.txt")]
    [InlineData("Read({{name}}/a.txt)", "/ws/{{name}}/a.txt")]
    [InlineData(@"Read(\!a.txt)", "/ws/!a.txt")]
    [InlineData(@"Read(\$HOME)", "/ws/$HOME")]
    [InlineData(@"Read(\""a.txt\"")", "/ws/\"a.txt\"")]
    [InlineData(@"Read(a\{b,c})", "/ws/a{b,c}")]
    [InlineData("Read(a..b/c)", "/ws/a..b/c")]
    [InlineData("Read(...)", "/ws/...")]
    public void Odd_names_that_files_really_have_can_be_named(string rule, string path)
    {
        Assert.Empty(PermissionRule.Parse(rule, Verdict.Deny, User).Problems);
        Assert.Equal(Verdict.Deny, Denied(rule, Reading(path)));
        Assert.NotEqual(Verdict.Deny, Denied(rule, Reading("/ws/src/a.cs")));
    }

    [Theory]
    [InlineData("/ws/$HOME/${x}/{a,b}/\"q\"/!n/it's")]
    [InlineData("/ws/a$/{,}")]
    public void A_quoted_path_of_odd_names_is_a_rule_for_itself(string path)
    {
        Assert.NotNull(PermissionRule.OfPath(path, Verdict.Allow, User));
        Assert.Equal(Verdict.Deny, Denied($"Read({PathPattern.Quote(path)})", Reading(path)));
    }

    [Theory]
    [InlineData("domain:x.com", "https://x.com/", true)]
    [InlineData("domain:X.COM.", "http://x.com:81/", true)]
    [InlineData("domain:x.com:8080", "https://x.com:8080/", true)]
    [InlineData("domain:x.com:8080", "https://x.com/", false)]
    [InlineData("domain:*.x.com:8080", "http://a.x.com:8080/", true)]
    [InlineData("domain:*:8080", "http://a.b:8080/", true)]
    [InlineData("domain:bücher.de", "https://bücher.de/", true)]
    [InlineData("domain:Bücher.de", "https://xn--bcher-kva.de/", true)]
    [InlineData("domain:*.bücher.de", "https://a.bücher.de/", true)]
    [InlineData("domain:xn--bcher-kva.de", "https://BÜCHER.de/", true)]
    [InlineData("domain:docs-*.x.com", "https://docs-a.x.com/", true)]
    [InlineData("domain:[2606:4700::1]", "https://[2606:4700:0::1]/", true)]
    [InlineData("domain:[2606:4700::1]:8080", "https://[2606:4700::1]:8080/", true)]
    [InlineData("domain:x.com", "https://y.com/", false)]
    public void A_host_is_denied_however_it_is_spelt(string rule, string address, bool hit)
    {
        Assert.Empty(PermissionRule.Parse($"WebFetch({rule})", Verdict.Deny, User).Problems);
        Assert.Equal(hit, Denied($"WebFetch({rule})", Fetching(address)) is Verdict.Deny);
    }

    [Fact]
    public void An_allow_rule_names_a_host_by_its_plain_letters_and_its_own_port()
    {
        var outcome = PermissionRule.Parse("WebFetch(domain:bücher.de)", Verdict.Allow, User);
        Assert.Null(outcome.Rule);
        Assert.Contains("'WebFetch(domain:xn--bcher-kva.de)'", Assert.Single(outcome.Problems));
        Assert.Equal(Verdict.Allow, Policy(allow: ["WebFetch(domain:xn--bcher-kva.de)"]).Judge(Fetching("https://bücher.de/")).Verdict);
        Assert.Equal(Verdict.Ask, Policy(allow: ["WebFetch(domain:x.com:443)"]).Judge(Fetching("https://x.com/")).Verdict);
        Assert.Equal(Verdict.Ask, Policy(allow: ["WebFetch(domain:x.com:8443)"]).Judge(Fetching("https://x.com:8443/")).Verdict);
    }

    [Theory]
    [InlineData("git push && *", "git push && ls", true)]
    [InlineData("git push && *", "ls; git push", true)]
    [InlineData("git push && *", "git push", false)]
    [InlineData("git push && *", "git pull && ls", false)]
    [InlineData("curl * | sh", "curl x | sh", true)]
    [InlineData("curl * | sh:*", "curl x | sudo sh -s", true)]
    [InlineData("curl * | sh", "curl x", false)]
    [InlineData("sleep * &", "sleep 9 &", true)]
    [InlineData("rm -rf a; ls", "rm -fr a && ls", true)]
    public void A_rule_of_several_commands_denies_calls_that_run_all_of_them(string rule, string command, bool hit)
    {
        Assert.Empty(PermissionRule.Parse($"Bash({rule})", Verdict.Deny, User).Problems);
        Assert.Equal(hit, Denied($"Bash({rule})", Bash(command)) is Verdict.Deny);
    }

    [Fact]
    public void A_pattern_of_several_commands_allows_nothing_but_the_same_line_word_for_word_does()
    {
        Assert.Contains("a rule of its own", Assert.Single(PermissionRule.Parse("Bash(git add * && git commit *)", Verdict.Allow, User).Problems));
        Assert.Empty(PermissionRule.Parse("Bash(make a && make b)", Verdict.Allow, User).Problems);
        Assert.Equal(Verdict.Allow, Policy(allow: ["Bash(make a && make b)"]).Judge(Bash("make a && make b")).Verdict);
    }
}
