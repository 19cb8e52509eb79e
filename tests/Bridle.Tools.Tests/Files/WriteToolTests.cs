using System.Text;

namespace Bridle.Tools.Tests.Files;

public sealed class WriteToolTests
{
    [Fact]
    public async Task Parents_are_made_and_bytes_are_counted()
    {
        await using var ground = new Playground();
        var result = await ground.Write("sub/dir/test.txt", "grün\n");
        Assert.Equal("grün\n", ground.Text("sub/dir/test.txt"));
        Assert.Equal("Created sub/dir/test.txt: 6 bytes, 1 lines.", result.Text);
        Assert.Equal("--- /dev/null\n+++ b/sub/dir/test.txt\n@@ -0,0 +1 @@\n+grün\n", result.Diff);
    }

    [Fact]
    public async Task An_existing_file_must_have_been_read_and_not_have_changed()
    {
        await using var ground = new Playground();
        ground.Put("a.txt", "precious\n");
        Assert.Contains("Read it first", await Playground.Failure(ground.Write("a.txt", "new\n")), StringComparison.Ordinal);
        await ground.Read("a.txt");
        ground.Put("a.txt", "precious, and more\n");
        Assert.Contains("Read it again", await Playground.Failure(ground.Write("a.txt", "new\n")), StringComparison.Ordinal);
        Assert.Equal("precious, and more\n", ground.Text("a.txt"));
        await ground.Read("a.txt");
        Assert.StartsWith("Wrote 4 bytes to a.txt (+1 −1 lines).\n--- a/a.txt\n+++ b/a.txt\n@@ ", (await ground.Write("a.txt", "new\n")).Text);
        await ground.Write("a.txt", "newer\n");
        Assert.Equal("newer\n", ground.Text("a.txt"));
    }

    [Fact]
    public async Task A_marked_encoding_is_kept()
    {
        await using var ground = new Playground();
        ground.Put("a.txt", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("old\r\n")]);
        await ground.Read("a.txt");
        await ground.Write("a.txt", "neu\n");
        Assert.Equal([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("neu\n")], ground.Bytes("a.txt"));
    }

    [Fact]
    public async Task Folders_devices_and_broken_characters_are_refused()
    {
        await using var ground = new Playground();
        ground.Put("sub/a", "x");
        Assert.Contains("folder", await Playground.Failure(ground.Write("sub", "x")), StringComparison.Ordinal);
        Assert.Contains("regular files", await Playground.Failure(ground.Write("/dev/null", "x")), StringComparison.Ordinal);
        Assert.Contains("surrogate", await Playground.Failure(ground.Write("b.txt", "\uD83D")), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(ground.Root, "b.txt")));
        Assert.NotEqual("", await Playground.Failure(ground.Write("sub/a/b", "x")));
    }
}
