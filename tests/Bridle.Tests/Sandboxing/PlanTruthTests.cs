using Bridle.Events;
using Bridle.Sandboxing;
using Bridle.Testing;
using Bridle.Tools;
using System.Text.Json;

namespace Bridle.Tests.Sandboxing;

/// <summary>What a plan says of a call must be what holds for it: nothing that the harness does itself is confined by the sandbox of programs.</summary>
public sealed class PlanTruthTests
{
    private static readonly SandboxInForce s_on = new(new PretendSandbox(), new SandboxProfile { Workspace = "/w" });

    [Theory]
    [InlineData(ToolWork.Programs, "pretend: pretends; pretends; pretends", true)]
    [InlineData(ToolWork.Files, "bridle: files by handle and only where the rules allow; no network; no programs", true)]
    [InlineData(ToolWork.Network, "bridle: no files; public addresses that the rules allow, checked when connecting; no programs", true)]
    [InlineData(ToolWork.Session, "bridle: touches nothing outside the session; no programs", true)]
    [InlineData(ToolWork.Own, "none: the tool's own code runs inside Bridle, as you; programs that it starts through Bridle are confined by pretend: pretends; pretends; pretends", false)]
    public void It_says_what_holds_for_each_way_to_work(ToolWork work, string text, bool keeps)
    {
        var plan = s_on.PlanFor(ToolThat(work), asksForNone: false);

        Assert.Equal(text, plan.Text);
        Assert.Equal(work is ToolWork.Programs, plan.IsConfined);
        Assert.Equal(keeps, plan.KeepsToWorkspace);
    }

    [Fact]
    public void Asking_for_no_sandbox_changes_only_what_the_sandbox_would_hold()
    {
        Assert.StartsWith("none: asked to run", s_on.PlanFor(ToolThat(ToolWork.Programs), asksForNone: true).Text, StringComparison.Ordinal);
        Assert.StartsWith("none: asked to run", s_on.PlanFor(ToolThat(ToolWork.Own), asksForNone: true).Text, StringComparison.Ordinal);
        Assert.StartsWith("bridle: files", s_on.PlanFor(ToolThat(ToolWork.Files), asksForNone: true).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_sandbox_programs_are_said_to_be_free_and_the_doors_still_hold()
    {
        var off = new SandboxInForce("off", "switched off");

        Assert.Equal("none: switched off", off.PlanFor(ToolThat(ToolWork.Programs), asksForNone: false).Text);
        Assert.Equal("none: switched off", off.PlanFor(ToolThat(ToolWork.Own), asksForNone: false).Text);
        var files = off.PlanFor(ToolThat(ToolWork.Files), asksForNone: false);
        Assert.StartsWith("bridle: files", files.Text, StringComparison.Ordinal);
        Assert.False(files.KeepsToWorkspace);
    }

    [Fact]
    public void A_call_that_nobody_was_asked_about_is_planned_and_confined_without_the_hosts_that_others_have()
    {
        var registries = new SandboxNetwork.Proxy("/s", "/d", "registry.example");
        var sandbox = new PretendSandbox();
        var inForce = new SandboxInForce(sandbox, new SandboxProfile { Workspace = "/w", Network = new SandboxNetwork.Proxy("/p", "/d", "*") })
        {
            Unasked = new([new("npm", ["npm ci"])], reach => reach.Count == 0 ? SandboxNetwork.None : registries),
        };
        var tool = ToolThat(ToolWork.Programs);

        var plan = inForce.PlanFor(tool, asksForNone: false);
        Assert.Equal((false, "npm"), (plan.IsUnasked, Assert.Single(plan.Fetching).Family));
        Assert.True(inForce.PlanFor(tool, asksForNone: false, []).IsUnasked);
        SandboxNetwork ConfinedBy(IReadOnlyList<string>? reach)
        {
            _ = inForce.Confine(new Bridle.Workspaces.LocalProcesses(), inForce.PlanFor(tool, asksForNone: false, reach), reach: reach);
            return sandbox.Profiles[^1].Network;
        }

        Assert.Equal("*", Assert.IsType<SandboxNetwork.Proxy>(ConfinedBy(null)).Rules);
        Assert.Same(SandboxNetwork.None, ConfinedBy([]));
        Assert.Same(registries, ConfinedBy(["npm"]));
    }

    [Theory]
    [InlineData("", "no network")]
    [InlineData("a.example", "network only to a.example")]
    public void Bubblewrap_says_what_its_proxy_lets_through(string rules, string text) =>
        Assert.Equal(text, BubblewrapSandbox.Shared.Plan(new SandboxProfile { Workspace = "/w", Network = new SandboxNetwork.Proxy("/p", "/d", rules) }).Network);

    [Fact]
    public void The_tool_for_git_is_planned_as_it_is_run_and_is_known_by_what_it_is_and_not_by_its_name()
    {
        ToolDefinition Git() => ToolThat(ToolWork.Programs) with { Name = "Git", Kind = ToolKind.Write };
        var (own, other) = (Git(), Git());
        var sandbox = new PretendSandbox();
        var inForce = new SandboxInForce(sandbox, new SandboxProfile { Workspace = "/w", Network = SandboxNetwork.Open }) { RepositoryTool = own };

        var plan = inForce.PlanFor(own, asksForNone: false);
        Assert.Contains(".git but for its hooks and configuration", plan.Text, StringComparison.Ordinal);
        Assert.True(plan.KeepsToWorkspace);
        Assert.False(inForce.Plan.KeepsToWorkspace);

        Assert.Equal(inForce.Plan, inForce.PlanFor(other, asksForNone: false));
        Assert.Equal((true, false), (inForce.WritesRepository(own), inForce.WritesRepository(other)));
        Assert.False(new SandboxInForce(sandbox, new SandboxProfile { Workspace = "/w" }).WritesRepository(own));
    }

    private static ToolDefinition ToolThat(ToolWork work) => new("T", "t", JsonDocument.Parse("{}").RootElement, ToolKind.Execute, ToolEffect.Once, false) { Work = work };
}
