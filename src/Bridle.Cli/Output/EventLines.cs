using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bridle.Events;

namespace Bridle.Cli.Output;

/// <summary>Writes every event of a session as one line of JSON, at once. The lines are described in docs/reference/events.md.</summary>
internal sealed class EventLines(TextWriter output) : IEventSink
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly EventJson Json = new(new JsonSerializerOptions(EventJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public ValueTask EmitAsync(SessionEvent sessionEvent, CancellationToken cancellationToken)
    {
        output.WriteLine(Line(sessionEvent));
        output.Flush();
        return ValueTask.CompletedTask;
    }

    /// <summary>The name here of a field that the record itself calls <c>kind</c>.</summary>
    public const string RecordKind = "record_kind";

    /// <summary>The line of one event.</summary>
    public static string Line(SessionEvent sessionEvent)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartObject();
            if (sessionEvent is Recorded recorded)
            {
                writer.WriteString("kind", "recorded");
                writer.WriteNumber("n", recorded.N);
                writer.WriteString("at", recorded.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
                writer.WriteString("run", recorded.Run.Value);
                WriteFields(writer, JsonSerializer.SerializeToElement(recorded.Event, Json.DurableEvent));
            }
            else if (sessionEvent is Shown shown)
            {
                writer.WriteString("kind", "shown");
                writer.WriteString("run", shown.Run.Value);
                WriteShown(writer, shown.Event);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    // The line says "kind" of itself; what a record calls so must not stand there a second time.
    private static void WriteFields(Utf8JsonWriter writer, JsonElement fields)
    {
        foreach (var field in fields.EnumerateObject())
        {
            writer.WritePropertyName(field.NameEquals("kind") ? RecordKind : field.Name);
            field.Value.WriteTo(writer);
        }
    }

    private static void WriteShown(Utf8JsonWriter writer, TransientEvent happened)
    {
        void Fields(string type, params (string Name, string Value)[] fields)
        {
            writer.WriteString("type", type);
            foreach (var (name, value) in fields)
            {
                writer.WriteString(name, value);
            }
        }

        switch (happened)
        {
            case TextStreamed text:
                Fields("text_streamed", ("text", text.Text));
                break;
            case ReasoningStreamed text:
                Fields("reasoning_streamed", ("text", text.Text));
                break;
            case CallStreamed call:
                Fields("call_streamed", ("tool", call.Tool));
                break;
            case ReplyWithdrawn withdrawn:
                Fields("reply_withdrawn", ("reason", withdrawn.Reason));
                break;
            case ToolProgressed progress:
                Fields("tool_progressed", ("call", progress.Call.Value), ("text", progress.Text));
                break;
            case NoticeShown notice:
                Fields("notice_shown", ("text", notice.Text));
                break;
            case SensorBegan began:
                Fields("sensor_began", ("sensor", began.Sensor), ("what", began.What));
                break;
            case RetryWaiting wait:
                Fields("retry_waiting", ("reason", wait.Reason));
                writer.WriteNumber("attempt", wait.Attempt);
                writer.WriteNumber("of", wait.Of);
                writer.WriteNumber("delay_seconds", wait.Delay.TotalSeconds);
                break;
            default:
                Fields("unknown");
                break;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(DurableEvent))]
internal sealed partial class EventJson : JsonSerializerContext;
