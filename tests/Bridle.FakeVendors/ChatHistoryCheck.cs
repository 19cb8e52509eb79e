using System.Text.Json;

namespace Bridle.FakeVendors;

/// <summary>Checks the messages of a Chat Completions request: shapes, fields, and that every call is answered right after it was made.</summary>
internal sealed class ChatHistoryCheck(string? compatible)
{
    private readonly HashSet<string> _open = [];

    public FakeRefusal? Check(JsonElement body)
    {
        if (body.At("messages") is not { ValueKind: JsonValueKind.Array } messages || messages.GetArrayLength() == 0)
        {
            return new(400, "Missing required parameter: 'messages'.", "missing_required_parameter", "messages");
        }

        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            if (Check(message, index) is { } refusal)
            {
                return refusal;
            }

            index++;
        }

        return Unanswered();
    }

    private FakeRefusal? Check(JsonElement message, int index)
    {
        var role = message.TextAt("role");
        if (role != "tool" && Unanswered() is { } unanswered)
        {
            return unanswered;
        }

        return role switch
        {
            "system" or "developer" or "user" => Spoken(message, index),
            "assistant" => Assistant(message, index),
            "tool" => Tool(message, index),
            _ => new(400, $"Invalid value: '{role}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.", "invalid_value", $"messages[{index}].role"),
        };
    }

    private FakeRefusal? Unanswered() => _open.Count == 0 ? null : new(
        400,
        $"An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: {string.Join(", ", _open)}",
        null,
        "messages");

    private static FakeRefusal? Spoken(JsonElement message, int index)
    {
        if (message.Unknown("role", "content", "name") is { } unknown)
        {
            return new(400, $"Unknown parameter: 'messages[{index}].{unknown}'.", "unknown_parameter", $"messages[{index}].{unknown}");
        }

        if (message.At("content") is { ValueKind: JsonValueKind.Array } parts)
        {
            foreach (var part in parts.EnumerateArray())
            {
                var good = part.TextAt("type") switch
                {
                    "text" => part.Unknown("type", "text") is null && part.TextAt("text") is not null,
                    "image_url" => part.Unknown("type", "image_url") is null && part.At("image_url")?.TextAt("url")?.StartsWith("data:image/", StringComparison.Ordinal) == true,
                    _ => false,
                };
                if (!good)
                {
                    return new(400, $"Invalid type for 'messages[{index}].content'.", "invalid_type", $"messages[{index}].content");
                }
            }

            return null;
        }

        return message.TextAt("content") is null ? new(400, $"Invalid type for 'messages[{index}].content': expected one of a string or array of objects, but got null instead.", "invalid_type", $"messages[{index}].content") : null;
    }

    private FakeRefusal? Assistant(JsonElement message, int index)
    {
        var unknown = compatible is null ? message.Unknown("role", "content", "tool_calls", "refusal", "name") : message.Unknown("role", "content", "tool_calls", "refusal", "name", compatible);
        if (unknown is not null)
        {
            return new(400, $"Unknown parameter: 'messages[{index}].{unknown}'.", "unknown_parameter", $"messages[{index}].{unknown}");
        }

        var calls = message.At("tool_calls");
        if (calls is null)
        {
            return message.At("content") is null ? new(400, $"Invalid value for 'content': expected a string, got null.", null, $"messages[{index}].content") : null;
        }

        if (calls is not { ValueKind: JsonValueKind.Array } || calls.Value.GetArrayLength() == 0)
        {
            return new(400, $"Invalid 'messages[{index}].tool_calls': empty array.", "empty_array", $"messages[{index}].tool_calls");
        }

        foreach (var call in calls.Value.EnumerateArray())
        {
            var extra = compatible is null ? call.Unknown("id", "type", "function") : call.Unknown("id", "type", "function", "extra_content");
            var name = call.At("function")?.TextAt("name");
            if (extra is not null || call.TextAt("id") is not { Length: > 0 } id || call.TextAt("type") != "function" || name is null
                || !JsonChecks.IsObject(call.At("function")?.TextAt("arguments")))
            {
                return new(400, $"Invalid 'messages[{index}].tool_calls': {extra ?? "wrong type"}.", "invalid_type", $"messages[{index}].tool_calls");
            }

            if (!JsonChecks.IsName(name, 64))
            {
                var at = $"messages[{index}].tool_calls[{_open.Count}].function.name";
                return new(400, $"Invalid '{at}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.", "invalid_value", at);
            }

            if (compatible is not null && call.At("extra_content")?.TextAt("thought_signature") != $"signature of {name}")
            {
                return new(400, $"Function call is missing a thought_signature in functionCall parts: {name}.", "invalid_argument");
            }

            if (!_open.Add(id))
            {
                return new(400, $"Duplicate value for 'tool_call_id' of '{id}'.", null, $"messages[{index}].tool_calls");
            }
        }

        return null;
    }

    private FakeRefusal? Tool(JsonElement message, int index)
    {
        if (message.Unknown("role", "content", "tool_call_id") is { } unknown)
        {
            return new(400, $"Unknown parameter: 'messages[{index}].{unknown}'.", "unknown_parameter", $"messages[{index}].{unknown}");
        }

        if (message.TextAt("content") is null)
        {
            return new(400, $"Invalid type for 'messages[{index}].content': expected a string.", "invalid_type", $"messages[{index}].content");
        }

        return message.TextAt("tool_call_id") is { } id && _open.Remove(id)
            ? null
            : new(400, "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.", null, $"messages[{index}].role");
    }
}
