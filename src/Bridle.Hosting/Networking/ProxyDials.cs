using System.Net;
using Bridle.Sandboxing;
using Bridle.Workspaces;

namespace Bridle.Hosting.Networking;

/// <summary>Connects to a port of a host as far as its rule opens it. Throws <see cref="Messages.ToolException"/> when it does not, or nothing answers.</summary>
internal delegate ValueTask<Stream> ProxyDial(DomainRule rule, string host, int port, CancellationToken cancellationToken);

/// <summary>Reaches what a rule allows: the name is resolved by us, and which addresses are dialled depends on how much the rule says.</summary>
internal sealed class ProxyDials
{
    private readonly JudgedDial _public;
    private readonly JudgedDial _private;
    private readonly JudgedDial _own;

    public ProxyDials()
        : this(PublicAddresses.Contains, Dns.GetHostAddressesAsync)
    {
    }

    internal ProxyDials(Func<IPAddress, bool> isPublic, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        _public = new(isPublic, resolve)
        {
            Refusal = (host, addresses) => $"{host} leads to {addresses}, which is not a public address; a network rule for a name opens public ones only",
        };
        _private = new(address => isPublic(address) || PublicAddresses.ContainsOrIsPrivate(address), resolve)
        {
            Refusal = (host, addresses) => $"{host} leads to {addresses}: this machine, its link or a cloud's metadata, which no such rule opens",
        };
        _own = new(IPAddress.IsLoopback, resolve) { Refusal = (host, addresses) => $"{host} leads to {addresses}, which is not this machine, as the rule says" };
    }

    /// <summary>Connects. Throws <see cref="Messages.ToolException"/> when no address may be dialled, or none answers.</summary>
    public ValueTask<Stream> ConnectAsync(DomainRule rule, string host, int port, CancellationToken cancellationToken) =>
        (rule.IsThisMachine ? _own : rule.MayBePrivate || rule.Host == host && HostName.IsAddress(host) ? _private : _public).ConnectAsync(host, port, cancellationToken);
}
