using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Bridle.Messages;

namespace Bridle.Workspaces;

/// <summary>
/// The network of this machine: http and https to public addresses. The name is resolved once, each address is judged, and exactly a judged one is
/// dialled, so that a name that changes its address in between gains nothing. No proxy, no cookies, no credentials; any port.
/// Redirects are followed by hand, each one judged like the first; from https never back to http. Safe to use concurrently.
/// </summary>
public sealed class LocalNetwork : INetwork
{
    private static readonly TimeSpan s_usualTimeout = TimeSpan.FromSeconds(15);
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _client;

    /// <summary>With the clock that timeouts are counted by.</summary>
    public LocalNetwork(TimeProvider? time = null)
        : this(time ?? TimeProvider.System, PublicAddresses.Contains, Dns.GetHostAddressesAsync)
    {
    }

    internal LocalNetwork(TimeProvider time, Func<IPAddress, bool> isAllowed, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        _time = time;
        var dial = new JudgedDial(isAllowed, resolve);
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectCallback = dial.ConnectAsync,
            MaxResponseHeadersLength = 64,
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
        });
    }

    /// <inheritdoc/>
    public async Task<FetchedPage> FetchAsync(Uri address, FetchLimits limits, CancellationToken cancellationToken)
    {
        var timeout = limits.Timeout ?? s_usualTimeout;
        using var outOfTime = new CancellationTokenSource(timeout, _time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(outOfTime.Token, cancellationToken);
        try
        {
            return await FollowAsync(address, limits, ended.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ToolException($"{Shown(address)} was not fetched within {timeout.TotalSeconds:0.#} s. Try again later or another source.");
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or SocketException or InvalidDataException)
        {
            // The refusal of an address comes out of the dial wrapped.
            throw Refusal(problem) ?? new ToolException($"{Shown(address)} could not be fetched: {Innermost(problem).Message}", problem);
        }
    }

    private static async Task<FetchedPage> ReadAsync(Uri address, HttpResponseMessage response, int most, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        var isTruncated = false;
        for (var count = await stream.ReadAsync(buffer, cancellationToken); count > 0; count = await stream.ReadAsync(buffer, cancellationToken))
        {
            var taken = (int)Math.Min(count, most - body.Length);
            body.Write(buffer, 0, taken);
            if (taken < count)
            {
                isTruncated = true;
                break;
            }
        }

        var type = response.Content.Headers.ContentType;
        return new FetchedPage(address, (int)response.StatusCode, type?.MediaType ?? "", type?.CharSet?.Trim('"'), body.ToArray(), isTruncated);
    }

    private static HttpRequestMessage Request(Uri address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Bridle", "1"));
        _ = request.Headers.TryAddWithoutValidation("Accept", "text/markdown, text/html;q=0.9, text/plain;q=0.8, */*;q=0.5");
        return request;
    }

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    private static void RefuseForm(Uri address)
    {
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https"))
        {
            throw new ToolException($"{Shown(address)} is not an http or https address.");
        }

        if (address.UserInfo.Length > 0)
        {
            throw new ToolException("The address holds a user name or password; such addresses are not fetched. Leave them out.");
        }

        if (address.Host.Length == 0)
        {
            throw new ToolException("The address names no host.");
        }
    }

    private static string Shown(Uri address) =>
        address.IsAbsoluteUri && address.UserInfo.Length > 0 ? address.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped) : address.OriginalString;

    private static ToolException? Refusal(Exception? problem)
    {
        for (; problem is not null; problem = problem.InnerException)
        {
            if (problem is ToolException refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private static Exception Innermost(Exception problem)
    {
        while (problem.InnerException is { } inner)
        {
            problem = inner;
        }

        return problem;
    }

    private async Task<FetchedPage> FollowAsync(Uri address, FetchLimits limits, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            RefuseForm(address);
            using var request = Request(address);
            using var response = await _client.SendAsync(request, cancellationToken);
            if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
            {
                return await ReadAsync(address, response, limits.MaxBytes, cancellationToken);
            }

            if (redirects == limits.MaxRedirects)
            {
                throw new ToolException($"{Shown(address)} sent us on more than {limits.MaxRedirects} times; given up. The address may need a login.");
            }

            if (!Uri.TryCreate(address, location, out var next))
            {
                throw new ToolException($"{Shown(address)} could not be fetched: it sends on to an address that is none.");
            }

            if (address.Scheme == "https" && next.Scheme == "http")
            {
                throw new ToolException($"{Shown(address)} sends on from https to unprotected http ({Shown(next)}); not followed.");
            }

            address = next;
        }
    }
}
