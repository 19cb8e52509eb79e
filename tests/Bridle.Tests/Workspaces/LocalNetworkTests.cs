using System.IO.Compression;
using System.Net;
using System.Text;
using Bridle.Messages;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Tests.Workspaces;

public sealed class LocalNetworkTests
{
    private static readonly FetchLimits s_limits = new();
    private static readonly CancellationToken s_never = CancellationToken.None;

    [Fact]
    public async Task A_page_comes_with_its_type_and_status()
    {
        await using var server = new LoopbackServer(path => path == "/missing"
            ? "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\ngone"
            : LoopbackServer.Page("<p>hi</p>"));

        var page = await Open().FetchAsync(server.At("/a?b=c"), s_limits, s_never);
        var missing = await Open().FetchAsync(server.At("/missing"), s_limits, s_never);

        Assert.Equal(("text/html", "utf-8", 200, false, "<p>hi</p>"), (page.MediaType, page.Charset, page.Status, page.Truncated, Encoding.UTF8.GetString(page.Body)));
        Assert.Equal(("text/plain", 404, "gone"), (missing.MediaType, missing.Status, Encoding.UTF8.GetString(missing.Body)));
        Assert.Equal(["GET /a?b=c HTTP/1.1", "GET /missing HTTP/1.1"], server.Requests);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.1")]
    [InlineData("0.0.0.0")]
    [InlineData("[::1]")]
    [InlineData("[::]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::ffff:7f00:1]")]
    [InlineData("[::127.0.0.1]")]
    [InlineData("127.0.0.1.")]
    [InlineData("①②⑦.0.0.1")]
    public async Task A_server_on_this_machine_is_refused_however_it_is_spelled(string host)
    {
        await using var server = new LoopbackServer(_ => LoopbackServer.Page("secret"));

        var refusal = await Assert.ThrowsAsync<ToolException>(() => new LocalNetwork().FetchAsync(server.At("/", host), s_limits, s_never));

        Assert.DoesNotContain("could not be reached", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.100.100.200")]
    [InlineData("[fd00:ec2::254]")]
    public async Task A_name_that_leads_to_a_private_address_is_refused(string address)
    {
        var network = new LocalNetwork(TimeProvider.System, PublicAddresses.Contains, (_, _) => Task.FromResult(new[] { IPAddress.Parse(address) }));

        var refusal = await Assert.ThrowsAsync<ToolException>(() => network.FetchAsync(new Uri("http://innocent.example/"), s_limits, s_never));

        Assert.Contains("is not a public address", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_to_a_private_address_is_refused()
    {
        await using var secret = new LoopbackServer(_ => LoopbackServer.Page("secret"));
        await using var server = new LoopbackServer(_ => LoopbackServer.Redirect($"http://127.0.0.2:{secret.Port}/"));

        var refusal = await Assert.ThrowsAsync<ToolException>(() => Open().FetchAsync(server.At("/"), s_limits, s_never));

        Assert.Contains("127.0.0.2 is not a public address", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(secret.Requests);
    }

    [Fact]
    public async Task A_name_that_changes_its_address_is_asked_for_once_and_judged_each_time()
    {
        var asked = 0;
        await using var server = new LoopbackServer(path => path == "/" ? LoopbackServer.Redirect("/again") : LoopbackServer.Page("secret"));

        // First an allowed address, then one that is not: exactly what rebinding does.
        var network = new LocalNetwork(TimeProvider.System, Allowed, (_, _) => Task.FromResult(new[] { IPAddress.Parse(asked++ == 0 ? "127.0.0.1" : "127.0.0.2") }));

        var refusal = await Assert.ThrowsAsync<ToolException>(() => network.FetchAsync(server.At("/"), s_limits, s_never));

        Assert.Contains("127.0.0.2 is not a public address", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(2, asked);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Of_several_addresses_only_allowed_ones_are_dialled()
    {
        await using var server = new LoopbackServer(_ => LoopbackServer.Page("ok"));
        var network = new LocalNetwork(TimeProvider.System, Allowed, (_, _) => Task.FromResult(new[] { IPAddress.Parse("127.0.0.3"), IPAddress.Loopback }));

        Assert.Equal("ok"u8.ToArray(), (await network.FetchAsync(server.At("/"), s_limits, s_never)).Body);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirects_are_followed_and_the_last_address_is_told(int status)
    {
        await using var server = new LoopbackServer(path => path == "/a/b" ? LoopbackServer.Redirect("../c#part", status) : LoopbackServer.Page("there"));

        var page = await Open().FetchAsync(server.At("/a/b"), s_limits, s_never);

        Assert.Equal("/c", page.Address.AbsolutePath);
        Assert.Equal("there"u8.ToArray(), page.Body);
    }

    [Fact]
    public async Task Too_many_redirects_are_given_up()
    {
        var count = 0;
        await using var server = new LoopbackServer(_ => LoopbackServer.Redirect($"/{++count}"));

        var refusal = await Assert.ThrowsAsync<ToolException>(() => Open().FetchAsync(server.At("/"), s_limits, s_never));

        Assert.Contains("more than 5 times", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(6, server.Requests.Count);
    }

    [Theory]
    [InlineData("file:///etc/passwd", "is not an http or https address")]
    [InlineData("ftp://site.test/", "is not an http or https address")]
    [InlineData("http://user:pass@site.test/", "holds a user name or password")]
    [InlineData("gopher://site.test/", "is not an http or https address")]
    public async Task Other_forms_of_addresses_are_refused_also_by_redirect(string address, string expected)
    {
        await using var server = new LoopbackServer(_ => LoopbackServer.Redirect(address));

        foreach (var start in new[] { new Uri(address), server.At("/") })
        {
            var refusal = await Assert.ThrowsAsync<ToolException>(() => Open().FetchAsync(start, s_limits, s_never));
            Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("pass@", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_body_longer_than_the_limit_is_cut_and_told()
    {
        await using var server = new LoopbackServer(async (_, stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"u8.ToArray(), stop);
            var block = new byte[8192];
            while (true)
            {
                await stream.WriteAsync(block, stop);
            }
        });

        var page = await Open().FetchAsync(server.At("/"), s_limits with { MaxBytes = 100_000 }, s_never);

        Assert.True(page.Truncated);
        Assert.Equal(100_000, page.Body.Length);
    }

    [Fact]
    public async Task A_body_of_exactly_the_limit_is_whole()
    {
        await using var server = new LoopbackServer(_ => LoopbackServer.Page("12345"));

        Assert.False((await Open().FetchAsync(server.At("/"), s_limits with { MaxBytes = 5 }, s_never)).Truncated);
        Assert.True((await Open().FetchAsync(server.At("/"), s_limits with { MaxBytes = 4 }, s_never)).Truncated);
    }

    [Fact]
    public async Task A_packed_body_is_limited_by_what_it_unpacks_to()
    {
        var packed = new MemoryStream();
        await using (var zip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var megabyte = 0; megabyte < 64; megabyte++)
            {
                zip.Write(new byte[1024 * 1024]);
            }
        }

        await using var server = new LoopbackServer(async (_, stream, stop) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\nContent-Length: {packed.Length}\r\n\r\n"), stop);
            await stream.WriteAsync(packed.ToArray(), stop);
        });

        var page = await Open().FetchAsync(server.At("/"), s_limits with { MaxBytes = 1_000_000 }, s_never);

        Assert.True(page.Truncated);
        Assert.Equal(1_000_000, page.Body.Length);
    }

    [Fact]
    public async Task A_trickle_is_ended_by_the_time_limit()
    {
        await using var server = new LoopbackServer(async (_, stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"u8.ToArray(), stop);
            while (true)
            {
                await stream.WriteAsync("x"u8.ToArray(), stop);
                await Task.Delay(20, stop);
            }
        });

        var refusal = await Assert.ThrowsAsync<ToolException>(() => Open().FetchAsync(server.At("/"), s_limits with { Timeout = TimeSpan.FromSeconds(0.5) }, s_never));

        Assert.Contains("was not fetched within 0.5 s", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_fetch_is_cancelled_and_not_a_timeout()
    {
        using var cancel = new CancellationTokenSource();
        await using var server = new LoopbackServer(async (_, _, stop) =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, stop);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Open().FetchAsync(server.At("/"), s_limits, cancel.Token));
    }

    [Fact]
    public async Task Hosts_that_do_not_answer_or_do_not_exist_are_told()
    {
        int port;
        await using (var server = new LoopbackServer(_ => ""))
        {
            port = server.Port;
        }

        var closed = await Assert.ThrowsAsync<ToolException>(() => Open().FetchAsync(new Uri($"http://site.test:{port}/"), s_limits, s_never));
        var network = new LocalNetwork(TimeProvider.System, Allowed, (_, _) => throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound));
        var unknown = await Assert.ThrowsAsync<ToolException>(() => network.FetchAsync(new Uri("http://nowhere.test/"), s_limits, s_never));

        Assert.Contains($"site.test could not be reached on port {port}", closed.Message, StringComparison.Ordinal);
        Assert.Contains("The name nowhere.test could not be resolved", unknown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")]
    [InlineData("not http at all\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://[bad\r\nContent-Length: 0\r\n\r\n")]
    public async Task Broken_answers_are_failures_in_words(string answer)
    {
        await using var server = new LoopbackServer(_ => answer);

        try
        {
            var page = await Open().FetchAsync(server.At("/"), s_limits, s_never);
            Assert.Equal(302, page.Status);
        }
        catch (ToolException refusal)
        {
            Assert.Contains("could not be fetched", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_proxy_in_the_environment_is_not_used()
    {
        await using var proxy = new LoopbackServer(_ => LoopbackServer.Page("proxied"));
        await using var server = new LoopbackServer(_ => LoopbackServer.Page("direct"));
        Environment.SetEnvironmentVariable("http_proxy", $"http://127.0.0.1:{proxy.Port}");
        try
        {
            Assert.Equal("direct"u8.ToArray(), (await Open().FetchAsync(server.At("/"), s_limits, s_never)).Body);
        }
        finally
        {
            Environment.SetEnvironmentVariable("http_proxy", null);
        }
    }

    private static bool Allowed(IPAddress address) => address.Equals(IPAddress.Loopback);

    private static LocalNetwork Open() => new(TimeProvider.System, Allowed, (_, _) => Task.FromResult(new[] { IPAddress.Loopback }));
}
