using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Bridle.Messages;

namespace Bridle.Models.Http;

/// <summary>JSON as it goes over the wire: written compactly, read with patience.</summary>
internal static class WireJson
{
    private const int MostRoom = 256 * 1024;

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? t_room;

    /// <summary>An empty object.</summary>
    public static JsonElement EmptyObject { get; } = Element("{}");

    /// <summary>Compact, and with letters of all scripts as they are.</summary>
    public static JsonWriterOptions Writing { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>
    /// Parses what a server sent. Bytes that are no UTF-8 become U+FFFD. Throws <see cref="JsonException"/>, or
    /// <see cref="EndOfStreamException"/> when <paramref name="cutOff"/> explains the error.
    /// </summary>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json, bool cutOff = false)
    {
        try
        {
            json = Utf8.IsValid(json.Span) ? json : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json.Span));
            SoundJson.CheckNames(json.Span);
            return JsonDocument.Parse(json);
        }
        catch (JsonException) when (cutOff)
        {
            throw new EndOfStreamException("the connection ended in the middle of an event");
        }
    }

    /// <summary>A JSON text as an element that needs no disposing.</summary>
    public static JsonElement Element(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    /// <summary>Writes a JSON value and keeps it as an element.</summary>
    public static JsonElement Element(Action<Utf8JsonWriter> write)
    {
        using var document = JsonDocument.Parse(Bytes(write, static (writer, action) => action(writer)));
        return document.RootElement.Clone();
    }

    /// <summary>Writes JSON into an array of its own.</summary>
    public static byte[] Bytes<T>(T state, Action<Utf8JsonWriter, T> write)
    {
        // Taken while it is in use: what writes may come here again.
        var (buffer, writer) = t_room ?? NewRoom();
        t_room = null;
        write(writer, state);
        writer.Flush();
        var bytes = buffer.WrittenSpan.ToArray();
        if (buffer.Capacity <= MostRoom)
        {
            buffer.ResetWrittenCount();
            writer.Reset();
            t_room = (buffer, writer);
        }

        return bytes;
    }

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer) NewRoom()
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        return (buffer, new(buffer, Writing));
    }

    /// <summary>The arguments of a call as an object: <c>{}</c> for empty, malformed or non-object text, which vendors refuse to take back.</summary>
    public static void WriteArguments(Utf8JsonWriter writer, string arguments)
    {
        if (string.IsNullOrWhiteSpace(arguments) || !IsObject(arguments))
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
            return;
        }

        writer.WriteRawValue(arguments, skipInputValidation: true);
    }

    /// <summary>Whether a text is one complete JSON object.</summary>
    public static bool IsObject(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{", StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
