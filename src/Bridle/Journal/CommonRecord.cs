using System.Text;
using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Journal;

/// <summary>
/// Reads the two kinds of record that most of a log is made of, replies and results, as far as a conversation needs them of calls that are closed: without the serialiser, and
/// with long results left in the file. Only what looks exactly as this program writes it: of everything else it says nothing, and the serialiser reads it.
/// </summary>
internal static class CommonRecord
{
    // Below this a string is hardly larger than what stands for it.
    private const int LeastStored = 256;

    /// <summary>Whether a record is of one of the two kinds.</summary>
    public static bool IsOne(ReadOnlySpan<byte> type) => type.SequenceEqual("tool_returned"u8) || type.SequenceEqual("model_replied"u8);

    /// <summary>The event, or null when the line must be read by the serialiser. Its sum must have been checked.</summary>
    public static DurableEvent? Read(ReadOnlySpan<byte> type, ReadOnlySpan<byte> line, long offset, StoredLines stored)
    {
        try
        {
            return type.SequenceEqual("tool_returned"u8) ? Returned(line, offset, stored) : type.SequenceEqual("model_replied"u8) ? Replied(line) : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
        {
            // The serialiser says what is wrong with it.
            return null;
        }
    }

    private static ToolReturned? Returned(ReadOnlySpan<byte> line, long offset, StoredLines stored)
    {
        var at = line.IndexOf(",\"type\":\"tool_returned\",\"call\":\""u8);
        if (at < 0 || !TryTake(line, ref at, ",\"type\":\"tool_returned\",\"call\":\""u8, out var call) || !TryTake(line, ref at, "\",\"outcome\":\""u8, out var outcome)
            || OutcomeOf(outcome) is not { } known || !TrySkip(line, ref at, "\",\"content\":[{\"type\":\"text\",\"text\":\""u8) || !JsonText.TryMeasure(line[at..], out var measure))
        {
            return null;
        }

        var start = at;
        at += measure.Bytes;
        if (!TrySkip(line, ref at, "\"}],\"milliseconds\":"u8))
        {
            return null;
        }

        var text = measure.Bytes >= LeastStored ? new TextPart(stored.Text(line, offset, start, measure)) : new TextPart(TextAt(line.Slice(start - 1, measure.Bytes + 2)));
        return Rest(line[(at - ",\"milliseconds\":".Length)..], new ToolReturned(new CallId(Encoding.UTF8.GetString(call)), known, [text], 0));
    }

    // What stands after the content. Its first comma becomes the brace that begins an object.
    private static ToolReturned? Rest(ReadOnlySpan<byte> rest, ToolReturned returned)
    {
        Span<byte> json = rest.Length <= 1024 ? stackalloc byte[rest.Length] : new byte[rest.Length];
        rest.CopyTo(json);
        json[0] = (byte)'{';
        var reader = Begin(json);
        var seen = 0;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var field = FieldOf(ref reader);
            if (field is Field.Unknown || (seen & (1 << (int)field)) != 0)
            {
                return null;
            }

            seen |= 1 << (int)field;
            reader.Read();
            switch (field)
            {
                case Field.Tool:
                    returned = returned with { Tool = reader.GetString() };
                    break;
                case Field.WorkingDirectory:
                    returned = returned with { WorkingDirectory = reader.GetString() };
                    break;
                case Field.Files when reader.TokenType is JsonTokenType.StartArray:
                    returned = returned with { Files = ReplacedRecord.Files(ref reader) };
                    break;
                case Field.Files:
                    return null;
                default:
                    reader.Skip();
                    break;
            }
        }

        return reader.TokenType is JsonTokenType.EndObject && reader.CurrentDepth is 0 ? returned : null;
    }

    private static ModelReplied? Replied(ReadOnlySpan<byte> line)
    {
        var reader = Begin(line);
        ModelReply? reply = null;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("reply"u8))
            {
                reader.Read();
                reader.Skip();
            }
            else if (reply is not null || (reply = CommonReply.Read(ref reader)) is null)
            {
                return null;
            }
        }

        return reply is null || reader.TokenType is not JsonTokenType.EndObject || reader.CurrentDepth is not 0 ? null : new ModelReplied(reply, null, 0);
    }

    private static Field FieldOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("tool"u8) ? Field.Tool
        : reader.ValueTextEquals("files"u8) ? Field.Files
        : reader.ValueTextEquals("working_directory"u8) ? Field.WorkingDirectory
        : reader.ValueTextEquals("milliseconds"u8) ? Field.Milliseconds
        : reader.ValueTextEquals("spill"u8) ? Field.Spill
        : reader.ValueTextEquals("diff"u8) ? Field.Diff
        : reader.ValueTextEquals("exit_code"u8) ? Field.ExitCode
        : reader.ValueTextEquals("skel"u8) ? Field.Skeleton
        : reader.ValueTextEquals("sum"u8) ? Field.Sum
        : Field.Unknown;

    private static CallOutcome? OutcomeOf(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("completed"u8) ? CallOutcome.Completed : word.SequenceEqual("failed"u8) ? CallOutcome.Failed : word.SequenceEqual("denied"u8) ? CallOutcome.Denied
        : word.SequenceEqual("timed_out"u8) ? CallOutcome.TimedOut : word.SequenceEqual("cancelled"u8) ? CallOutcome.Cancelled : word.SequenceEqual("interrupted"u8) ? CallOutcome.Interrupted : null;

    private static string TextAt(ReadOnlySpan<byte> quoted)
    {
        var reader = Begin(quoted);
        return reader.GetString()!;
    }

    private static bool TrySkip(ReadOnlySpan<byte> line, ref int at, ReadOnlySpan<byte> expected)
    {
        var isThere = line[at..].StartsWith(expected);
        at += isThere ? expected.Length : 0;
        return isThere;
    }

    // A plain text that follows what is expected; the place is then at its closing quote.
    private static bool TryTake(ReadOnlySpan<byte> line, ref int at, ReadOnlySpan<byte> expected, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!TrySkip(line, ref at, expected) || line[at..].IndexOfAny((byte)'"', (byte)'\\') is not (>= 0 and var end) || line[at + end] is not (byte)'"')
        {
            return false;
        }

        text = line.Slice(at, end);
        at += end;
        return true;
    }

    private static Utf8JsonReader Begin(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = RecordCodec.MaxDepth });
        reader.Read();
        return reader;
    }

    private enum Field
    {
        Unknown,
        Tool,
        Files,
        WorkingDirectory,
        Milliseconds,
        Spill,
        Diff,
        ExitCode,
        Skeleton,
        Sum,
    }
}
