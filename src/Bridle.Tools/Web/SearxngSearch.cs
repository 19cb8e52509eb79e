using System.Text.Json;
using Bridle.Messages;

namespace Bridle.Tools.Web;

/// <summary>A search engine that speaks SearXNG's JSON form: <c>GET {endpoint}?q=…&amp;format=json</c> with <c>results[].title, url, content</c> in the answer.</summary>
public static class SearxngSearch
{
    /// <summary>
    /// The engine at an address such as <c>https://searx.example/search</c>; <c>{query}</c> in it is replaced, else <c>q</c> and <c>format</c> are added.
    /// It must be public, as the network door demands.
    /// </summary>
    public static WebSearchEngine At(string endpoint) => async (query, maxResults, scope, cancellationToken) =>
    {
        var address = AddressFor(endpoint, query);
        var page = await scope.Network.FetchAsync(address, new(), cancellationToken);
        if (page.Status != 200)
        {
            throw new ToolException($"The search engine at {address.Host} answered HTTP {page.Status}. {Advice(page.Status)}");
        }

        try
        {
            using var answer = SoundJson.Parse(page.Body);
            return [.. answer.RootElement.GetProperty("results").EnumerateArray().Take(maxResults).Select(Hit)];
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ToolException($"The search engine at {address.Host} did not answer in JSON. Its settings must allow the format \"json\".", problem);
        }
    };

    internal static Uri AddressFor(string endpoint, string query)
    {
        var escaped = Uri.EscapeDataString(query);
        if (endpoint.Contains("{query}", StringComparison.Ordinal))
        {
            return new Uri(endpoint.Replace("{query}", escaped, StringComparison.Ordinal));
        }

        var separator = endpoint.Contains('?') ? "&" : "?";
        return new Uri($"{endpoint}{separator}q={escaped}{(endpoint.Contains("format=", StringComparison.Ordinal) ? "" : "&format=json")}");
    }

    private static WebHit Hit(JsonElement hit) => new(Text(hit, "title"), Text(hit, "url"), Text(hit, "content"));

    private static string Text(JsonElement hit, string name) =>
        hit.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? string.Join(' ', value.GetString()!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) : "";

    private static string Advice(int status) => status switch
    {
        403 => "Its settings probably do not allow the format \"json\".",
        429 => "It has had too many questions; wait before the next.",
        _ => "Fetch a page you know instead, or ask the person.",
    };
}
