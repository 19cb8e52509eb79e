using System.Diagnostics;
using Bridle.Hosting.Memory;
using Bridle.Memory;

namespace Bridle.Hosting.Tests.Memory;

/// <summary>Which folders are one project, so that they share notes and episodes, and which are not.</summary>
public sealed class MemoryPlacesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Make(string path) => Directory.CreateDirectory(Path.Combine(_folder.Path, path)).FullName;

    private string ProjectOf(string path) => MemoryPlaces.ProjectOf(Path.Combine(_folder.Path, path), Path.Combine(_folder.Path, "home"));

    private void Git(string folder, params string[] words)
    {
        using var git = Process.Start("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@example.com", .. words]);
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }

    [Fact]
    public void A_repository_is_one_project_with_all_its_folders_and_worktrees()
    {
        var main = Make("main");
        Git(main, "init", "-q");
        Git(main, "commit", "-q", "--allow-empty", "-m", "one");
        Git(main, "worktree", "add", "-q", Path.Combine(_folder.Path, "tree"));
        Make("main/sub/deep");
        Make("tree/sub");
        Assert.Equal([main, main, main, main], new[] { "main", "main/sub/deep", "tree", "tree/sub" }.Select(ProjectOf));
    }

    [Fact]
    public void A_folder_that_only_says_it_is_a_worktree_of_another_repository_is_a_project_of_its_own()
    {
        var victim = Make("victim");
        Git(victim, "init", "-q");
        Git(victim, "commit", "-q", "--allow-empty", "-m", "one");
        Git(victim, "worktree", "add", "-q", Path.Combine(_folder.Path, "real"));
        var forged = Make("forged");
        foreach (var claim in new[] { Path.Combine(victim, ".git", "worktrees", "real"), Path.Combine(victim, ".git"), Path.Combine(forged, "own") })
        {
            _folder.Write("forged/.git", $"gitdir: {claim}\n");
            _folder.Write("forged/own/commondir", $"{Path.Combine(victim, ".git")}\n");
            _folder.Write("forged/own/gitdir", $"{Path.Combine(forged, ".git")}\n");
            Assert.Equal(forged, ProjectOf("forged"));
        }
    }

    [Fact]
    public void A_repository_of_a_persons_settings_does_not_make_their_home_one_project()
    {
        Make("home/.git");
        Assert.Equal(Make("home/a"), ProjectOf("home/a"));
        Make("home/b/.git");
        Assert.Equal(Make("home/b"), ProjectOf("home/b"));
        Make(".git");
        Assert.Equal(Make("home/c"), ProjectOf("home/c"));
        Assert.Equal(Make("elsewhere"), ProjectOf("elsewhere"));
    }

    [Fact]
    public void Names_of_project_folders_say_which_and_are_never_the_same_for_two()
    {
        string[] projects = ["/a/work", "/b/work", "/a/Work", "/a/wörk", "/a/w.rk", "/", "/a/" + new string('x', 300)];
        var keys = projects.Select(MemoryPlaces.KeyOf).ToList();
        Assert.Distinct(keys);
        Assert.StartsWith("work-", keys[0], StringComparison.Ordinal);
        Assert.All(keys, key => Assert.Matches("^[A-Za-z0-9_-]{17,57}$", key));
    }

    [Fact]
    public void An_agent_has_a_name_that_is_a_folder_and_nothing_else()
    {
        var work = Make("work");
        var files = HostFiles.Read(_folder.Environment(), work);
        Assert.Throws<ArgumentException>(() => new MemoryPlaces(files, work, "../other"));
        var shelf = new MemoryPlaces(files, work, "reviewer").Shelves.Single(one => one.Scope == MemoryScope.Agent);
        Assert.EndsWith("/agents/reviewer", shelf.Store.Place, StringComparison.Ordinal);
        Assert.Equal("usage", ProjectNotes.Open(new(_folder.Environment(), work) { Agent = "../other" }).Problem!.Kind);
    }

    [Fact]
    public void The_same_folder_by_a_link_is_the_same_project()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links are made as Linux has them.");
        var work = Make("work");
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "link"), work);
        var places = new[] { work, Path.Combine(_folder.Path, "link") }.Select(folder => new MemoryPlaces(HostFiles.Read(_folder.Environment(), folder), folder, "main").Shelves[0].Store.Place);
        Assert.Single(places.Distinct());
    }
}
