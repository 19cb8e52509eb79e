using System.Security.Cryptography;
using System.Text;
using Bridle.Messages;

namespace Bridle.Tools.Tests.Files;

public sealed class ReadToolTests
{
    [Fact]
    public async Task A_range_is_numbered_from_its_place_in_the_file()
    {
        await using var ground = new Playground();
        ground.Put("a.txt", "a\nb\nc\nd\ne");
        Assert.Equal("2\tb\n3\tc\n[Lines 2-3 of 5. To read on: offset 3.]", (await ground.Read("a.txt", 1, 2)).Text);
        Assert.Equal("4\td\n5\te", (await ground.Read("a.txt", 3)).Text);
    }

    [Fact]
    public async Task Missing_files_folders_and_devices_are_failures_that_say_what_to_do()
    {
        await using var ground = new Playground();
        ground.Put("src/Program.cs", "x");
        Assert.Contains("does not exist", await Playground.Failure(ground.Read("none.txt")), StringComparison.Ordinal);
        Assert.Contains("Did you mean src/Program.cs?", await Playground.Failure(ground.Read("src/program.cs")), StringComparison.Ordinal);
        Assert.Contains("folder does not exist either", await Playground.Failure(ground.Read("no/where.txt")), StringComparison.Ordinal);
        Assert.Contains("Ls", await Playground.Failure(ground.Read("src")), StringComparison.Ordinal);
        Assert.Contains("not a file", await Playground.Failure(ground.Read("/dev/zero")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loop_of_links_is_a_failure()
    {
        await using var ground = new Playground();
        File.CreateSymbolicLink(Path.Combine(ground.Root, "a"), "b");
        File.CreateSymbolicLink(Path.Combine(ground.Root, "b"), "a");
        Assert.NotEqual("", await Playground.Failure(ground.Read("a")));
    }

    [Fact]
    public async Task An_empty_file_says_so_and_an_offset_past_the_end_fails()
    {
        await using var ground = new Playground();
        ground.Put("empty", "");
        ground.Put("three", "1\n2\n3\n");
        Assert.Equal("(the file is empty)", (await ground.Read("empty")).Text);
        Assert.Contains("offset 1 is beyond file length (0 lines)", await Playground.Failure(ground.Read("empty", 1)), StringComparison.Ordinal);
        Assert.Contains("offset 3 is beyond file length (3 lines)", await Playground.Failure(ground.Read("three", 3)), StringComparison.Ordinal);
        Assert.Equal("3\t3", (await ground.Read("three", 2)).Text);
        Assert.Contains("offset", await Playground.Failure(ground.Read("three", -1)), StringComparison.Ordinal);
        Assert.Contains("limit", await Playground.Failure(ground.Read("three", 0, 0)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hash_is_of_the_whole_file_even_when_a_part_is_shown()
    {
        await using var ground = new Playground();
        var path = ground.Put("a.txt", "one\ntwo\nthree\n");
        var touch = Assert.Single((await ground.Read("a.txt", 0, 1)).Files);
        Assert.Equal((path, Convert.ToHexStringLower(SHA256.HashData(ground.Bytes("a.txt"))), false), (touch.Path, touch.Hash, touch.Written));
    }

    [Fact]
    public async Task A_long_file_is_cut_and_says_how_to_read_on()
    {
        await using var ground = new Playground();
        ground.Put("long", string.Concat(Enumerable.Range(1, 5000).Select(i => $"line {i}\n")));
        var lines = (await ground.Read("long")).Text.Split('\n');
        Assert.Equal(2001, lines.Length);
        Assert.Equal("2000\tline 2000", lines[1999]);
        Assert.Equal("[Lines 1-2000 of 5000. To read on: offset 2000.]", lines[2000]);
        Assert.StartsWith("2001\tline 2001\n", (await ground.Read("long", 2000)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_on_by_the_given_offsets_shows_every_line_once()
    {
        await using var ground = new Playground();
        ground.Put("wide", string.Concat(Enumerable.Range(1, 300).Select(i => $"{i} {new string('x', 900)}\n")));
        var (shown, offset) = (new List<string>(), 0);
        while (true)
        {
            var text = (await ground.Read("wide", offset)).Text;
            shown.AddRange(text.Split('\n').Where(line => !line.StartsWith('[')).Select(line => line.Split('\t')[0]));
            Assert.InRange(text.Length, 1, 66_000);
            if (!text.Contains("To read on: offset ", StringComparison.Ordinal))
            {
                break;
            }

            offset = int.Parse(text[(text.LastIndexOf(' ') + 1)..].TrimEnd('.', ']'), System.Globalization.CultureInfo.InvariantCulture);
        }

        Assert.Equal(Enumerable.Range(1, 300).Select(i => $"{i}"), shown);
    }

    [Fact]
    public async Task A_line_of_100_KB_is_cut_and_the_next_one_is_there()
    {
        await using var ground = new Playground();
        ground.Put("min.js", new string('ä', 50_000) + "\nend\n");
        var lines = (await ground.Read("min.js")).Text.Split('\n');
        Assert.Equal($"1\t{new string('ä', 2000)}… [cut: the line has 100000 bytes]", lines[0]);
        Assert.Equal("2\tend", lines[1]);
    }

    [Fact]
    public async Task A_huge_file_is_read_in_part_without_its_hash()
    {
        await using var ground = new Playground();
        var path = ground.Put("huge", "first\nsecond\n");
        using (var file = File.OpenWrite(path))
        {
            // All behind the first lines is a hole, that is NULs, which reading must not come to.
            file.SetLength(3L * 1024 * 1024 * 1024);
            for (var i = 0; i < 20_000; i++)
            {
                file.Write("0123456789\n"u8);
            }
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = await ground.Read("huge", 1, 1);
        Assert.StartsWith("2\t0123456789\n[Lines 2-2; the file goes on. To read on: offset 2.]", result.Text, StringComparison.Ordinal);
        Assert.Contains("longer than 64 MB", result.Text, StringComparison.Ordinal);
        Assert.Empty(result.Files);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task Marked_encodings_are_read_without_their_mark(string name)
    {
        await using var ground = new Playground();
        var encoding = Encoding.GetEncoding(name);
        ground.Put("a.txt", [.. encoding.GetPreamble(), .. encoding.GetBytes("grün\r\n😀\r\n")]);
        Assert.Equal("1\tgrün\n2\t😀", (await ground.Read("a.txt")).Text);
    }

    [Fact]
    public async Task Latin_1_is_read_and_noted()
    {
        await using var ground = new Playground();
        ground.Put("a.txt", Encoding.Latin1.GetBytes("grün\nplain\n"));
        Assert.Equal("1\tgrün\n2\tplain\n[Lines that are not valid UTF-8 are shown as Latin-1.]", (await ground.Read("a.txt")).Text);
    }

    [Fact]
    public async Task A_file_with_a_NUL_byte_is_refused()
    {
        await using var ground = new Playground();
        ground.Put("a.out", [0x7F, (byte)'E', (byte)'L', (byte)'F', 0, 1, 2]);
        Assert.Contains("binary", await Playground.Failure(ground.Read("a.out")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("image/jpeg")]
    [InlineData("image/gif")]
    [InlineData("image/webp")]
    public async Task Images_are_handed_to_the_model_and_kept(string mediaType)
    {
        await using var ground = new Playground();
        var bytes = Pictures.Of(mediaType);
        ground.Put("picture", bytes);
        var result = await ground.Read("picture");
        var image = Assert.Single(result.Content.OfType<ImagePart>());
        Assert.Equal(mediaType, image.MediaType);
        Assert.Equal(bytes, image.Bytes.ToArray());
        Assert.Equal(bytes, ground.Blobs.Get(image.Blob));
        Assert.Single(result.Files);
    }

    [Fact]
    public async Task A_broken_image_is_not_sent_and_what_is_broken_is_told()
    {
        await using var ground = new Playground();
        ground.Put("broken.png", Pictures.Png[..40]);
        Assert.Equal(
            "broken.png begins like an image (image/png) but is broken: it is cut off. Models' servers refuse such a file, so it was not sent. "
            + "Get a sound copy or convert it with a command, and read that; `file` and `xxd` tell what is in it.",
            await Playground.Failure(ground.Read("broken.png")));
    }

    [Fact]
    public async Task An_image_too_large_for_models_is_refused()
    {
        await using var ground = new Playground();
        var bytes = new byte[(5 * 1024 * 1024) + 1];
        new byte[] { 0xFF, 0xD8, 0xFF }.CopyTo(bytes, 0);
        ground.Put("big.jpg", bytes);
        Assert.Contains("5 MB", await Playground.Failure(ground.Read("big.jpg")), StringComparison.Ordinal);
    }
}
