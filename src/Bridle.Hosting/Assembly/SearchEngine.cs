using System.Text.Json;
using Bridle.Hosting.Settings;
using Bridle.Messages;
using Bridle.Tools;
using Bridle.Tools.Web;
using Bridle.Workspaces;

namespace Bridle.Hosting.Assembly;

/// <summary>
/// A search engine behind an address, as the person's settings name it: <c>{query}</c> in the address is replaced, else <c>q=</c> is added. The answer is JSON with a list
/// under <c>results</c> (SearXNG's form: title, url, content).
/// </summary>
internal static class SearchEngine
{
    /// <summary>The engine, or null when none is configured.</summary>
    public static WebSearchEngine? From(WebSearchSettings? settings) => settings?.Url is { } url
        ? (query, most, scope, cancellationToken) => SearchAsync(url, query, most, scope, cancellationToken)
        : null;

    private static async ValueTask<IReadOnlyList<WebHit>> SearchAsync(string url, string query, int most, CallScope scope, CancellationToken cancellationToken)
    {
        var page = await scope.Network.FetchAsync(AddressFor(url, query), new FetchLimits(), cancellationToken);
        if (page.Status != 200)
        {
            throw new ToolException($"The search engine answered with status {page.Status}.");
        }

        try
        {
            using var answer = JsonDocument.Parse(page.Body);
            return answer.RootElement.ValueKind is JsonValueKind.Object && answer.RootElement.TryGetProperty("results", out var results) && results.ValueKind is JsonValueKind.Array
                ? [.. results.EnumerateArray().Select(hit => new WebHit(Text(hit, "title"), Text(hit, "url"), Text(hit, "content"))).Where(hit => hit.Address.Length > 0).Take(most)]
                : throw new ToolException("The search engine's answer has no list of results.");
        }
        catch (JsonException)
        {
            throw new ToolException("The search engine did not answer with JSON. Its address may need a setting such as format=json.");
        }
    }

    internal static Uri AddressFor(string url, string query)
    {
        var escaped = Uri.EscapeDataString(query);
        return new(url.Contains("{query}", StringComparison.Ordinal) ? url.Replace("{query}", escaped, StringComparison.Ordinal) : $"{url}{(url.Contains('?') ? '&' : '?')}q={escaped}");
    }

    private static string Text(JsonElement hit, string name) =>
        hit.ValueKind is JsonValueKind.Object && hit.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";
}
