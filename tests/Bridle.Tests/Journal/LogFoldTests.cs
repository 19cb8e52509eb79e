using System.Text.Json;
using Bridle.Context;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Tests.Journal;

public sealed class LogFoldTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_fold_that_reads_only_facts_of_what_a_summary_replaced_makes_the_same_conversation()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            await using var journal = await WriteAsync($"s{seed}", new RandomLog(seed).Events());

            var fold = journal.Fold();

            Assert.Equal($"{seed}\n{Show(Whole(journal))}", $"{seed}\n{Show(fold)}");
            Assert.Equal(new HistoryHash().Of(Whole(journal).Messages), new HistoryHash().Of(fold.Messages));
        }
    }

    [Fact]
    public async Task Going_on_after_such_a_fold_makes_the_same_conversation_too()
    {
        for (var seed = 1000; seed < 1040; seed++)
        {
            await using var journal = await WriteAsync($"s{seed}", new RandomLog(seed).Events());
            var (fold, whole) = (journal.Fold(), Whole(journal));
            var before = journal.Last;
            await AppendAsync(journal, new RandomLog(seed + 5000).Events().Skip(1));

            foreach (var record in journal.Read(before + 1))
            {
                // Looked at after each record, as the loop does; the other one only at the end.
                fold.Apply(record);
                whole.Apply(record);
                Assert.NotNull(fold.Messages);
            }

            Assert.Equal($"{seed}\n{Show(whole)}", $"{seed}\n{Show(fold)}");
        }
    }

    [Fact]
    public async Task Text_that_a_summary_replaced_is_not_taken_out_of_the_log()
    {
        await using var journal = await WriteAsync("s", Exchange(1, 400).Concat([Summary(1200)]).Concat(Exchange(500, 3)));
        journal.Fold();
        Whole(journal);

        var light = Allocated(() => journal.Fold());
        var whole = Allocated(() => Whole(journal));

        Assert.True(light * 4 < whole, $"{light} bytes with facts only, {whole} with everything");
    }

    [Fact]
    public async Task The_last_result_of_a_tool_is_known_also_when_a_summary_replaced_it()
    {
        await using var journal = await WriteAsync("s", Exchange(1, 20).Concat([Summary(60)]).Concat(Exchange(30, 2, tool: "Read")));

        Assert.StartsWith("result 20 ", journal.Fold().LastResults["TodoWrite"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_byte_in_what_a_summary_replaced_is_still_found()
    {
        await using var journal = await WriteAsync("s", Exchange(1, 20).Concat([Summary(60)]).Concat(Exchange(30, 2)));
        var bytes = File.ReadAllBytes(_folder.Store.PathOf("s"));
        var at = bytes.AsSpan().IndexOf("result 3 "u8);
        bytes[at] = (byte)'R';
        using (var file = File.OpenHandle(_folder.Store.PathOf("s"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            RandomAccess.Write(file, bytes, 0);
        }

        var refused = Assert.Throws<JournalChangedException>(() => journal.Fold());
        Assert.Contains("is not what was written there", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_noted_beside_calls_and_requests_that_a_later_reply_closed_is_not_taken_out_of_the_log()
    {
        var parts = Enumerable.Range(0, 40).Select(i => new RequestPart("tool", $"source {i}", $"hash {i}", i)).ToList();
        await using var journal = await WriteAsync("s", Exchange(1, 200).SelectMany(IEnumerable<DurableEvent> (one) => one switch
        {
            ModelRequested requested => [requested with { Parts = parts, UpTo = 7 }],
            ToolReturned returned => [new ToolStarted(returned.Call, "Read", new string('h', 8000), ToolEffect.Repeatable, "none"), returned with { Content = [new TextPart("short")] }],
            _ => [one],
        }));
        journal.Fold();
        Whole(journal);

        var light = Allocated(() => journal.Fold());
        var whole = Allocated(() => Whole(journal));

        Assert.True(light * 3 < whole, $"{light} bytes without the notes, {whole} with everything");
        Assert.Equal(40, journal.Fold().LastRequest!.Parts.Count);
        Assert.Equal("c200", journal.Fold().FindCall(new CallId("c200"))!.Started!.Call.Value);
    }

    [Fact]
    public async Task A_changed_byte_in_a_note_that_is_not_read_is_still_found()
    {
        await using var journal = await WriteAsync("s", Exchange(1, 5).SelectMany(IEnumerable<DurableEvent> (one) =>
            one is ToolReturned returned ? [new ToolStarted(returned.Call, "Read", "input hash", ToolEffect.Repeatable, "none"), returned] : [one]));
        var bytes = File.ReadAllBytes(_folder.Store.PathOf("s"));
        bytes[bytes.AsSpan().IndexOf("input hash"u8)] = (byte)'I';
        using (var file = File.OpenHandle(_folder.Store.PathOf("s"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            RandomAccess.Write(file, bytes, 0);
        }

        var refused = Assert.Throws<JournalChangedException>(() => journal.Fold());
        Assert.Contains("is not what was written there", refused.Message, StringComparison.Ordinal);
    }

    private static long Allocated(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static IEnumerable<DurableEvent> Exchange(int first, int count, string tool = "TodoWrite")
    {
        for (var i = first; i < first + count; i++)
        {
            yield return new ModelRequested("p/m", "openai", [], 1, null, ToolCalling.Native);
            yield return new ModelReplied(new ModelReply([new TextPart($"step {i}"), new ToolCallPart(new CallId($"c{i}"), tool, "{}")], StopReason.ToolUse, new Usage(10 * i, 0, 0, 5, 0), "m"), null, 1);
            yield return new ToolReturned(new CallId($"c{i}"), CallOutcome.Completed, [new TextPart($"result {i} {new string('x', 8000)}")], 1) { Tool = tool };
        }
    }

    private static Compacted Summary(long upTo) => new(upTo, "What was done.", "auto");

    private static Transcript Whole(IJournal journal)
    {
        var transcript = new Transcript();
        foreach (var record in journal.Read())
        {
            transcript.Apply(record);
        }

        return transcript;
    }

    private async Task<IJournal> WriteAsync(string name, IEnumerable<DurableEvent> events)
    {
        var journal = _folder.Store.Create(_folder.Root, name).Journal;
        await AppendAsync(journal, events);
        return journal;
    }

    private static async Task AppendAsync(IJournal journal, IEnumerable<DurableEvent> events)
    {
        foreach (var one in events)
        {
            var run = new RunId(one is ReminderAdded { Source: "child" } or ModelReplied { Milliseconds: 2 } or ToolReturned { Milliseconds: 2 } ? "1.1" : "1");
            await journal.AppendAsync(run, one, Durability.Written, CancellationToken.None);
        }
    }

    // Everything that a reader of a transcript can see.
    private static string Show(Transcript transcript) => string.Join('\n', [
        $"{transcript.Last} {transcript.Name} {transcript.Root} {transcript.WorkingDirectory} {transcript.Mode} {transcript.ToldPlanMode} {transcript.Model} {transcript.Runs} {transcript.OpenRun} {transcript.LastEnd}",
        $"{transcript.Characters} {transcript.Measured} {transcript.Compaction?.Summary} {transcript.LastRequest?.UpTo} {transcript.LastRequest?.Model} {transcript.LastReply?.Model} {transcript.LastReply?.Usage}",
        .. transcript.LastReply?.Parts.Select(Show) ?? [],
        .. transcript.SeenFiles.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"seen {file.Key} {file.Value}"),
        .. transcript.LastResults.OrderBy(result => result.Key, StringComparer.Ordinal).Select(result => $"result {result.Key} {result.Value}"),
        .. transcript.GoneCalls.Select(call => $"gone {call}").Order(StringComparer.Ordinal),
        .. transcript.UnansweredCalls.Select(call => $"open {call.Call} {call.Started} {call.Asked} {call.Given} {call.GivenAt} {call.Answer} {call.Hooks.Count}"),
        .. Enumerable.Range(0, 400).Select(i => $"m{i}").Where(transcript.Knows).Select(id => $"knows {id}"),
        .. Enumerable.Range(0, 5).Select(i => $"note {i}").Where(text => transcript.WasTold("stuck", text)).Select(text => $"told {text}"),
        .. transcript.Closed.Select(entry => $"at {entry.N}"),
        .. transcript.Cuts.Select(cut => $"cut {cut.Message} {cut.Part} {cut.Cut.PartialText}"),
        .. transcript.Messages.SelectMany(message => message.Parts.Select(part => $"{message.Role} {Show(part)}")),
    ]);

    private static string Show(MessagePart part) => part is ToolResultPart result ? $"{result.Call} {result.Name} {result.IsError} {string.Concat(result.Content.Select(Show))}" : $"{part} {part.Vendor?.Data.GetRawText()}";

    /// <summary>Logs as they may come: replies that say nothing, answers twice or to nobody, child runs, summaries with and without replies after them.</summary>
    private sealed class RandomLog(int seed)
    {
        private static readonly VendorData s_vendor = new("anthropic/claude", JsonDocument.Parse("""{"text":"\"usage\":{"}""").RootElement.Clone());

        private static readonly string[] s_pieces = ["plain words ", "\n", "\t", "\"quoted\" ", "C:\\new\\u0041 ", "é", "日本", "😀", "\u2028", "\u007f", "\u0001", "\0", "/", "{}[],:", "\"}],\"milliseconds\":7"];

        private readonly Random _random = new(seed);
        private readonly bool _counts = seed % 3 is not 0;
        private readonly int _summaries = (seed % 4) * 3;
        private int _calls;
        private long _n = 1;

        public IEnumerable<DurableEvent> Events()
        {
            yield return new RunStarted("turn", "p/m", "default", new RunLimits(10));
            var length = 10 + _random.Next(120);
            while (_n < length)
            {
                _n++;
                yield return Next();
            }
        }

        private DurableEvent Next() => _random.Next(60 + _summaries) switch
        {
            < 4 => new UserSpoke($"m{_n}", _random.Next(8) is 0 ? [] : [new TextPart(Text())]),
            4 => new InboxDrained([new InboxMessage($"m{_n}", Text())]),
            5 => new ReminderAdded("stuck", $"note {_random.Next(5)}"),
            6 => new ReminderAdded(_random.Next(2) is 0 ? Reminders.PlanMode : Reminders.PlanModeOver, "plan"),
            7 => new ReminderAdded("child", Text()),
            8 => new ModeChanged("default", "plan", _random.Next(2) is 0 ? "person" : "plan_approved"),
            9 => new ModelChanged("p/m", $"p/m{_random.Next(3)}"),
            10 => new RunStarted("turn", "p/m", "default", new RunLimits(10)),
            11 => new RunFinished(TurnOutcome.Completed, Usage.None, null, 1, []),
            12 => new SessionRenamed($"name {_n}"),
            13 => new ApprovalRequested($"a{_random.Next(5)}", Call(), "Write", "{}", "h", null, "none", "why", DateTimeOffset.UnixEpoch),
            14 => new ApprovalGiven($"a{_random.Next(5)}", "allow", "once", "person"),
            15 => new QuestionAsked($"q{_random.Next(5)}", Call(), "Which?", []),
            16 => new QuestionAnswered($"q{_random.Next(5)}", Text()),
            17 => new HookRan(Call(), "PreToolUse", "guard", "h", "allow", null),
            < 22 => new ToolStarted(Call(), "Read", "h", ToolEffect.Repeatable, "none"),
            < 28 => new ModelRequested($"p/m{_n}", "openai", [], _n, null, ToolCalling.Native),
            < 42 => Reply(),
            < 58 => Return(),
            58 => new Compacted(0, "", "auto") { Trims = [new Trim(_random.Next((int)_n + 1), 5, 2, 5)] },
            59 => new ReplyCut("lost", Text(), null, null),
            _ => new Compacted(_random.Next(9) is 0 ? _n + _random.Next(20) : _random.Next((int)_n + 1), $"summary {_n}", "auto") { Trims = _random.Next(2) is 0 ? [new Trim(_n, 5, 2, 5)] : null },
        };

        private ModelReplied Reply()
        {
            MessagePart[] parts = [.. Enumerable.Range(0, _random.Next(4)).Select(_ => _random.Next(6) switch
            {
                0 => new TextPart(""),
                1 => new ReasoningPart(Text()) { Vendor = s_vendor },
                2 => new ImagePart("image/png", "blob"),
                3 => new TextPart(Text()) { Vendor = s_vendor },
                _ => (MessagePart)new ToolCallPart(_random.Next(9) is 0 ? Call() : new CallId($"c{++_calls}"), "Read", $$"""{"text":"{{Text()}}"}"""),
            })];
            var usage = _counts && _random.Next(3) is not 0 ? new Usage(_random.Next(1000), 0, 0, 5, 0) : null;
            return new ModelReplied(new ModelReply(parts, _random.Next(4) is 0 ? StopReason.Pause : StopReason.ToolUse, usage, $"m{_n}"), null, OwnOrChild());
        }

        private ToolReturned Return() => new(Call(), _random.Next(4) is 0 ? CallOutcome.Failed : CallOutcome.Completed, _random.Next(5) is 0 ? [new ImagePart("image/png", "blob")] : _random.Next(6) is 0 ? [new TextPart(Text()), new TextPart(Long())] : [new TextPart(_random.Next(3) is 0 ? Long() : Text())], OwnOrChild())
        {
            Tool = _random.Next(5) is 0 ? null : $"tool {_random.Next(3)}",
            Files = _random.Next(3) is 0 ? [new FileTouch($"/f{_random.Next(4)}", $"hash {_n}", true)] : null,
            WorkingDirectory = _random.Next(5) is 0 ? $"/d{_n}" : null,
        };

        // Those that took 2 ms are a child run's.
        private int OwnOrChild() => _random.Next(12) is 0 ? 2 : 1;

        private CallId Call() => new($"c{Math.Max(1, _calls - _random.Next(3))}");

        // What a log escapes and what it does not, and characters of every length in UTF-8.
        private string Long() => string.Concat(Enumerable.Range(0, 8 + _random.Next(60)).Select(_ => s_pieces[_random.Next(s_pieces.Length)])) + _n;

        private string Text() => $"text {_n} \"quoted\" 日本 {new string('y', _random.Next(20))}".Replace("\"", "'", StringComparison.Ordinal);
    }
}
