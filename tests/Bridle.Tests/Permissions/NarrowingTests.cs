using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>What a skill in use takes away, and that it never gives anything.</summary>
public sealed class NarrowingTests
{
    [Theory]
    [InlineData("Read", "Read", "a.txt", true)]
    [InlineData("Read", "Read", "/ws/src/a.cs", true)]
    [InlineData("Read(src/**)", "Read", "src/a.cs", true)]
    [InlineData("Read(src/**)", "Read", "a.txt", false)]
    [InlineData("Grep", "Read", "a.txt", false)]
    [InlineData("Write", "Write", "a.txt", true)]
    [InlineData("Read", "Write", "a.txt", false)]
    [InlineData("Bash(git status:*)", "Bash", "git status --short", true)]
    [InlineData("Bash(git:*)", "Bash", "git status && git log", true)]
    [InlineData("Bash(git:*)", "Bash", "git status && rm -rf x", false)]
    [InlineData("Bash(git:*)", "Bash", "echo \"$(rm x)\"", false)]
    [InlineData("Bash(git:*)", "Bash", "git log > a.txt", false)]
    [InlineData("Bash", "Bash", "anything at all", true)]
    [InlineData("", "Read", "a.txt", false)]
    public void Only_what_its_rules_cover_passes(string allowed, string tool, string target, bool passes)
    {
        var policy = new PermissionPolicy(Options with { Mode = PermissionMode.Bypass, Narrowings = [Only("a", allowed.Length is 0 ? [] : [allowed])] });
        var call = tool switch { "Bash" => Bash(target), "Write" => Writing(target), _ => Reading(target) };
        Assert.Equal(passes ? Verdict.Allow : Verdict.Deny, policy.Judge(call).Verdict);
        Assert.Equal(passes, policy.WhatDenies(call) is null);
    }

    [Fact]
    public void It_widens_nothing_past_the_gate()
    {
        PermissionPolicy With(params string[] deny) => new(Options with { Rules = Rules(deny: deny), Narrowings = [Only("a", "Bash(npm test)", "Write", "Read")] });
        Assert.Equal(Verdict.Ask, With().Judge(Bash("npm test")).Verdict);
        Assert.Equal(Verdict.Ask, With().Judge(Writing("a.txt")).Verdict);
        Assert.Equal(Verdict.Deny, With("Bash(npm:*)").Judge(Bash("npm test")).Verdict);
        Assert.Equal(Verdict.Ask, With().Judge(Reading("/etc/passwd")).Verdict);
    }

    [Fact]
    public void Each_of_several_counts_and_what_touches_nothing_is_free()
    {
        var policy = new PermissionPolicy(Options with { Mode = PermissionMode.Bypass, Narrowings = [Only("a", "Read", "Bash"), Only("b", "Read", "Write")] });
        Assert.Equal(Verdict.Allow, policy.Judge(Reading("a.txt")).Verdict);
        var refused = policy.Judge(Bash("ls"));
        Assert.Equal((Verdict.Deny, "The skill 'b' is in use, and until the person's next message its allowed-tools let only these calls be made: Read, Write."), (refused.Verdict, refused.Reason));
        Assert.Equal(Verdict.Deny, policy.Judge(Writing("a.txt")).Verdict);
        Assert.Equal(Verdict.Allow, policy.Judge(Call("Skill", ToolKind.Meta)).Verdict);
        Assert.Equal(Verdict.Deny, policy.Judge(Call("mcp__x__y", ToolKind.Meta)).Verdict);
    }

    [Fact]
    public void What_it_refuses_is_refused_and_the_offer_of_tools_stays_the_same()
    {
        var narrowing = new Narrowing("The skill 'a'", null, [Rule("Bash(rm:*)", Verdict.Deny)]);
        var policy = new PermissionPolicy(Options with { Mode = PermissionMode.Bypass, Narrowings = [narrowing] });
        Assert.Equal(Verdict.Deny, policy.Judge(Bash("ls && rm x")).Verdict);
        Assert.Equal(Verdict.Allow, policy.Judge(Bash("ls")).Verdict);
        Assert.False(new PermissionPolicy(Options with { Narrowings = [Only("a", "Read")] }).Hides("Bash"));
    }

    [Fact]
    public void A_folder_that_is_lent_may_be_read_and_nothing_else()
    {
        var files = Files().File("/home/u/.config/bridle/skills/s/help.md").File("/home/u/.config/bridle/settings.json").File("/home/u/.config/bridle/skills/s/.env").Link("/home/u/.config/bridle/skills/s/out", "/etc/passwd");
        var options = Options with { HarnessFolders = ["/home/u/.config/bridle"] };
        var policy = new PermissionPolicy(options with { ReadableFolders = ["/home/u/.config/bridle/skills/s"] });
        Verdict Read(PermissionPolicy one, string path) => one.Judge(Reading(path, files: files)).Verdict;
        Assert.Equal(Verdict.Allow, Read(policy, "/home/u/.config/bridle/skills/s/help.md"));
        Assert.Equal(Verdict.Allow, policy.JudgeReading(files.Resolve("/home/u/.config/bridle/skills/s/help.md", "/ws"), agreed: false).Verdict);
        Assert.Equal(Verdict.Deny, Read(new PermissionPolicy(options), "/home/u/.config/bridle/skills/s/help.md"));
        Assert.Equal(Verdict.Deny, Read(policy, "/home/u/.config/bridle/settings.json"));
        Assert.Equal(Verdict.Ask, Read(policy, "/home/u/.config/bridle/skills/s/.env"));
        Assert.NotEqual(Verdict.Allow, Read(policy, "/home/u/.config/bridle/skills/s/out"));
        Assert.Equal(Verdict.Deny, policy.Judge(Writing("/home/u/.config/bridle/skills/s/help.md", files: files)).Verdict);
        Assert.Equal(Verdict.Deny, policy.Judge(Bash("cat /home/u/.config/bridle/skills/s/help.md", files)).Verdict);
        Assert.Equal(Verdict.Deny, Read(new PermissionPolicy(policy.Options with { Rules = Rules(deny: ["Read(//home/u/.config/bridle/skills/**)"]) }), "/home/u/.config/bridle/skills/s/help.md"));
        Assert.Equal(Verdict.Deny, Read(new PermissionPolicy(policy.Options with { BlockReadsOutside = true }), "/home/u/.config/bridle/skills/s/help.md"));
    }

    [Fact]
    public void An_output_of_the_session_may_be_looked_at_and_nothing_else()
    {
        const string Own = "/home/u/data/blobs/aa";
        var files = Files().File(Own).File("/home/u/data/blobs/bb").Link("/ws/link", "/home/u/data/blobs/bb").Link("/ws/own", Own);
        var closed = new PermissionPolicy(Options with { HarnessFolders = ["/home/u/data"] });
        var policy = new PermissionPolicy(closed.Options with { ReadableFiles = new HashSet<string> { Own }, BlockReadsOutside = true });
        foreach (var mode in new[] { PermissionMode.Default, PermissionMode.Plan, PermissionMode.DontAsk, PermissionMode.Bypass })
        {
            var one = new PermissionPolicy(policy.Options with { Mode = mode });
            Verdict Run(string command) => one.Judge(Bash(command, files)).Verdict;
            Assert.Equal(Verdict.Allow, one.Judge(Reading(Own, files: files)).Verdict);
            Assert.Equal(Verdict.Allow, one.Judge(Reading("/ws/own", files: files)).Verdict);
            Assert.Equal(Verdict.Deny, one.Judge(Reading("/ws/link", files: files)).Verdict);
            Assert.Equal(Verdict.Deny, one.Judge(Reading("/home/u/data/blobs/bb", files: files)).Verdict);
            Assert.Equal(Verdict.Deny, one.Judge(Reading("/home/u/data/blobs", files: files)).Verdict);
            Assert.Equal(Verdict.Deny, one.Judge(Writing(Own, files: files)).Verdict);
            Assert.Equal([Verdict.Allow, Verdict.Allow], [Run($"tail -1 {Own}"), Run($"grep -c 7 {Own} | head -5")]);
            Assert.All(["rm {0}", "echo x > {0}", "cp x {0}", "sort -o {0} x", "cat /home/u/data/blobs/bb", "cat {0} /home/u/data/blobs/bb", "cat /home/u/data/blobs/*", "ls /home/u/data/blobs"], command =>
                Assert.Equal(Verdict.Deny, Run(string.Format(null, command, Own))));
        }

        Assert.Contains("may only be read", policy.Judge(Bash($"rm {Own}", files)).Reason);
        Assert.Equal(Verdict.Deny, closed.Judge(Bash($"tail -1 {Own}", files)).Verdict);
        Assert.Equal(Verdict.Allow, policy.JudgeReading(files.Resolve(Own, "/ws"), agreed: false).Verdict);
        Assert.Equal(Verdict.Deny, policy.JudgeReading(files.Resolve("/home/u/data/blobs/bb", "/ws"), agreed: true).Verdict);
        Assert.Equal(Verdict.Deny, new PermissionPolicy(policy.Options with { Rules = Rules(deny: ["Read(//home/u/data/**)"]) }).Judge(Reading(Own, files: files)).Verdict);
    }

    private static Narrowing Only(string name, params string[] rules) => new($"The skill '{name}'", [.. rules.Select(rule => Rule(rule, Verdict.Allow))], []);
}
