using System.Net;
using System.Net.Sockets;
using Bridle.Messages;

namespace Bridle.Workspaces;

/// <summary>Connects to an address that was judged, never to a name.</summary>
internal sealed class JudgedDial(Func<IPAddress, bool> isAllowed, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    private static readonly TimeSpan s_eachAddress = TimeSpan.FromSeconds(5);

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        IPAddress[] addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await ResolveAsync(host, cancellationToken);
        var allowed = Array.FindAll(addresses, address => isAllowed(address));
        if (allowed.Length == 0)
        {
            throw new ToolException(
                $"{host} was not fetched: {string.Join(", ", addresses.Take(3).Select(one => one.ToString()))} is not a public address. Only public addresses are fetched; for a local server use a command.");
        }

        Exception? last = null;
        foreach (var address in allowed)
        {
            try
            {
                return await DialAsync(address, port, cancellationToken);
            }
            catch (Exception problem) when (problem is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                last = problem;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw new ToolException($"{host} could not be reached on port {port}: {(last is SocketException ? last.Message : "no answer")}.", last);
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await resolve(host, cancellationToken);
            return addresses.Length > 0 ? addresses : throw Unknown(host, null);
        }
        catch (SocketException problem)
        {
            throw Unknown(host, problem);
        }
    }

    private static ToolException Unknown(string host, Exception? problem) =>
        new($"The name {host} could not be resolved: {problem?.Message ?? "it has no address"}. Check the spelling and the connection.", problem);

    private static async Task<Stream> DialAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_eachAddress);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), patience.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
