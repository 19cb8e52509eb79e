using Bridle.Messages;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Tests.Workspaces;

/// <summary>What was judged must be what is opened, also when somebody changes the folders in between. With and without <c>openat2</c>.</summary>
public sealed class SwappedLinkTests : IDisposable
{
    private readonly ScratchFolder _outer = new();
    private readonly string _root;

    public SwappedLinkTests()
    {
        _root = _outer.Folder("root");
        _outer.File("root/folder/sub/file", "honest");
        _outer.File("secret/sub/file", "secret");
    }

    public void Dispose() => _outer.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_folder_swapped_for_a_link_is_not_read_through(bool prove)
    {
        var files = new LocalFiles(_root, prove);
        var path = files.Resolve("folder/sub/file", _root);
        Swap("root/folder", "secret");

        Assert.Contains("a link that was not there", Refused(() => files.OpenRead(path)), StringComparison.Ordinal);
        Assert.Contains("a link that was not there", Refused(() => files.Stat(path)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_folder_swapped_for_a_link_is_not_written_through(bool prove)
    {
        var files = new LocalFiles(_root, prove);
        var old = files.Resolve("folder/sub/file", _root);
        var fresh = files.Resolve("folder/sub/new/deep/file", _root);
        Swap("root/folder", "secret");

        Refused(() => files.Write(old, "x"u8));
        Refused(() => files.Write(fresh, "x"u8));

        Assert.Equal("secret", File.ReadAllText(_outer["secret/sub/file"]));
        Assert.Equal(["file"], Directory.GetFileSystemEntries(_outer["secret/sub"]).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_is_removed_and_none_through_a_swapped_link_and_never_a_folder_or_a_link(bool prove)
    {
        var files = new LocalFiles(_root, prove);
        var (judged, folder) = (files.Resolve("folder/sub/file", _root), files.Resolve("folder/sub", _root));
        _outer.File("root/plain", "x");
        var plain = files.Resolve("plain", _root);

        Refused(() => files.Remove(folder));
        files.Remove(plain);
        files.Remove(plain);
        Assert.False(File.Exists(_outer["root/plain"]));

        File.CreateSymbolicLink(_outer["root/plain"], _outer["secret/sub/file"]);
        Refused(() => files.Remove(plain));
        Assert.True(Path.Exists(_outer["root/plain"]));

        Swap("root/folder", "secret");
        Refused(() => files.Remove(judged));
        Assert.Equal("secret", File.ReadAllText(_outer["secret/sub/file"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_folder_swapped_for_a_link_is_not_listed_through(bool prove)
    {
        var files = new LocalFiles(_root, prove);
        var path = files.Resolve("folder/sub", _root);
        Swap("root/folder", "secret");

        Assert.Contains("a link that was not there", Refused(() => files.List(path)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_swapped_for_a_link_is_neither_read_nor_written(bool prove)
    {
        var files = new LocalFiles(_root, prove);
        var path = files.Resolve("folder/sub/file", _root);
        Swap("root/folder/sub/file", "secret/sub/file");

        Refused(() => files.OpenRead(path));
        Refused(() => files.Write(path, "x"u8));

        Assert.Equal("secret", File.ReadAllText(_outer["secret/sub/file"]));
        Assert.True(files.Stat(path) is null or { IsLink: true });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_missing_folder_made_a_link_meanwhile_is_not_written_through(bool prove)
    {
        var files = new LocalFiles(_root, prove);
        var path = files.Resolve("later/sub/new", _root);
        File.CreateSymbolicLink(_outer["root/later"], _outer["secret"]);

        Refused(() => files.Write(path, "x"u8));

        Assert.False(File.Exists(_outer["secret/sub/new"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_path_outside_is_held_to_what_was_judged_too(bool prove)
    {
        _outer.File("allowed/file", "allowed");
        var files = new LocalFiles(_root, prove);
        var path = files.Resolve("../allowed/file", _root);
        Assert.Equal("allowed", new StreamReader(files.OpenRead(path)).ReadToEnd());
        Directory.Move(_outer["secret/sub"], _outer["secret2"]);
        Swap("allowed", "secret2");

        Refused(() => files.OpenRead(path));
    }

    [Fact]
    public void A_root_that_is_moved_away_and_replaced_does_not_lead_to_the_new_one()
    {
        var files = new LocalFiles(_root);
        var path = files.Resolve("folder/sub/file", _root);
        _outer.File("evil/folder/sub/file", "evil");
        Swap("root", "evil");

        using var reader = new StreamReader(files.OpenRead(path));
        Assert.Equal("honest", reader.ReadToEnd());
    }

    [Fact]
    public void A_made_up_path_with_dots_cannot_leave_the_root()
    {
        var files = new LocalFiles(_root);
        var path = new ResolvedPath("x", "x", _root + "/../secret/sub/file", InsideRoot: true, FileKind.File);

        Refused(() => files.OpenRead(path));
        Refused(() => files.Write(path with { Real = _root + "/folder/../../secret/sub/file" }, "x"u8));
        Assert.Equal("secret", File.ReadAllText(_outer["secret/sub/file"]));
    }

    [Fact]
    public async Task A_folder_that_is_swapped_all_the_time_never_gives_the_secret()
    {
        var files = new LocalFiles(_root);
        var path = files.Resolve("folder/sub/file", _root);
        using var stop = new CancellationTokenSource();
        var swapping = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Directory.Move(_outer["root/folder"], _outer["root/aside"]);
                File.CreateSymbolicLink(_outer["root/folder"], _outer["secret"]);
                File.Delete(_outer["root/folder"]);
                Directory.Move(_outer["root/aside"], _outer["root/folder"]);
            }
        });
        var read = new HashSet<string>();
        for (var attempt = 0; attempt < 2000 || (read.Count < 2 && attempt < 1_000_000); attempt++)
        {
            try
            {
                using var reader = new StreamReader(files.OpenRead(path));
                read.Add(reader.ReadToEnd());
            }
            catch (ToolException)
            {
                read.Add("(refused)");
            }
        }

        await stop.CancelAsync();
        await swapping;
        Assert.Equal(["(refused)", "honest"], read.Order(StringComparer.Ordinal));
    }

    private void Swap(string honest, string evil)
    {
        Directory.Move(_outer[honest], _outer[honest] + ".aside");
        File.CreateSymbolicLink(_outer[honest], _outer[evil]);
    }

    private static string Refused(Action act) => Assert.Throws<ToolException>(act).Message;
}
