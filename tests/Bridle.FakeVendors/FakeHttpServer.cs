using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bridle.FakeVendors;

/// <summary>
/// A small HTTP/1.1 server on loopback that can do what real servers do only on their worst days: break off, send half a character, fall silent, reset.
/// Answers requests of any number of connections at once; everything it was sent is kept.
/// </summary>
public sealed class FakeHttpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<TcpClient> _clients = [];
    private readonly ConcurrentQueue<FakeRequest> _requests = new();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<FakeRequest, FakeReply> _answer;
    private readonly Task _accepting;
    private int _connections;
    private int _disposed;
    private int _numbers;

    public FakeHttpServer(Func<FakeRequest, FakeReply> answer)
    {
        _answer = answer;
        _listener.Start();
        Url = new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens, without a path.</summary>
    public Uri Url { get; }

    /// <summary>All requests so far, in the order in which they came.</summary>
    public IReadOnlyList<FakeRequest> Requests => [.. _requests];

    /// <summary>How many connections were made.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Done when a client closed its connection while a reply was still to come.</summary>
    public Task ClientLeft => _left.Task;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) is 1)
        {
            return;
        }

        await _stopping.CancelAsync();
        _listener.Stop();
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                client.NoDelay = true;
                _clients.Add(client);
                Interlocked.Increment(ref _connections);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (_stopping.IsCancellationRequested && e is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                while (await FakeRequest.ReadAsync(stream, Interlocked.Increment(ref _numbers) - 1, _stopping.Token) is { } request)
                {
                    _requests.Enqueue(request);
                    if (!await SendAsync(client, stream, Answer(request)))
                    {
                        return;
                    }
                }
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The client is gone, or we are.
            }
        }
    }

    private FakeReply Answer(FakeRequest request)
    {
        try
        {
            return _answer(request);
        }
        catch (Exception e)
        {
            return FakeReply.Text(500, "text/plain", "The fake server itself failed: " + e) with { Headers = new Dictionary<string, string> { ["x-should-retry"] = "false" } };
        }
    }

    /// <summary>True when the connection can take another request.</summary>
    private async Task<bool> SendAsync(TcpClient client, NetworkStream stream, FakeReply reply)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var watching = new ClientWatch(stream, gone);
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(reply.Head()), gone.Token);
            foreach (var chunk in reply.Chunks)
            {
                await chunk.Gate.WaitAsync(gone.Token);
                if (chunk.Bytes.Length > 0)
                {
                    var size = Encoding.ASCII.GetBytes($"{chunk.Bytes.Length:x}\r\n");
                    await stream.WriteAsync((byte[])[.. size, .. chunk.Bytes, .. "\r\n"u8], gone.Token);
                }
            }

            switch (reply.End)
            {
                case FakeEnd.Finish:
                    await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), gone.Token);
                    return !reply.Close && await watching.StopAsync();
                case FakeEnd.Hold:
                    await Task.Delay(Timeout.Infinite, gone.Token);
                    return false;
                case FakeEnd.Reset:
                    client.LingerState = new(true, 0);
                    return false;
                default:
                    client.Client.Shutdown(SocketShutdown.Both);
                    return false;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException && !_stopping.IsCancellationRequested)
        {
            _left.TrySetResult();
            return false;
        }
    }

    /// <summary>Notices while a reply is being sent that the client closed its end, without taking bytes of its next request.</summary>
    private sealed class ClientWatch
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _watching;

        public ClientWatch(NetworkStream stream, CancellationTokenSource gone) => _watching = RunAsync(stream, gone);

        public async Task<bool> StopAsync()
        {
            await _stop.CancelAsync();
            await _watching;
            return true;
        }

        private async Task RunAsync(NetworkStream stream, CancellationTokenSource gone)
        {
            try
            {
                // Peeking leaves the bytes of the next request where they are; it gives nothing only when the other end is closed.
                if (await stream.Socket.ReceiveAsync(new byte[1], SocketFlags.Peek, _stop.Token) == 0)
                {
                    await gone.CancelAsync();
                }
            }
            catch (SocketException)
            {
                await gone.CancelAsync();
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // The reply ended first.
            }
        }
    }
}
