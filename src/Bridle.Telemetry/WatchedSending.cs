using System.Net;

namespace Bridle.Telemetry;

/// <summary>Sees each request that the exporter makes and says, once, that one came to nothing; the exporter itself would only tell its own log.</summary>
internal sealed class WatchedSending(HttpMessageHandler inner, Action<string>? warn) : DelegatingHandler(inner)
{
    private const long MostRead = 64 * 1024;
    private int _warned;

    /// <summary>Says that what was to go to an address did not arrive.</summary>
    public void Warn(string why, Uri? address)
    {
        if (Interlocked.Exchange(ref _warned, 1) == 0)
        {
            warn?.Invoke($"Telemetry could not be sent to {address?.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)}: {why}. The run is not affected.");
        }
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Looked(base.Send(request, cancellationToken), request);
        }
        catch (Exception problem) when (problem is HttpRequestException or OperationCanceledException or IOException)
        {
            Warn(Words(problem), request.RequestUri);
            throw;
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                // What gRPC says stands after the body.
                await response.Content.LoadIntoBufferAsync(MostRead, cancellationToken);
            }

            return Looked(response, request);
        }
        catch (Exception problem) when (problem is HttpRequestException or OperationCanceledException or IOException)
        {
            Warn(Words(problem), request.RequestUri);
            throw;
        }
    }

    private HttpResponseMessage Looked(HttpResponseMessage response, HttpRequestMessage request)
    {
        if (!response.IsSuccessStatusCode)
        {
            Warn($"it answers {(int)response.StatusCode}", request.RequestUri);
        }
        else if (request.Version == HttpVersion.Version20 && (Status(response.Headers) ?? Status(response.TrailingHeaders)) is { } status and not "0")
        {
            Warn($"it answers with status {(int.TryParse(status, out var number) ? number : "unknown")} of gRPC", request.RequestUri);
        }

        return response;
    }

    private static string? Status(System.Net.Http.Headers.HttpResponseHeaders headers) => headers.TryGetValues("grpc-status", out var values) ? values.FirstOrDefault() : null;

    private static string Words(Exception problem) =>
        problem is OperationCanceledException ? "it does not answer in time" : (problem.InnerException?.Message ?? problem.Message).TrimEnd('.');
}
