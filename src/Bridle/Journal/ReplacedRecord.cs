using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Journal;

/// <summary>
/// What the fold still needs of a record whose messages a summary has replaced: ids, and which files were seen. Text that will not be in the conversation is not taken
/// out of the line. What it does not know well enough it leaves to be read whole.
/// </summary>
internal static class ReplacedRecord
{
    private static readonly TextPart s_something = new("…");

    /// <summary>Whether a record of this type speaks of a call that is not answered yet or of the last request, or is none of the conversation: nothing of it outlives a summary.</summary>
    public static bool HasNoFacts(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("tool_started"u8) || type.SequenceEqual("call_judged"u8) || type.SequenceEqual("model_requested"u8) || type.SequenceEqual("hook_ran"u8)
        || type.SequenceEqual("snapshot_taken"u8) || type.SequenceEqual("approval_requested"u8) || type.SequenceEqual("approval_given"u8)
        || type.SequenceEqual("question_asked"u8) || type.SequenceEqual("question_answered"u8) || type.SequenceEqual("reply_cut"u8) || type.SequenceEqual("model_consulted"u8)
        || type.SequenceEqual("sealed_files_hashed"u8) || type.SequenceEqual("acceptance_checked"u8);

    /// <summary>The event without what was replaced, or null when it must be read whole.</summary>
    public static DurableEvent? FactsOf(ReadOnlySpan<byte> type, ReadOnlySpan<byte> line)
    {
        try
        {
            return type.SequenceEqual("model_replied"u8) ? Replied(line) : type.SequenceEqual("tool_returned"u8) ? Returned(line) : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // Reading it whole says what is wrong with it.
            return null;
        }
    }

    private static ModelReplied? Replied(ReadOnlySpan<byte> line)
    {
        var reader = Begin(line);
        var parts = new List<MessagePart>();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("reply"u8))
            {
                Skip(ref reader);
                continue;
            }

            reader.Read();
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                if (!reader.ValueTextEquals("parts"u8))
                {
                    Skip(ref reader);
                }
                else if (!reader.Read() || reader.TokenType is not JsonTokenType.StartArray || !ReadParts(ref reader, parts))
                {
                    return null;
                }
            }
        }

        // One that says nothing may be a pause, which depends on more.
        return parts.Count is 0 ? null : new ModelReplied(new ModelReply(parts, StopReason.Other, null, null), null, 0);
    }

    private static bool ReadParts(ref Utf8JsonReader reader, List<MessagePart> parts)
    {
        while (reader.Read() && reader.TokenType is JsonTokenType.StartObject)
        {
            var isCall = false;
            var isText = false;
            var isImage = false;
            var isEmpty = true;
            string? id = null;
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("type"u8) && reader.Read())
                {
                    isCall = reader.ValueTextEquals("tool_call"u8);
                    isText = reader.ValueTextEquals("text"u8);
                    isImage = reader.ValueTextEquals("image"u8);
                }
                else if (reader.ValueTextEquals("id"u8) && reader.Read())
                {
                    id = reader.GetString();
                }
                else if (reader.ValueTextEquals("text"u8) && reader.Read())
                {
                    isEmpty = reader.ValueTextEquals(""u8);
                }
                else
                {
                    Skip(ref reader);
                }
            }

            if (isCall && id is null)
            {
                return false;
            }

            if (isCall)
            {
                parts.Add(new ToolCallPart(new CallId(id!), "", ""));
            }
            else if (isImage || (isText && !isEmpty))
            {
                parts.Add(s_something);
            }
        }

        return reader.TokenType is JsonTokenType.EndArray;
    }

    // The content, by far the most of the line, is stepped over: after it comes this field, and text cannot look like it, because quotes in it are escaped.
    private static ToolReturned? Returned(ReadOnlySpan<byte> line)
    {
        var content = line.IndexOf(",\"content\":["u8);
        var after = line.LastIndexOf(",\"milliseconds\":"u8);
        if (content < 0 || after < content)
        {
            return null;
        }

        var rest = new byte[content + line.Length - after];
        line[..content].CopyTo(rest);
        line[after..].CopyTo(rest.AsSpan(content));
        return WithoutContent(rest);
    }

    private static ToolReturned? WithoutContent(ReadOnlySpan<byte> line)
    {
        var reader = Begin(line);
        string? call = null;
        string? tool = null;
        string? folder = null;
        var completed = false;
        List<FileTouch>? files = null;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("call"u8) && reader.Read())
            {
                call = reader.GetString();
            }
            else if (reader.ValueTextEquals("outcome"u8) && reader.Read())
            {
                completed = reader.ValueTextEquals("completed"u8);
            }
            else if (reader.ValueTextEquals("tool"u8) && reader.Read())
            {
                tool = reader.GetString();
            }
            else if (reader.ValueTextEquals("working_directory"u8) && reader.Read())
            {
                folder = reader.GetString();
            }
            else if (reader.ValueTextEquals("files"u8) && reader.Read())
            {
                files = reader.TokenType is JsonTokenType.StartArray ? Files(ref reader) : null;
            }
            else
            {
                Skip(ref reader);
            }
        }

        return call is null ? null : new ToolReturned(new CallId(call), completed ? CallOutcome.Completed : CallOutcome.Failed, [], 0) { Tool = tool, Files = files, WorkingDirectory = folder };
    }

    /// <summary>The files of a result whose list the reader is at the beginning of: paths and hashes.</summary>
    public static List<FileTouch> Files(ref Utf8JsonReader reader)
    {
        var files = new List<FileTouch>();
        while (reader.Read() && reader.TokenType is JsonTokenType.StartObject)
        {
            var (path, hash) = ("", "");
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("path"u8) && reader.Read())
                {
                    path = reader.GetString() ?? "";
                }
                else if (reader.ValueTextEquals("hash"u8) && reader.Read())
                {
                    hash = reader.GetString() ?? "";
                }
                else
                {
                    Skip(ref reader);
                }
            }

            files.Add(new FileTouch(path, hash, false));
        }

        return files;
    }

    private static Utf8JsonReader Begin(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = RecordCodec.MaxDepth });
        reader.Read();
        return reader;
    }

    // A property's value, whole.
    private static void Skip(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
