using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Bridle.Models.Http;

/// <summary>
/// Reads server-sent events (WHATWG HTML, "Server-sent events") as they come, allocating nothing for an event with one data line.
/// Unlike there, an event that the end of the body cuts off is handed out too: some servers leave out the last blank line.
/// </summary>
internal sealed class SseReader(Stream body) : IDisposable
{
    private readonly LineBuffer _lines = new(body);
    private byte[] _joined = [];
    private int _length;
    private bool _hasData;

    /// <summary>The data of the current event: its lines joined with LF. Valid until the next read.</summary>
    public ReadOnlyMemory<byte> Data => _joined.AsMemory(0, _length);

    /// <summary>The current event's name; empty when it has none.</summary>
    public string Event { get; private set; } = "";

    /// <summary>Goes to the next event with data; false at the end of the body.</summary>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        Event = "";
        _length = 0;
        _hasData = false;
        return Next() is { } found ? new(found) : FillAsync(cancellationToken);
    }

    /// <summary>True when the data is exactly <paramref name="text"/>.</summary>
    public bool DataIs(ReadOnlySpan<byte> text) => Data.Span.SequenceEqual(text);

    /// <summary>The data as JSON. Throws <see cref="JsonException"/>, or <see cref="EndOfStreamException"/> when the body ended inside the event.</summary>
    public JsonDocument Parse() => WireJson.Parse(Data, _lines.Unterminated);

    public void Dispose() => _lines.Dispose();

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        bool? found = null;
        while (found is null)
        {
            await _lines.FillAsync(cancellationToken).ConfigureAwait(false);
            found = Next();
        }

        return found.Value;
    }

    /// <summary>Goes through the lines that are here: true at an event, false at the end of the body, null when more bytes are needed.</summary>
    private bool? Next()
    {
        while (_lines.TryRead(out var line))
        {
            if (!line.IsEmpty)
            {
                Field(line.Span);
            }
            else if (_hasData)
            {
                return true;
            }
            else
            {
                Event = "";
            }
        }

        return _lines.BodyEnded ? _hasData : null;
    }

    private void Field(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? default : line[(colon + 1)..];
        if (!value.IsEmpty && value[0] == (byte)' ')
        {
            value = value[1..];
        }

        if (name.SequenceEqual("data"u8))
        {
            Append(value);
        }
        else if (name.SequenceEqual("event"u8))
        {
            Event = Encoding.UTF8.GetString(value);
        }
    }

    private void Append(ReadOnlySpan<byte> value)
    {
        var needed = _length + value.Length + 1;
        if (needed > _joined.Length)
        {
            Array.Resize(ref _joined, Math.Max(needed, _joined.Length * 2));
        }

        if (_hasData)
        {
            _joined[_length++] = (byte)'\n';
        }

        value.CopyTo(_joined.AsSpan(_length));
        _length += value.Length;
        _hasData = true;
    }
}
