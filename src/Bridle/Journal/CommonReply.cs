using System.Text.Json;
using Bridle.Messages;

namespace Bridle.Journal;

/// <summary>Reads what a model said without the serialiser, as long as it looks as this program writes it. Null for everything else, which the serialiser must read.</summary>
internal static class CommonReply
{
    /// <summary>The reply whose name the reader is at.</summary>
    public static ModelReply? Read(ref Utf8JsonReader reader)
    {
        reader.Read();
        List<MessagePart>? parts = null;
        StopReason? stop = null;
        Usage? usage = null;
        string? model = null;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var isNew = reader.ValueTextEquals("parts"u8) ? parts is null && (parts = Parts(ref reader)) is not null
                : reader.ValueTextEquals("stop"u8) ? stop is null && (stop = StopOf(ref reader)) is not null
                : reader.ValueTextEquals("usage"u8) ? usage is null && (usage = UsageOf(ref reader)) is not null
                : TryText(ref reader, "model"u8, ref model);
            if (!isNew)
            {
                return null;
            }
        }

        return parts is null || stop is not { } why ? null : new ModelReply(parts.ToArray(), why, usage, model);
    }

    private static List<MessagePart>? Parts(ref Utf8JsonReader reader)
    {
        var parts = new List<MessagePart>();
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartArray)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType is JsonTokenType.StartObject)
        {
            if (Part(ref reader) is not { } part)
            {
                return null;
            }

            parts.Add(part);
        }

        return reader.TokenType is JsonTokenType.EndArray ? parts : null;
    }

    private static MessagePart? Part(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || !reader.ValueTextEquals("type"u8) || !reader.Read() || reader.TokenType is not JsonTokenType.String)
        {
            return null;
        }

        return reader.ValueTextEquals("tool_call"u8) ? Call(ref reader)
            : reader.ValueTextEquals("text"u8) ? Said(ref reader, thought: false)
            : reader.ValueTextEquals("reasoning"u8) ? Said(ref reader, thought: true)
            : null;
    }

    private static MessagePart? Said(ref Utf8JsonReader reader, bool thought)
    {
        string? text = null;
        VendorData? vendor = null;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (!TryText(ref reader, "text"u8, ref text) && !TryVendor(ref reader, ref vendor))
            {
                return null;
            }
        }

        return text is null ? null : thought ? new ReasoningPart(text) { Vendor = vendor } : new TextPart(text) { Vendor = vendor };
    }

    private static ToolCallPart? Call(ref Utf8JsonReader reader)
    {
        string? id = null;
        string? name = null;
        string? arguments = null;
        VendorData? vendor = null;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (!TryText(ref reader, "id"u8, ref id) && !TryText(ref reader, "name"u8, ref name) && !TryText(ref reader, "arguments"u8, ref arguments) && !TryVendor(ref reader, ref vendor))
            {
                return null;
            }
        }

        return id is null || name is null || arguments is null ? null : new ToolCallPart(new CallId(id), name, arguments) { Vendor = vendor };
    }

    // A name that comes twice is none of these the second time.
    private static bool TryText(ref Utf8JsonReader reader, ReadOnlySpan<byte> name, ref string? text)
    {
        if (text is not null || !reader.ValueTextEquals(name))
        {
            return false;
        }

        reader.Read();
        text = reader.GetString();
        return text is not null;
    }

    private static bool TryVendor(ref Utf8JsonReader reader, ref VendorData? vendor)
    {
        string? origin = null;
        if (vendor is not null || !reader.ValueTextEquals("vendor"u8) || !reader.Read() || reader.TokenType is not JsonTokenType.StartObject
            || !reader.Read() || reader.TokenType is not JsonTokenType.PropertyName || !TryText(ref reader, "origin"u8, ref origin)
            || !reader.Read() || reader.TokenType is not JsonTokenType.PropertyName || !reader.ValueTextEquals("data"u8) || !reader.Read())
        {
            return false;
        }

        vendor = new VendorData(origin!, JsonElement.ParseValue(ref reader));
        return reader.Read() && reader.TokenType is JsonTokenType.EndObject;
    }

    private static Usage? UsageOf(ref Utf8JsonReader reader)
    {
        var (names, values) = (0, new Five());
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var field = reader.ValueTextEquals("input"u8) ? 0 : reader.ValueTextEquals("cache_read"u8) ? 1 : reader.ValueTextEquals("cache_write"u8) ? 2
                : reader.ValueTextEquals("output"u8) ? 3 : reader.ValueTextEquals("reasoning"u8) ? 4 : 5;
            if (field is 5 || (names & (1 << field)) != 0)
            {
                return null;
            }

            names |= 1 << field;
            reader.Read();
            values[field] = reader.GetInt64();
        }

        return new Usage(values[0], values[1], values[2], values[3], values[4]);
    }

    private static StopReason? StopOf(ref Utf8JsonReader reader) =>
        !reader.Read() || reader.TokenType is not JsonTokenType.String ? null
        : reader.ValueTextEquals("tool_use"u8) ? StopReason.ToolUse
        : reader.ValueTextEquals("end_turn"u8) ? StopReason.EndTurn
        : reader.ValueTextEquals("max_tokens"u8) ? StopReason.MaxTokens
        : reader.ValueTextEquals("stop_sequence"u8) ? StopReason.StopSequence
        : reader.ValueTextEquals("refusal"u8) ? StopReason.Refusal
        : reader.ValueTextEquals("pause"u8) ? StopReason.Pause
        : reader.ValueTextEquals("context_full"u8) ? StopReason.ContextFull
        : reader.ValueTextEquals("other"u8) ? StopReason.Other
        : null;

    [System.Runtime.CompilerServices.InlineArray(5)]
    private struct Five
    {
        private long _first;
    }
}
