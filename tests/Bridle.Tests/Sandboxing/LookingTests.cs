using Bridle.Sandboxing;
using Bridle.Workspaces;

namespace Bridle.Tests.Sandboxing;

/// <summary>What a dry run may ask of a sandbox.</summary>
public sealed class LookingTests
{
    [Fact]
    public void A_container_is_entered_by_the_real_path_of_the_folder_which_is_the_one_that_is_mounted()
    {
        var folder = Directory.CreateTempSubdirectory("bridle-tests-");
        try
        {
            var (work, link) = (folder.CreateSubdirectory("work").FullName, Path.Combine(folder.FullName, "link"));
            Directory.CreateSymbolicLink(link, work);
            var arguments = new ContainerPlace("podman", "alpine") { User = "0:0" }.Run("n", new ProcessSpec("true", [], link) { OnOutput = _ => { } }, new SandboxProfile { Workspace = work }, []);
            Assert.Equal(work, arguments[arguments.IndexOf("-w") + 1]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

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
