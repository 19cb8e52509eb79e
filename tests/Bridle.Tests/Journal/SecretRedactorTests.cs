using System.Text;
using System.Text.Json;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Tests.Journal;

public sealed class SecretRedactorTests
{
    private const string Key = "my/own+secret=key 42";

    // Put together here so that no scanner takes them for lost keys.
    private static readonly string[] Shapes =
    [
        "ghp_" + new string('a', 36), "github_pat_" + new string('B', 60), "sk-" + new string('c', 40), "sk-ant-api03-" + new string('d', 40), "sk-proj-" + new string('e', 40), "AIza" + new string('f', 35),
        "AKIA" + "ABCDEFGHIJKLMNOP", "xoxb-" + "1234567890-abcdef", "sk_live_" + new string('g', 24), "eyJ" + "hbGciOiJIUzI1NiJ9" + ".eyJ" + "zdWIiOiIxMjM0In0" + "." + new string('h', 30),
    ];

    private readonly SecretRedactor _redactor = new([Key, "short"]);

    [Fact]
    public void Known_values_go_in_every_form_they_travel_in()
    {
        Assert.Equal("a [redacted: known key] b", _redactor.Redact($"a {Key} b"));
        Assert.DoesNotContain("secret", _redactor.Redact("u=" + Uri.EscapeDataString(Key)));
        for (var offset = 0; offset < 4; offset++)
        {
            var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('x', offset) + Key + ":more"));
            var left = _redactor.Redact(encoded).Replace("[redacted: known key]", "");
            Assert.True(left.Length <= 14, left);
        }

        Assert.Equal("short words stay", _redactor.Redact("short words stay"));
    }

    [Fact]
    public void Well_known_shapes_go_and_their_surroundings_stay()
    {
        foreach (var shape in Shapes)
        {
            var redacted = _redactor.Redact($"before '{shape}', after");
            Assert.DoesNotContain(shape, redacted);
            Assert.StartsWith("before '[redacted: ", redacted);
            Assert.EndsWith("', after", redacted);
        }

        Assert.Equal("postgres://u:[redacted: password]@host/db", _redactor.Redact("postgres://u:hunter22@host/db"));
        Assert.Equal("a [redacted: private key] b", _redactor.Redact("a -----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY----- b"));
        Assert.Equal("a [redacted: private key]", _redactor.Redact("a -----BEGIN PRIVATE KEY-----\nMII cut off"));
    }

    [Theory]
    [InlineData("task-force-with-a-very-long-hyphenated-name")]
    [InlineData("https://example.com:8080/a@b")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----")]
    [InlineData("git@github.com:a/b.git")]
    [InlineData("disk-usage sk-short AKIA")]
    public void Ordinary_text_stays_as_it_is(string text) => Assert.Same(text, _redactor.Redact(text));

    [Fact]
    public void A_secret_cut_anywhere_into_pieces_never_comes_out_of_a_stream()
    {
        var text = $"start {Shapes[0]} mid {Key} and\n-----BEGIN EC PRIVATE KEY-----\nAAAA BBBB\n-----END EC PRIVATE KEY-----\nlast {Shapes[4]}";
        var whole = _redactor.Redact(text);
        for (var size = 1; size < 40; size++)
        {
            var stream = _redactor.Stream();
            var shown = new StringBuilder();
            for (var at = 0; at < text.Length; at += size)
            {
                shown.Append(stream.Push(text.Substring(at, Math.Min(size, text.Length - at))));
            }

            shown.Append(stream.Flush());
            Assert.Equal(whole, shown.ToString());
        }
    }

    [Fact]
    public void A_stream_shows_words_as_they_end_and_does_not_hold_a_word_without_end_for_ever()
    {
        var stream = _redactor.Stream();
        Assert.Equal("one ", stream.Push("one tw"));
        Assert.Equal("two ", stream.Push("o "));
        Assert.NotEqual("", stream.Push(new string('x', 200_000)));
        var key = _redactor.Stream();
        Assert.Equal("[redacted: private key]", key.Push("-----BEGIN PRIVATE KEY-----\nabc def ghi\n"));
        Assert.Equal("", key.Push("more of it\n"));
        Assert.Equal("", key.Flush());
    }

    [Theory]
    [InlineData("x")]
    [InlineData("0123456789abcdef")]
    [InlineData("http://長い住所")]
    [InlineData("-----END ")]
    [InlineData("-----BEGIN ")]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    [InlineData("-----BEGIN CERTIFICATE-----")]
    [InlineData("- ")]
    [InlineData("漢字")]
    public void A_long_text_in_small_pieces_is_looked_at_a_few_times_and_not_once_for_every_piece(string part)
    {
        foreach (var start in new[] { "", "-----BEGIN PRIVATE KEY-----\n", "see https://" })
        {
            var stream = _redactor.Stream();
            var text = start + string.Concat(Enumerable.Repeat(part, 600_000 / part.Length));
            for (var at = 0; at < text.Length; at += 7)
            {
                stream.Push(text.Substring(at, Math.Min(7, text.Length - at)));
            }

            stream.Flush();
            Assert.True(stream.Looked < 16 * text.Length, $"{stream.Looked / text.Length} times");
        }
    }

    [Fact]
    public void A_key_after_a_certificate_is_kept_back_too_wherever_the_text_is_cut()
    {
        const string Text = "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nsecret body\n-----END PRIVATE KEY-----\nafter\n";
        for (var cut = 0; cut < Text.Length; cut++)
        {
            var stream = _redactor.Stream();
            var shown = stream.Push(Text[..cut]) + stream.Push(Text[cut..]) + stream.Flush();
            Assert.Equal("-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n[redacted: private key]\nafter\n", shown);
        }
    }

    [Fact]
    public void Random_texts_cut_at_random_come_out_as_the_whole_text_would_or_with_more_taken_out()
    {
        string[] parts = ["a", " ", "\n", "é", "漢", "://", "-----BEGIN ", "-----BEGIN", "-----END ", "PRIVATE KEY-----", "RSA ", "-----", "@", ":", Key, Key[..9], .. Shapes, "-----BEGIN PRIVATE KEY-----\nBODYBODY\n-----END PRIVATE KEY-----"];
        var random = new Random(20261121);
        for (var round = 0; round < 3_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => parts[random.Next(parts.Length)]));
            var stream = _redactor.Stream();
            var shown = new StringBuilder();
            for (var at = 0; at < text.Length;)
            {
                var size = Math.Min(random.Next(1, 20), text.Length - at);
                shown.Append(stream.Push(text.Substring(at, size)));
                at += size;
            }

            shown.Append(stream.Flush());
            Assert.DoesNotContain(Key, shown.ToString());
            Assert.DoesNotContain("BODYBODY", shown.ToString());
        }
    }

    [Fact]
    public async Task Nothing_known_reaches_the_journal_and_calls_and_questions_keep_what_only_resembles_a_key()
    {
        var inner = new MemoryJournal();
        await using var journal = new RedactingJournal(inner, _redactor);
        var (look, call) = (Shapes[0], new CallId("c"));
        DurableEvent[] events =
        [
            new UserSpoke("m", [new TextPart($"{look} {Key}")]),
            new ToolReturned(call, CallOutcome.Completed, [new TextPart($"{look} {Key}")], 1) { Diff = $"+{look} {Key}" },
            new ModelReplied(new ModelReply([new TextPart($"{look} {Key}"), new ToolCallPart(call, "Write", $$"""{"x":"{{look}} {{Key}}"}""")], StopReason.ToolUse, Usage.None, null), null, 1),
            new ApprovalRequested("r", call, "Write", $"{look} {Key}", "h", null, "none", "why", default),
            new RunFinished(TurnOutcome.Completed, Usage.None, null, 1, [new DeniedCall(call, "Bash", $"{look} {Key}")], $"{look} {Key}"),
            new SessionTitled($"{look} {Key}", "hook"),
        ];
        foreach (var one in events)
        {
            await journal.AppendAsync(new RunId("1"), one, Durability.Written, default);
        }

        var kept = inner.Read().Select(record => record.Event).ToList();
        Assert.All(kept, one => Assert.DoesNotContain("own+secret", TextOf(one)));
        Assert.All(kept.Where(one => one is UserSpoke or ToolReturned or RunFinished or SessionTitled), one => Assert.DoesNotContain(look, TextOf(one)));
        Assert.Contains(look, kept.OfType<ApprovalRequested>().Single().Input);
        var reply = kept.OfType<ModelReplied>().Single().Reply;
        Assert.DoesNotContain(look, ((TextPart)reply.Parts[0]).Text);
        var arguments = ((ToolCallPart)reply.Parts[1]).Arguments;
        Assert.Contains(look, arguments);
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(arguments).RootElement.ValueKind);
    }

    [Fact]
    public async Task The_name_of_a_tool_that_does_not_exist_is_no_place_for_a_secret_either()
    {
        var inner = new MemoryJournal();
        await using var journal = new RedactingJournal(inner, _redactor);
        var (name, call) = ($"TOK_{Shapes[0]}", new CallId("c"));
        await journal.AppendAsync(new RunId("1"), new ModelReplied(new ModelReply([new ToolCallPart(call, name, "{}"), new ToolCallPart(call, Key, "{}"), new ToolCallPart(call, "Bash", "{}")], StopReason.ToolUse, Usage.None, null), null, 1), Durability.Written, default);
        await journal.AppendAsync(new RunId("1"), new RunFinished(TurnOutcome.Completed, Usage.None, null, 1, [new DeniedCall(call, name, "no")], null), Durability.Written, default);

        var kept = inner.Read().Select(record => record.Event).ToList();
        var names = kept.OfType<ModelReplied>().Single().Reply.Parts.OfType<ToolCallPart>().Select(part => part.Name).Append(kept.OfType<RunFinished>().Single().Denied[0].Tool).ToList();
        Assert.All(names, one => Assert.Matches("^[A-Za-z0-9_-]+$", one));
        Assert.DoesNotContain(Shapes[0], string.Concat(names));
        Assert.DoesNotContain("own+secret", string.Concat(names));
        Assert.Equal("Bash", names[2]);
    }

    [Fact]
    public async Task Changed_reasoning_loses_its_seal_and_untouched_records_stay_the_same_instance()
    {
        var inner = new MemoryJournal();
        await using var journal = new RedactingJournal(inner, _redactor);
        var seal = new VendorData("anthropic/x", JsonDocument.Parse("""{"signature":"s"}""").RootElement);
        var reply = new ModelReplied(new ModelReply([new ReasoningPart($"uses {Key}") { Vendor = seal }, new ReasoningPart("clean") { Vendor = seal }], StopReason.EndTurn, Usage.None, null), null, 1);
        await journal.AppendAsync(new RunId("1"), reply, Durability.Written, default);
        var kept = inner.Read().Select(record => record.Event).OfType<ModelReplied>().Single().Reply.Parts;
        Assert.Null(kept[0].Vendor);
        Assert.Same(reply.Reply.Parts[1], kept[1]);
    }

    private static string TextOf(DurableEvent one) => one switch
    {
        UserSpoke spoke => string.Concat(spoke.Parts.OfType<TextPart>().Select(part => part.Text)),
        ToolReturned returned => string.Concat(returned.Content.OfType<TextPart>().Select(part => part.Text)) + returned.Diff,
        ModelReplied replied => string.Concat(replied.Reply.Parts.Select(part => part switch { TextPart text => text.Text, ToolCallPart call => call.Arguments, _ => "" })),
        ApprovalRequested request => request.Input,
        SessionTitled titled => titled.Title,
        RunFinished finished => finished.Error + finished.Denied[0].Reason,
        _ => throw new InvalidOperationException($"{one} has no text here."),
    };
}
