using System.Text;
using System.Text.Json;
using Bridle.Messages;

namespace Bridle.Models.OpenAI;

/// <summary>A conversation as plain messages in the form of OpenAI's chat API, a line each: what other programs read, and what a session folder adopts.</summary>
public static class PlainTranscript
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The lines, each ended by a newline. The images of the messages must have their bytes. Opaque data of vendors stays behind.</summary>
    public static string Write(IEnumerable<Message> messages)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartArray();
            foreach (var message in messages)
            {
                ChatMessages.Write(writer, message, new ChatForm("", Images: true, Reasoning: false, Odd: null));
            }

            writer.WriteEndArray();
        }

        var lines = new StringBuilder();
        using var written = JsonDocument.Parse(buffer.ToArray());
        foreach (var line in written.RootElement.EnumerateArray())
        {
            lines.Append(line.GetRawText()).Append('\n');
        }

        return lines.ToString();
    }

    /// <summary>A system message, as one line without a newline.</summary>
    public static string SystemLine(string text)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("role", "system");
            writer.WriteString("content", text);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
