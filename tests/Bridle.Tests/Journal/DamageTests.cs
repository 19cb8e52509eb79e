using System.Text;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Tests.Journal;

public sealed class DamageTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_flipped_bit_anywhere_is_reported_as_damage_or_as_an_edit_and_never_cut()
    {
        var log = await File.ReadAllBytesAsync(await Samples.WriteAsync(_folder));
        var path = Path.Combine(_folder.Root, "flipped");
        await File.WriteAllBytesAsync(path, log);
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        var silent = new List<string>();
        for (var i = 0; i < log.Length; i++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                RandomAccess.Write(file, [(byte)(log[i] ^ (1 << bit))], i);
                var found = LogInspection.Of(file, log.Length);
                if (found.TailBytes != 0 || found.NewlineMissing || (found.Damage.Count == 0 && found.Edits.Count == 0))
                {
                    silent.Add($"byte {i} bit {bit}");
                }
            }

            RandomAccess.Write(file, [log[i]], i);
        }

        Assert.Empty(silent);
    }

    [Fact]
    public async Task A_flipped_bit_in_any_record_opens_read_only_and_leaves_the_bytes_alone()
    {
        var path = await Samples.WriteAsync(_folder);
        var log = await File.ReadAllBytesAsync(path);
        for (var i = 0; i < log.Length; i += 7)
        {
            var flipped = (byte[])log.Clone();
            flipped[i] ^= 4;
            await File.WriteAllBytesAsync(path, flipped);

            var opened = _folder.Store.Open("s");

            Assert.True(opened.Report.State is OpenState.Damaged or OpenState.EditsPending, $"byte {i}: {opened.Report.State}");
            Assert.NotEmpty(opened.Report.Describe());
            var refused = await Assert.ThrowsAsync<JournalException>(async () =>
                await opened.Journal.AppendAsync(RunId.Session, new SessionRenamed("x"), Durability.Synced, CancellationToken.None));
            Assert.Contains(path, refused.Message, StringComparison.Ordinal);
            Assert.Equal(flipped, await File.ReadAllBytesAsync(path));
        }
    }

    [Fact]
    public async Task A_log_cut_at_any_byte_of_its_last_three_records_opens_with_exactly_the_complete_records()
    {
        var path = await Samples.WriteAsync(_folder);
        var log = await File.ReadAllBytesAsync(path);
        var ends = EndsOf(log);
        for (var length = ends[^4]; length < log.Length; length++)
        {
            await File.WriteAllBytesAsync(path, log[..length]);

            // A record is complete with its closing brace; its newline is put back.
            var complete = ends.Count(end => end - 1 <= length);
            await AssertRepairedAsync(path, log, complete, length == ends[complete - 1] ? null : Math.Max(length - ends[complete - 1], 0), $"length {length}");
        }
    }

    [Theory]
    [InlineData("zeros")]
    [InlineData("garbage")]
    [InlineData("text")]
    public async Task A_tail_overwritten_from_any_byte_of_the_last_three_records_opens_with_exactly_the_complete_records(string kind)
    {
        var path = await Samples.WriteAsync(_folder);
        var log = await File.ReadAllBytesAsync(path);
        var ends = EndsOf(log);
        var random = new Random(7);
        for (var from = ends[^4]; from < log.Length; from += 3)
        {
            var tail = new byte[random.Next(2, 400)];
            if (kind == "garbage")
            {
                random.NextBytes(tail);
                tail[0] = 0xff;
                tail[^1] = 0xfe;
            }
            else if (kind == "text")
            {
                tail.AsSpan().Fill((byte)'x');
            }

            await File.WriteAllBytesAsync(path, [.. log[..from], .. tail]);

            var complete = ends.Count(end => end - 1 <= from);
            await AssertRepairedAsync(path, log, complete, from + tail.Length - Math.Min(from, ends[complete - 1]), $"{kind} from {from}");
        }
    }

    [Fact]
    public async Task What_was_cut_is_kept_as_a_blob()
    {
        var path = await Samples.WriteAsync(_folder);
        const string Torn = "{\"n\":11,\"at\":\"2026-";
        await File.AppendAllTextAsync(path, Torn);

        var opened = _folder.Store.Open("s");
        await using var journal = opened.Journal;

        var repaired = Assert.IsType<LogRepaired>(journal.Read(11).Single().Event);
        Assert.Equal(Torn, Encoding.UTF8.GetString(journal.Blobs.Get(repaired.Blob!)!));
        Assert.Contains($"last {Torn.Length} bytes", opened.Report.Describe(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"type\":\"user_spoke\",oops}\n")]
    [InlineData("not JSON at all\n")]
    public async Task A_finished_last_line_that_does_not_parse_is_refused_with_its_number_and_never_dropped(string line)
    {
        var path = await Samples.WriteAsync(_folder);
        await File.AppendAllTextAsync(path, line);
        var bytes = await File.ReadAllBytesAsync(path);

        var opened = _folder.Store.Open("s", _ => true);

        Assert.Equal(OpenState.Damaged, opened.Report.State);
        Assert.Equal(11, opened.Report.Damage.Single().Line);
        Assert.Equal(10, opened.Journal.Read().Count());
        Assert.Equal(bytes, await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task Damage_names_file_and_line_and_the_sound_records_stay_readable()
    {
        var path = await Samples.WriteAsync(_folder);
        var lines = await File.ReadAllLinesAsync(path);
        lines[4] = lines[4].Replace("\"Grep\"", "\"Bash\"", StringComparison.Ordinal);
        lines[6] = lines[6][..40];
        await File.WriteAllLinesAsync(path, lines);

        var opened = _folder.Store.Open("s", _ => true);

        Assert.Equal([5, 7], opened.Report.Damage.Select(damage => damage.Line));
        Assert.Contains(path, opened.Report.Describe(), StringComparison.Ordinal);
        Assert.Equal([1, 2, 3, 4, 6, 8, 9, 10], opened.Journal.Read().Select(record => record.N));
    }

    [Fact]
    public async Task A_log_without_its_first_record_is_damaged()
    {
        var path = await Samples.WriteAsync(_folder);
        var lines = await File.ReadAllLinesAsync(path);
        await File.WriteAllLinesAsync(path, lines.Skip(1));
        Assert.Equal(OpenState.Damaged, _folder.Store.Open("s", _ => true).Report.State);

        await File.WriteAllTextAsync(path, "");
        Assert.Equal(OpenState.Damaged, _folder.Store.Open("s", _ => true).Report.State);
    }

    [Fact]
    public async Task A_log_of_a_newer_format_is_read_but_not_written()
    {
        var path = await Samples.WriteAsync(_folder);
        using var codec = new RecordCodec();
        await File.WriteAllBytesAsync(path, codec.Encode(1, DateTimeOffset.UnixEpoch, RunId.Session, new SessionStarted(2, "s", "/", "9")).ToArray());

        var opened = _folder.Store.Open("s");

        Assert.Equal(OpenState.Newer, opened.Report.State);
        Assert.False(opened.Report.CanAppend);
        Assert.Single(opened.Journal.Read());
    }

    [Fact]
    public async Task Records_of_unknown_types_are_kept_through_appends_and_edits()
    {
        var path = await Samples.WriteAsync(_folder);
        var lines = (await File.ReadAllLinesAsync(path)).ToList();
        const string Body = "{\"n\":11,\"at\":\"2026-11-21T12:00:00.000Z\",\"run\":\"0\",\"type\":\"from_the_future\",\"x\":{\"sum\":1}";
        lines.Add($"{Body},\"sum\":\"{Crc32C.Of(Encoding.UTF8.GetBytes(Body)):x8}\"}}");
        lines.RemoveAt(7);
        await File.WriteAllLinesAsync(path, lines);

        await using var journal = _folder.Store.Open("s", _ => true).Journal;
        await journal.AppendAsync(RunId.Session, new SessionRenamed("t"), Durability.Written, CancellationToken.None);

        var unknown = Assert.IsType<UnknownEvent>(journal.Read(10).First().Event);
        Assert.Equal("from_the_future", unknown.Type);
        Assert.Contains("\"x\":{\"sum\":1}", unknown.Json, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, 12).Select(n => (long)n), journal.Read().Select(record => record.N));
    }

    private static List<int> EndsOf(byte[] log) => [.. Enumerable.Range(0, log.Length).Where(i => log[i] == '\n').Select(i => i + 1)];

    private async Task AssertRepairedAsync(string path, byte[] log, int complete, long? cut, string what)
    {
        var opened = _folder.Store.Open("s");
        await using (opened.Journal)
        {
            Assert.True(opened.Report.CanAppend, $"{what}: {opened.Report.Describe()}");
            Assert.True(opened.Report.BytesCut == cut, $"{what}: cut {opened.Report.BytesCut} instead of {cut}");
            Assert.Equal(complete + (cut is null ? 0 : 1), opened.Journal.Last);
            await opened.Journal.AppendAsync(RunId.Session, new SessionRenamed("x"), Durability.Written, CancellationToken.None);
        }

        var kept = EndsOf(log)[complete - 1];
        var now = await File.ReadAllBytesAsync(path);
        Assert.True(now.AsSpan(0, kept).SequenceEqual(log.AsSpan(0, kept)), what);
        var again = _folder.Store.Open("s");
        await again.Journal.DisposeAsync();
        Assert.Equal(OpenState.Clean, again.Report.State);
        _folder.ForgetSeals();
    }
}
