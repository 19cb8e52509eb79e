using Bridle.Sandboxing;

namespace Bridle.Tests.Sandboxing;

/// <summary>A git that may write works in a linked worktree as well, and can no more lead the next git elsewhere than in the main one.</summary>
public sealed class LinkedWorktreeTests : IDisposable
{
    private readonly Confined _here = new();

    public LinkedWorktreeTests()
    {
        Confined.SkipUnlessItWorks();
        Directory.CreateDirectory(Path.Combine(_here.Outer, "main"));
        _here.Git("-C", "../main", "init", "-q", "-b", "main");
        _here.Git("-C", "../main", "commit", "-q", "--allow-empty", "-m", "first");
        _here.Git("-C", "../main", "worktree", "add", "-q", _here.Workspace, "-b", "side");
        _here.Profile = WorktreeGit.Open(_here.Profile with { Protected = ProtectedPlaces.Of(_here.Workspace, "/nobody") }) with { GitWrite = true };
    }

    public void Dispose() => _here.Dispose();

    private string Common(string name) => Path.Combine(_here.Outer, "main", ".git", name);

    [Fact]
    public async Task Git_does_its_work_in_it() =>
        Assert.Equal((0, ""), await _here.BashAsync("git -c user.name=a -c user.email=a@example.com commit -q --allow-empty -m x && git checkout -q -b other"));

    [Theory]
    [InlineData("echo 'gitdir: /nowhere' > .git")]
    [InlineData("rm .git")]
    [InlineData("mv .git x")]
    [InlineData("echo x > ../main/.git/worktrees/ws/commondir")]
    [InlineData("mv ../main/.git/worktrees/ws ../main/.git/worktrees/x")]
    [InlineData("mv ../main/.git/worktrees ../main/.git/x")]
    [InlineData("echo x >> ../main/.git/config")]
    [InlineData("echo x > ../main/.git/hooks/post-commit")]
    public async Task What_leads_to_the_repository_stays_as_it_is(string script)
    {
        var (pointer, common) = (File.ReadAllText(_here.In(".git")), File.ReadAllText(Common("worktrees/ws/commondir")));

        Assert.NotEqual(0, (await _here.BashAsync(script)).Code);

        Assert.Equal((pointer, common), (File.ReadAllText(_here.In(".git")), File.ReadAllText(Common("worktrees/ws/commondir"))));
    }

    [Theory]
    [InlineData("echo ../x > ../main/.git/commondir", "commondir")]
    [InlineData("echo x > ../main/.git/config.worktree", "config.worktree")]
    [InlineData("mkdir -p ../main/.git/info; echo '* filter=x' > ../main/.git/info/attributes", "info/attributes")]
    [InlineData("mkdir -p ../main/.git/worktrees/ws/info; echo '* filter=x' > ../main/.git/worktrees/ws/info/attributes", "worktrees/ws/info/attributes")]
    public async Task What_is_planted_in_the_shared_repository_is_removed_and_the_command_fails(string script, string planted)
    {
        var (code, output) = await _here.BashAsync(script);

        Assert.Equal(125, code);
        Assert.Contains("was planted and is removed", output, StringComparison.Ordinal);
        Assert.False(File.Exists(Common(planted)));
    }

    [Theory]
    [InlineData("ws/.git")]
    [InlineData("main/.git/worktrees/ws/commondir")]
    [InlineData("main/.git/worktrees/ws/gitdir")]
    [InlineData("main/.git/commondir")]
    [InlineData("main/.git/config")]
    public void Where_nothing_can_be_mounted_it_is_put_back_afterwards(string name)
    {
        var path = Path.Combine(_here.Outer, name);
        var before = File.Exists(path) ? File.ReadAllText(path) : null;
        var watch = LandlockWatch.Before(_here.Profile)!;
        File.WriteAllText(path, "evil");

        Assert.Contains(path, watch.PutBack(), StringComparison.Ordinal);

        Assert.Equal(before, File.Exists(path) ? File.ReadAllText(path) : null);
        Assert.Null(LandlockWatch.Before(_here.Profile)!.PutBack());
    }
}
