using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>What holds for every set of rules, tried on many made from a seed.</summary>
public sealed class PolicyPropertyTests
{
    private static readonly string[] RuleTexts =
    [
        "Bash", "Bash(git:*)", "Bash(git log:*)", "Bash(rm:*)", "Bash(npm test)", "Bash(* x)", "Read", "Read(**)", "Read(src/**)", "Read(**/.env)", "Read(//etc/**)", "Write", "Edit(src/**)", "Edit(**)",
        "Write(~/x)", "Edit|Write", "mcp__*__*", "mcp__a__do", "WebFetch", "WebFetch(domain:example.com)", "WebFetch(domain:*)", "Grep", "Glob(src)", "TodoWrite", "Read(.env)", "Edit(.git/**)",
    ];

    private static readonly CallToJudge[] Calls =
    [
        Bash("git log"), Bash("git push; rm x"), Bash("npm test"), Bash("rm -rf /"), Bash("cat .env"), Bash("ls"), Bash("echo $(rm x)"), Reading("a.txt"), Reading(".env"), Reading("/etc/passwd"),
        Reading("src", "Grep"), Writing("src/a.cs"), Writing(".git/config"), Writing("a.txt", "Edit"), Writing("~/x"), Call("mcp__a__do", ToolKind.Execute), Call("TodoWrite", ToolKind.Meta),
        Fetching("https://example.com/"), Fetching("https://other.test/"), Reading("~/.ssh/id_rsa"),
    ];

    [Fact]
    public void The_order_of_rules_changes_no_verdict() => ForMany((random, rules, mode, call) =>
    {
        var shuffled = rules.ToArray();
        random.Shuffle(shuffled);
        Assert.Equal(Judge(rules, mode, call), Judge(shuffled, mode, call));
    });

    [Fact]
    public void A_further_deny_or_ask_rule_never_loosens() => ForMany((random, rules, mode, call) =>
    {
        var verdict = random.Next(2) == 0 ? Verdict.Deny : Verdict.Ask;
        var more = rules.Append(Rule(RuleTexts[random.Next(RuleTexts.Length)], verdict)).ToArray();

        // An ask rule of the person that names a credentials file is the one way to move it from deny to ask; none of these names one.
        Assert.True(Judge(more, mode, call) >= Judge(rules, mode, call));
    });

    [Fact]
    public void Rules_of_a_project_never_loosen() => ForMany((random, rules, mode, call) =>
    {
        var source = new RuleSource(random.Next(2) == 0 ? RuleLayer.Project : RuleLayer.ProjectLocal, "project", "/ws");
        var added = PermissionRule.Parse(RuleTexts[random.Next(RuleTexts.Length)], (Verdict)random.Next(3), source).Rule;
        PermissionRule[] more = added is null ? rules : [.. rules, added];
        Assert.True(Judge(more, mode, call) >= Judge(rules, mode, call));
    });

    [Fact]
    public void A_further_allow_rule_never_tightens() => ForMany((random, rules, mode, call) =>
        Assert.True(Judge([.. rules, .. AllowRule(random)], mode, call) <= Judge(rules, mode, call)));

    private static PermissionRule[] AllowRule(Random random) => [Rule(RuleTexts[random.Next(RuleTexts.Length)], Verdict.Allow)];

    private static Verdict Judge(IReadOnlyList<PermissionRule> rules, PermissionMode mode, CallToJudge call) => new PermissionPolicy(Options with { Mode = mode, Rules = rules }).Judge(call).Verdict;

    private static void ForMany(Action<Random, PermissionRule[], PermissionMode, CallToJudge> check)
    {
        var random = new Random(11);
        for (var i = 0; i < 4_000; i++)
        {
            var rules = Enumerable.Range(0, random.Next(6)).Select(_ => Rule(RuleTexts[random.Next(RuleTexts.Length)], (Verdict)random.Next(3))).ToArray();
            check(random, rules, (PermissionMode)random.Next(5), Calls[random.Next(Calls.Length)]);
        }
    }
}
