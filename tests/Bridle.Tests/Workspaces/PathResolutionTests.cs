using Bridle.Messages;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Tests.Workspaces;

public sealed class PathResolutionTests : IDisposable
{
    private readonly ScratchFolder _outer = new();
    private readonly string _root;
    private readonly LocalFiles _files;

    public PathResolutionTests()
    {
        _root = _outer.Folder("root");
        _files = new LocalFiles(_root, prove: true, home: _outer.Folder("home"));
    }

    public void Dispose() => _outer.Dispose();

    [Theory]
    [InlineData("a.txt", "root/a.txt")]
    [InlineData("./x/../a.txt", "root/a.txt")]
    [InlineData("x//y/", "root/x/y")]
    [InlineData(".", "root")]
    [InlineData("", "root")]
    [InlineData("~", "home")]
    [InlineData("~/notes/n", "home/notes/n")]
    [InlineData("~//notes", "home/notes")]
    [InlineData("~other", "root/~other")]
    [InlineData("..", "")]
    [InlineData("../rootlet", "rootlet")]
    public void Paths_are_normalised(string given, string expected)
    {
        var path = _files.Resolve(given, _root);

        Assert.Equal(given, path.Given);
        Assert.Equal(_outer[expected].TrimEnd('/'), path.Normalised);
        Assert.Equal(path.Normalised, path.Real);
        Assert.Equal(expected == "root" || expected.StartsWith("root/", StringComparison.Ordinal), path.InsideRoot);
    }

    [Fact]
    public void The_working_directory_is_where_relative_paths_start()
    {
        Assert.Equal(_outer["root/sub/a"], _files.Resolve("a", _outer["root/sub"]).Real);
        Assert.Equal(_outer["root/sub/a"], _files.Resolve("a", "sub").Real);
        Assert.Equal("/etc", _files.Resolve("/etc", _outer["root/sub"]).Real);
    }

    [Fact]
    public void Many_paths_of_one_moment_are_what_each_of_them_is_alone()
    {
        _outer.Folder("elsewhere/deep");
        _outer.Folder("root/sub");
        File.WriteAllText(_outer["root/a.txt"], "x");
        File.WriteAllText(_outer["elsewhere/deep/b"], "x");
        File.CreateSymbolicLink(_outer["root/out"], _outer["elsewhere"]);
        File.CreateSymbolicLink(_outer["elsewhere/again"], "deep");
        File.CreateSymbolicLink(_outer["root/gone"], "nowhere/at/all");
        File.CreateSymbolicLink(_outer["root/round"], "round/x");
        File.CreateSymbolicLink(_outer["root/sub/up"], "../..");
        string[] folders = [_root, _outer["root/sub"], _outer["root/out"], _outer["root/gone"], _outer["root/round"], _outer["root/"], "sub", "/"];
        string[] paths =
        [
            "a.txt", "a.txt/b", "a.txt/../out", "missing", "missing/../a.txt", "missing/x/../../out/again/b", "out", "out/..", "out/../elsewhere", "out/again/../b", "gone", "gone/..", "round", "round/..",
            "up/root/a.txt", "", ".", "..", "../..", "~", "~/x", "~x", "/", "/etc/passwd", _root, _root + "/out/again/b", "/proc/self/fd/0", "/dev/null", "x\0y", "\ud800", new string('n', 300), new string('d', 200) + "/" + new string('e', 400),
        ];
        var many = _files.ResolvingMany();

        foreach (var (folder, path) in folders.SelectMany(folder => paths.Select(path => (folder, path))))
        {
            Assert.Equal(_files.Resolve(path, folder), many(path, folder));
        }

        Assert.Equal(_outer["elsewhere/deep/b"], many("out/again/b", _root).Real);
        Assert.Equal(FileKind.File, many("out/again/b", _root).Kind);
        Assert.Equal(FileKind.Other, many("round", _root).Kind);
        Assert.Equal(FileKind.Missing, many("gone", _root).Kind);
        Assert.Equal(FileKind.Missing, many("a.txt/b", _root).Kind);
    }

    [Fact]
    public void Links_are_followed_in_every_part()
    {
        _outer.Folder("elsewhere/deep");
        File.CreateSymbolicLink(_outer["root/out"], _outer["elsewhere"]);
        File.CreateSymbolicLink(_outer["elsewhere/again"], "deep");

        var path = _files.Resolve("out/again/missing/file", _root);

        Assert.Equal(_outer["root/out/again/missing/file"], path.Normalised);
        Assert.Equal(_outer["elsewhere/deep/missing/file"], path.Real);
        Assert.False(path.InsideRoot);
        Assert.Equal(FileKind.Missing, path.Kind);
    }

    [Fact]
    public void Dots_after_a_link_go_up_from_where_the_link_leads()
    {
        _outer.Folder("elsewhere/deep");
        File.CreateSymbolicLink(_outer["root/out"], _outer["elsewhere/deep"]);

        var path = _files.Resolve("out/../a", _root);

        Assert.Equal(_outer["root/a"], path.Normalised);
        Assert.Equal(_outer["elsewhere/a"], path.Real);
        Assert.False(path.InsideRoot);
    }

    [Fact]
    public void A_link_that_leads_to_nothing_yet_counts_as_where_it_leads()
    {
        File.CreateSymbolicLink(_outer["root/dangling"], _outer["not-there/yet"]);

        var path = _files.Resolve("dangling", _root);

        Assert.Equal(_outer["not-there/yet"], path.Real);
        Assert.False(path.InsideRoot);
        Assert.Equal(FileKind.Missing, path.Kind);
    }

    [Fact]
    public void A_link_from_outside_into_the_root_is_inside()
    {
        _outer.File("root/a", "x");
        File.CreateSymbolicLink(_outer["in"], _root);

        var path = _files.Resolve("../in/a", _root);

        Assert.True(path.InsideRoot);
        Assert.Equal(_outer["root/a"], path.Real);
    }

    [Fact]
    public void Links_in_a_circle_are_something_that_is_not_a_file()
    {
        File.CreateSymbolicLink(_outer["root/one"], "two");
        File.CreateSymbolicLink(_outer["root/two"], "one");

        var path = _files.Resolve("one/x", _root);

        Assert.Equal(FileKind.Other, path.Kind);
        Assert.Contains("links go round in a circle", Assert.Throws<ToolException>(() => _files.OpenRead(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_the_roots_name_as_its_beginning_is_outside()
    {
        _outer.Folder("root-other");

        Assert.False(_files.Resolve("../root-other/x", _root).InsideRoot);
    }

    [Fact]
    public void Everything_is_inside_the_top_folder()
    {
        var files = new LocalFiles("/");

        Assert.True(files.Resolve("etc/passwd", "/").InsideRoot);
        Assert.Equal(FileKind.File, files.Resolve("etc/passwd", "/").Kind);
        Assert.Equal(FileKind.Directory, files.Resolve("..", "/").Kind);
    }
}
