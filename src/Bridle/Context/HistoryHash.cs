using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bridle.Messages;

namespace Bridle.Context;

/// <summary>
/// Names a history by what a model sees of it, so that a replay can tell whether it is the one that was sent. A message that comes back as the same instance is hashed
/// once; images count by their hash. The form is described in docs/reference/log.md.
/// </summary>
internal sealed class HistoryHash
{
    private const int Kept = 1 << 20;

    // What a message is hashed of is put together first: to hash in pieces costs more than the hash.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_bytes;

    private readonly ConditionalWeakTable<Message, byte[]> _known = [];

    /// <summary>Lower-case hex SHA-256 over the hashes of the messages.</summary>
    public string Of(IReadOnlyList<Message> messages)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var message in messages)
        {
            all.AppendData(_known.GetValue(message, HashOf));
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }

    private static byte[] HashOf(Message message)
    {
        var bytes = t_bytes ?? new ArrayBufferWriter<byte>(4096);
        t_bytes = null;
        Add(bytes, message.Role.ToString());
        Add(bytes, message.Parts);
        var hash = SHA256.HashData(bytes.WrittenSpan);
        bytes.ResetWrittenCount();
        t_bytes = bytes.Capacity <= Kept ? bytes : null;
        return hash;
    }

    private static void Add(ArrayBufferWriter<byte> bytes, IReadOnlyList<MessagePart> parts)
    {
        Add(bytes, parts.Count);
        foreach (var part in parts)
        {
            switch (part)
            {
                case TextPart text:
                    Add(bytes, "text");
                    Add(bytes, text);
                    break;
                case ImagePart image:
                    Add(bytes, "image", image.MediaType, image.Blob);
                    break;
                case ReasoningPart reasoning:
                    Add(bytes, "reasoning", reasoning.Text);
                    break;
                case ToolCallPart call:
                    Add(bytes, "tool_call", call.Id.Value, call.Name, call.Arguments);
                    break;
                case ToolResultPart result:
                    Add(bytes, "tool_result", result.Call.Value, result.Name, result.IsError ? "error" : "");
                    Add(bytes, result.Content);
                    break;
                default:
                    throw new InvalidOperationException($"A part of type {part.GetType().Name} has no hash.");
            }

            Add(bytes, part.Vendor?.Origin ?? "");
            Add(bytes, part.Vendor?.Data);
        }
    }

    // As this program writes it: the log keeps what the data says and not how its vendor spaced it.
    private static void Add(ArrayBufferWriter<byte> bytes, JsonElement? data)
    {
        if (data is null)
        {
            Add(bytes, 0);
            return;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            data.Value.WriteTo(writer);
        }

        Add(bytes, buffer.WrittenCount);
        bytes.Write(buffer.WrittenSpan);
    }

    private static void Add(ArrayBufferWriter<byte> bytes, params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            Add(bytes, Encoding.UTF8.GetByteCount(text));
            Encoding.UTF8.GetBytes(text, bytes);
        }
    }

    // A text that is still in the log goes from there to here without becoming a string.
    private static void Add(ArrayBufferWriter<byte> bytes, TextPart text)
    {
        using var utf8 = text.Utf8();
        Add(bytes, utf8.Span.Length);
        bytes.Write(utf8.Span);
    }

    private static void Add(ArrayBufferWriter<byte> bytes, int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes.GetSpan(4), number);
        bytes.Advance(4);
    }
}
