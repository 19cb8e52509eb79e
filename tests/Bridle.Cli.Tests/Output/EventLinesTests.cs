using System.Text.Json;
using Bridle.Cli.Output;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Cli.Tests.Output;

public sealed class EventLinesTests
{
    private static readonly TransientEvent[] Shown =
    [
        new TextStreamed("a"), new ReasoningStreamed("b"), new CallStreamed("Read"), new ReplyWithdrawn("cut"), new RetryWaiting(2, 5, TimeSpan.FromSeconds(1.5), "busy"),
        new ToolProgressed(new CallId("c1"), "out"), new NoticeShown("note"), new SensorBegan("build", "make"),
    ];

    [Fact]
    public void Every_transient_event_has_its_line()
    {
        Assert.Equal(typeof(TransientEvent).Assembly.GetTypes().Where(type => type.BaseType == typeof(TransientEvent)).Select(type => type.Name).Order(), Shown.Select(one => one.GetType().Name).Order());
        Assert.Equal(
            """
            {"kind":"shown","run":"1","type":"text_streamed","text":"a"}
            {"kind":"shown","run":"1","type":"reasoning_streamed","text":"b"}
            {"kind":"shown","run":"1","type":"call_streamed","tool":"Read"}
            {"kind":"shown","run":"1","type":"reply_withdrawn","reason":"cut"}
            {"kind":"shown","run":"1","type":"retry_waiting","reason":"busy","attempt":2,"of":5,"delay_seconds":1.5}
            {"kind":"shown","run":"1","type":"tool_progressed","call":"c1","text":"out"}
            {"kind":"shown","run":"1","type":"notice_shown","text":"note"}
            {"kind":"shown","run":"1","type":"sensor_began","sensor":"build","what":"make"}
            """, string.Join('\n', Shown.Select(one => EventLines.Line(new Shown(new RunId("1"), one)))));
    }

    [Fact]
    public void A_record_has_its_number_its_time_and_the_fields_of_the_log()
    {
        var line = EventLines.Line(new Recorded(7, DateTimeOffset.UnixEpoch, new RunId("1"), new ModeChanged("default", "plan", "person")));
        Assert.Equal("""{"kind":"recorded","n":7,"at":"1970-01-01T00:00:00.000Z","run":"1","type":"mode_changed","from":"default","to":"plan","by":"person"}""", line);
    }

    [Fact]
    public void What_a_record_calls_kind_has_another_name_beside_the_kind_of_the_line()
    {
        var line = EventLines.Line(new Recorded(7, DateTimeOffset.UnixEpoch, new RunId("1"), new ModelFailed("authentication", 401, "No.", "", 1)));
        Assert.Equal("""{"kind":"recorded","n":7,"at":"1970-01-01T00:00:00.000Z","run":"1","type":"model_failed","record_kind":"authentication","status":401,"message":"No.","advice":"","attempts":1}""", line);
    }

    [Fact]
    public void Everything_in_the_lines_is_in_the_documentation()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Bridle.slnx")))
        {
            folder = folder.Parent;
        }

        var documentation = File.ReadAllText(Path.Combine(folder.FullName, "docs/reference/events.md"));
        var lines = Shown.Select(one => EventLines.Line(new Shown(new RunId("1"), one)))
            .Append(ResultObject.Of(new Failure("usage", "m", "a"), 2))
            .Append(ResultObject.Of(new(TurnOutcome.Completed, "a", Usage.None, null, 1, [new(new("c"), "t", "r")], null, null, false), "s", "m"));

        // In a table or a sentence, or in an example line.
        void Named(string word) => Assert.True(documentation.Contains($"`{word}`", StringComparison.Ordinal) || documentation.Contains($"\"{word}\"", StringComparison.Ordinal), word);
        foreach (var line in lines)
        {
            using var document = JsonDocument.Parse(line);
            foreach (var field in document.RootElement.EnumerateObject())
            {
                Named(field.Name);
                if (field is { Name: "type", Value.ValueKind: JsonValueKind.String })
                {
                    Named(field.Value.GetString()!);
                }
            }
        }
    }
}
