using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bridle.Hosting.Sensors.LanguageServers;

/// <summary>The frames of the language server protocol: a header with the length, then JSON.</summary>
internal sealed class LspFrames
{
    private const int MostHeader = 8 * 1024;
    private const int MostBody = 32 * 1024 * 1024;
    private readonly List<byte> _waiting = [];

    /// <summary>A message as it goes over the wire.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> fields)
    {
        using var body = new MemoryStream();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc", "2.0");
            fields(writer);
            writer.WriteEndObject();
        }

        return [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n")), .. body.ToArray()];
    }

    /// <summary>Takes in a piece of output; the messages that are complete with it. Throws <see cref="FormatException"/> or <see cref="JsonException"/> for what is no such protocol.</summary>
    public IReadOnlyList<JsonElement> Take(ReadOnlySpan<byte> bytes)
    {
        _waiting.AddRange(bytes);
        var messages = new List<JsonElement>();
        while (HeaderEnd() is { } end)
        {
            var length = LengthIn(Encoding.ASCII.GetString([.. _waiting.Take(end)]));
            if (_waiting.Count < end + 4 + length)
            {
                break;
            }

            using var document = JsonDocument.Parse(_waiting.Skip(end + 4).Take(length).ToArray());
            messages.Add(document.RootElement.Clone());
            _waiting.RemoveRange(0, end + 4 + length);
        }

        return messages;
    }

    private int? HeaderEnd()
    {
        for (var i = 0; i + 3 < _waiting.Count; i++)
        {
            if (_waiting[i] == '\r' && _waiting[i + 1] == '\n' && _waiting[i + 2] == '\r' && _waiting[i + 3] == '\n')
            {
                return i;
            }

            if (i > MostHeader)
            {
                break;
            }
        }

        return _waiting.Count > MostHeader ? throw new FormatException("There is no header where one must be.") : null;
    }

    private static int LengthIn(string header)
    {
        var line = header.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return line is not null && int.TryParse(line[15..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= MostBody
            ? length : throw new FormatException("A message does not say how long it is, or is too long.");
    }
}
