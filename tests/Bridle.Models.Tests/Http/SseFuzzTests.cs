using System.Text;
using System.Text.Json;
using Bridle.Models.Http;
using Bridle.Tests;

namespace Bridle.Models.Tests.Http;

public sealed class SseFuzzTests(ITestOutputHelper output)
{
    private static readonly string[] Pieces = ["data: ", "data:", "event: e", "\n", "\r", "\r\n", "\n\n", ":", "{\"a\":1}", "[DONE]", "x", " ", "\ufeff", "grüße", "\0", "id: 1\n", "retry: 9\n", "data: {\"a\":\n\n", "{", "}"];

    [Fact]
    public async Task Bytes_of_any_kind_give_the_same_events_however_they_are_split()
    {
        var time = new FuzzTime(output);
        var events = 0;
        while (time.Next())
        {
            var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, time.Random.Next(1, 60)).Select(_ => Pieces[time.Random.Next(Pieces.Length)])));
            for (var i = time.Random.Next(4); i > 0; i--)
            {
                bytes[time.Random.Next(bytes.Length)] = (byte)time.Random.Next(256);
            }

            var whole = await ReadAsync(bytes, bytes.Length);
            var split = await ReadAsync(bytes, time.Random.Next(1, 9));
            Assert.True(whole.SequenceEqual(split), $"BRIDLE_SEED={time.Seed}: {Convert.ToHexString(bytes)}");
            events += whole.Count;
        }

        output.WriteLine($"{time.Rounds} bodies, {events} events");
        Assert.True(events > 0);
    }

    private static async Task<List<string>> ReadAsync(byte[] bytes, int size)
    {
        using var reader = new SseReader(new Slow(bytes, size));
        var events = new List<string>();
        while (await reader.ReadAsync(default))
        {
            var json = "json";
            try
            {
                reader.Parse().Dispose();
            }
            catch (Exception failure) when (failure is JsonException or IOException)
            {
                json = failure.GetType().Name;
            }

            events.Add($"{reader.Event}|{Convert.ToHexString(reader.Data.Span)}|{json}");
        }

        return events;
    }

    private sealed class Slow(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span[..Math.Min(size, buffer.Length)]));
    }
}
