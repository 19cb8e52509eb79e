using System.Net.Sockets;
using System.Text;
using Bridle.Messages;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Tests.Workspaces;

public sealed class LocalFilesTests : IDisposable
{
    private readonly ScratchFolder _outer = new();
    private readonly string _root;
    private readonly LocalFiles _files;

    public LocalFilesTests()
    {
        _root = _outer.Folder("root");
        _files = new LocalFiles(_root, prove: true, home: _outer.Folder("home"));
    }

    public void Dispose() => _outer.Dispose();

    [Fact]
    public void A_root_that_is_a_link_is_its_real_folder()
    {
        File.CreateSymbolicLink(_outer["alias"], _root);

        Assert.Equal(_root, new LocalFiles(_outer["alias"]).Root);
    }

    [Fact]
    public void A_missing_root_says_so() =>
        Assert.Contains("does not exist", Assert.Throws<DirectoryNotFoundException>(() => new LocalFiles(_outer["gone"])).Message, StringComparison.Ordinal);

    [Fact]
    public void Content_comes_back_as_it_was_written()
    {
        var path = Here("new/deep/file.txt");

        _files.Write(path, "hello"u8);

        Assert.Equal("hello", Text(Here("new/deep/file.txt")));
        Assert.Equal(FileKind.File, Here("new/deep/file.txt").Kind);
        Assert.Equal(["file.txt"], _files.List(Here("new/deep")).Select(entry => entry.Name));
    }

    [Fact]
    public void A_new_file_has_the_mode_that_any_program_would_give_it()
    {
        File.WriteAllText(_outer["root/usual"], "");

        _files.Write(Here("written"), "x"u8);

        Assert.Equal(_files.Stat(Here("usual"))!.UnixMode, _files.Stat(Here("written"))!.UnixMode);
    }

    [Theory]
    [InlineData(0x1ED)]
    [InlineData(0x180)]
    [InlineData(0x1B6)]
    public void The_mode_of_an_existing_file_is_kept(int mode)
    {
        _outer.File("root/tool", "old");
        _outer.Mode("root/tool", mode);

        _files.Write(Here("tool"), "new"u8);

        Assert.Equal(mode, _files.Stat(Here("tool"))!.UnixMode);
        Assert.Equal("new", Text(Here("tool")));
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_nothing_else()
    {
        _outer.Folder("root/target");

        Assert.Equal("target is a folder, not a file.", Refused(() => _files.Write(Here("target"), "x"u8)));
        Assert.Contains("too long", Refused(() => _files.Write(Here(new string('n', 300)), "x"u8)), StringComparison.Ordinal);

        Assert.Equal(["target"], _files.List(Here(".")).Select(entry => entry.Name));
    }

    [Fact]
    public void A_full_disk_leaves_the_old_file_and_nothing_else()
    {
        // /dev/full is the only disk that is always full; its folder takes no files from us, so the write itself is what fails.
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 1);

        Assert.Equal(ErrorNumber.NoSpace, LinuxCalls.WriteAll(full.SafeFileHandle, "x"u8));
        Assert.Contains("the disk is full", FileFailure.From(ErrorNumber.NoSpace, Here("a"), "written").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_of_the_path_that_is_a_file_is_told()
    {
        _outer.File("root/file", "x");

        Assert.Contains("a part of that path is a file", Refused(() => _files.Write(Here("file/below"), "x"u8)), StringComparison.Ordinal);
        Assert.Contains("a part of that path is a file", Refused(() => _files.OpenRead(Here("file/below"))), StringComparison.Ordinal);
        Assert.Null(_files.Stat(Here("file/below")));
    }

    [Fact]
    public void Missing_files_and_folders_are_told()
    {
        Assert.Equal("gone does not exist.", Refused(() => _files.OpenRead(Here("gone"))));
        Assert.Equal("gone does not exist.", Refused(() => _files.List(Here("gone"))));
        _outer.File("root/file", "x");
        Assert.Equal("file is not a folder.", Refused(() => _files.List(Here("file"))));
        Assert.Equal(". is a folder, not a file.", Refused(() => _files.OpenRead(Here("."))));
    }

    [Fact]
    public void A_link_is_read_and_written_through_its_real_path()
    {
        _outer.File("root/real.txt", "old");
        File.CreateSymbolicLink(_outer["root/link.txt"], "real.txt");
        var path = Here("link.txt");

        _files.Write(path, "new"u8);

        Assert.Equal(_outer["root/real.txt"], path.Real);
        Assert.Equal("new", Text(Here("real.txt")));
        Assert.NotNull(new FileInfo(_outer["root/link.txt"]).LinkTarget);
    }

    [Fact]
    public void Listings_are_in_ordinal_order_and_follow_no_link()
    {
        _outer.File("root/b", "12");
        _outer.File("root/B", "1");
        _outer.Folder("root/a");
        File.CreateSymbolicLink(_outer["root/ä"], "/etc");

        var entries = _files.List(Here("."));

        Assert.Equal(["B", "a", "b", "ä"], entries.Select(entry => entry.Name));
        Assert.Equal([FileKind.File, FileKind.Directory, FileKind.File, FileKind.Other], entries.Select(entry => entry.Kind));
        Assert.Equal([1, 0, 2, 0], entries.Select(entry => entry.Length));
        Assert.Equal([false, false, false, true], entries.Select(entry => entry.IsLink));
    }

    [Fact]
    public async Task Names_that_are_not_UTF8_are_listed_and_do_no_harm()
    {
        await RunOutcome.OfShellAsync(new LocalProcesses(), _root, "printf abc > \"$(printf 'bad\\377name')\"; printf x > good");

        var entries = _files.List(Here("."));

        Assert.Equal(["bad\uFFFDname", "good"], entries.Select(entry => entry.Name));
        Assert.Equal(3, entries[0].Length);
        Assert.Contains("does not exist", Refused(() => _files.OpenRead(Here("bad\uFFFDname"))), StringComparison.Ordinal);

        // .NET cannot name it, so it cannot remove it either.
        await RunOutcome.OfShellAsync(new LocalProcesses(), _root, "rm bad*");
    }

    [Fact]
    public async Task A_pipe_is_refused_at_once()
    {
        await RunOutcome.OfAsync(new LocalProcesses(), _root, "mkfifo", "pipe");

        Assert.Equal(FileKind.Other, Here("pipe").Kind);
        Assert.Contains("a device, pipe or socket", Refused(() => _files.OpenRead(Here("pipe"))), StringComparison.Ordinal);
        Assert.Contains("a device, pipe or socket", Refused(() => _files.Write(Here("pipe"), "x"u8)), StringComparison.Ordinal);
    }

    [Fact]
    public void Devices_and_sockets_are_refused()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_outer["root/socket"]));

        foreach (var path in new[] { Here("socket"), Here("/dev/zero"), Here("/dev/tty") })
        {
            Assert.Equal(FileKind.Other, path.Kind);
            Assert.Contains("a device, pipe or socket", Refused(() => _files.OpenRead(path)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_with_two_names_is_read_and_writing_parts_them()
    {
        var outside = _outer.File("secret", "secret");
        await RunOutcome.OfAsync(new LocalProcesses(), _root, "ln", outside, "innocent");

        Assert.Equal("secret", Text(Here("innocent")));
        _files.Write(Here("innocent"), "mine"u8);

        Assert.Equal("secret", File.ReadAllText(outside));
        Assert.Equal("mine", Text(Here("innocent")));
    }

    [Fact]
    public void A_huge_file_opens_and_reads_at_its_end()
    {
        using (var file = File.Create(_outer["root/huge"]))
        {
            file.SetLength(1L << 40);
        }

        using var stream = _files.OpenRead(Here("huge"));
        stream.Position = (1L << 40) - 2;

        Assert.Equal(1L << 40, _files.Stat(Here("huge"))!.Length);
        Assert.Equal(2, stream.Read(new byte[10]));
    }

    [Fact]
    public void A_file_outside_is_told_as_outside_and_opened_when_asked()
    {
        _outer.File("outside.txt", "x");

        var path = Here("../outside.txt");

        Assert.False(path.InsideRoot);
        Assert.Equal("x", Text(path));
        _files.Write(path, "y"u8);
        Assert.Equal("y", File.ReadAllText(_outer["outside.txt"]));
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a\u001b[2Jb")]
    public void Control_characters_in_a_path_are_refused(string name)
    {
        var path = Here(name);

        Assert.Equal(FileKind.Missing, path.Kind);
        Assert.Null(_files.Stat(path));
        foreach (var act in new Action[] { () => _files.OpenRead(path), () => _files.Write(path, "x"u8), () => _files.List(path) })
        {
            Assert.Contains("control character", Refused(act), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Paths_longer_than_the_system_allows_are_refused_in_words()
    {
        var path = Here(string.Join('/', Enumerable.Repeat("folder", 2000)));

        Assert.Null(_files.Stat(path));
        Assert.Contains("too long", Refused(() => _files.OpenRead(path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_at_once_leave_one_whole_file()
    {
        var texts = Enumerable.Range(0, 8).Select(number => new string((char)('a' + number), 50_000)).ToArray();

        Parallel.ForEach(texts, text => _files.Write(Here("shared/file"), Encoding.UTF8.GetBytes(text)));

        Assert.Contains(Text(Here("shared/file")), texts);
        Assert.Single(_files.List(Here("shared")));
    }

    // The way of systems without handles: a file that goes away while its folder is listed must not take the others with it.
    [Fact]
    public void What_goes_away_while_it_is_listed_by_path_is_left_out()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, "flux")).FullName;
        foreach (var name in (string[])["a", "b", "c"])
        {
            File.WriteAllText(Path.Combine(folder, name), name);
        }

        Directory.CreateDirectory(Path.Combine(folder, "d"));
        File.CreateSymbolicLink(Path.Combine(folder, "e"), "nowhere");
        var found = new DirectoryInfo(folder).EnumerateFileSystemInfos().ToList();
        File.Delete(Path.Combine(folder, "b"));
        Directory.Delete(Path.Combine(folder, "d"));
        var entries = PathTree.EntriesOf(found).OrderBy(entry => entry.Name, StringComparer.Ordinal).ToList().ConvertAll(entry => (entry.Name, entry.Kind, entry.Length));
        Assert.Equal([("a", FileKind.File, 1L), ("c", FileKind.File, 1L), ("e", FileKind.Other, 0L)], entries);
    }

    private ResolvedPath Here(string path) => _files.Resolve(path, _root);

    private string Text(ResolvedPath path)
    {
        using var reader = new StreamReader(_files.OpenRead(path));
        return reader.ReadToEnd();
    }

    private static string Refused(Action act) => Assert.Throws<ToolException>(act).Message;
}
