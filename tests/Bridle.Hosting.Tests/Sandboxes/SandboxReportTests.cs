using Bridle.Hosting.Sandboxes;
using Bridle.Sandboxing;

namespace Bridle.Hosting.Tests.Sandboxes;

/// <summary>The report says of each backend what that backend enforces, and nothing that only another one does.</summary>
public sealed class SandboxReportTests
{
    private static readonly ContainerPlace s_place = new("docker", "image") { User = "1:1", MemoryMb = 512 };

    private static string Of(ISandbox sandbox)
    {
        var inForce = new SandboxInForce(sandbox, new SandboxProfile { Workspace = "/w" });
        return string.Join('\n', new SandboxReport(new SandboxDecision("sandbox", sandbox, ""), inForce, "/w", "yes", [], []).Lines());
    }

    [Fact]
    public void Bubblewrap_keeps_everything_that_it_says()
    {
        var report = Of(BubblewrapSandbox.Shared);
        Assert.Contains("they end with Bridle", report);
        Assert.Contains("system calls a filter refuses what reaches into other processes or changes the machine, and Unix sockets", report);
        Assert.Contains("limit        open files:", report);
        Assert.Contains("run without asking: yes", report);
    }

    [Fact]
    public void Landlock_lets_nothing_run_unasked_and_ends_nothing_with_bridle()
    {
        var report = Of(LandlockSandbox.Shared);
        Assert.Contains("run without asking: no, because landlock does not keep them to the workspace", report);
        Assert.Contains("but not when Bridle itself is killed", report);
        Assert.Contains("limit        open files:", report);
    }

    [Fact]
    public void A_container_has_the_engines_filter_and_the_memory_of_its_settings()
    {
        var report = Of(new ContainerSandbox(s_place));
        Assert.Contains("system calls refused is what the engine's own filter refuses", report);
        Assert.Contains($"limit        memory bytes: {512L << 20}\n", report);
        Assert.DoesNotContain("limit        open files", report);
        Assert.DoesNotContain("changes the machine", report);
    }

    [Fact]
    public void Seatbelt_claims_no_filter_no_limits_and_no_end()
    {
        var report = Of(new SeatbeltSandbox());
        Assert.Contains("processes    not confined\n", report);
        Assert.Contains("run without asking: no, because seatbelt", report);
        Assert.DoesNotContain("system calls", report);
        Assert.DoesNotContain("limit  ", report);
        Assert.DoesNotContain("they end", report);
    }
}
