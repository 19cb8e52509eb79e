using System.Text.Json;

namespace Bridle.FakeVendors;

/// <summary>What Anthropic refuses, in its own words. Each check returns what is wrong, or null.</summary>
internal sealed class AnthropicChecks(AnthropicIssued issued, string version)
{
    private int _marks;

    public string? Check(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return "Input should be a valid dictionary";
        }

        if (body.Unknown("model", "max_tokens", "messages", "system", "tools", "tool_choice", "stream", "thinking", "output_config", "metadata", "stop_sequences", "service_tier", "temperature", "top_p", "top_k", "cache_control") is { } unknown)
        {
            return $"{unknown}: Extra inputs are not permitted";
        }

        if (version == "2026-10-21" && new[] { "temperature", "top_p", "top_k" }.FirstOrDefault(name => body.TryGetProperty(name, out _)) is { } sampling)
        {
            return $"{sampling}: sampling parameters are not supported with anthropic-version 2026-10-21";
        }

        if (body.TextAt("model") is null)
        {
            return "model: Field required";
        }

        if (body.At("max_tokens") is not { ValueKind: JsonValueKind.Number } limit || limit.GetInt32() < 1)
        {
            return body.At("max_tokens") is null ? "max_tokens: Field required" : "max_tokens: Input should be greater than or equal to 1";
        }

        return System(body.At("system")) ?? Tools(body) ?? Messages(body) ?? (_marks > 4 ? $"A maximum of 4 blocks with cache_control may be provided. Found {_marks}." : null);
    }

    private string? System(JsonElement? system) => system switch
    {
        null or { ValueKind: JsonValueKind.String } => null,
        { ValueKind: JsonValueKind.Array } blocks => Blocks(blocks, "system", ["text"]),
        _ => "system: Input should be a valid list",
    };

    private string? Tools(JsonElement body)
    {
        var names = new HashSet<string>();
        foreach (var tool in body.At("tools")?.EnumerateArray() ?? default)
        {
            if (tool.Unknown("name", "description", "input_schema", "cache_control", "strict", "type") is { } unknown)
            {
                return $"tools.{names.Count}.custom.{unknown}: Extra inputs are not permitted";
            }

            if (tool.TextAt("name") is not { } name || !JsonChecks.IsName(name, 128))
            {
                return $"tools.{names.Count}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'";
            }

            if (!names.Add(name))
            {
                return "tools: Tool names must be unique.";
            }

            if (tool.At("input_schema") is not { } schema || schema.TextAt("type") != "object")
            {
                return $"tools.{names.Count - 1}.custom.input_schema.type: Input should be 'object'";
            }

            if (Mark(tool) is { } wrong)
            {
                return wrong;
            }
        }

        var uses = body.At("messages") is { ValueKind: JsonValueKind.Array } messages
            && messages.EnumerateArray().SelectMany(Content).Any(block => block.TextAt("type") is "tool_use" or "tool_result");
        return uses && names.Count == 0 ? "Requests which include `tool_use` or `tool_result` blocks must define tools." : null;
    }

    private string? Messages(JsonElement body)
    {
        if (body.At("messages") is not { ValueKind: JsonValueKind.Array } messages)
        {
            return "messages: Field required";
        }

        if (messages.GetArrayLength() == 0)
        {
            return "messages: at least one message is required";
        }

        var all = messages.EnumerateArray().ToList();
        var ids = new HashSet<string>();
        for (var i = 0; i < all.Count; i++)
        {
            if (Message(all[i], i) is { } wrong)
            {
                return wrong;
            }

            foreach (var id in Ids(all[i], "tool_use", "id"))
            {
                if (!ids.Add(id))
                {
                    return $"messages.{i}: `tool_use` ids must be unique";
                }
            }

            if (Answers(all, i) is { } unanswered)
            {
                return unanswered;
            }

            if ((Served(all[i], i) ?? Thinking(all[i], i, body.TextAt("model"))) is { } changed)
            {
                return changed;
            }
        }

        return null;
    }

    private string? Message(JsonElement message, int i)
    {
        if (message.Unknown("role", "content") is { } unknown)
        {
            return $"messages.{i}.{unknown}: Extra inputs are not permitted";
        }

        var role = message.TextAt("role");
        if (role is not ("user" or "assistant"))
        {
            return $"messages.{i}.role: Input should be 'user' or 'assistant'";
        }

        if (i == 0 && role != "user")
        {
            return "messages: first message must use the \"user\" role";
        }

        return message.At("content") switch
        {
            { ValueKind: JsonValueKind.String } text when string.IsNullOrWhiteSpace(text.GetString()) => $"messages.{i}: all messages must have non-empty content",
            { ValueKind: JsonValueKind.String } => null,
            { ValueKind: JsonValueKind.Array } blocks when blocks.GetArrayLength() == 0 => $"messages.{i}: all messages must have non-empty content",
            { ValueKind: JsonValueKind.Array } blocks => Blocks(blocks, $"messages.{i}.content", role == "user" ? ["text", "image", "tool_result"] : [.. version == "2026-10-21" ? Array.Empty<string>() : ["document"], "text", "thinking", "redacted_thinking", "tool_use", "server_tool_use", "web_search_tool_result"]),
            _ => $"messages.{i}.content: Field required",
        };
    }

    private string? Blocks(JsonElement blocks, string where, string[] types)
    {
        var number = 0;
        foreach (var block in blocks.EnumerateArray())
        {
            var at = $"{where}.{number++}";
            var type = block.TextAt("type");
            if (!types.Contains(type))
            {
                return $"{at}: Input tag '{type}' found using 'type' does not match any of the expected tags: {string.Join(", ", types)}";
            }

            if ((Fields(block, type!) is { } unknown ? $"{at}.{type}.{unknown}: Extra inputs are not permitted" : null) is { } extra)
            {
                return extra;
            }

            if (Block(block, type!, at) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    private static string? Fields(JsonElement block, string type) => type switch
    {
        "text" => block.Unknown("type", "text", "cache_control", "citations"),
        "image" => block.Unknown("type", "source", "cache_control"),
        "tool_use" => block.Unknown("type", "id", "name", "input", "cache_control", "caller"),
        "tool_result" => block.Unknown("type", "tool_use_id", "content", "is_error", "cache_control"),
        "thinking" => block.Unknown("type", "thinking", "signature"),
        "redacted_thinking" => block.Unknown("type", "data"),
        _ => null,
    };

    private string? Block(JsonElement block, string type, string at) => Mark(block) ?? type switch
    {
        "text" when string.IsNullOrWhiteSpace(block.TextAt("text")) => "messages: text content blocks must contain non-whitespace text",
        "image" when block.At("source") is not { } source || source.TextAt("type") != "base64" || source.TextAt("media_type") is null || source.At("data") is not { } data || !data.TryGetBytesFromBase64(out var bytes) || bytes.Length == 0 => $"{at}.image.source: Field required",
        "tool_use" when !JsonChecks.IsName(block.TextAt("id") ?? "", 256) => $"{at}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'",
        "tool_use" when !JsonChecks.IsName(block.TextAt("name") ?? "", 128) => $"{at}.tool_use.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'",
        "tool_use" when block.At("input") is not { ValueKind: JsonValueKind.Object } => $"{at}.tool_use.input: Input should be a valid dictionary",
        "tool_result" when block.At("content") is { ValueKind: JsonValueKind.Array } content => Blocks(content, $"{at}.tool_result.content", ["text", "image"]),
        "thinking" when block.TextAt("signature") is null => $"{at}.thinking.signature: Field required",
        _ => null,
    };

    private string? Mark(JsonElement block)
    {
        if (block.At("cache_control") is not { } mark)
        {
            return null;
        }

        _marks++;
        return mark.TextAt("type") == "ephemeral" ? null : "cache_control.type: Input should be 'ephemeral'";
    }

    private static string? Answers(List<JsonElement> all, int i)
    {
        var results = Ids(all[i], "tool_result", "tool_use_id").ToList();
        var asked = i == 0 ? [] : Ids(all[i - 1], "tool_use", "id").ToList();
        if (results.Find(id => !asked.Contains(id)) is { } unexpected)
        {
            return $"messages.{i}.content.0: unexpected `tool_use_id` found in `tool_result` blocks: {unexpected}. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.";
        }

        var calls = Ids(all[i], "tool_use", "id").ToList();
        if (calls.Count == 0)
        {
            return null;
        }

        // Only results at the beginning of the next message count.
        var answered = i + 1 == all.Count ? [] : Content(all[i + 1]).TakeWhile(block => block.TextAt("type") == "tool_result").Select(block => block.TextAt("tool_use_id")!).ToList();
        if (answered.Distinct().Count() != answered.Count)
        {
            return $"messages.{i + 1}.content: each tool_use must have a single result. Found multiple `tool_result` blocks with one id";
        }

        var open = calls.Except(answered).ToList();
        return open.Count == 0 ? null : $"messages.{i + 1}: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", open)}. Each `tool_use` block must have a corresponding `tool_result` block in the next message.";
    }

    // What the vendor's own tools did, and what it cited, comes back as it was sent; a person cites nothing.
    private string? Served(JsonElement message, int i)
    {
        var mine = message.TextAt("role") == "assistant";
        foreach (var block in Content(message))
        {
            var cited = block.TextAt("type") == "text" && block.At("citations") is { ValueKind: JsonValueKind.Array } citations && citations.GetArrayLength() > 0;
            if (cited && !mine && version == "2026-10-21")
            {
                return $"messages.{i}.content: citations are not permitted on text blocks in user messages";
            }

            if (mine && (cited || block.TextAt("type") is "server_tool_use" or "web_search_tool_result") && !issued.Server.Any(one => JsonElement.DeepEquals(one, block)))
            {
                return $"messages.{i}.content: Invalid `encrypted_content` or changed block of type `{block.TextAt("type")}`";
            }
        }

        return null;
    }

    private string? Thinking(JsonElement message, int i, string? model)
    {
        var blocks = Content(message).ToList();
        var thinking = blocks.Where(block => block.TextAt("type") is "thinking" or "redacted_thinking").Select(AnthropicIssued.Canonical).ToList();
        if (thinking.Find(block => !issued.Thinking.ContainsKey(block)) is not null)
        {
            return $"messages.{i}.content.0: Invalid `signature` in `thinking` block";
        }

        foreach (var call in blocks.Where(block => block.TextAt("type") == "tool_use"))
        {
            if (issued.Calls.TryGetValue((model, call.TextAt("id")!), out var before) && !before.SequenceEqual(blocks.Take(before.Count).Select(AnthropicIssued.Canonical)))
            {
                return $"messages.{i}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `{blocks[0].TextAt("type")}`. When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceding the lastmost set of `tool_use` and `tool_result` blocks).";
            }
        }

        return null;
    }

    private static IEnumerable<JsonElement> Content(JsonElement message) => message.At("content") is { ValueKind: JsonValueKind.Array } content ? content.EnumerateArray() : [];

    private static IEnumerable<string> Ids(JsonElement message, string type, string field) => Content(message).Where(block => block.TextAt("type") == type).Select(block => block.TextAt(field) ?? "");
}
