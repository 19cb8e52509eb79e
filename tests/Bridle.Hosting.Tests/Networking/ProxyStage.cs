using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Channels;
using Bridle.Hosting.Networking;
using Bridle.Sandboxing;

namespace Bridle.Hosting.Tests.Networking;

/// <summary>The proxy on a loopback port, a plain and a TLS server behind it that every allowed name leads to, and curl in front.</summary>
internal sealed class ProxyStage : IAsyncDisposable
{
    private readonly FilteringProxy _proxy;
    private readonly Socket _listener = Listen();
    private readonly Socket _plain = Listen();
    private readonly Socket _tls = Listen();
    private readonly X509Certificate2 _certificate = SelfSigned();
    private readonly CancellationTokenSource _end = new();
    private readonly Channel<string> _received = Channel.CreateUnbounded<string>();

    public ProxyStage(string[] allow, string[]? deny = null, ProxyLimits? limits = null, TimeProvider? time = null)
    {
        var rules = new DomainRules([.. allow.Select(Rule)], [.. (deny ?? []).Select(Rule)]);
        _proxy = new(rules, limits ?? new(), Refused.Enqueue, time ?? TimeProvider.System, DialAsync);
        _proxy.Serve(_listener);
        _ = ServeAsync(_plain, isTls: false);
        _ = ServeAsync(_tls, isTls: true);
    }

    public ConcurrentQueue<RefusedHost> Refused { get; } = [];

    /// <summary>The hosts that were dialled.</summary>
    public ConcurrentQueue<string> Dialled { get; } = [];

    /// <summary>What the servers behind the proxy were sent, connection by connection.</summary>
    public ChannelReader<string> Received => _received.Reader;

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public static DomainRule Rule(string text) => DomainRule.Parse(text, "a test", out var problem) ?? throw new ArgumentException(problem);

    /// <summary>Runs curl through the proxy; its exit code and everything it wrote.</summary>
    public async Task<(int Code, string Output)> CurlAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("curl", ["-sS", "-k", "-m", "20", "--noproxy", "", "--proxy", $"http://127.0.0.1:{Port}", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var curl = Process.Start(start)!;
        var output = curl.StandardOutput.ReadToEndAsync();
        var error = curl.StandardError.ReadToEndAsync();
        await curl.WaitForExitAsync();
        return (curl.ExitCode, await output + await error);
    }

    /// <summary>Sends bytes to the proxy as they are and reads until it closes.</summary>
    public async Task<string> SendAsync(params byte[][] pieces)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        await using var stream = new NetworkStream(socket);
        foreach (var piece in pieces)
        {
            await stream.WriteAsync(piece);
        }

        var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer).WaitAsync(TimeSpan.FromSeconds(20));
        }
        catch (IOException)
        {
            // Closed with something unread.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }

    public Task<string> SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _proxy.DisposeAsync();
        _plain.Dispose();
        _tls.Dispose();
        _certificate.Dispose();
        _end.Dispose();
    }

    public static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }

    public async ValueTask<Stream> DialAsync(DomainRule rule, string host, int port, CancellationToken cancellationToken)
    {
        Dialled.Enqueue($"{host}:{port}");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync((port == 443 ? _tls : _plain).LocalEndPoint!, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private async Task ServeAsync(Socket listener, bool isTls)
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await listener.AcceptAsync(_end.Token), isTls);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task AnswerAsync(Socket socket, bool isTls)
    {
        try
        {
            await using Stream raw = new NetworkStream(socket, ownsSocket: true);
            await using var stream = isTls ? new SslStream(raw) : raw;
            if (stream is SslStream tls)
            {
                await tls.AuthenticateAsServerAsync(_certificate);
            }

            var buffer = new byte[64 * 1024];
            var count = 0;
            while (count < buffer.Length && !Encoding.Latin1.GetString(buffer, 0, count).Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                var more = await stream.ReadAsync(buffer.AsMemory(count), _end.Token);
                if (more == 0)
                {
                    break;
                }

                count += more;
            }

            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nserved"u8.ToArray(), _end.Token);
            if (!isTls)
            {
                socket.Shutdown(SocketShutdown.Send);
                int rest;
                while ((rest = await stream.ReadAsync(buffer.AsMemory(count), _end.Token)) > 0)
                {
                    count += rest;
                }
            }

            _received.Writer.TryWrite(Encoding.Latin1.GetString(buffer, 0, count));
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or SocketException or System.Security.Authentication.AuthenticationException)
        {
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
