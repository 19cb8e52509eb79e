using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Journal;

/// <summary>Turns records into lines of the log and back (docs/reference/log.md). An instance writes one line at a time.</summary>
internal sealed class RecordCodec : IDisposable
{
    public const int MaxDepth = 192;

    private readonly LineBuffer _line = new();
    private readonly Utf8JsonWriter _json;

    public RecordCodec() =>
        _json = new Utf8JsonWriter(_line, new JsonWriterOptions { Encoder = PlainTextEncoder.Instance, MaxDepth = MaxDepth, SkipValidation = true });

    /// <summary>The names of the record types that this version knows.</summary>
    public static IReadOnlyCollection<string> TypeNames => RecordTypes.Names;

    /// <summary>The line of a record with its newline; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Encode(long n, DateTimeOffset at, RunId run, DurableEvent durableEvent)
    {
        if (durableEvent is UnknownEvent)
        {
            throw new ArgumentException("A record of an unknown type is only ever copied, never appended.", nameof(durableEvent));
        }

        _line.Clear();
        _json.Reset();
        WriteEnvelope(n, at, run);
        var type = RecordTypes.NameOf(durableEvent);
        _line.Add(",\"type\":\""u8);
        _line.Add(Encoding.ASCII.GetBytes(type));
        _line.Add("\""u8);
        WriteFields(durableEvent);
        Seal(_line, type);
        return _line.WrittenMemory;
    }

    /// <summary>Gives a line that already stands in the file another number and fresh sums, every other byte as it is. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Renew(ReadOnlySpan<byte> line, long n)
    {
        var parts = RecordLine.Split(line);
        _line.Clear();
        _line.Add("{\"n\":"u8);
        WriteNumber(n);
        _line.Add(parts.AfterNumber);
        Seal(_line, parts.Type);
        return _line.WrittenMemory;
    }

    /// <summary>Reads a line without its newline. Throws <see cref="JsonException"/> or <see cref="FormatException"/> when it is not a record; sums are checked by the caller.</summary>
    public static Recorded Decode(ReadOnlySpan<byte> line)
    {
        long? n = null;
        DateTimeOffset? at = null;
        string? run = null;
        string? type = null;
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = MaxDepth });
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "A record is a JSON object.");
        while (type is null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("n"u8) && reader.Read())
            {
                n = reader.GetInt64();
            }
            else if (reader.ValueTextEquals("at"u8) && reader.Read())
            {
                at = reader.GetDateTimeOffset();
            }
            else if (reader.ValueTextEquals("run"u8) && reader.Read())
            {
                run = reader.GetString();
            }
            else if (reader.ValueTextEquals("type"u8) && reader.Read())
            {
                type = reader.GetString();
            }
            else
            {
                reader.Skip();
            }
        }

        Expect(n is not null && at is not null && run is not null && type is not null, "A record begins with n, at, run and type.");
        return new Recorded(n!.Value, at!.Value, new RunId(run!), DecodePayload(type!, line));
    }

    /// <summary>The event in an object with the given type, whatever else the object holds.</summary>
    public static DurableEvent DecodePayload(string type, ReadOnlySpan<byte> json) =>
        RecordTypes.Find(type) is { } known
            ? (DurableEvent)(JsonSerializer.Deserialize(json, JournalJson.Plain.GetTypeInfo(known)!) ?? throw new JsonException("A record is a JSON object."))
            : new UnknownEvent(type, Encoding.UTF8.GetString(json));

    /// <summary>The name of an event's type in the log.</summary>
    public static string NameOf(DurableEvent durableEvent) => RecordTypes.NameOf(durableEvent);

    public void Dispose() => _json.Dispose();

    // How each type is written and read is worked out when the first record of that type is met: a start meets only a few of them.
    private void WriteFields(DurableEvent durableEvent)
    {
        var start = _line.Length;
        JsonSerializer.Serialize(_json, durableEvent, JournalJson.Plain.GetTypeInfo(durableEvent.GetType())!);
        _json.Flush();

        // The fields go on in the object of the envelope, which is closed later.
        _line.Written[start] = (byte)',';
        _line.Length -= _line.Length - start == 2 ? 2 : 1;
    }

    private static void Expect(bool condition, string message)
    {
        if (!condition)
        {
            throw new JsonException(message);
        }
    }

    private static void Seal(LineBuffer line, string type)
    {
        Span<byte> digits = stackalloc byte[8];
        if (EditableText.IsIn(type))
        {
            Crc32C.Format(EditableText.SkeletonOf(type, line.Written), digits);
            line.Add(",\"skel\":\""u8);
            line.Add(digits);
            line.Add("\""u8);
        }

        Crc32C.Format(Crc32C.Of(line.Written), digits);
        line.Add(",\"sum\":\""u8);
        line.Add(digits);
        line.Add("\"}\n"u8);
    }

    private void WriteEnvelope(long n, DateTimeOffset at, RunId run)
    {
        _line.Add("{\"n\":"u8);
        WriteNumber(n);
        _line.Add(",\"at\":\""u8);
        at.UtcDateTime.TryFormat(_line.GetSpan(32), out var written, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        _line.Advance(written);
        _line.Add("\",\"run\":"u8);
        _json.WriteStringValue(run.Value);
        _json.Flush();
        _json.Reset();
    }

    private void WriteNumber(long value)
    {
        Utf8Formatter.TryFormat(value, _line.GetSpan(20), out var written);
        _line.Advance(written);
    }
}
