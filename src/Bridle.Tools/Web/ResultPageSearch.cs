using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Tools.Web;

/// <summary>
/// Search engines that have no interface for programs, read from their pages for people. Such pages change without notice and may ask whether a person is there;
/// then the search fails with words, it never gives wrong hits.
/// </summary>
public static class ResultPageSearch
{
    private const int Tries = 2;

    /// <summary>The names that <see cref="Named"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ResultPage.All.Select(page => page.Name)];

    /// <summary>The engine with that name, or null.</summary>
    public static WebSearchEngine? Named(string name) =>
        ResultPage.All.FirstOrDefault(page => page.Name == name) is { } page ? (query, most, scope, cancellationToken) => SearchAsync(page, query, most, scope, cancellationToken) : null;

    /// <summary>Asks one engine after another until one finds something. When none does, the message names each with its reason.</summary>
    public static WebSearchEngine FirstOf(IReadOnlyList<(string Name, WebSearchEngine Engine)> engines) => async (query, maxResults, scope, cancellationToken) =>
    {
        var failures = new List<string>();
        foreach (var (name, engine) in engines)
        {
            try
            {
                if (await engine(query, maxResults, scope, cancellationToken) is { Count: > 0 } hits)
                {
                    return hits;
                }
            }
            catch (ToolException failure)
            {
                failures.Add($"{name}: {failure.Message}");
            }
        }

        return failures.Count == 0 ? [] : throw new ToolException($"No engine found anything. {string.Join(' ', failures)} Try other words, fetch a page you know, or ask the person.");
    };

    private static async ValueTask<IReadOnlyList<WebHit>> SearchAsync(ResultPage engine, string query, int most, CallScope scope, CancellationToken cancellationToken)
    {
        var address = engine.Address(query);
        for (var attempt = 1; ; attempt++)
        {
            FetchedPage page;
            try
            {
                page = await scope.Network.FetchAsync(address, new(), cancellationToken);
            }
            catch (ToolException) when (attempt < Tries)
            {
                continue;
            }

            if (page.Status >= 500 && attempt < Tries)
            {
                continue;
            }

            return Read(engine, page, most);
        }
    }

    private static IReadOnlyList<WebHit> Read(ResultPage engine, FetchedPage page, int most)
    {
        var document = new HtmlParser().ParseDocument(PageText.Decode(page));
        if (document.QuerySelector(engine.Doubt) is not null || page.Status is 202 or 403 or 429)
        {
            throw new ToolException($"{page.Address.Host} asks whether a person is there (HTTP {page.Status}); it answers no programs now.");
        }

        if (page.Status != 200)
        {
            throw new ToolException($"{page.Address.Host} answered HTTP {page.Status}.");
        }

        var hits = document.QuerySelectorAll(engine.Hit).Select(hit => HitOf(engine, page.Address, hit)).OfType<WebHit>().DistinctBy(hit => hit.Address).Take(most).ToList();
        return hits.Count > 0 || document.QuerySelector(engine.Nothing) is not null ? hits : throw new ToolException($"The page of {page.Address.Host} does not look as it used to, so it cannot be read.");
    }

    private static WebHit? HitOf(ResultPage engine, Uri page, IElement hit)
    {
        if (hit.QuerySelector(engine.Link) is not { } link || engine.Target(page, link.GetAttribute("href") ?? "") is not { Scheme: "http" or "https" } address)
        {
            return null;
        }

        // A label beside the words, not one of them.
        foreach (var label in hit.QuerySelectorAll(".algoSlug_icon").ToList())
        {
            label.Remove();
        }

        return new(Words(link), address.AbsoluteUri, hit.QuerySelector(engine.Excerpt) is { } excerpt ? Words(excerpt) : "");
    }

    private static string Words(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
