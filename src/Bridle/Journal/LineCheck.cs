using System.Text.Json;
using System.Text.Unicode;
using Bridle.Events;

namespace Bridle.Journal;

/// <summary>What a line of a log is by itself, whatever stands around it.</summary>
internal enum LineState : byte
{
    /// <summary>A record with the right sum.</summary>
    Sound,

    /// <summary>A record of which only editable text or white space around it was changed.</summary>
    Edited,

    /// <summary>A line that a person wrote: no number, no sums.</summary>
    Written,

    /// <summary>Nothing but white space.</summary>
    Blank,

    /// <summary>JSON, but neither a record nor something that a person may write here.</summary>
    Damaged,

    /// <summary>Not JSON.</summary>
    Unparsable,
}

/// <summary>One line of a log after it was checked.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">Its length without the newline.</param>
/// <param name="N">Its number, or 0.</param>
/// <param name="State">What it is.</param>
internal readonly record struct CheckedLine(long Offset, int Length, long N, LineState State)
{
    /// <summary>Of a sound record its <see cref="RecordKind"/>.</summary>
    public byte Kind { get; init; }
}

/// <summary>Checks single lines against docs/reference/log.md.</summary>
internal static class LineCheck
{
    private static readonly JsonReaderOptions s_options = new() { MaxDepth = RecordCodec.MaxDepth };

    /// <summary>The line as it counts: without a byte order mark at the head of the file and without white space around it.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line, bool isFirst)
    {
        if (isFirst && line.StartsWith("\ufeff"u8))
        {
            line = line[3..];
        }

        return line.Trim(" \t\r"u8);
    }

    public static LineState Check(ReadOnlySpan<byte> line, bool isFirst, out long n, out string? reason)
    {
        reason = null;
        if (RecordLine.IsSound(line, out n))
        {
            return LineState.Sound;
        }

        var trimmed = Trim(line, isFirst);
        if (trimmed.IsEmpty)
        {
            return LineState.Blank;
        }

        if (RecordLine.IsSound(trimmed, out n))
        {
            return LineState.Edited;
        }

        if (!IsObject(trimmed, out var why))
        {
            reason = $"it is not a JSON object ({why})";
            return LineState.Unparsable;
        }

        return RecordLine.TrySum(trimmed, out var body, out _)
            ? CheckEdited(trimmed, body, ref n, out reason)
            : CheckWritten(trimmed, out reason);
    }

    /// <summary>Whether the bytes are one JSON object in valid UTF-8.</summary>
    public static bool IsObject(ReadOnlySpan<byte> line, out string why)
    {
        why = "not UTF-8";
        if (!Utf8.IsValid(line))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(line, s_options);
            why = "something else";
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException failure)
        {
            why = $"at byte {failure.BytePositionInLine + 1}: {JsonWords.Of(failure)}";
            return false;
        }
    }

    private static LineState CheckEdited(ReadOnlySpan<byte> line, ReadOnlySpan<byte> body, ref long n, out string? reason)
    {
        reason = "its sum is wrong, and more than editable text was changed";
        try
        {
            if (!RecordLine.TryNumber(line, out n, out _) || !RecordLine.TrySkeleton(body, out var open, out var skeleton))
            {
                return LineState.Damaged;
            }

            var type = RecordLine.TypeOf(open);
            if (!EditableText.IsIn(type) || EditableText.SkeletonOf(type, open) != skeleton)
            {
                return LineState.Damaged;
            }

            RecordCodec.Decode(line);
            reason = null;
            return LineState.Edited;
        }
        catch (Exception failure) when (failure is JsonException or FormatException or InvalidOperationException)
        {
            return LineState.Damaged;
        }
    }

    private static LineState CheckWritten(ReadOnlySpan<byte> line, out string? reason)
    {
        // Only looked at: what it would store is stored when it is sealed.
        var written = WrittenLine.Read(line, new MemoryBlobs(), out reason);
        return written is null ? LineState.Damaged : LineState.Written;
    }
}
