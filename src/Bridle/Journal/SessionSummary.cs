using System.Text.Json;
using Bridle.Events;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>A session in a list: what the folder alone tells. <see cref="ReadDetails"/> looks into the file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Its log.</param>
/// <param name="LastActivity">When the log was last written to, UTC.</param>
/// <param name="Bytes">The log's size.</param>
public sealed record SessionSummary(string Name, string Path, DateTimeOffset LastActivity, long Bytes)
{
    private const int HeadLines = 200;
    private const int TitleLength = 80;

    /// <summary>
    /// Title, model and number of records, read from the head and the end of the file only, whatever its size. Never throws for what
    /// is in the file: what cannot be read is null.
    /// </summary>
    public SessionDetails ReadDetails()
    {
        try
        {
            using var file = File.OpenHandle(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var size = RandomAccess.GetLength(file);
            var (model, records) = ReadEnd(file, size);
            return new SessionDetails(ReadTitle(file, size), model, records);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new SessionDetails(null, null, null);
        }
    }

    private static string? ReadTitle(SafeFileHandle file, long size)
    {
        using var lines = new LogLines(file, 0, size);
        for (var i = 0; i < HeadLines && lines.Next(); i++)
        {
            if (TryDecode(lines.Line.Span)?.Event is UserSpoke spoke && spoke.Parts.OfType<Messages.TextPart>().FirstOrDefault() is { } part)
            {
                var text = string.Join(' ', part.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
                return text.Length <= TitleLength ? text : string.Concat(text.AsSpan(0, TitleLength - 1), "…");
            }
        }

        return null;
    }

    /// <summary>Looks at longer and longer pieces of the end until a record in them names the model.</summary>
    private static (string? Model, long? Records) ReadEnd(SafeFileHandle file, long size)
    {
        string? model = null;
        long? records = null;
        for (var length = 32L * 1024; model is null; length *= 8)
        {
            var start = Math.Max(size - length, 0);
            using var lines = new LogLines(file, start, size);
            for (var i = 0; lines.Next(); i++)
            {
                if (i == 0 && start > 0)
                {
                    continue;
                }

                records = RecordLine.TryNumber(lines.Line.Span, out var n, out _) ? n : records;
                model = MayNameModel(lines.Line.Span) && TryDecode(lines.Line.Span) is { } record ? ModelOf(record.Event) ?? model : model;
            }

            if (start == 0)
            {
                break;
            }
        }

        return (model, records);
    }

    private static bool MayNameModel(ReadOnlySpan<byte> line)
    {
        var head = line[..Math.Min(line.Length, 120)];
        return head.IndexOf("\"type\":\"run_started\""u8) >= 0 || head.IndexOf("\"type\":\"model_"u8) >= 0;
    }

    private static string? ModelOf(DurableEvent durableEvent) => durableEvent switch
    {
        RunStarted started => started.Model,
        ModelChanged changed => changed.To,
        ModelRequested requested => requested.Model,
        _ => null,
    };

    private static Recorded? TryDecode(ReadOnlySpan<byte> line)
    {
        try
        {
            return RecordCodec.Decode(line);
        }
        catch (Exception failure) when (failure is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>What a session's log says about it.</summary>
/// <param name="Title">The beginning of the first message, on one line; null when there is none near the head.</param>
/// <param name="Model">The model that answered last, as <c>provider/model</c>, or null.</param>
/// <param name="Records">The number of the last record, or null.</param>
public sealed record SessionDetails(string? Title, string? Model, long? Records);
