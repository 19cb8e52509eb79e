using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Bridle.Models.Http;

/// <summary>
/// Writes the JSON object of a request. A property that the endpoint's extra body has too is left to it; the others of the extra body join at the end.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    private const int LeastSplice = 512;
    private const int Least = 16 * 1024;
    private const int Most = 16 * 1024 * 1024;

    // A conversation's next request is a little larger than its last one: room for all of it at once, instead of doubling up to it every time.
    private static int s_room = Least;

    private readonly ArrayBufferWriter<byte> _buffer = new(Volatile.Read(ref s_room));
    private readonly List<Splice> _splices = [];
    private readonly JsonElement? _extra;

    public RequestBody(JsonElement? extra)
    {
        _extra = extra is { ValueKind: JsonValueKind.Object } ? extra : null;
        Writer = new(_buffer, WireJson.Writing);
        Writer.WriteStartObject();
    }

    /// <summary>Writes the value after <see cref="Begin"/> returned true.</summary>
    public Utf8JsonWriter Writer { get; }

    /// <summary>Writes a property's name; false, and nothing written, when the extra body has it, be it with null.</summary>
    public bool Begin(string name)
    {
        if (_extra is { } extra && extra.TryGetProperty(name, out _))
        {
            return false;
        }

        Writer.WritePropertyName(name);
        return true;
    }

    public void Add(string name, string? value)
    {
        if (value is not null && Begin(name))
        {
            Writer.WriteStringValue(value);
        }
    }

    public void Add(string name, long? value)
    {
        if (value is { } number && Begin(name))
        {
            Writer.WriteNumberValue(number);
        }
    }

    public void Add(string name, bool value)
    {
        if (Begin(name))
        {
            Writer.WriteBooleanValue(value);
        }
    }

    /// <summary>Adds one or more values parted by commas to the array being written; nothing when empty. The bytes are kept and sent as they are, not copied, so they must not change.</summary>
    public void Raw(byte[] values)
    {
        if (values.Length >= LeastSplice)
        {
            // The writer is shown a value of one byte, which the splice stands for.
            Writer.WriteRawValue("0"u8, skipInputValidation: true);
            Writer.Flush();
            _splices.Add(new(_buffer.WrittenCount - 1, values));
        }
        else if (values.Length > 0)
        {
            Writer.WriteRawValue(values, skipInputValidation: true);
        }
    }

    /// <summary>Ends the object and makes the content of it.</summary>
    public HttpContent Finish()
    {
        if (_extra is { } extra)
        {
            foreach (var property in extra.EnumerateObject())
            {
                // Null takes a property away: it was written neither above nor here.
                if (property.Value.ValueKind != JsonValueKind.Null)
                {
                    property.WriteTo(Writer);
                }
            }
        }

        Writer.WriteEndObject();
        Writer.Flush();
        Volatile.Write(ref s_room, Math.Clamp(_buffer.WrittenCount + (_buffer.WrittenCount / 8), Least, Most));
        HttpContent content = _splices.Count > 0 ? new SplicedContent(_buffer.WrittenMemory, _splices) : new ReadOnlyMemoryContent(_buffer.WrittenMemory);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    public void Dispose() => Writer.Dispose();
}
