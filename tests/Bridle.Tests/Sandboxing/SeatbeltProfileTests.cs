using Bridle.Messages;
using Bridle.Sandboxing;
using Bridle.Workspaces;

namespace Bridle.Tests.Sandboxing;

public sealed class SeatbeltProfileTests
{
    private static readonly SandboxProfile s_profile = new()
    {
        Workspace = "/w",
        Writable = ["/out"],
        Protected = [new ProtectedPath("/w/.git", IsFolder: true), new ProtectedPath("/w/a/.mcp.json", IsFolder: false)],
        Masked = ["/home/p/.ssh", "/home/p/say \"hi\""],
        Mounts = [new SandboxMount("/cache", "/cache", Writable: true), new SandboxMount("/shown", "/shown", Writable: false)],
        TemporaryFolder = "/private/tmp/x",
    };

    [Fact]
    public void Everything_is_denied_first_and_what_may_be_written_is_named()
    {
        var text = SeatbeltProfile.Of(s_profile);
        Assert.StartsWith("(version 1)\n(deny default)\n", text, StringComparison.Ordinal);
        Assert.Equal(["/w", "/out", "/cache", "/private/tmp/x"], Named(text, "allow file-write* (subpath"));
        Assert.DoesNotContain("network", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_masked_and_protected_is_denied_after_what_is_allowed_because_the_last_rule_holds()
    {
        var text = SeatbeltProfile.Of(s_profile);
        Assert.True(text.LastIndexOf("(deny file-read* (subpath \"/home/p/.ssh\"))", StringComparison.Ordinal) > text.LastIndexOf("(allow file-read*", StringComparison.Ordinal));
        Assert.True(text.IndexOf("(deny file-write* (subpath \"/w/.git\"))", StringComparison.Ordinal) > text.LastIndexOf("(allow file-write* (subpath", StringComparison.Ordinal));
        Assert.Contains("(deny file-write-unlink (literal \"/w/a\"))", text, StringComparison.Ordinal);
        Assert.Contains("(deny file-write-unlink (literal \"/w\"))", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_shown_is_allowed_after_the_folder_around_it_was_denied()
    {
        var text = SeatbeltProfile.Of(s_profile with { Shown = ["/home/p/.ssh/own"] });
        Assert.True(text.IndexOf("(allow file-read* (literal \"/home/p/.ssh/own\"))", StringComparison.Ordinal) > text.LastIndexOf("(deny file-read*", StringComparison.Ordinal));
    }

    [Fact]
    public void A_quote_in_a_path_stays_in_the_path() =>
        Assert.Contains("(subpath \"/home/p/say \\\"hi\\\"\")", SeatbeltProfile.Of(s_profile), StringComparison.Ordinal);

    [Fact]
    public void A_workspace_that_may_not_be_changed_is_not_writable() =>
        Assert.DoesNotContain("/w", Named(SeatbeltProfile.Of(s_profile with { WorkspaceReadOnly = true }), "allow file-write* (subpath"));

    [Fact]
    public void Git_may_write_its_repository_without_its_hooks_and_configuration()
    {
        var denied = Named(SeatbeltProfile.Of(s_profile with { GitWrite = true }), "deny file-write* (subpath");
        Assert.DoesNotContain("/w/.git", denied);
        Assert.Contains("/w/.git/hooks", denied);
        Assert.Contains("/w/.git/config", denied);
    }

    [Fact]
    public void The_network_is_open_only_when_all_of_it_is()
    {
        Assert.Contains("(allow network*)", SeatbeltProfile.Of(s_profile with { Network = SandboxNetwork.Open }), StringComparison.Ordinal);
        Assert.Contains("(allow network-outbound (remote ip \"localhost:3128\"))", SeatbeltProfile.Of(s_profile with { Network = new SandboxNetwork.Proxy("/s", "/d", "x") }), StringComparison.Ordinal);
    }

    [Fact]
    public void It_says_that_it_is_untried_claims_nothing_about_processes_and_refuses_what_it_cannot_do()
    {
        var sandbox = new SeatbeltSandbox();
        Assert.Equal(OperatingSystem.IsMacOS(), sandbox.Probe().Works);
        Assert.Null(sandbox.Plan(s_profile).Processes);
        Assert.False(sandbox.Plan(s_profile).KeepsToWorkspace);
        var door = sandbox.Confine(new LocalProcesses(), s_profile with { Network = new SandboxNetwork.Proxy("/s", "/d", "x") });
        Assert.Contains("Nothing was run", Assert.Throws<ToolException>(() => door.Start(new ProcessSpec("true", [], "/") { OnOutput = _ => { } })).Message, StringComparison.Ordinal);
    }

    private static List<string> Named(string text, string rule) =>
        [.. text.Split('\n').Where(line => line.StartsWith($"({rule} ", StringComparison.Ordinal)).Select(line => line.Split('"')[1])];
}
