using System.Diagnostics;
using System.Text.Json;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Models.Catalog;

namespace Bridle.Hosting.Providers;

/// <summary>What asking a server whether it is there found.</summary>
/// <param name="Answers">Whether it can be used.</param>
/// <param name="Text">What happened, for a person.</param>
public sealed record ConnectionOutcome(bool Answers, string Text)
{
    /// <summary>Something is there that is not what was asked for.</summary>
    internal bool IsSomethingElse { get; init; }
}

/// <summary>The server behind a provider: whether it is there, which models it has, and what the stored list says. Asks no model for anything.</summary>
public sealed class InferenceServer(ProviderChoice choice, ModelCatalog catalog, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Which provider, and where.</summary>
    public ProviderChoice Choice => choice;

    /// <summary>Its name for people.</summary>
    public string Title => KnownProviders.Default.Find(choice.Provider)?.Title ?? choice.Provider;

    /// <summary>Its models, as the stored list has them, with what was found out about their tools at its address.</summary>
    public IReadOnlyList<CatalogEntry> Models => [.. catalog.Entries.Where(entry => entry.Provider == choice.Provider).Select(entry => entry with { Tools = entry.ToolsAt(choice.Address) })];

    /// <summary>Fetches the list and stores it. After a problem the stored list is what it was.</summary>
    public async Task<ListedModels> RefreshAsync(CancellationToken cancellationToken)
    {
        if (choice.BaseUrl is not { } url)
        {
            return new([], "The rehearsal model is built in and has no list.");
        }

        using var http = ModelLister.Client(Patience);
        var listed = await new ModelLister(http, time).ListAsync(new(choice.Provider, choice.Api, url, choice.Key), cancellationToken);
        if (listed.Problem is null)
        {
            catalog.Replace(choice.Provider, listed.Entries);
        }

        return listed;
    }

    /// <summary>Asks the server what it is; one that is not what it should be does not count. A provider that does not say what it is is asked for its list.</summary>
    public async Task<ConnectionOutcome> TestAsync(CancellationToken cancellationToken)
    {
        if (choice.BaseUrl is not { } url)
        {
            return new(true, "The rehearsal model is built in and needs no connection.");
        }

        var clock = Stopwatch.StartNew();
        using var http = ModelLister.Client(Patience);
        if (KnownProviders.Default.LocalServers.FirstOrDefault(server => server.Provider == choice.Provider) is { } local)
        {
            var outcome = await IdentifyAsync(http, local.Sign, url, local.Newer ?? local.Identify, clock, cancellationToken);
            outcome = outcome.Answers || local.Newer is null ? outcome : await IdentifyAsync(http, local.Sign, url, local.Identify, clock, cancellationToken);
            return outcome.IsSomethingElse && await IsCompatibleAsync(http, url, cancellationToken)
                ? new(true, $"A server that speaks the OpenAI protocol answers at {choice.Address} in the place of {Title} ({clock.ElapsedMilliseconds} ms).")
                : outcome;
        }

        var listed = await new ModelLister(http, time).ListAsync(new(choice.Provider, choice.Api, url, choice.Key), cancellationToken);
        return listed.Problem is { } problem ? new(false, problem) : new(true, $"{Title} answers at {choice.Address} ({clock.ElapsedMilliseconds} ms).");
    }

    private async Task<bool> IsCompatibleAsync(HttpClient http, Uri url, CancellationToken cancellationToken)
    {
        var listed = await new ModelLister(http, time).ListAsync(new("openai-compatible", ModelApi.OpenAi.NameOf(), new Uri(url.GetLeftPart(UriPartial.Authority)), choice.Key), cancellationToken);
        return listed.Problem is null;
    }

    private async Task<ConnectionOutcome> IdentifyAsync(HttpClient http, string sign, Uri url, string path, Stopwatch clock, CancellationToken cancellationToken)
    {
        var address = url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) + path;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (choice.Key is { Length: > 0 } key)
            {
                request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
            }

            using var response = await http.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                using var answer = SoundJson.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
                if (LocalServerSigns.Matches(sign, answer.RootElement))
                {
                    var version = answer.RootElement.TryGetProperty("version", out var text) && text.ValueKind is JsonValueKind.String ? $" {text.GetString()}" : "";
                    return new(true, $"{Title}{version} answers at {choice.Address} ({clock.ElapsedMilliseconds} ms).");
                }
            }

            return (int)response.StatusCode is 401 or 403
                ? new(false, $"{Title} at {choice.Address} does not accept the key ({(int)response.StatusCode}).")
                : new(false, $"Something answers at {choice.Address}, but it is not {Title} (GET {path}: {(int)response.StatusCode}).") { IsSomethingElse = true };
        }
        catch (HttpRequestException unreachable)
        {
            return new(false, $"{Title} at {choice.Address} cannot be reached: {(unreachable.InnerException?.Message ?? unreachable.Message).TrimEnd('.')}.");
        }
        catch (JsonException)
        {
            return new(false, $"Something answers at {choice.Address}, but it is not {Title} (GET {path} gave no JSON).") { IsSomethingElse = true };
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(false, $"{Title} at {choice.Address} did not answer within {Patience.TotalSeconds:0} s.");
        }
    }
}
