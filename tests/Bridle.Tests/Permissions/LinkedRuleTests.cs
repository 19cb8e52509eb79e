using Bridle.Permissions;
using Bridle.Tests.Workspaces;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Tests.Permissions;

/// <summary>A rule that denies or asks and names files through a link holds for them by whatever name they are asked for; one that allows does not get wider.</summary>
public sealed class LinkedRuleTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly LocalFiles _files;

    public LinkedRuleTests()
    {
        foreach (var folder in new[] { "ws/real/deep", "ws/other", "outside" })
        {
            Directory.CreateDirectory(In(folder));
        }

        foreach (var file in new[] { "ws/real/x.txt", "ws/real/deep/y.txt", "ws/other/z.txt", "ws/b.txt", "outside/o.txt" })
        {
            File.WriteAllText(In(file), "as it was");
        }

        Link("ws/link", "real");
        Link("ws/second", "link");
        Link("ws/one.txt", "b.txt");
        Link("ws/out", In("outside"));
        Link("alias", "ws");
        _files = new LocalFiles(In("ws"));
    }

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("Edit(link/**)", "real/x.txt")]
    [InlineData("Edit(link/**)", "link/x.txt")]
    [InlineData("Edit(link/**)", "second/x.txt")]
    [InlineData("Edit(link)", "real/x.txt")]
    [InlineData("Edit(./link/x.txt)", "real/x.txt")]
    [InlineData("Edit(link/deep/*.txt)", "real/deep/y.txt")]
    [InlineData("Edit(link/new/**)", "real/new/file.txt")]
    [InlineData("Edit(**/link/x.txt)", "real/x.txt")]
    [InlineData("Edit(second/**)", "link/x.txt")]
    [InlineData("Edit(second/**)", "real/deep/y.txt")]
    [InlineData("Edit(one.txt)", "b.txt")]
    [InlineData("Edit(./one.txt)", "b.txt")]
    [InlineData("Edit(real/**)", "link/x.txt")]
    [InlineData("Edit(real/**)", "second/deep/y.txt")]
    [InlineData("Edit(b.txt)", "one.txt")]
    [InlineData("Edit(out/**)", "../outside/o.txt")]
    [InlineData("Edit(//ALIAS/real/**)", "real/x.txt")]
    [InlineData("Edit(//ALIAS/link/**)", "real/x.txt")]
    [InlineData("Read(link/**)", "real/x.txt")]
    public void A_link_in_the_rule_or_in_the_path_makes_no_difference(string rule, string path)
    {
        rule = rule.Replace("//ALIAS", $"/{In("alias")}", StringComparison.Ordinal);
        foreach (var (verdict, policy) in new[] { (Verdict.Deny, Policy(deny: [rule])), (Verdict.Ask, Policy(ask: [rule])) })
        {
            Assert.Equal(verdict, policy.Judge(Writing(path)).Verdict);
            Assert.Equal(verdict, policy.Judge(Bash($"touch {path}")).Verdict);
            Assert.Equal(verdict, policy.Judge(Bash($"sh -c 'echo x > {path}'")).Verdict);
        }
    }

    [Theory]
    [InlineData("Edit(link/**)", "other/z.txt")]
    [InlineData("Edit(link/x.txt)", "real/deep/y.txt")]
    [InlineData("Edit(one.txt)", "real/x.txt")]
    [InlineData("Edit(nothing/**)", "real/x.txt")]
    public void Other_files_stay_free(string rule, string path) => Assert.Equal(Verdict.Allow, Policy(deny: [rule]).Judge(Writing(path)).Verdict);

    [Fact]
    public void A_rule_that_allows_does_not_get_wider()
    {
        var policy = new PermissionPolicy(new() { Root = _files.Root, Home = "/home/nobody", Rules = Judging.Rules(allow: ["Edit(link/**)", "Read(out/**)"]) });
        Assert.Equal(Verdict.Ask, policy.Judge(Writing("real/x.txt")).Verdict);
        Assert.Equal(Verdict.Ask, policy.Judge(Writing("link/x.txt")).Verdict);
        Assert.Equal(Verdict.Ask, policy.Judge(Reading("out/o.txt")).Verdict);
        Assert.Equal(Verdict.Ask, policy.Judge(Reading("../outside/o.txt")).Verdict);
    }

    [Fact]
    public void A_rule_that_asks_by_a_link_does_not_open_what_is_refused()
    {
        Directory.CreateDirectory(In("ws/.aws"));
        File.WriteAllText(In("ws/.aws/config"), "region");
        Link("ws/plain", ".aws/config");
        Assert.Equal(Verdict.Deny, Policy(ask: ["Read(plain)"]).Judge(Reading(".aws/config")).Verdict);
    }

    [Fact]
    public void A_link_that_is_made_or_changed_later_counts_and_takes_nothing_back()
    {
        var inForce = new PermissionsInForce(Options(deny: ["Edit(later/**)"]));
        Assert.Equal(Verdict.Allow, inForce.Renewed().Judge(Writing("real/x.txt")).Verdict);
        var before = inForce.Policy;
        Assert.Same(before, inForce.Renewed());

        Link("ws/later", "real");
        Assert.Equal(Verdict.Deny, inForce.Renewed().Judge(Writing("real/x.txt")).Verdict);
        Assert.Same(inForce.Policy, inForce.Renewed());

        File.Delete(In("ws/later"));
        Link("ws/later", "other");
        Assert.Equal((Verdict.Deny, Verdict.Deny), (inForce.Renewed().Judge(Writing("other/z.txt")).Verdict, inForce.Renewed().Judge(Writing("real/x.txt")).Verdict));

        inForce.SetMode(PermissionMode.Bypass);
        Assert.Equal(Verdict.Deny, inForce.Renewed().Judge(Writing("real/x.txt")).Verdict);
    }

    [Fact]
    public void Listings_leave_out_what_a_rule_names_through_a_link()
    {
        var door = new GuardedFiles(_files, Policy(deny: ["Read(link/**)"]), []);
        Assert.DoesNotContain("real", door.List(_files.Resolve(".", _files.Root)).Select(entry => entry.Name));
    }

    private PolicyOptions Options(string[]? ask = null, string[]? deny = null) =>
        new() { Root = _files.Root, Home = "/home/nobody", Mode = PermissionMode.Bypass, Rules = Judging.Rules(ask: ask, deny: deny) };

    private PermissionPolicy Policy(string[]? ask = null, string[]? deny = null) => new(Options(ask, deny));

    private string In(string path) => Path.Combine(_scratch.Path, path);

    private void Link(string path, string to) => File.CreateSymbolicLink(In(path), to);

    private CallToJudge Bash(string command) => Read("Bash", ToolKind.Execute, new CommandTarget(command));

    private CallToJudge Writing(string path) => Read("Write", ToolKind.Write, new FileTarget(path, FileAccessKind.Write));

    private CallToJudge Reading(string path) => Read("Read", ToolKind.Read, new FileTarget(path, FileAccessKind.Read));

    private CallToJudge Read(string tool, ToolKind kind, ToolTarget target) =>
        CallReader.Read(new ToolDefinition(tool, "", default, kind, Events.ToolEffect.Once, false), new ToolInput(default, new object(), [target]), _files, _files.Root);
}
