using System.Buffers.Binary;
using Bridle.Tools.Files;

namespace Bridle.Tools.Tests.Files;

public sealed class ImageCheckTests
{
    private static byte[][] Sound => [Pictures.Png, Pictures.Jpeg, Pictures.Gif, Pictures.WebP, Pictures.WebPWithoutLoss];

    [Fact]
    public void Sound_images_are_taken_with_whatever_stands_behind_them()
    {
        foreach (var image in Sound)
        {
            Assert.Null(Fault(image));
            Assert.Null(Fault([.. image, 0, 1, 2]));
        }

        Assert.Null(Fault(Pictures.Gif[..^1]));
    }

    [Fact]
    public void An_image_that_is_cut_anywhere_is_broken()
    {
        foreach (var image in Sound)
        {
            for (var length = 12; length < image.Length - (image[0] == 'G' ? 1 : 0); length++)
            {
                Assert.True(Fault(image[..length]) is not null, $"{image[0]:x2} cut to {length} of {image.Length} bytes");
            }
        }
    }

    [Fact]
    public void A_mark_with_anything_behind_it_is_no_image()
    {
        var random = new Random(20261122);
        foreach (var image in Sound)
        {
            for (var round = 0; round < 200; round++)
            {
                var junk = new byte[random.Next(64)];
                random.NextBytes(junk);
                Assert.NotNull(Fault([.. image.AsSpan(0, 12), .. junk]));
            }
        }
    }

    [Fact]
    public void Every_byte_of_a_png_counts_where_a_reader_needs_it()
    {
        for (var at = 8; at < Pictures.Png.Length; at++)
        {
            var changed = (byte[])Pictures.Png.Clone();
            changed[at] ^= 0x10;
            Assert.True(Fault(changed) is not null, $"byte {at}");
        }

        // What a reader may leave out may be broken: a comment with a wrong checksum after the header.
        Assert.Null(Fault([.. Pictures.Png.AsSpan(0, 33), .. Chunk("tEXt", "a\0b"u8, sum: 7), .. Pictures.Png.AsSpan(33)]));
        Assert.Contains("checksum", Fault([.. Pictures.Png.AsSpan(0, 33), .. Chunk("PLTE", "abc"u8, sum: 7), .. Pictures.Png.AsSpan(33)]), StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_without_a_picture_is_broken()
    {
        Assert.Contains("no picture", Fault([.. Pictures.Png.AsSpan(0, 33), .. Pictures.Png.AsSpan(Pictures.Png.Length - 12)]), StringComparison.Ordinal);
        Assert.Contains("no picture", Fault([0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xD9, 0, 0]), StringComparison.Ordinal);
        Assert.Contains("no picture", Fault([.. Pictures.Gif.AsSpan(0, 19), 0x3B]), StringComparison.Ordinal);
        Assert.Contains("no picture", Fault([.. "RIFF\u0004\0\0\0WEBP"u8]), StringComparison.Ordinal);
    }

    private static string? Fault(byte[] bytes) => ImageCheck.Fault(ImageFormat.Detect(bytes)!, bytes);

    private static byte[] Chunk(string type, ReadOnlySpan<byte> data, uint sum)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        System.Text.Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), sum);
        return chunk;
    }
}
