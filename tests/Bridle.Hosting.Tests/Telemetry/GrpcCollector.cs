using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bridle.Hosting.Tests.Telemetry;

/// <summary>
/// Takes OTLP over gRPC: as much of HTTP/2 as one call at a time needs, without encryption, as collectors have it on port 4317. Headers are looked at as bytes, because the
/// client of .NET writes them plainly.
/// </summary>
internal sealed class GrpcCollector : IAsyncDisposable
{
    private const int Preface = 24;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly ConcurrentQueue<(string Headers, byte[] Message)> _calls = new();
    private readonly string _status;

    public GrpcCollector(string status = "0")
    {
        _status = status;
        _listener.Start();
        Url = new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _serving.Add(AcceptAsync());
    }

    public Uri Url { get; }

    /// <summary>What one of the services was sent, such as <c>trace.v1.TraceService</c>: the headers as they came, and the message.</summary>
    public IReadOnlyList<(string Headers, ProtobufMessage Message)> Calls(string service) =>
        [.. _calls.Where(call => call.Headers.Contains($"/opentelemetry.proto.collector.{service}/Export", StringComparison.Ordinal)).Select(call => (call.Headers, new ProtobufMessage(call.Message)))];

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await Task.WhenAll(_serving);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
            }
        }
        catch (Exception problem) when (problem is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var taken = client;
        var stream = client.GetStream();
        var (open, head) = (new Dictionary<int, (string Headers, List<byte> Body)>(), new byte[9]);
        try
        {
            await stream.ReadExactlyAsync(new byte[Preface], _stopping.Token);
            await SendAsync(stream, 4, 0, 0, []);
            while (true)
            {
                await stream.ReadExactlyAsync(head, _stopping.Token);
                var body = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
                await stream.ReadExactlyAsync(body, _stopping.Token);
                await TakeAsync(stream, head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), body, open);
            }
        }
        catch (Exception problem) when (problem is OperationCanceledException or IOException)
        {
            // The client left, or the test is over.
        }
    }

    private async Task TakeAsync(NetworkStream stream, byte type, byte flags, int id, byte[] body, Dictionary<int, (string Headers, List<byte> Body)> open)
    {
        switch (type)
        {
            case 0:
                open[id].Body.AddRange(body);
                break;
            case 1:
                open[id] = (Encoding.Latin1.GetString(body), []);
                break;
            case 4 or 6 when (flags & 1) == 0:
                await SendAsync(stream, type, 1, 0, type == 4 ? [] : body);
                break;
        }

        if (type is 0 && (flags & 1) == 1)
        {
            // Five bytes stand before the message: whether it is compressed, and how long it is.
            _calls.Enqueue((open[id].Headers, [.. open[id].Body.Skip(5)]));
            await SendAsync(stream, 1, 4, id, [0x88, .. Header("content-type", "application/grpc")]);
            await SendAsync(stream, 0, 0, id, [0, 0, 0, 0, 0]);
            await SendAsync(stream, 1, 5, id, [.. Header("grpc-status", _status)]);
        }
    }

    private async Task SendAsync(NetworkStream stream, byte type, byte flags, int id, byte[] body)
    {
        var frame = new byte[9 + body.Length];
        (frame[1], frame[2], frame[3], frame[4]) = ((byte)(body.Length >> 8), (byte)body.Length, type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), id);
        body.CopyTo(frame, 9);
        await stream.WriteAsync(frame, _stopping.Token);
    }

    private static byte[] Header(string name, string value) => [0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];
}
