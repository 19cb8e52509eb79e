using System.Diagnostics;
using Bridle.Sandboxing;
using Bridle.Tests.Workspaces;

namespace Bridle.Tests.Sandboxing;

/// <summary>What is put back in a repository when a git that Landlock restricts has ended. The confined program is played by the test.</summary>
public sealed class LandlockWatchTests : IDisposable
{
    private readonly ScratchFolder _here = new();
    private readonly string _git;

    public LandlockWatchTests()
    {
        _git = _here.Folder("ws/.git");
        _here.File("ws/.git/config", "[core]\n");
        _here.File("ws/.git/HEAD", "ref: refs/heads/main\n");
        _here.File("ws/.git/hooks/pre-commit", "true\n");
    }

    public void Dispose() => _here.Dispose();

    [Fact]
    public void A_hook_that_goes_away_while_it_is_looked_at_and_a_link_to_nothing_stop_nothing()
    {
        Directory.CreateSymbolicLink(Path.Combine(_git, "hooks", "post-merge"), "../../later.sh");
        var watch = Before();
        Assert.Null(watch.PutBack());
        Assert.Equal("../../later.sh", new FileInfo(Path.Combine(_git, "hooks", "post-merge")).LinkTarget);

        File.Delete(Path.Combine(_git, "hooks", "post-merge"));
        File.WriteAllText(Path.Combine(_git, "hooks", "post-merge"), "evil");
        Assert.Contains("post-merge was changed and is as before", watch.PutBack(), StringComparison.Ordinal);
        Assert.Equal("../../later.sh", new FileInfo(Path.Combine(_git, "hooks", "post-merge")).LinkTarget);
    }

    [Fact]
    public void A_folder_of_hooks_that_goes_away_is_put_back()
    {
        var watch = Before();
        Directory.Delete(Path.Combine(_git, "hooks"), recursive: true);
        Assert.Contains("pre-commit was changed and is as before", watch.PutBack(), StringComparison.Ordinal);
        Assert.Equal("true\n", File.ReadAllText(Path.Combine(_git, "hooks", "pre-commit")));
    }

    [Fact]
    public void What_cannot_be_put_back_is_said_and_the_rest_is_put_back_all_the_same()
    {
        _here.File("ws/.git/info/attributes", "* text");
        var watch = Before();
        Directory.Delete(Path.Combine(_git, "info"), recursive: true);
        File.WriteAllText(Path.Combine(_git, "info"), "no folder");
        File.WriteAllText(Path.Combine(_git, "config"), "[core]\n\tfsmonitor = evil\n");
        Assert.Contains(".git could not be put back as it was", watch.PutBack(), StringComparison.Ordinal);
        Assert.Equal("[core]\n", File.ReadAllText(Path.Combine(_git, "config")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_link_or_a_file_in_the_place_of_the_hooks_does_not_stay(bool link)
    {
        _here.File("ws/mine/pre-commit", "evil");
        _here.File("ws/mine/pre-push", "evil");
        var watch = Before();
        Directory.Delete(Path.Combine(_git, "hooks"), recursive: true);
        if (link)
        {
            Directory.CreateSymbolicLink(Path.Combine(_git, "hooks"), "../mine");
        }
        else
        {
            File.WriteAllText(Path.Combine(_git, "hooks"), "no folder");
        }

        Assert.Contains("hooks was changed and is as before", watch.PutBack(), StringComparison.Ordinal);
        Assert.Null(new FileInfo(Path.Combine(_git, "hooks")).LinkTarget);
        Assert.Equal(["pre-commit"], Directory.GetFiles(Path.Combine(_git, "hooks")).Select(Path.GetFileName));
        Assert.Equal("evil", File.ReadAllText(_here["ws/mine/pre-push"]));
        Assert.Null(Before().PutBack());
    }

    [Theory]
    [InlineData("hooks/post-checkout", 2)]
    [InlineData("hooks/pre-commit", 2)]
    [InlineData("commondir", 70)]
    public void A_file_is_not_passed_over_for_its_length(string name, int megabytes)
    {
        var watch = Before();
        using (var file = File.OpenWrite(Path.Combine(_git, name)))
        {
            file.Write("evil\n"u8);
            file.SetLength((long)megabytes << 20);
        }

        Assert.Contains(name, watch.PutBack(), StringComparison.Ordinal);
        Assert.Equal(name is "hooks/pre-commit", File.Exists(Path.Combine(_git, name)));
    }

    [Theory]
    [InlineData("hooks/pre-commit")]
    [InlineData("config")]
    [InlineData("HEAD")]
    [InlineData("commondir")]
    public async Task A_pipe_in_the_place_of_a_file_is_not_waited_for(string name)
    {
        var watch = Before();
        var path = Path.Combine(_git, name);
        var before = File.Exists(path) ? await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken) : null;
        File.Delete(path);
        using (var mkfifo = Process.Start("mkfifo", [path]))
        {
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var told = await Task.Run(watch.PutBack, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Contains(path, told, StringComparison.Ordinal);
        Assert.Equal(before, File.Exists(path) ? await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken) : null);
    }

    private LandlockWatch Before() => LandlockWatch.Before(new SandboxProfile { Workspace = _here["ws"], GitWrite = true })!;
}
