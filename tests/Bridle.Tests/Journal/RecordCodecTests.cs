using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Tests.Journal;

public sealed class RecordCodecTests
{
    private static readonly DateTimeOffset s_at = new(2026, 11, 21, 11, 0, 0, 120, TimeSpan.Zero);

    [Fact]
    public void Every_record_type_has_the_documented_line()
    {
        Assert.Equal(RecordCodec.TypeNames.Order(), Samples.EveryType.Select(TypeOf).Order());
        var lines = Samples.EveryType.Select((durableEvent, index) => Line(index + 1, durableEvent));

        Approved.Matches(string.Concat(lines));
    }

    [Fact]
    public void Every_record_type_reads_back_as_it_was()
    {
        foreach (var durableEvent in Samples.EveryType)
        {
            var line = Line(7, durableEvent);
            var record = RecordCodec.Decode(Encoding.UTF8.GetBytes(line.TrimEnd('\n')));

            Assert.Equal((7, s_at, new RunId("3.1")), (record.N, record.At, record.Run));
            Assert.IsType(durableEvent.GetType(), record.Event);
            Assert.Equal(line, Line(7, record.Event));
        }
    }

    [Fact]
    public void The_names_of_the_log_are_those_that_the_attributes_say()
    {
        var said = typeof(DurableEvent).GetCustomAttributes<JsonDerivedTypeAttribute>().Where(derived => derived.DerivedType != typeof(UnknownEvent)).ToList();

        Assert.Equal(said.Select(derived => derived.TypeDiscriminator), RecordTypes.Names);
        Assert.All(said, derived => Assert.Equal(derived.DerivedType, RecordTypes.Find((string)derived.TypeDiscriminator!)));
    }

    [Fact]
    public void Every_record_type_is_described_in_the_reference()
    {
        var reference = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reference", "log.md"));

        Assert.All(RecordCodec.TypeNames, type => Assert.Contains($"| `{type}` |", reference, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_field_is_described_in_the_reference()
    {
        var rows = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "reference", "log.md"));
        foreach (var durableEvent in Samples.EveryType)
        {
            var row = rows.Single(line => line.StartsWith($"| `{TypeOf(durableEvent)}` |", StringComparison.Ordinal) && line.Count(character => character == '|') == 4);
            using var document = JsonDocument.Parse(Line(1, durableEvent));
            var fields = document.RootElement.EnumerateObject().Select(property => property.Name).Except(["n", "at", "run", "type", "skel", "sum"]);

            Assert.All(fields, field => Assert.Contains($"`{field}`", row, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_sum_is_the_CRC_32C_of_what_stands_before_it()
    {
        // The check value of CRC-32C in the catalogue of parametrised CRC algorithms.
        Assert.Equal(0xe3069283u, Crc32C.Of("123456789"u8));

        var line = Line(1, new SessionRenamed("x")).TrimEnd('\n');
        var body = line[..line.IndexOf(",\"sum\"", StringComparison.Ordinal)];
        Assert.Equal($"{body},\"sum\":\"{Crc32C.Of(Encoding.UTF8.GetBytes(body)):x8}\"}}", line);
    }

    [Fact]
    public void The_example_line_of_the_reference_is_real()
    {
        var example = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "reference", "log.md")).Single(line => line.StartsWith("{\"n\":2", StringComparison.Ordinal));
        using var codec = new RecordCodec();

        var line = codec.Encode(2, s_at, new RunId("1"), new UserSpoke("m1", [new TextPart("Where is the bug?")]));
        Assert.Equal(Encoding.UTF8.GetString(line.Span).TrimEnd('\n'), example);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("😀 日本 é <&'>", "😀 日本 é <&'>")]
    [InlineData("a\"b\\c\nd\te\u001b[0m\u009b", "a\\\"b\\\\c\\nd\\te\\u001B[0m\\u009B")]
    [InlineData("line\u2028separators\u2029", "line\\u2028separators\\u2029")]
    public void Text_is_escaped_no_more_than_needed(string text, string expected)
    {
        Assert.Contains($"\"text\":\"{expected}\",\"skel\"", Line(1, new ReminderAdded("mode", text)), StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_character_becomes_a_replacement_character()
    {
        var text = string.Concat("half ", '\ud83d', " of ", '\ude00', " two", '\ud83d');

        Assert.Contains("\"text\":\"half \ufffd of \ufffd two\ufffd\",", Line(1, new ReminderAdded("mode", text)), StringComparison.Ordinal);
    }

    [Fact]
    public void Vendor_data_comes_back_as_it_was()
    {
        const string Json = """{"signature":"Eq+/==","nested":[1,2.50,{"text":"😀 \"x\""}],"none":null}""";
        var part = new ReasoningPart("") { Vendor = new VendorData("a/b", JsonDocument.Parse(Json).RootElement) };
        var line = Line(1, new ModelReplied(new ModelReply([part], StopReason.EndTurn, null, null), null, 1));

        var read = (ModelReplied)RecordCodec.Decode(Encoding.UTF8.GetBytes(line.TrimEnd('\n'))).Event;
        Assert.Equal(Json, read.Reply.Parts[0].Vendor!.Data.GetRawText());
    }

    [Fact]
    public void A_record_of_an_unknown_type_is_kept_as_it_stands()
    {
        const string Line = """{"n":1,"at":"2026-11-21T11:00:00.000Z","run":"0","type":"from_the_future","what":[1]}""";

        var record = RecordCodec.Decode(Encoding.UTF8.GetBytes(Line));
        Assert.Equal(new UnknownEvent("from_the_future", Line), record.Event);
    }

    [Fact]
    public void An_unknown_record_is_never_appended()
    {
        using var codec = new RecordCodec();
        Assert.Throws<ArgumentException>(() => codec.Encode(1, s_at, RunId.Session, new UnknownEvent("x", "{}")));
    }

    private static string Line(long n, DurableEvent durableEvent)
    {
        using var codec = new RecordCodec();
        return Encoding.UTF8.GetString(codec.Encode(n, s_at, new RunId("3.1"), durableEvent).Span);
    }

    private static string TypeOf(DurableEvent durableEvent)
    {
        using var document = JsonDocument.Parse(Line(1, durableEvent));
        return document.RootElement.GetProperty("type").GetString()!;
    }
}
