using System.Net.Sockets;
using Bridle.Sandboxing;

namespace Bridle.Hosting.Networking;

/// <summary>
/// The one way out for the programs of a confined call: a forward proxy (HTTP CONNECT, plain HTTP, SOCKS5 on the same port) that passes on what the rules allow.
/// The host is judged by name, resolved here, its addresses judged, and exactly a judged one dialled; on 443 the TLS name must be the host that was asked for.
/// Listens on a socket that the sandbox handed out, so that nobody outside it can connect. Safe to use concurrently; disposing ends all connections.
/// </summary>
public sealed class FilteringProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Action<RefusedHost> _refused;
    private readonly List<Task> _running = [];
    private readonly Lock _lock = new();
    private int _open;

    /// <summary>With the rules, and who hears of a host that was refused (from any thread, also several times for one).</summary>
    internal FilteringProxy(DomainRules rules, ProxyLimits limits, Action<RefusedHost> refused, TimeProvider time, ProxyDial dial)
    {
        (Rules, Limits, Time, Dial) = (rules, limits, time, dial);
        _refused = refused;
    }

    internal DomainRules Rules { get; }

    internal ProxyLimits Limits { get; }

    internal TimeProvider Time { get; }

    internal ProxyDial Dial { get; }

    /// <summary>Takes connections from a listening socket until this is disposed; the socket is closed then. May be called for several sockets.</summary>
    /// <param name="listener">The socket.</param>
    /// <param name="askers">The ids of the process whose programs connect there and of those above it; empty when nobody knows.</param>
    public void Serve(Socket listener, IReadOnlyList<int>? askers = null)
    {
        lock (_lock)
        {
            _running.RemoveAll(task => task.IsCompleted);
            _running.Add(AcceptAsync(listener, askers ?? []));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Task[] running;
        lock (_lock)
        {
            running = [.. _running];
        }

        await Task.WhenAll(running);
        _end.Dispose();
    }

    internal void Report(RefusedHost refused) => _refused(refused);

    private async Task AcceptAsync(Socket listener, IReadOnlyList<int> askers)
    {
        using var _ = listener;
        var open = new HashSet<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync(_end.Token);
                open.RemoveWhere(task => task.IsCompleted);
                open.Add(TalkAsync(client, askers));
            }
        }
        catch (Exception problem) when (problem is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end, or the sandbox is gone.
        }

        await Task.WhenAll(open);
    }

    private async Task TalkAsync(Socket client, IReadOnlyList<int> askers)
    {
        client.NoDelay = true;
        await using var stream = new NetworkStream(client, ownsSocket: true);
        var isOneTooMany = Interlocked.Increment(ref _open) > Limits.Connections;
        using var idle = new IdleTimer(Limits.GreetingTime, Time, _end.Token);
        try
        {
            var conversation = new ProxyConversation(this, new PeekedStream(stream), idle) { Askers = askers };
            await (isOneTooMany ? conversation.TurnAwayAsync() : conversation.RunAsync());
        }
        catch (Exception problem) when (problem is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side went away, or nothing came for too long; there is nobody to tell.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
