using System.Net;
using System.Text.Json;
using Bridle.Messages;

namespace Bridle.Hosting.Providers;

/// <summary>A local server that answered.</summary>
/// <param name="Server">Which.</param>
/// <param name="Model">The model it would be used with, or null when it has none.</param>
public sealed record LocalServerFound(LocalServer Server, string? Model);

/// <summary>Looks for model servers on this machine: all are asked at once, each gets 200 ms to say what it is, the first in the order of the list wins.</summary>
public sealed class LocalServerSearch(IReadOnlyList<LocalServer> servers, TimeSpan? patience = null)
{
    private const int MaxBytes = 1024 * 1024;

    private readonly TimeSpan _patience = patience ?? TimeSpan.FromMilliseconds(200);

    /// <summary>Every server that answered as itself, in the order of the list. Never throws but for cancellation.</summary>
    public async Task<IReadOnlyList<LocalServerFound>> FindAsync(CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false };
        using var client = new HttpClient(handler) { MaxResponseContentBufferSize = MaxBytes, Timeout = Timeout.InfiniteTimeSpan };
        var answers = await Task.WhenAll(servers.Select(server => AskAsync(client, server, cancellationToken)));
        return [.. answers.OfType<LocalServerFound>()];
    }

    private async Task<LocalServerFound?> AskAsync(HttpClient client, LocalServer server, CancellationToken cancellationToken)
    {
        var path = server.Identify;
        var identity = await GetAsync(client, server.Root + path, _patience, cancellationToken);
        if (server.Newer is { } newer && (identity is not { } older || !LocalServerSigns.Matches(server.Sign, older)))
        {
            (path, identity) = (newer, await GetAsync(client, server.Root + newer, _patience, cancellationToken));
        }

        if (identity is not { } answer || !LocalServerSigns.Matches(server.Sign, answer))
        {
            return null;
        }

        // It is there; its list may take a little longer, since it decides which model answers.
        var list = path == server.Newer || server.Models == path ? answer : await GetAsync(client, server.Root + server.Models, _patience * 10, cancellationToken) ?? default;
        return new(server, LocalServerSigns.PickModel(server.Sign, answer, list));
    }

    private static async Task<JsonElement?> GetAsync(HttpClient client, string address, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            using var response = await client.GetAsync(new Uri(address), limit.Token);
            if (response.StatusCode is not HttpStatusCode.OK)
            {
                return null;
            }

            using var document = SoundJson.Parse(await response.Content.ReadAsByteArrayAsync(limit.Token));
            return document.RootElement.Clone();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }
}
