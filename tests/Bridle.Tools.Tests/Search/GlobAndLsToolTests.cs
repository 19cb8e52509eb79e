using Bridle.Tools.Search;

namespace Bridle.Tools.Tests.Search;

public sealed class GlobAndLsToolTests
{
    [Fact]
    public async Task Files_are_found_newest_first()
    {
        await using var ground = new Playground();
        Age(ground.Put("old.py", ""), 3);
        Age(ground.Put("new.py", ""), 1);
        Age(ground.Put("sub/middle.py", ""), 2);
        ground.Put("b.txt", "");
        Assert.Equal("new.py\nsub/middle.py\nold.py", (await ground.Glob("**/*.py")).Text);
        Assert.Equal("new.py\nold.py", (await ground.Glob("*.py")).Text);
        Assert.Equal("sub/middle.py", (await ground.Glob("*.py", "sub")).Text);
        Assert.Equal("sub/middle.py", (await ground.Glob("{sub,none}/*.{py,cs}")).Text);
    }

    [Fact]
    public async Task An_absolute_pattern_works_from_its_fixed_beginning()
    {
        await using var ground = new Playground();
        ground.Put("pkg/a.py", "");
        ground.Put("pkg/b.txt", "");
        Directory.CreateDirectory(Path.Combine(ground.Root, "elsewhere"));
        ground.WorkingDirectory = Path.Combine(ground.Root, "elsewhere");
        Assert.Equal($"{ground.Root}/pkg/a.py", (await ground.Glob($"{ground.Root}/pkg/*.py")).Text);
    }

    [Fact]
    public async Task Ignored_and_hidden_files_are_left_out_unless_named()
    {
        await using var ground = new Playground();
        ground.Put(".gitignore", "node_modules/\n*.log\n");
        ground.Put("node_modules/x/index.js", "");
        ground.Put("a.log", "");
        ground.Put(".github/workflows/ci.yml", "");
        ground.Put(".git/config", "");
        ground.Put("index.js", "");
        Assert.Equal("index.js", (await ground.Glob("**/*")).Text);
        Assert.Equal("node_modules/x/index.js", (await ground.Glob("node_modules/**/*.js")).Text);
        Assert.Equal(".github/workflows/ci.yml", (await ground.Glob(".github/**/*.yml")).Text);
        Assert.Equal(".github/workflows/ci.yml", (await ground.Glob("**/.github/**")).Text);
    }

    [Fact]
    public async Task What_package_managers_and_compilers_make_is_left_out_unless_named()
    {
        await using var ground = new Playground();
        foreach (var folder in (string[])["src", "node_modules/a", "target/debug", "venv/lib", "sub/__pycache__"])
        {
            ground.Put($"{folder}/x.txt", "hit\n");
        }

        ground.Put("node_modules/a/node_modules/b/x.txt", "hit\n");
        ground.Put("src/target", "hit\n");
        Assert.Equal("src/x.txt", (await ground.Glob("**/*.txt")).Text);
        Assert.Equal("target/debug/x.txt", (await ground.Glob("target/**")).Text);
        Assert.Equal(["node_modules/a/node_modules/b/x.txt", "node_modules/a/x.txt"], (await ground.Glob("**/node_modules/**/*.txt")).Text.Split('\n').Order(StringComparer.Ordinal));
        foreach (var mayUseRipgrep in (bool[])[true, false])
        {
            async Task<string> Grep(string? path = null, string? glob = null) => (await new GrepTool(mayUseRipgrep).RunAsync(ground.Scope, "hit", path, glob, GrepOutput.Files)).Text;
            Assert.Equal("src/target\nsrc/x.txt", await Grep());
            Assert.Equal("node_modules/a/node_modules/b/x.txt\nnode_modules/a/x.txt", await Grep("node_modules"));
            Assert.Equal("venv/lib/x.txt", await Grep(glob: "venv/**"));
        }
    }

    [Fact]
    public async Task A_name_with_a_line_break_does_not_look_like_two()
    {
        await using var ground = new Playground();
        ground.Put("nl\nname.txt", "hit\n");
        Assert.Equal("nl\\nname.txt (4 bytes)", (await ground.Ls()).Text);
        Assert.Equal("nl\\nname.txt", (await ground.Glob("*.txt")).Text);
        ground.Put("folder\nname/in.txt", "hit\n");
        foreach (var mayUseRipgrep in (bool[])[true, false])
        {
            // What the door opens for nobody is in no search, as what is held back is not.
            Assert.Equal("No matches for hit.", (await new GrepTool(mayUseRipgrep).RunAsync(ground.Scope, "hit")).Text);
        }
    }

    [Fact]
    public async Task What_may_not_be_read_is_not_listed()
    {
        await using var ground = new Playground();
        ground.Put("secrets/key", "");
        ground.Put("open", "");
        File.CreateSymbolicLink(Path.Combine(ground.Root, "alias"), "secrets/key");
        ground.Guard = files => new RefusingFiles(files, path => path.Contains("/secrets", StringComparison.Ordinal));
        Assert.Equal("open", (await ground.Glob("**/*")).Text);
        Assert.Equal("No files match secrets/*.", (await ground.Glob("secrets/*")).Text);
    }

    [Fact]
    public async Task More_than_200_files_are_counted()
    {
        await using var ground = new Playground();
        for (var i = 0; i < 230; i++)
        {
            ground.Put($"f{i}", "");
        }

        var lines = (await ground.Glob("*")).Text.Split('\n');
        Assert.Equal(201, lines.Length);
        Assert.Equal("[Showing 200 of 230.]", lines[^1]);
    }

    [Fact]
    public async Task Mistakes_and_nothing_found_say_what_to_do()
    {
        await using var ground = new Playground();
        ground.Put("sub/a.cs", "");
        Assert.Contains("**/*.cs", (await ground.Glob("*.cs")).Text, StringComparison.Ordinal);
        Assert.Contains("no folder lib", (await ground.Glob("lib/*.cs")).Text, StringComparison.Ordinal);
        Assert.Contains("Invalid glob", await Playground.Failure(ground.Glob("[")), StringComparison.Ordinal);
        Assert.Contains("..", await Playground.Failure(ground.Glob("../*")), StringComparison.Ordinal);
        Assert.Contains("empty", await Playground.Failure(ground.Glob("")), StringComparison.Ordinal);
        Assert.Contains("does not exist", await Playground.Failure(ground.Glob("*", "none")), StringComparison.Ordinal);
        Assert.Contains("not a folder", await Playground.Failure(ground.Glob("*", "sub/a.cs")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_listed_with_sizes_and_kinds()
    {
        await using var ground = new Playground();
        ground.Put("b.txt", "12345");
        ground.Put("Sub/x", "");
        ground.Put(".hidden", "");
        File.CreateSymbolicLink(Path.Combine(ground.Root, "link"), "Sub");
        Assert.Equal(".hidden (0 bytes)\nSub/\nb.txt (5 bytes)\nlink (link)", (await ground.Ls()).Text);
        Assert.Equal("x (0 bytes)", (await ground.Ls("Sub")).Text);
        Directory.CreateDirectory(Path.Combine(ground.Root, "void"));
        Assert.Equal("(the folder is empty)", (await ground.Ls("void")).Text);
        Assert.Contains("Read", await Playground.Failure(ground.Ls("b.txt")), StringComparison.Ordinal);
        Assert.Contains("does not exist", await Playground.Failure(ground.Ls("none")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_folder_is_cut()
    {
        await using var ground = new Playground();
        for (var i = 0; i < 1003; i++)
        {
            ground.Put($"f{i}", "");
        }

        var lines = (await ground.Ls()).Text.Split('\n');
        Assert.Equal(1001, lines.Length);
        Assert.StartsWith("[Showing 1000 of 1003.", lines[^1], StringComparison.Ordinal);
    }

    private static void Age(string path, int minutes) => File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(-minutes));
}
