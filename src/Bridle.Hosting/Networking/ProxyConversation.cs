using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Bridle.Messages;
using Bridle.Sandboxing;

namespace Bridle.Hosting.Networking;

/// <summary>One connection to the proxy, from its greeting to its end.</summary>
internal sealed class ProxyConversation(FilteringProxy proxy, PeekedStream client, IdleTimer idle)
{
    private const byte Socks5 = 5;

    /// <summary>The ids of the process whose program this is and of those above it.</summary>
    public required IReadOnlyList<int> Askers { get; init; }

    /// <summary>Tells a program that it has too many connections open.</summary>
    public async Task TurnAwayAsync() => await AnswerAsync(503, "Service Unavailable", $"Bridle: more than {proxy.Limits.Connections} connections at once.");

    public async Task RunAsync()
    {
        if (!await client.HasAsync(1, idle.Token))
        {
            return;
        }

        if (client.Waiting.Span[0] == Socks5)
        {
            await RunSocksAsync();
        }
        else if (await RequestHead.TakeAsync(client, idle.Token) is not { } head)
        {
            await AnswerAsync(400, "Bad Request", "Bridle: this is not a request that a proxy passes on.");
        }
        else if (head.Method == "CONNECT")
        {
            await RunConnectAsync(head);
        }
        else
        {
            await RunPlainAsync(head);
        }
    }

    private async Task RunConnectAsync(RequestHead head)
    {
        if (!SplitAuthority(head.Target, out var host, out var port))
        {
            await AnswerAsync(400, "Bad Request", "Bridle: CONNECT needs HOST:PORT.");
            return;
        }

        var (server, refusal) = await ReachAsync(host, port);
        if (server is null)
        {
            await AnswerAsync(refusal!.Value.Status, refusal.Value.Status == 403 ? "Forbidden" : "Bad Gateway", refusal.Value.Text);
            return;
        }

        await using (server)
        {
            await client.Inner.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), idle.Token);
            await TunnelAsync(server, host, port);
        }
    }

    private async Task RunPlainAsync(RequestHead head)
    {
        if (!Uri.TryCreate(head.Target, UriKind.Absolute, out var address) || address.Scheme != "http" || address.UserInfo.Length > 0
            || !SplitAuthority(Authority(head.Target), out var host, out var port, 80) || !Agrees(address, host, port))
        {
            await AnswerAsync(400, "Bad Request", "Bridle: only http://HOST/… is passed on in plain; https goes through CONNECT.");
            return;
        }

        var (server, refusal) = await ReachAsync(host, port);
        if (server is null)
        {
            await AnswerAsync(refusal!.Value.Status, refusal.Value.Status == 403 ? "Forbidden" : "Bad Gateway", refusal.Value.Text);
            return;
        }

        await using (server)
        {
            idle.Use(proxy.Limits.IdleTime);
            var judged = host.Contains(':') ? $"[{host}]" : host;
            await server.WriteAsync(head.ForServer(address.PathAndQuery, port == 80 ? judged : $"{judged}:{port.ToString(CultureInfo.InvariantCulture)}"), idle.Token);
            var back = PumpAsync(server, client.Inner);
            if (await BodyCopy.CopyAsync(client, server, head.BodyLength, idle.Token))
            {
                await back;
            }
        }
    }

    private async Task RunSocksAsync()
    {
        if (await SocksGreeting.TakeAsync(client, idle.Token) is not { } wanted)
        {
            await client.Inner.WriteAsync(SocksGreeting.Answer(SocksGreeting.CommandNotSupported), idle.Token);
            return;
        }

        var (server, refusal) = await ReachAsync(wanted.Host, wanted.Port);
        await client.Inner.WriteAsync(SocksGreeting.Answer(server is not null ? SocksGreeting.Granted : refusal!.Value.Status == 403 ? SocksGreeting.NotAllowed : SocksGreeting.Unreachable), idle.Token);
        if (server is not null)
        {
            await using (server)
            {
                await TunnelAsync(server, wanted.Host, wanted.Port);
            }
        }
    }

    /// <summary>Judges, resolves and dials; or says why not.</summary>
    private async ValueTask<(Stream? Server, (int Status, string Text)? Refusal)> ReachAsync(string asked, int port)
    {
        var verdict = proxy.Rules.Judge(asked, port);
        if (verdict.Rule is not { } rule)
        {
            return (null, (403, Refuse(verdict.Host ?? "?", port, verdict.Reason, byRule: verdict.Host is not null)));
        }

        try
        {
            return (await proxy.Dial(rule, verdict.Host!, port, idle.Token), null);
        }
        catch (ToolException problem) when (problem.Message.Contains(" leads to ", StringComparison.Ordinal))
        {
            return (null, (403, Refuse(verdict.Host!, port, problem.Message, byRule: false)));
        }
        catch (ToolException problem)
        {
            return (null, (502, $"Bridle: {problem.Message}"));
        }
    }

    private string Refuse(string host, int port, string reason, bool byRule)
    {
        proxy.Report(new RefusedHost(host, port, reason, byRule) { Askers = Askers });
        return $"Bridle: {host}:{port} is refused: {reason}.";
    }

    private async Task TunnelAsync(Stream server, string host, int port)
    {
        if (port == 443 && !await SpeaksOfAsync(host, port))
        {
            return;
        }

        idle.Use(proxy.Limits.IdleTime);
        if (client.Waiting.Length > 0)
        {
            await server.WriteAsync(client.Waiting, idle.Token);
            client.Take(client.Waiting.Length);
        }

        await Task.WhenAll(PumpAsync(client.Inner, server), PumpAsync(server, client.Inner));
    }

    /// <summary>Whether what the program sends first is TLS for that host, so that an allowed address does not serve another name.</summary>
    private async ValueTask<bool> SpeaksOfAsync(string asked, int port)
    {
        var host = HostName.Read(asked)!;
        while (true)
        {
            var hello = ClientHello.Read(client.Waiting.Span);
            if (hello is { IsComplete: true, IsTls: false })
            {
                Refuse(host, port, "what was sent is not the beginning of TLS, and on port 443 nothing else is passed on", byRule: false);
                return false;
            }

            if (hello.IsComplete)
            {
                var named = hello.Host is { } name ? HostName.Read(name) : null;
                if (hello.Host is null ? HostName.IsAddress(host) : named == host)
                {
                    return true;
                }

                Refuse(host, port, $"the TLS connection is for {named ?? "no name"} and not for the host that was asked for", byRule: false);
                return false;
            }

            if (client.Waiting.Length > ClientHello.MostBytes || !await client.FillAsync(idle.Token))
            {
                return false;
            }
        }
    }

    private async Task PumpAsync(Stream from, Stream to)
    {
        var buffer = new byte[32 * 1024];
        int count;
        while ((count = await from.ReadAsync(buffer, idle.Token)) > 0)
        {
            idle.Moved();
            await to.WriteAsync(buffer.AsMemory(0, count), idle.Token);
        }

        // The other direction may go on.
        (to as NetworkStream)?.Socket.Shutdown(SocketShutdown.Send);
    }

    private async ValueTask AnswerAsync(int status, string phrase, string text)
    {
        var body = Encoding.UTF8.GetBytes(text + "\n");
        var head = $"HTTP/1.1 {status} {phrase}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n";
        await client.Inner.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. body], idle.Token);
    }

    private static string Authority(string target)
    {
        var rest = target["http://".Length..];
        var end = rest.AsSpan().IndexOfAny('/', '?', '#');
        return end < 0 ? rest : rest[..end];
    }

    // What Uri made of the address and what stands in it must be the same host: it knows more spellings of an address than we pass on.
    private static bool Agrees(Uri address, string host, int port) =>
        address.Port == port && HostName.Read(address.Host) is { } one && one == HostName.Read(host);

    private static bool SplitAuthority(string authority, out string host, out int port, int usual = 0)
    {
        var colon = authority.LastIndexOf(':');
        var hasPort = colon > 0 && authority.IndexOf(']', colon) < 0;
        (host, port) = (hasPort ? authority[..colon] : authority, usual);
        return (hasPort ? ushort.TryParse(authority[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && (port = number) > 0 : usual > 0) && host.Length > 0;
    }
}
