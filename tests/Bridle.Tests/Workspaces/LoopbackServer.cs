using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bridle.Tests.Workspaces;

/// <summary>A real server on loopback that answers each connection with what the test says, byte for byte.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, NetworkStream, CancellationToken, Task> _answer;
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private readonly List<string> _requests = [];

    public LoopbackServer(Func<string, NetworkStream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public LoopbackServer(Func<string, string> answer)
        : this((request, stream, stop) => stream.WriteAsync(Encoding.Latin1.GetBytes(answer(request)), stop).AsTask())
    {
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public Uri At(string path, string host = "site.test") => new($"http://{host}:{Port}{path}");

    public static string Page(string body, string type = "text/html; charset=utf-8") =>
        $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";

    public static string Redirect(string to, int status = 302) =>
        $"HTTP/1.1 {status} Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var request = await new StreamReader(stream).ReadLineAsync(_stop.Token) ?? "";
                lock (_requests)
                {
                    _requests.Add(request);
                }

                await _answer(request.Split(' ') is [_, var path, _] ? path : "", stream, _stop.Token);
            }
            catch (Exception problem) when (problem is IOException or OperationCanceledException)
            {
                // The client had enough.
            }
        }
    }
}
