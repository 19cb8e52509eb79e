using Bridle.Sandboxing;

namespace Bridle.Tests.Sandboxing;

public sealed class ProtectionTests : IDisposable
{
    private readonly Confined _here = new();

    public ProtectionTests() => Confined.SkipUnlessItWorks();

    public void Dispose() => _here.Dispose();

    private void Protect() => _here.Profile = _here.Profile with { Protected = ProtectedPlaces.Of(_here.Workspace, "/nobody") };

    [Theory]
    [InlineData(".git", "mkdir .git; echo x > .git/config")]
    [InlineData(".vscode", "mkdir -p .vscode && echo x > .vscode/tasks.json")]
    [InlineData(".bridle", "rm -rf .bridle; mkdir .bridle; echo x > .bridle/settings.json")]
    [InlineData(".mcp.json", "rm -f .mcp.json; echo x > .mcp.json")]
    [InlineData(".envrc", "mv .envrc other; echo x > .envrc")]
    public async Task What_is_missing_cannot_be_made_and_leaves_nothing_behind(string name, string script)
    {
        Protect();

        var (code, _) = await _here.BashAsync(script);

        Assert.NotEqual(0, code);
        Assert.False(Path.Exists(_here.In(name)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_here.Workspace));
    }

    [Theory]
    [InlineData("echo x > .git/hooks/post-checkout")]
    [InlineData("mv .git .git2")]
    [InlineData("rm -rf .git; test ! -e .git")]
    [InlineData("echo ../x > .git/commondir")]
    [InlineData("git config core.fsmonitor 'touch x'")]
    [InlineData("mv sub other")]
    [InlineData("mv sub/inner other")]
    [InlineData("echo x > sub/inner/.git/config")]
    [InlineData("echo evil >> .npmrc")]
    public async Task What_is_there_stays_as_it_is_with_everything_around_it(string script)
    {
        _here.RepositoryWith("sub/inner");
        File.WriteAllText(_here.In(".npmrc"), "honest");
        Protect();

        var (code, _) = await _here.BashAsync(script);

        Assert.NotEqual(0, code);
        Assert.True(Directory.Exists(_here.In(".git/hooks")));
        Assert.Equal("nested", File.ReadAllText(_here.In("sub/inner/.git/config")));
        Assert.Equal("honest", File.ReadAllText(_here.In(".npmrc")));
    }

    [Fact]
    public async Task Beside_a_protected_folder_everything_can_be_written()
    {
        _here.Git("init", "-q");
        Directory.CreateDirectory(_here.In("sub/inner/.git"));
        Protect();

        var (code, output) = await _here.BashAsync("echo 1 > sub/inner/a && echo 2 > sub/b && echo 3 > c && git status --porcelain && git log -1 2>&1 | head -c 5");

        Assert.True(code == 0, output);
        Assert.Equal("1\n", File.ReadAllText(_here.In("sub/inner/a")));
    }

    [Fact]
    public async Task The_repository_that_a_git_file_points_to_is_protected_as_well()
    {
        Directory.CreateDirectory(_here.In("main/repo/worktrees/one"));
        File.WriteAllText(_here.In("main/repo/config"), "honest");
        File.WriteAllText(_here.In("main/repo/worktrees/one/commondir"), "../..");
        Directory.CreateDirectory(_here.In("tree"));
        File.WriteAllText(_here.In("tree/.git"), "gitdir: ../main/repo/worktrees/one\n");
        Protect();

        await _here.BashAsync("echo evil > main/repo/config; echo evil > main/repo/worktrees/one/commondir; mv main/repo main/other; echo x > tree/.git");

        Assert.Equal("honest", File.ReadAllText(_here.In("main/repo/config")));
        Assert.Equal("../..", File.ReadAllText(_here.In("main/repo/worktrees/one/commondir")));
        Assert.StartsWith("gitdir: ../main", File.ReadAllText(_here.In("tree/.git")));
    }

    [Fact]
    public async Task A_submodule_is_protected_wherever_it_lies()
    {
        // git in the repository around it goes into every submodule by itself.
        Directory.CreateDirectory(_here.In("vendor/a/b/c/d/lib"));
        File.WriteAllText(_here.In("vendor/a/b/c/d/lib/.git"), "gitdir: ../../../../../../.git/modules/lib\n");
        File.WriteAllText(_here.In(".gitmodules"), "[submodule \"lib\"]\n\tpath = vendor/a/b/c/d/lib\n\turl = x\n[submodule \"out\"]\n\tpath = ../out\n");
        Protect();

        var (code, _) = await _here.BashAsync("cd vendor/a/b/c/d/lib && rm .git && mkdir .git && echo x > .git/config");

        Assert.NotEqual(0, code);
        Assert.StartsWith("gitdir: ", File.ReadAllText(_here.In("vendor/a/b/c/d/lib/.git")));
        Assert.DoesNotContain(ProtectedPlaces.Of(_here.Workspace, "/nobody"), one => one.Path.EndsWith("/out/.git", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_protected_link_that_is_replaced_is_put_back_and_the_command_fails()
    {
        Directory.CreateDirectory(_here.In("real"));
        File.CreateSymbolicLink(_here.In(".git"), "real");
        Protect();

        var (code, output) = await _here.BashAsync("rm .git && mkdir .git && echo x > .git/config");

        Assert.Equal(125, code);
        Assert.Contains("The sandbox failed this command", output, StringComparison.Ordinal);
        Assert.Equal("real", new FileInfo(_here.In(".git")).LinkTarget);
    }

    [Fact]
    public async Task The_end_of_one_command_takes_no_protection_from_another()
    {
        Protect();
        var (first, _) = _here.Start("bash", "-c", "until test -e go; do sleep 0.02; done; mkdir .git/hooks || echo x > .mcp.json");
        await using (first)
        {
            Assert.Equal(0, (await _here.BashAsync("true")).Code);
            Assert.Equal(0, (await _here.BashAsync("touch go")).Code);

            Assert.NotEqual(0, await first.Exit.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        }

        Assert.False(Path.Exists(_here.In(".git")));
        Assert.False(Path.Exists(_here.In(".mcp.json")));
    }

    [Fact]
    public async Task Git_itself_may_write_where_it_is_let_and_never_hooks_or_configuration()
    {
        _here.Git("init", "-q");
        Protect();
        _here.Profile = _here.Profile with { GitWrite = true };

        var (code, output) = await _here.BashAsync("git -c user.name=a -c user.email=a@example.com commit -q --allow-empty -m x && git log --oneline | wc -l");
        Assert.Equal((0, "1\n"), (code, output));

        Assert.NotEqual(0, (await _here.BashAsync("echo x > .git/hooks/pre-commit")).Code);
        Assert.NotEqual(0, (await _here.BashAsync("echo x >> .git/config")).Code);
        Assert.NotEqual(0, (await _here.BashAsync("mv .git .git2")).Code);
    }

    [Theory]
    [InlineData("echo ../x > .git/commondir", ".git/commondir")]
    [InlineData("echo x > .git/config.worktree", ".git/config.worktree")]
    [InlineData("mkdir -p .git/info; echo '* filter=x' > .git/info/attributes", ".git/info/attributes")]
    public async Task What_is_planted_where_git_may_write_is_removed_and_the_command_fails(string script, string planted)
    {
        _here.Git("init", "-q");
        Protect();
        _here.Profile = _here.Profile with { GitWrite = true };

        var (code, output) = await _here.BashAsync(script);

        Assert.Equal(125, code);
        Assert.Contains("was planted and is removed", output, StringComparison.Ordinal);
        Assert.False(File.Exists(_here.In(planted)));
    }

    [Fact]
    public async Task A_head_that_points_out_of_the_repository_is_put_back()
    {
        _here.Git("init", "-q");
        Protect();
        _here.Profile = _here.Profile with { GitWrite = true };
        var before = File.ReadAllText(_here.In(".git/HEAD"));

        Assert.Equal(125, (await _here.BashAsync("echo 'ref: refs/../../evil' > .git/HEAD")).Code);

        Assert.Equal(before, File.ReadAllText(_here.In(".git/HEAD")));
    }
}
