using System.Collections.Concurrent;
using System.Text.Json;

namespace Bridle.FakeVendors;

/// <summary>What Gemini refuses, in its own words. Each check returns what is wrong, or null.</summary>
internal sealed class GeminiChecks(ConcurrentDictionary<string, bool> signatures, bool signs)
{
    private const string Foreign = "skip_thought_signature_validator";
    private const string BadName = "Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.";

    public string? Check(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return "Invalid JSON payload received. Root must be an object.";
        }

        return Fields(body, "", "contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings", "cachedContent", "labels")
            ?? (body.At("systemInstruction") is { } system ? Fields(system, "system_instruction", "parts", "role") : null)
            ?? Generation(body.At("generationConfig"))
            ?? Tools(body.At("tools"))
            ?? Search(body)
            ?? Contents(body.At("contents"));
    }

    private static string? Fields(JsonElement element, string where, params ReadOnlySpan<string> allowed) =>
        element.Unknown(allowed) is { } unknown ? $"Invalid JSON payload received. Unknown name \"{unknown}\"{(where.Length > 0 ? $" at '{where}'" : "")}: Cannot find field." : null;

    private static string? Generation(JsonElement? config)
    {
        if (config is not { } found)
        {
            return null;
        }

        var thinking = found.At("thinkingConfig");
        return Fields(found, "generation_config", "maxOutputTokens", "thinkingConfig", "responseMimeType", "responseSchema", "responseJsonSchema", "temperature", "topP", "topK", "stopSequences", "candidateCount", "seed")
            ?? (thinking is { } some ? Fields(some, "generation_config.thinking_config", "includeThoughts", "thinkingBudget", "thinkingLevel") : null)
            ?? (thinking?.At("thinkingBudget") is not null && thinking?.At("thinkingLevel") is not null ? "You can only set only one of thinking budget and thinking level." : null)
            ?? (found.At("responseJsonSchema") is not null && found.TextAt("responseMimeType") != "application/json" ? "Response schema requires response mime type application/json." : null);
    }

    // Search beside functions: never before the third generation, and from then on only when it is said.
    private string? Search(JsonElement body)
    {
        var tools = body.At("tools") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToList() : [];
        return !tools.Any(tool => tool.At("googleSearch") is not null) || !tools.Any(tool => tool.At("functionDeclarations") is not null) ? null
            : !signs ? "Built-in tools ({google_search}) and Function Calling cannot be combined in the same request."
            : body.At("toolConfig")?.At("includeServerSideToolInvocations") is { ValueKind: JsonValueKind.True } ? null
            : "Please enable tool_config.include_server_side_tool_invocations to use Built-in tools with Function calling.";
    }

    private static string? Tools(JsonElement? tools)
    {
        foreach (var tool in tools?.EnumerateArray() ?? default)
        {
            if (Fields(tool, "tools[0]", "functionDeclarations", "googleSearch", "codeExecution") is { } wrong)
            {
                return wrong;
            }

            foreach (var declaration in tool.At("functionDeclarations")?.EnumerateArray() ?? default)
            {
                if (Fields(declaration, "tools[0].function_declarations[0]", "name", "description", "parameters", "parametersJsonSchema", "response", "behavior") is { } unknown)
                {
                    return unknown;
                }

                if (!IsName(declaration.TextAt("name") ?? ""))
                {
                    return $"GenerateContentRequest.tools[0].function_declarations[0].name: {BadName}";
                }
            }
        }

        return null;
    }

    private string? Contents(JsonElement? contents)
    {
        var all = contents is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToList() : [];
        if (all.Count == 0)
        {
            return "* GenerateContentRequest.contents: contents is not specified";
        }

        // The current turn starts with the last thing that a person said.
        var turn = all.FindLastIndex(content => content.TextAt("role") == "user" && Parts(content).Any(part => part.At("text") is not null) && !Parts(content).Any(part => part.At("functionResponse") is not null));
        for (var i = 0; i < all.Count; i++)
        {
            if (Content(all[i], i) is { } wrong)
            {
                return wrong;
            }

            if (i == 0 ? all[i].TextAt("role") != "user" : all[i].TextAt("role") == all[i - 1].TextAt("role"))
            {
                return "Please ensure that multiturn requests alternate between user and model.";
            }

            if ((Answers(all, i) ?? Signatures(all[i], i > turn)) is { } bad)
            {
                return bad;
            }
        }

        return null;
    }

    private static string? Content(JsonElement content, int i)
    {
        if (Fields(content, $"contents[{i}]", "role", "parts") is { } wrong)
        {
            return wrong;
        }

        if (content.TextAt("role") is not ("user" or "model"))
        {
            return "Please use a valid role: user, model.";
        }

        if (!Parts(content).Any())
        {
            return $"* GenerateContentRequest.contents[{i}].parts: contents.parts must not be empty.";
        }

        foreach (var part in Parts(content))
        {
            if ((Fields(part, $"contents[{i}].parts[0]", "text", "thought", "thoughtSignature", "functionCall", "functionResponse", "inlineData", "fileData", "executableCode", "codeExecutionResult")
                ?? (part.At("functionCall") is { } call ? Fields(call, "function_call", "id", "name", "args") : null)
                ?? (part.At("functionResponse") is { } response ? Fields(response, "function_response", "id", "name", "response", "parts") : null)) is { } unknown)
            {
                return unknown;
            }

            if (new[] { "text", "functionCall", "functionResponse", "inlineData", "fileData", "executableCode", "codeExecutionResult" }.Count(name => part.At(name) is not null) != 1)
            {
                return $"* GenerateContentRequest.contents[{i}].parts[0].data: required oneof field 'data' must have one initialized field";
            }

            if ((part.At("functionCall") ?? part.At("functionResponse")) is { } named && !IsName(named.TextAt("name") ?? ""))
            {
                return $"* GenerateContentRequest.contents[{i}].parts[0].{(part.At("functionCall") is null ? "function_response" : "function_call")}.name: {BadName}";
            }

            if (part.At("functionResponse") is { } answer && answer.At("response") is not { ValueKind: JsonValueKind.Object })
            {
                return $"* GenerateContentRequest.contents[{i}].parts[0].function_response.response: required";
            }
        }

        return null;
    }

    private static string? Answers(List<JsonElement> all, int i)
    {
        var calls = Parts(all[i]).Select(part => part.At("functionCall")).OfType<JsonElement>().ToList();
        var asked = i == 0 ? [] : Parts(all[i - 1]).Select(part => part.At("functionCall")).OfType<JsonElement>().ToList();
        var answers = Parts(all[i]).Select(part => part.At("functionResponse")).OfType<JsonElement>().ToList();
        if (answers.Count > 0 && asked.Count == 0)
        {
            return "Please ensure that function response turn comes immediately after a function call turn.";
        }

        if (asked.Count != answers.Count)
        {
            return "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";
        }

        for (var n = 0; n < asked.Count; n++)
        {
            if (asked[n].TextAt("name") != answers[n].TextAt("name") || asked[n].TextAt("id") != answers[n].TextAt("id"))
            {
                return $"The function response {answers[n].TextAt("name")} does not match the function call {asked[n].TextAt("name")} at its place.";
            }
        }

        return calls.Count > 0 && i == all.Count - 1 ? "Please ensure that a function call turn is followed by a function response turn." : null;
    }

    private string? Signatures(JsonElement content, bool current)
    {
        if (Parts(content).Any(part => part.TextAt("thoughtSignature") is { } signature && signature != Foreign && !signatures.ContainsKey(signature)))
        {
            return "Corrupted thought signature.";
        }

        var first = Parts(content).FirstOrDefault(part => part.At("functionCall") is not null);
        return signs && current && first.ValueKind == JsonValueKind.Object && first.TextAt("thoughtSignature") is null
            ? $"Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly. Additional data, function call `default_api:{first.At("functionCall")?.TextAt("name")}`."
            : null;
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= 64 && (char.IsAsciiLetter(text[0]) || text[0] == '_') && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':');

    private static IEnumerable<JsonElement> Parts(JsonElement content) => content.At("parts") is { ValueKind: JsonValueKind.Array } parts ? parts.EnumerateArray() : [];
}
