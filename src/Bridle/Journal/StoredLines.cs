using System.Buffers;
using System.Text.Json;
using Bridle.Messages;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>
/// Texts of a log that stay in its file until somebody reads them. Each is checked against the sum that its line had when the log was folded, so that it is that text or an
/// exception. Holds a handle of its own, so that it also reads what an editor has put another file in the place of; the handle goes with the last text. Safe to use concurrently.
/// </summary>
internal sealed class StoredLines(string path, SafeFileHandle file)
{
    private readonly Lock _lock = new();
    private readonly LineWindow _window = new(file);

    /// <summary>A text in the line that begins at <paramref name="offset"/>: that measures so from <paramref name="start"/> on, between its quotes.</summary>
    public StoredText Text(ReadOnlySpan<byte> line, long offset, int start, TextMeasure measure) =>
        RecordLine.TrySum(line, out _, out var sum) ? new Piece(this, offset, line.Length, sum, start, measure) : throw new ArgumentException("The line has no sum.", nameof(line));

    private string Read(Piece piece)
    {
        lock (_lock)
        {
            return Find(piece).GetString()!;
        }
    }

    private PooledBytes ReadUtf8(Piece piece)
    {
        lock (_lock)
        {
            var reader = Find(piece);
            var array = ArrayPool<byte>.Shared.Rent(piece.Bytes);
            return new(array, reader.CopyString(array));
        }
    }

    // A reader at the text.
    private Utf8JsonReader Find(Piece piece)
    {
        var line = Line(piece.Offset, piece.LineLength);
        if (!RecordLine.TrySum(line, out var body, out _) || Crc32C.Of(body) != piece.Sum)
        {
            throw new JournalChangedException($"{path} was written to by another program while the session was open, and a text of it is no longer there. Open the session again to see what changed.");
        }

        var reader = new Utf8JsonReader(line.Slice(piece.Start - 1, piece.Bytes + 2));
        reader.Read();
        return reader;
    }

    private ReadOnlySpan<byte> Line(long offset, int length)
    {
        try
        {
            return _window.Line(offset, length);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"{path} could not be read: {failure.Message}", failure);
        }
    }

    private sealed class Piece(StoredLines lines, long offset, int lineLength, uint sum, int start, TextMeasure measure) : StoredText
    {
        public override int Length => measure.Characters;

        public override long Quarters => measure.Quarters;

        public long Offset => offset;

        public int LineLength => lineLength;

        public uint Sum => sum;

        public int Start => start;

        public int Bytes => measure.Bytes;

        public override string Read() => lines.Read(this);

        public override PooledBytes ReadUtf8() => lines.ReadUtf8(this);
    }
}
