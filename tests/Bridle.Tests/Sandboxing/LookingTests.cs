using Bridle.Sandboxing;
using Bridle.Workspaces;

namespace Bridle.Tests.Sandboxing;

/// <summary>What a dry run may ask of a sandbox.</summary>
public sealed class LookingTests
{
    [Fact]
    public void A_look_at_a_backend_says_whether_its_program_is_there_and_starts_nothing()
    {
        var nobody = new Nobody();
        Assert.True(new BubblewrapSandbox(nobody).Look() is { Works: true, Detail: var where } && where.EndsWith("/bwrap, untried", StringComparison.Ordinal));
        var missing = new ContainerSandbox(new ContainerPlace("no-such-engine", "alpine") { User = "0:0" }, nobody).Look();
        Assert.Equal((false, "The program no-such-engine was not found on PATH. Check its name, or install it. Install it, or name another engine."), (missing.Works, missing.Detail));
        Assert.Equal(LandlockSandbox.Shared.Look().Works, LandlockSandbox.Shared.Look().Detail.EndsWith("untried", StringComparison.Ordinal));
    }

    private sealed class Nobody : IProcesses
    {
        public IRunningProcess Start(ProcessSpec spec) => throw new InvalidOperationException($"{spec.Program} was started.");
    }
}
