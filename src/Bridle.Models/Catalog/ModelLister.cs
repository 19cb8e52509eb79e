using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Catalog;

/// <summary>Where a provider's list is and how to ask for it.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="Api">Its wire protocol.</param>
/// <param name="BaseUrl">Where it is served, without a trailing slash.</param>
/// <param name="Key">The key, or null.</param>
public sealed record ListedProvider(string Provider, string Api, Uri BaseUrl, string? Key);

/// <summary>Asks a provider which models it serves, and what it says about each. Never throws for what a server does; a problem is a sentence.</summary>
public sealed class ModelLister(HttpClient http, TimeProvider time)
{
    private const int MostDetails = 200;

    /// <summary>A client for lists: through the system's proxy, but never to a server on this machine, and following no redirect, which would take the key along.</summary>
    /// <param name="patience">How long a list may take.</param>
    public static HttpClient Client(TimeSpan patience) => new(HttpConnections.HandlerFor(patience)) { Timeout = patience };

    /// <summary>Fetches the list. Bounded by the client's timeout and by <paramref name="cancellationToken"/>.</summary>
    public async Task<ListedModels> ListAsync(ListedProvider provider, CancellationToken cancellationToken)
    {
        string? first = null;
        foreach (var address in Addresses(provider))
        {
            string problem;
            var isPage = false;
            try
            {
                using var answer = await http.SendAsync(Get(address, provider), cancellationToken);
                var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
                if (!answer.IsSuccessStatusCode)
                {
                    first ??= $"{Plain(address)} answered {(int)answer.StatusCode}{Advice((int)answer.StatusCode)}";
                    continue;
                }

                isPage = body.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'<', ..];
                using var document = SoundJson.Parse(body);
                var entries = ModelListing.Read(provider.Provider, document.RootElement, time.GetUtcNow());
                if (entries.Count > 0)
                {
                    return new ListedModels(provider.Api is "ollama" || provider.Provider is "ollama" ? await DetailAsync(provider, entries, cancellationToken) : entries);
                }

                problem = $"{Plain(address)} lists no models";
            }
            catch (HttpRequestException unreachable)
            {
                problem = (WireProxy.For(address) is { } proxy ? TransportErrors.Connect(unreachable, address, proxy).Told : $"{Plain(address)} cannot be reached: {unreachable.InnerException?.Message ?? unreachable.Message}").TrimEnd('.');
            }
            catch (JsonException)
            {
                problem = $"{Plain(address)} answered with {(isPage ? "a web page" : "something that is not JSON")} (check the base URL: this is not the address of a model's API)";
            }
            catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                problem = $"{Plain(address)} did not answer in time";
            }

            first ??= problem;
        }

        return new ListedModels([], first + ".");
    }

    // For people: a password or a key in the address stays out of it.
    private static string Plain(Uri address) => address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private static IEnumerable<Uri> Addresses(ListedProvider provider)
    {
        var url = provider.BaseUrl.ToString().TrimEnd('/');
        var root = provider.BaseUrl.GetLeftPart(UriPartial.Authority);
        return (provider.Provider, provider.Api) switch
        {
            ("ollama", _) or (_, "ollama") => [new Uri($"{root}/api/tags"), new Uri($"{root}/v1/models")],
            ("lm-studio", _) => [new Uri($"{root}/api/v1/models"), new Uri($"{root}/api/v0/models"), new Uri($"{url}/models")],
            ("lemonade", _) => [new Uri(provider.BaseUrl.AbsolutePath is "/" ? $"{root}/api/v1/models" : $"{url}/models"), new Uri($"{root}/v1/models")],
            (_, "anthropic") => [new Uri($"{(url.EndsWith("/v1", StringComparison.Ordinal) ? url : url + "/v1")}/models?limit=1000")],
            (_, "gemini") => [new Uri($"{url}/models?pageSize=1000")],
            _ => [new Uri(provider.BaseUrl.AbsolutePath is "/" ? $"{root}/v1/models" : $"{url}/models")],
        };
    }

    private static HttpRequestMessage Get(Uri address, ListedProvider provider)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        switch (provider.Api)
        {
            case "anthropic":
                request.Headers.TryAddWithoutValidation("anthropic-version", "2023-06-01");
                request.Headers.TryAddWithoutValidation("x-api-key", provider.Key);
                break;
            case "gemini":
                request.Headers.TryAddWithoutValidation("x-goog-api-key", provider.Key);
                break;
            case var _ when provider.Key is { Length: > 0 } key:
                request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
                break;
            default:
                break;
        }

        return request;
    }

    private async Task<IReadOnlyList<CatalogEntry>> DetailAsync(ListedProvider provider, IReadOnlyList<CatalogEntry> entries, CancellationToken cancellationToken)
    {
        var detailed = new List<CatalogEntry>();
        foreach (var entry in entries)
        {
            detailed.Add(detailed.Count < MostDetails ? await ShowAsync(provider, entry, cancellationToken) : entry);
        }

        return detailed;
    }

    private async Task<CatalogEntry> ShowAsync(ListedProvider provider, CatalogEntry entry, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{provider.BaseUrl.GetLeftPart(UriPartial.Authority)}/api/show"))
        {
            Content = new StringContent($$"""{"model":"{{JsonEncodedText.Encode(entry.Model)}}"}""", Encoding.UTF8, "application/json"),
        };
        try
        {
            using var answer = await http.SendAsync(request, cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                return entry;
            }

            using var document = SoundJson.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
            return ModelListing.WithOllamaDetails(entry, document.RootElement);
        }
        catch (Exception missing) when (missing is HttpRequestException or JsonException)
        {
            return entry;
        }
    }

    private static string Advice(int status) => status switch
    {
        401 or 403 => " (check the key)",
        404 => " (check the base URL)",
        >= 300 and < 400 => " (it redirects, which is not followed: set the base URL to where the API really is)",
        _ => "",
    };
}
