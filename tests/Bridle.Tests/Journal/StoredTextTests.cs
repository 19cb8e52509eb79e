using System.Text;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Tests.Journal;

public sealed class StoredTextTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Long_results_of_a_session_that_was_opened_again_stay_in_its_file_until_somebody_reads_them()
    {
        await using var journal = await WriteAsync(300);
        journal.Fold();

        Transcript? opened = null;
        var folding = Allocated(() => opened = journal.Fold());
        var reading = Allocated(() => Assert.Equal(300 * 20_000, Results(opened!).Sum(text => text.Text.Length)));

        Assert.True(folding * 4 < reading, $"{folding} bytes to fold, {reading} to read 300 results of 20,000 characters");
        Assert.Equal(300 * 20_000, Results(opened!).Sum(text => text.Length));
        Assert.StartsWith("result 7 ", Results(opened!)[6].Text, StringComparison.Ordinal);
        Assert.Equal(Results(opened!)[6], Results(journal.Fold())[6]);
        Assert.NotEqual(Results(opened!)[6], Results(opened!)[7]);
    }

    [Fact]
    public async Task A_result_that_was_changed_in_the_file_after_the_session_was_opened_is_refused_when_it_is_read()
    {
        await using var journal = await WriteAsync(3);
        var results = Results(journal.Fold());
        var path = _folder.Store.PathOf("s");
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.AsSpan().IndexOf("result 2 "u8)] = (byte)'R';
        using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            RandomAccess.Write(file, bytes, 0);
        }

        Assert.StartsWith("result 1 ", results[0].Text, StringComparison.Ordinal);
        var refused = Assert.Throws<JournalChangedException>(() => results[1].Text);
        Assert.Contains("Open the session again", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_in_a_file_that_became_shorter_is_refused_and_one_in_a_file_that_was_replaced_or_removed_is_still_there()
    {
        await using var journal = await WriteAsync(3);
        var (results, path) = (Results(journal.Fold()), _folder.Store.PathOf("s"));
        File.WriteAllText(path + ".new", "other");
        File.Move(path + ".new", path, overwrite: true);

        Assert.StartsWith("result 2 ", results[1].Text, StringComparison.Ordinal);
        File.Delete(path);
        Assert.StartsWith("result 3 ", results[2].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_in_a_file_that_became_shorter_is_refused()
    {
        await using var journal = await WriteAsync(30);
        var results = Results(journal.Fold());
        using (var file = File.OpenHandle(_folder.Store.PathOf("s"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            RandomAccess.SetLength(file, 2000);
        }

        Assert.Throws<JournalChangedException>(() => results[25].Text);
    }

    [Fact]
    public async Task Results_are_still_there_when_the_journal_was_closed()
    {
        var journal = await WriteAsync(3);
        var results = Results(journal.Fold());
        await journal.DisposeAsync();

        Assert.StartsWith("result 3 ", results[2].Text, StringComparison.Ordinal);
        File.Copy(_folder.Store.PathOf("s"), Path.Combine(_folder.Root, "copy"));

        // .NET wants the file for itself here: who keeps a handle for later must not keep a lock with it.
        File.Copy(Path.Combine(_folder.Root, "copy"), _folder.Store.PathOf("s"), overwrite: true);
        Assert.StartsWith("result 2 ", results[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_read_without_the_serialiser_is_what_the_serialiser_reads()
    {
        var path = Path.Combine(_folder.Root, "lines");
        File.WriteAllText(path, "");
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        var (random, taken, refused) = (new Random(7), 0, 0);
        for (var round = 0; round < 6000; round++)
        {
            var line = Changed(s_lines[round % s_lines.Length], round < s_lines.Length ? 0 : 1 + random.Next(2), random);
            if (!RecordHead.TryRead(line, out var head) || !CommonRecord.IsOne(head.Type))
            {
                continue;
            }

            RandomAccess.Write(file, line, 0);
            var common = CommonRecord.Read(head.Type, line, 0, new StoredLines(path, file));
            (taken, refused) = common is null ? (taken, refused + 1) : (taken + 1, refused);
            if (common is not null && TryDecode(line) is { } whole)
            {
                Assert.Equal($"{Encoding.UTF8.GetString(line)}\n{Show(whole)}", $"{Encoding.UTF8.GetString(line)}\n{Show(common)}");
            }
        }

        Assert.True(taken > 500 && refused > 500, $"{taken} taken, {refused} refused");
    }

    [Theory]
    [InlineData(""" "tool_returned","call":"c","outcome":"completed","content":[{"type":"text","text":"a\ud83d"}],"milliseconds":1 """)]
    [InlineData(""" "tool_returned","call":"c","outcome":"completed","content":[{"type":"text","text":"a"}],"milliseconds":1,"content":[] """)]
    [InlineData(""" "tool_returned","call":"c","outcome":"completed","content":[{"type":"text","text":"a"}],"milliseconds":1,"files":[1],"tool":"T" """)]
    [InlineData(""" "tool_returned","call":"c","outcome":"strange","content":[{"type":"text","text":"a"}],"milliseconds":1 """)]
    [InlineData(""" "model_replied","reply":{"parts":[{"type":"text","text":"a"}],"stop":"end_turn"},"reply":{"parts":[],"stop":"end_turn"} """)]
    [InlineData(""" "model_replied","reply":{"parts":[{"type":"text","text":"a","text":"b"}],"stop":"end_turn"} """)]
    [InlineData(""" "model_replied","reply":{"parts":[{"text":"a","type":"text"}],"stop":"end_turn"} """)]
    [InlineData(""" "model_replied","reply":{"parts":[{"type":"image","media_type":"image/png","blob":"b"}],"stop":"end_turn"} """)]
    [InlineData(""" "model_replied","reply":{"parts":[{"type":"text","text":null}],"stop":"end_turn"} """)]
    [InlineData(""" "model_replied","reply":{"parts":[{"type":"text","text":"a"}],"stop":"end_turn","usage":"model"} """)]
    public void A_record_that_this_program_does_not_write_so_is_left_to_the_serialiser(string fields)
    {
        var line = Sealed($$"""{"n":1,"at":"2026-11-21T11:00:00.120Z","run":"1","type":{{fields.Trim()}}""");
        Assert.True(RecordHead.TryRead(line, out var head));

        Assert.Null(CommonRecord.Read(head.Type, line, 0, null!));
    }

    [Fact]
    public async Task Records_of_some_types_are_found_where_they_stand_whoever_wrote_them_and_when()
    {
        HashSet<string>[] wanted = [["model_replied"], ["tool_returned", "run_started"], ["session_started"], ["log_repaired"], ["no_such_type"]];
        var journal = await WriteAsync(9);
        await CheckAsync(journal);
        await journal.DisposeAsync();
        await File.AppendAllTextAsync(_folder.Store.PathOf("s"), """{"n":40,"at":"20""");

        journal = _folder.Store.Open("s").Journal;
        await CheckAsync(journal);
        await AppendAsync(journal, 9, 3);
        await CheckAsync(journal);
        Assert.Single(journal.ReadOnly(wanted[3]));
        await journal.DisposeAsync();

        ValueTask CheckAsync(IJournal all)
        {
            foreach (var types in wanted)
            {
                Assert.Equal(
                    all.Read().Where(record => types.Contains(RecordCodec.NameOf(record.Event))).Select(record => $"{record.N} {record.Run} {record.Event.GetType().Name}").ToList(),
                    all.ReadOnly(types).Select(record => $"{record.N} {record.Run} {record.Event.GetType().Name}").ToList());
            }

            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task Records_without_the_field_that_is_asked_for_are_not_taken_apart()
    {
        await using var journal = await WriteAsync(9);
        await journal.AppendAsync(new RunId("1"), new ToolReturned(new CallId("c9"), CallOutcome.Completed, [new TextPart("short")], 1) { Spill = "hash" }, Durability.Written, CancellationToken.None);

        Assert.Equal("hash", Assert.IsType<ToolReturned>(Assert.Single(journal.ReadOnly(new HashSet<string> { "tool_returned" }, "spill")).Event).Spill);
    }

    private static readonly string[] s_lines =
    [
        """{"n":1,"at":"2026-11-21T11:00:00.120Z","run":"1","type":"tool_returned","call":"c1","outcome":"completed","content":[{"type":"text","text":"a\tb \"q\" \\ é \u0001 日 end"}],"milliseconds":12,"tool":"Write","files":[{"path":"/a.cs","hash":"9f","written":true},{"path":"/b","hash":"1","written":false}],"working_directory":"/w","spill":"9f","diff":"-a\n+b","exit_code":124""",
        $$"""{"n":1,"at":"2026-11-21T11:00:00.120Z","run":"1","type":"tool_returned","call":"c1","outcome":"failed","content":[{"type":"text","text":"{{new string('x', 300)}}\n\u0041"}],"milliseconds":1,"tool":"Read" """.TrimEnd(),
        """{"n":1,"at":"2026-11-21T11:00:00.120Z","run":"1","type":"model_replied","reply":{"parts":[{"type":"reasoning","text":"Hm.","vendor":{"origin":"a/c","data":{"s":"E+/=","text":"no"}}},{"type":"text","text":"I will \"look\"."},{"type":"tool_call","id":"c1","name":"Read","arguments":"{\"path\":\"a.cs\"}"}],"stop":"tool_use","usage":{"input":100,"cache_read":20,"cache_write":3,"output":40,"reasoning":10},"model":"claude-4"},"cost":0.0125,"milliseconds":1830""",
        """{"n":1,"at":"2026-11-21T11:00:00.120Z","run":"1","type":"model_replied","reply":{"parts":[],"stop":"end_turn"},"milliseconds":1830""",
    ];

    private static byte[] Changed(string text, int changes, Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(text).ToList();
        for (var i = 0; i < changes; i++)
        {
            var (at, length) = (60 + random.Next(bytes.Count - 60), 1 + random.Next(12));
            switch (random.Next(4))
            {
                case 0:
                    bytes.RemoveRange(at, Math.Min(length, bytes.Count - at));
                    break;
                case 1:
                    bytes.InsertRange(random.Next(60, bytes.Count), bytes.GetRange(at, Math.Min(length * 3, bytes.Count - at)));
                    break;
                case 2:
                    bytes.Insert(at, (byte)"\"\\{}[],:nu0"u8[random.Next(11)]);
                    break;
                default:
                    bytes[at] = (byte)random.Next(256);
                    break;
            }
        }

        bytes.RemoveAll(one => one is (byte)'\n');
        return Sealed(bytes.ToArray());
    }

    private static byte[] Sealed(string open) => Sealed(Encoding.UTF8.GetBytes(open));

    private static byte[] Sealed(byte[] open)
    {
        var digits = new byte[8];
        Crc32C.Format(Crc32C.Of(open), digits);
        return [.. open, .. ",\"sum\":\""u8, .. digits, .. "\"}"u8];
    }

    private static DurableEvent? TryDecode(byte[] line)
    {
        try
        {
            return RecordCodec.Decode(line).Event;
        }
        catch (Exception failure) when (failure is System.Text.Json.JsonException or FormatException or InvalidOperationException)
        {
            // What is wrong may stand in a field that a conversation does not need.
            return null;
        }
    }

    private static string Show(DurableEvent one) => one switch
    {
        ToolReturned returned => $"{returned.Call} {returned.Outcome} {returned.Tool} {returned.WorkingDirectory} {string.Join(',', (returned.Files ?? []).Select(file => $"{file.Path}={file.Hash}"))} {string.Join('|', returned.Content.Select(part => $"{part} {(part as TextPart)?.Length}"))}",
        ModelReplied replied => $"{replied.Reply.Stop} {replied.Reply.Usage} {replied.Reply.Model} {string.Join('|', replied.Reply.Parts.Select(Show))}",
        _ => one.ToString(),
    };

    private static string Show(MessagePart part) => part switch
    {
        TextPart text => $"text {text.Text}",
        ReasoningPart thought => $"thought {thought.Text}",
        ToolCallPart call => $"call {call.Id} {call.Name} {call.Arguments}",
        _ => part.GetType().Name,
    } + $" {part.Vendor?.Origin} {(part.Vendor is { } vendor ? Convert.ToHexString(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(vendor.Data)) : "")}";

    private static List<TextPart> Results(Transcript transcript) =>
        [.. transcript.Messages.SelectMany(message => message.Parts).OfType<ToolResultPart>().Select(result => Assert.IsType<TextPart>(Assert.Single(result.Content)))];

    private static long Allocated(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private async Task<IJournal> WriteAsync(int exchanges)
    {
        var journal = _folder.Store.Create(_folder.Root, "s").Journal;
        await journal.AppendAsync(new RunId("1"), new RunStarted("turn", "p/m", "default", new RunLimits(10)), Durability.Written, CancellationToken.None);
        await AppendAsync(journal, 0, exchanges);
        await journal.AppendAsync(new RunId("1"), new ModelReplied(new ModelReply([new TextPart("Done.")], StopReason.EndTurn, null, null), null, 1), Durability.Written, CancellationToken.None);
        return journal;
    }

    private static async Task AppendAsync(IJournal journal, int after, int exchanges)
    {
        for (var i = after + 1; i <= after + exchanges; i++)
        {
            var call = new CallId($"c{i}");
            await journal.AppendAsync(new RunId(i % 4 is 3 ? "1.1" : "1"), new ReminderAdded("note", "n"), Durability.Written, CancellationToken.None);
            await journal.AppendAsync(new RunId("1"), new ModelReplied(new ModelReply([new ToolCallPart(call, "Read", "{}")], StopReason.ToolUse, null, "m"), null, 1), Durability.Written, CancellationToken.None);
            await journal.AppendAsync(new RunId("1"), new ToolReturned(call, CallOutcome.Completed, [new TextPart($"result {i} ".PadRight(20_000, 'x'))], 1) { Tool = "Read" }, Durability.Written, CancellationToken.None);
        }
    }
}
