using System.Text;
using System.Text.Json;
using Bridle.Models.Http;

namespace Bridle.Models.Tests.Http;

public sealed class SseReaderTests
{
    [Theory]
    [InlineData("data: a\n\ndata: b\n\n", "|a,|b")]
    [InlineData("data: a\r\n\r\ndata: b\r\n\r\n", "|a,|b")]
    [InlineData("data: a\r\rdata: b\r\r", "|a,|b")]
    [InlineData("data: a\r\n\rdata: b\n\r\n", "|a,|b")]
    [InlineData("data: one\ndata: two\ndata\ndata:\n\n", "|one\ntwo\n\n")]
    [InlineData(": ping\n\ndata: a\n: still here\n\n:\n\n", "|a")]
    [InlineData("\ufeffdata: a\n\n", "|a")]
    [InlineData(":\n\ufeffdata: a\n\ndata: b\n\n", "|b")]
    [InlineData("data:a\n\ndata:  b\n\n", "|a,| b")]
    [InlineData("data: a\n\ndata: last", "|a,|last")]
    [InlineData("data: a\n\ndata: last\n", "|a,|last")]
    [InlineData("event: e\ndata: a\n\ndata: b\n\n", "e|a,|b")]
    [InlineData("event: lost\n\ndata: b\n\n", "|b")]
    [InlineData("id: 7\nretry: 10\nnonsense\nx: y\ndata: a:b\n\n", "|a:b")]
    [InlineData("data: grüße 🙂\n\n", "|grüße 🙂")]
    [InlineData("data:\n\n", "|")]
    [InlineData("", "")]
    [InlineData("\n\n\n", "")]
    [InlineData("\ufeff", "")]
    public async Task Events_are_read_alike_however_the_bytes_are_split(string body, string expected)
    {
        for (var size = 1; size <= Encoding.UTF8.GetByteCount(body) + 1; size++)
        {
            using var reader = new SseReader(new Pieces(Encoding.UTF8.GetBytes(body), size));
            var events = new List<string>();
            while (await reader.ReadAsync(default))
            {
                events.Add($"{reader.Event}|{Encoding.UTF8.GetString(reader.Data.Span)}");
            }

            Assert.Equal(expected, string.Join(',', events));
        }
    }

    [Fact]
    public async Task A_line_longer_than_the_buffer_is_read_whole()
    {
        var text = new string('x', 300_000);
        using var reader = new SseReader(new Pieces(Encoding.UTF8.GetBytes($"data: {text}\n\ndata: b\n\n"), 7_000));

        Assert.True(await reader.ReadAsync(default));
        Assert.Equal(text, Encoding.UTF8.GetString(reader.Data.Span));
        Assert.True(await reader.ReadAsync(default));
        Assert.True(reader.DataIs("b"u8));
        Assert.False(await reader.ReadAsync(default));
    }

    [Fact]
    public async Task An_event_that_the_end_of_the_body_cuts_off_is_told_from_one_that_is_malformed()
    {
        using var cut = new SseReader(new Pieces("data: {\"a\":"u8.ToArray(), 100));
        using var malformed = new SseReader(new Pieces("data: {\"a\":\n\n"u8.ToArray(), 100));
        Assert.True(await cut.ReadAsync(default));
        Assert.True(await malformed.ReadAsync(default));

        Assert.Throws<EndOfStreamException>(() => cut.Parse());
        Assert.ThrowsAny<JsonException>(() => malformed.Parse());
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_do_not_end_the_reply()
    {
        using var reader = new SseReader(new Pieces([.. "data: {\"a\":\"x"u8, 0xC3, .. "y\"}\n\n"u8], 100));
        Assert.True(await reader.ReadAsync(default));

        using var json = reader.Parse();
        Assert.Equal("x\ufffdy", json.RootElement.TextAt("a"));
    }

    [Fact]
    public async Task Thousands_of_events_allocate_next_to_nothing()
    {
        var body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("data: {\"choices\":[{\"delta\":{\"content\":\"word \"}}]}\n\n", 2_000)));
        using var reader = new SseReader(new Pieces(body, 4_096));
        Assert.True(await reader.ReadAsync(default));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var count = 1;
        while (await reader.ReadAsync(default))
        {
            count++;
        }

        Assert.Equal(2_000, count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000);
    }

    [Theory]
    [InlineData("{\"a\":1}\n{\"a\":2}\n", "1,2")]
    [InlineData("{\"a\":1}\r\n\r\n{\"a\":2}", "1,2")]
    [InlineData("\ufeff\n  \n{\"a\":1}\n", "1")]
    public async Task Lines_of_JSON_are_read_alike_however_the_bytes_are_split(string body, string expected)
    {
        for (var size = 1; size <= body.Length + 4; size++)
        {
            using var reader = new NdjsonReader(new Pieces(Encoding.UTF8.GetBytes(body), size));
            var seen = new List<long?>();
            while (await reader.ReadAsync(default) is { } line)
            {
                using (line)
                {
                    seen.Add(line.RootElement.NumberAt("a"));
                }
            }

            Assert.Equal(expected, string.Join(',', seen));
        }
    }

    /// <summary>Hands out at most so many bytes a read.</summary>
    private sealed class Pieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(Read(buffer.Span[..Math.Min(size, buffer.Length)]));
    }
}
