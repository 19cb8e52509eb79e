using System.Collections.Concurrent;
using System.Net;

namespace Bridle.Models.Http;

/// <summary>The connections to model servers, shared by all models of the process and kept alive between requests.</summary>
internal static class HttpConnections
{
    private static readonly DirectToLoopback s_proxy = new();
    private static readonly ConcurrentDictionary<TimeSpan, HttpMessageInvoker> Invokers = new();

    /// <summary>Sends without a total time limit, following no redirect and keeping no cookie.</summary>
    public static HttpMessageInvoker For(TimeSpan connectTimeout) => Invokers.GetOrAdd(connectTimeout, static limit => new(HandlerFor(limit)));

    /// <summary>Connections to nobody, who answers each request with a <see cref="CannedReply"/>. No address is looked up and no socket is made.</summary>
    public static HttpMessageInvoker ToNobody()
    {
        var handler = HandlerFor(TimeSpan.FromSeconds(10));
        handler.ConnectCallback = static (_, _) => ValueTask.FromResult<Stream>(new CannedReply());
        return new(handler);
    }

    /// <summary>The proxy that a request to an address goes through, or null.</summary>
    public static Uri? ProxyOf(Uri posted) => s_proxy.GetProxy(posted) is { } proxy && proxy != posted ? proxy : null;

    /// <summary>How requests are sent: following no redirect and keeping no cookie, through the system's proxy but for servers on this machine.</summary>
    public static SocketsHttpHandler HandlerFor(TimeSpan connectTimeout) => new()
    {
        ConnectTimeout = connectTimeout,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
        PooledConnectionLifetime = TimeSpan.FromMinutes(15),
        ActivityHeadersPropagator = null,
        Proxy = s_proxy,
    };

    /// <summary>The system's proxy, but never for a server on this machine.</summary>
    private sealed class DirectToLoopback : IWebProxy
    {
        private readonly IWebProxy _system = HttpClient.DefaultProxy;

        public ICredentials? Credentials
        {
            get => _system.Credentials;
            set => _system.Credentials = value;
        }

        public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : _system.GetProxy(destination);

        public bool IsBypassed(Uri host) => host.IsLoopback || _system.IsBypassed(host);
    }
}
