using System.Buffers.Text;
using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>
/// A quick look at a whole log for a list: finds lines by the fixed head of a record and parses few of them. Checks no sum, so that what it says is for eyes only.
/// </summary>
internal sealed class LogGlance
{
    private const int HeadLength = 160;
    private const int TitleLength = 80;

    private string? _title;
    private string? _given;
    private string? _folder;
    private byte[]? _namesModel;
    private long? _records;
    private long _messages;
    private long _unpriced;
    private decimal _cost;
    private decimal _guessed;
    private bool _simulated;

    public static SessionDetails Of(SafeFileHandle file, long size)
    {
        var glance = new LogGlance();
        using var lines = new LogLines(file, 0, size);
        while (lines.Next())
        {
            glance.Take(lines.Line.Span);
        }

        return glance.Details();
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        if (!RecordLine.TryNumber(line, out var n, out _))
        {
            // A file of plain messages that nobody has adopted yet.
            if (line.StartsWith("{\"role\":"u8))
            {
                _messages++;
                _title ??= TitleOf(WrittenLine.Read(line, new MemoryBlobs(), out _));
            }

            return;
        }

        _records = n;
        var head = line[..Math.Min(line.Length, HeadLength)];
        var at = head.IndexOf(",\"type\":\""u8);
        var type = at < 0 ? default : head[(at + 9)..];
        var isOwn = at >= 0 && !IsChild(head[..at]);
        if (type.StartsWith("user_spoke\""u8) && isOwn)
        {
            _messages++;
            _title ??= TitleOf(TryDecode(line));
        }
        else if (type.StartsWith("inbox_drained\""u8) && isOwn)
        {
            _messages++;
        }
        else if (type.StartsWith("model_replied\""u8) || type.StartsWith("reply_cut\""u8))
        {
            _messages += isOwn && type[0] == 'm' ? 1 : 0;
            Add(line, isReply: type[0] == 'm');
        }
        else if (type.StartsWith("compacted\""u8) || type.StartsWith("model_consulted\""u8))
        {
            AddBeside(line);
        }
        else if (type.StartsWith("run_started\""u8) || type.StartsWith("model_changed\""u8))
        {
            _namesModel = isOwn ? line.ToArray() : _namesModel;
            _simulated = type[0] == 'r' ? line.IndexOf("\"simulated\":true"u8) >= 0 : _simulated;
        }
        else if (type.StartsWith("session_titled\""u8))
        {
            _given = TextOf(line, "title"u8) is { } given ? Short(given) : _given;
        }
        else if (type.StartsWith("session_started\""u8))
        {
            _folder = TextOf(line, "working_directory"u8) ?? _folder;
        }
    }

    private static bool IsChild(ReadOnlySpan<byte> envelope) => envelope.IndexOf(",\"run\":\""u8) is >= 0 and var run && envelope[run..].Contains((byte)'.');

    private void Add(ReadOnlySpan<byte> line, bool isReply)
    {
        if (!isReply && line.IndexOf(",\"usage\":{"u8) < 0 && (CostOf(line, ",\"sum\":"u8, ",\"estimated_cost\":"u8) ?? CostOf(line, ",\"sum\":"u8)) is { } guess)
        {
            _guessed += guess;
        }
        else if (CostOf(line, isReply ? ",\"milliseconds\":"u8 : ",\"sum\":"u8) is { } cost)
        {
            _cost += cost;
        }
        else
        {
            // Of one that broke off before its first word and is not even estimated nobody knows whether it cost anything.
            _unpriced += !_simulated && (isReply || line.IndexOf("\"partial_text\":\"\""u8) < 0 || line.IndexOf(",\"estimated_usage\":{"u8) >= 0) ? 1 : 0;
        }
    }

    // Nothing in these records comes from a vendor as it is, so that the name can stand nowhere else.
    private void AddBeside(ReadOnlySpan<byte> line)
    {
        if (line.LastIndexOf(",\"cost\":"u8) is >= 0 and var at && Utf8Parser.TryParse(line[(at + 8)..], out decimal cost, out _))
        {
            _cost += cost;
        }
        else if (line.IndexOf(",\"estimated_usage\":{"u8) >= 0 && line.LastIndexOf(",\"estimated_cost\":"u8) is >= 0 and var guessed && Utf8Parser.TryParse(line[(guessed + 18)..], out decimal guess, out _))
        {
            _guessed += guess;
        }
        else
        {
            _unpriced += !_simulated && (line.IndexOf(",\"usage\":{"u8) >= 0 || line.IndexOf("\"estimated_"u8) >= 0) ? 1 : 0;
        }
    }

    // The field stands right before the one named; text cannot look like it, because quotes in it are escaped.
    private static decimal? CostOf(ReadOnlySpan<byte> line, ReadOnlySpan<byte> next) => CostOf(line, next, ",\"cost\":"u8);

    private static decimal? CostOf(ReadOnlySpan<byte> line, ReadOnlySpan<byte> next, ReadOnlySpan<byte> name)
    {
        var end = line.LastIndexOf(next);
        var start = end < 0 ? -1 : line[..end].LastIndexOf(name);
        return start >= 0 && Utf8Parser.TryParse(line[(start + name.Length)..end], out decimal cost, out var used) && start + name.Length + used == end ? cost : null;
    }

    private SessionDetails Details() => new(_given ?? _title, ModelOf(_namesModel), _records) { Folder = _folder, Messages = _messages, Cost = _cost, Unpriced = _unpriced, Guessed = _guessed };

    private static string? TitleOf(DurableEvent? first)
    {
        if (first is not UserSpoke spoke || spoke.Parts.OfType<TextPart>().FirstOrDefault() is not { } part)
        {
            return null;
        }

        return Short(part.Text);
    }

    private static string Short(string words)
    {
        var text = string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= TitleLength ? text : string.Concat(text.AsSpan(0, TitleLength - 1), "…");
    }

    private static string? ModelOf(byte[]? line) => line is null ? null : TextOf(line, "model"u8) ?? TextOf(line, "to"u8);

    // One text of a record; its other fields are not looked at.
    private static string? TextOf(ReadOnlySpan<byte> line, ReadOnlySpan<byte> field)
    {
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = RecordCodec.MaxDepth });
            reader.Read();
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var isIt = reader.ValueTextEquals(field);
                reader.Read();
                if (isIt)
                {
                    return reader.GetString();
                }

                reader.Skip();
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // For eyes only; opening the session says what is wrong with it.
        }

        return null;
    }

    private static DurableEvent? TryDecode(ReadOnlySpan<byte> line)
    {
        try
        {
            return RecordCodec.Decode(line).Event;
        }
        catch (Exception failure) when (failure is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
