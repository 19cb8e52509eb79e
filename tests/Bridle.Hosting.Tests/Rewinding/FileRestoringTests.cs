using System.Security.Cryptography;
using Bridle.Events;
using Bridle.Hosting.Rewinding;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Hosting.Tests.Rewinding;

public sealed class FileRestoringTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IBlobs _blobs = new MemoryJournal().Blobs;
    private readonly LocalFiles _files;
    private readonly FileRestoring _restoring;

    public FileRestoringTests()
    {
        _folder.Write("ws/a.txt", "left");
        _files = new LocalFiles(System.IO.Path.Combine(_folder.Path, "ws"));
        _restoring = new(_files, _blobs);
    }

    public void Dispose() => _folder.Dispose();

    private string At(string path) => System.IO.Path.Combine(_files.Root, path);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

    private FileBefore Before(string path, string? text, string? left = "left") => new(path, true, text is null ? null : _blobs.Put(System.Text.Encoding.UTF8.GetBytes(text)), null, left is null ? null : Hash(left));

    private static Recorded Record(long n, DurableEvent happened) => new(n, default, new RunId("1"), happened);

    private static Recorded Wrote(long n, string path, string left, bool written = true) =>
        Record(n, new ToolReturned(new("c"), CallOutcome.Completed, [], 1) { Files = [new FileTouch(path, left, written)] });

    [Fact]
    public void The_first_copy_after_a_record_and_the_last_hash_count_and_an_edit_without_a_copy_was_not_kept()
    {
        Recorded[] records =
        [
            Record(1, new SnapshotTaken(new("c"), "/early", "b0", 0x1A4)), Wrote(2, "/early", "h0"),
            Record(3, new SnapshotTaken(new("c"), "/twice", "b1", 0x1A4)), Wrote(4, "/twice", "h1"), Wrote(5, "/read", "h", written: false),
            Wrote(6, "/large", "h2"), Record(7, new SnapshotTaken(new("c"), "/large", "b3", 0x1A4)), Wrote(8, "/large", "h3"),
            Record(9, new SnapshotTaken(new("c"), "/twice", "b2", 0x1A4)), Wrote(10, "/twice", "h4"), Record(11, new SnapshotTaken(new("c"), "/cut", null, null)),
        ];
        Assert.Equal(
            [new("/twice", true, "b1", 0x1A4, "h4"), new("/large", false, null, null, "h3"), new FileBefore("/cut", true, null, null, null)],
            FileBefore.Since(records, 2));
    }

    [Fact]
    public void Only_what_is_just_as_the_agent_left_it_in_the_workspace_is_put_back_unasked()
    {
        Assert.Equal(FileStanding.AsTheAgentLeftIt, _restoring.Look(Before(At("a.txt"), "before")));
        Assert.Equal(FileStanding.AsTheAgentLeftIt, _restoring.Look(Before(At("a.txt"), null)));
        Assert.Equal(FileStanding.AsBefore, _restoring.Look(Before(At("a.txt"), "left")));
        Assert.Equal(FileStanding.AsBefore, _restoring.Look(Before(At("none"), null)));
        Assert.Equal(FileStanding.Doubtful, _restoring.Look(Before(At("a.txt"), "before", left: "other")));
        Assert.Equal(FileStanding.Doubtful, _restoring.Look(Before(At("a.txt"), "before", left: null)));
        Assert.Equal(FileStanding.Doubtful, _restoring.Look(Before(At("none"), "before")));
        Assert.Equal(FileStanding.NotKept, _restoring.Look(new(At("a.txt"), false, null, null, Hash("left"))));
        Assert.Equal(FileStanding.NotKept, _restoring.Look(new(At("a.txt"), true, Hash("of no blob"), null, Hash("left"))));

        // A log that somebody else wrote may name any file.
        var outside = _folder.Write("outside.txt", "left");
        Assert.Equal(FileStanding.Doubtful, _restoring.Look(Before(outside, "before")));
        File.CreateSymbolicLink(At("link"), outside);
        Assert.Equal(FileStanding.Doubtful, _restoring.Look(Before(At("link"), "before")));
        Directory.CreateDirectory(At("folder"));
        Assert.Equal(FileStanding.Doubtful, _restoring.Look(Before(At("folder"), "before")));
    }

    [Fact]
    public void What_is_put_back_has_its_bytes_and_its_mode_also_where_the_file_is_gone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "files have modes on Unix");
        foreach (var path in new[] { At("a.txt"), At("gone/deep.sh") })
        {
            Assert.Null(_restoring.Restore(Before(path, "before") with { UnixMode = 0x1ED }));
            Assert.Equal(("before", (UnixFileMode)0x1ED), (File.ReadAllText(path), File.GetUnixFileMode(path)));
        }

        Assert.Null(_restoring.Restore(Before(At("a.txt"), null)));
        Assert.False(File.Exists(At("a.txt")));
    }

    [Fact]
    public void What_cannot_be_put_back_is_said_and_left_alone()
    {
        var outside = _folder.Write("outside.txt", "mine");
        File.CreateSymbolicLink(At("link"), outside);
        Directory.CreateDirectory(At("folder"));
        Assert.Contains("is now a link", _restoring.Restore(Before(At("link"), "before")));
        Assert.Contains("folder", _restoring.Restore(Before(At("folder"), "before")));
        Assert.Contains("folder", _restoring.Restore(Before(At("folder"), null)));
        Assert.Contains("gone or damaged", _restoring.Restore(new(At("a.txt"), true, Hash("of no blob"), null, null)));
        Assert.Equal(("mine", "left", true), (File.ReadAllText(outside), File.ReadAllText(At("a.txt")), Directory.Exists(At("folder"))));
    }
}
