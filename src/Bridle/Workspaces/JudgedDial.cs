using System.Net;
using System.Net.Sockets;
using Bridle.Messages;

namespace Bridle.Workspaces;

/// <summary>
/// Connects to an address that was judged, never to a name: a name is resolved once, each of its addresses is judged, and exactly a judged one is dialled.
/// Safe to use concurrently.
/// </summary>
/// <param name="isAllowed">Judges an address.</param>
/// <param name="resolve">Finds the addresses of a name.</param>
public sealed class JudgedDial(Func<IPAddress, bool> isAllowed, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    private static readonly TimeSpan s_eachAddress = TimeSpan.FromSeconds(5);

    /// <summary>How a refused address is told: gets the host and its addresses. What a person should do about it belongs into it.</summary>
    public Func<string, string, string> Refusal { get; init; } = (host, addresses) =>
        $"{host} was not fetched: {addresses} is not a public address. Only public addresses are fetched; for a local server use a command.";

    /// <summary>Connects for an HTTP client.</summary>
    public ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken);

    /// <summary>
    /// Connects to a port of a host, 5 seconds for each address at most. Throws <see cref="ToolException"/> when no address of it is allowed, or none answers.
    /// </summary>
    public async ValueTask<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await ResolveAsync(host, cancellationToken);
        var allowed = Array.FindAll(addresses, address => isAllowed(address));
        if (allowed.Length == 0)
        {
            throw new ToolException(Refusal(host, string.Join(", ", addresses.Take(3).Select(one => one.ToString()))));
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
