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
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, message.Role.ToString());
        Add(hash, message.Parts);
        return hash.GetHashAndReset();
    }

    private static void Add(IncrementalHash hash, IReadOnlyList<MessagePart> parts)
    {
        Add(hash, parts.Count);
        foreach (var part in parts)
        {
            switch (part)
            {
                case TextPart text:
                    Add(hash, "text", text.Text);
                    break;
                case ImagePart image:
                    Add(hash, "image", image.MediaType, image.Blob);
                    break;
                case ReasoningPart reasoning:
                    Add(hash, "reasoning", reasoning.Text);
                    break;
                case ToolCallPart call:
                    Add(hash, "tool_call", call.Id.Value, call.Name, call.Arguments);
                    break;
                case ToolResultPart result:
                    Add(hash, "tool_result", result.Call.Value, result.Name, result.IsError ? "error" : "");
                    Add(hash, result.Content);
                    break;
                default:
                    throw new InvalidOperationException($"A part of type {part.GetType().Name} has no hash.");
            }

            Add(hash, part.Vendor?.Origin ?? "");
            Add(hash, part.Vendor?.Data);
        }
    }

    // As this program writes it: the log keeps what the data says and not how its vendor spaced it.
    private static void Add(IncrementalHash hash, JsonElement? data)
    {
        if (data is null)
        {
            Add(hash, 0);
            return;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            data.Value.WriteTo(writer);
        }

        Add(hash, buffer.WrittenCount);
        hash.AppendData(buffer.WrittenSpan);
    }

    private static void Add(IncrementalHash hash, params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            Add(hash, bytes.Length);
            hash.AppendData(bytes);
        }
    }

    private static void Add(IncrementalHash hash, int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
