using System.Net;
using System.Text;

namespace Bridle.Hosting.Tests.Hooks;

/// <summary>A server on this machine that gives every request the same answer and keeps what it was sent last.</summary>
internal sealed class OneAnswer : IDisposable
{
    private readonly HttpListener _listener = new();

    public OneAnswer(int status, string body)
    {
        using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/hook";
        }

        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _ = ServeAsync(status, body);
    }

    public string Url { get; }

    public string Body { get; private set; } = "";

    public string? Header { get; private set; }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync(int status, string body)
    {
        try
        {
            var context = await _listener.GetContextAsync();
            Body = await new StreamReader(context.Request.InputStream, Encoding.UTF8).ReadToEndAsync();
            Header = context.Request.Headers["X-Home"];
            context.Response.StatusCode = status;
            context.Response.RedirectLocation = status is 302 ? Url : null;
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
            context.Response.Close();
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
