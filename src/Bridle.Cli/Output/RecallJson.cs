using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bridle.Recall;

namespace Bridle.Cli.Output;

/// <summary>What was found in past sessions, for a program. The fields are described in docs/recall.md.</summary>
internal static class RecallJson
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true };

    public static string Of(RecallAnswer answer) => Write(writer =>
    {
        writer.WriteStartArray("hits");
        foreach (var hit in answer.Hits)
        {
            writer.WriteStartObject();
            writer.WriteString("session", hit.Session);
            writer.WriteString("title", hit.Title);
            writer.WriteString("project", hit.Project);
            Fields(writer, hit.Message);
            writer.WriteString("snippet", hit.Snippet);
            writer.WriteString("found_by", hit.How);
            Messages(writer, "before", hit.Before);
            Messages(writer, "after", hit.After);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteBoolean("bounded", answer.Bounded);
        writer.WriteStartArray("notices");
        foreach (var notice in answer.Notices)
        {
            writer.WriteStringValue(notice);
        }

        writer.WriteEndArray();
    });

    public static string Of(RecallPassage passage) => Write(writer =>
    {
        Fields(writer, passage.Session);
        Messages(writer, "first", passage.First);
        Messages(writer, "around", passage.Around);
        Messages(writer, "last", passage.Last);
    });

    public static string Of(IReadOnlyList<RecallSession> sessions) => Write(writer =>
    {
        writer.WriteStartArray("sessions");
        foreach (var session in sessions)
        {
            writer.WriteStartObject();
            Fields(writer, session);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    public static string Of(RecallStatus status) => Write(writer =>
    {
        writer.WriteString("file", status.File);
        writer.WriteNumber("bytes", status.Bytes);
        writer.WriteNumber("sessions", status.Sessions);
        writer.WriteNumber("messages", status.Messages);
        writer.WriteNumber("projects", status.Projects);
        writer.WriteNumber("vectors", status.Vectors);
        writer.WriteNumber("without_vector", status.WithoutVector);
        writer.WriteString("embeddings", status.Embeddings);
        writer.WriteString("sqlite", status.Sqlite);
        writer.WriteString("problem", status.Problem);
    });

    private static void Fields(Utf8JsonWriter writer, RecallSession session)
    {
        writer.WriteString("session", session.Name);
        writer.WriteString("title", session.Title);
        writer.WriteString("project", session.Project);
        writer.WriteString("last_activity", session.LastActivity is { } at ? Time(at) : null);
        writer.WriteNumber("messages", session.Messages);
    }

    private static void Fields(Utf8JsonWriter writer, RecallMessage message)
    {
        writer.WriteNumber("message", message.Number);
        writer.WriteString("at", Time(message.At));
        writer.WriteString("role", JsonNamingPolicy.SnakeCaseLower.ConvertName(message.Kind.ToString()));
        writer.WriteString("text", message.Text);
    }

    private static void Messages(Utf8JsonWriter writer, string name, IEnumerable<RecallMessage> messages)
    {
        writer.WriteStartArray(name);
        foreach (var message in messages)
        {
            writer.WriteStartObject();
            Fields(writer, message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
