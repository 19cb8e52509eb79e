using System.Globalization;
using System.Text.RegularExpressions;
using Bridle.Models.Http;

namespace Bridle.Models.OpenAI;

/// <summary>How servers that claim to speak OpenAI's protocols differ, and how they say so.</summary>
internal static partial class OpenAiQuirks
{
    /// <summary>The largest output limit this server takes.</summary>
    public const string OutputCap = OutputCaps.Quirk;

    /// <summary>Wants <c>max_completion_tokens</c> where its name does not tell.</summary>
    public const string CompletionTokens = "completion_tokens";

    /// <summary>Takes no schema for the answer: <c>json_object</c>, and the schema goes into the system text.</summary>
    public const string JsonObject = "json_object";

    /// <summary>Does not want its reasoning back.</summary>
    public const string NoReasoning = "without:reasoning";

    private static readonly string[] Optional = ["stream_options", "prompt_cache_key", "max_completion_tokens", "parallel_tool_calls", "include", "store"];

    /// <summary>Whether the server refused an optional field before.</summary>
    public static bool Refuses(this ModelEndpoint endpoint, string field) => endpoint.Quirk("without:" + field) is not null;

    /// <summary>The output limit to send, or null for none.</summary>
    public static long? OutputLimit(this ModelEndpoint endpoint, ModelRequest request) =>
        request.MaxOutputTokens is { } asked && endpoint.Quirk(OutputCap) is { } cap ? Math.Min(asked, long.Parse(cap, CultureInfo.InvariantCulture)) : request.MaxOutputTokens;

    /// <summary>What the words of a refusal teach.</summary>
    public static WireQuirk? In(ModelError error, ModelEndpoint endpoint)
    {
        var words = error.Message;
        if (OutputCaps.In(words) is { } cap)
        {
            return new(OutputCap, cap.ToString(CultureInfo.InvariantCulture));
        }

        if (UseCompletionTokens().IsMatch(words) && !endpoint.Refuses("max_completion_tokens"))
        {
            return new(CompletionTokens);
        }

        if (words.Contains("json_schema", StringComparison.Ordinal) || words.Contains("response_format", StringComparison.Ordinal))
        {
            return new(JsonObject);
        }

        // OpenAI's own words for a model that does not reason.
        if (words.Contains("Encrypted content is not supported", StringComparison.Ordinal))
        {
            return new("without:include");
        }

        if (UnknownField().IsMatch(words))
        {
            if (words.Contains("reasoning_content", StringComparison.Ordinal) || RefusedReasoning().IsMatch(words))
            {
                return new(NoReasoning);
            }

            return Array.Find(Optional, field => words.Contains(field, StringComparison.Ordinal)) is { } refused ? new("without:" + refused) : null;
        }

        return null;
    }

    /// <summary>Whether a model of that name wants <c>max_completion_tokens</c>: gpt-5 and later, o1, o3, o4 and their kin.</summary>
    public static bool TakesCompletionTokens(string model)
    {
        var name = model.AsSpan(model.LastIndexOf('/') + 1);

        // By hand, because every request asks and the first regular expression of a process is dear.
        if (name.StartsWith("gpt-", StringComparison.OrdinalIgnoreCase))
        {
            name = name[4..];
            return name is [>= '5' and <= '9', ..] or [>= '1' and <= '9', >= '0' and <= '9', ..];
        }

        return name is ['o' or 'O', >= '1' and <= '9', .. var rest] && (rest.IsEmpty || !(char.IsLetterOrDigit(rest[0]) || rest[0] is '_'));
    }

    [GeneratedRegex(@"max_tokens.*(use|instead).*max_completion_tokens", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex UseCompletionTokens();

    [GeneratedRegex(@"unknown|unrecogni[sz]ed|unsupported|not supported|not permitted|unexpected|extra (inputs|fields)|not allowed|invalid (field|param)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UnknownField();

    [GeneratedRegex(@"messages[\[\.]?\d*\]?\.?['""]?\.?(assistant\.)?reasoning", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RefusedReasoning();
}
