using System.Text;

namespace Bridle.Hosting.Tests.Networking;

public sealed class FilteringProxyTests
{
    [Theory]
    [InlineData("https://good.example/")]
    [InlineData("http://good.example/")]
    [InlineData("https://sub.wide.example/")]
    [InlineData("https://GOOD.example./")]
    [InlineData("http://other.example:8080/")]
    public async Task Curl_reaches_a_host_that_a_rule_names(string address)
    {
        await using var stage = new ProxyStage(["good.example", "*.wide.example", "other.example:8080"]);
        var (code, output) = await stage.CurlAsync(address);
        Assert.True(code == 0 && output == "served", $"{code}: {output}");
        Assert.Empty(stage.Refused);
    }

    [Theory]
    [InlineData("https://bad.example/", "bad.example", "no network rule names it")]
    [InlineData("http://bad.example/", "bad.example", "no network rule names it")]
    [InlineData("https://wide.example/", "wide.example", "no network rule names it")]
    [InlineData("https://evilwide.example/", "evilwide.example", "no network rule names it")]
    [InlineData("https://good.example.evil.example/", "good.example.evil.example", "no network rule names it")]
    [InlineData("https://no.wide.example/", "no.wide.example", "denies it")]
    [InlineData("https://good.example:22/", "good.example", "port 22")]
    [InlineData("http://good.example:8080/", "good.example", "port 8080")]
    [InlineData("http://127.0.0.1/", "127.0.0.1", "no network rule names it")]
    [InlineData("http://[::1]/", "::1", "no network rule names it")]
    [InlineData("http://169.254.169.254/latest/meta-data/", "169.254.169.254", "no network rule names it")]
    public async Task Curl_does_not_reach_another_and_the_refusal_names_host_and_reason(string address, string host, string reason)
    {
        await using var stage = new ProxyStage(["good.example", "*.wide.example"], ["no.wide.example"]);
        var (_, output) = await stage.CurlAsync("-g", address);
        Assert.DoesNotContain("served", output, StringComparison.Ordinal);
        Assert.Empty(stage.Dialled);
        var refused = Assert.Single(stage.Refused);
        Assert.Equal(host, refused.Host);
        Assert.Contains(reason, refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_rules_nothing_is_reached()
    {
        await using var stage = new ProxyStage([]);
        var (code, _) = await stage.CurlAsync("https://good.example/");
        Assert.NotEqual(0, code);
        Assert.Empty(stage.Dialled);
    }

    [Fact]
    public async Task A_denial_beats_an_allowance_of_the_same_host()
    {
        await using var stage = new ProxyStage(["good.example"], ["good.example"]);
        await stage.CurlAsync("https://good.example/");
        Assert.Empty(stage.Dialled);
    }

    [Fact]
    public async Task A_tunnel_to_one_host_does_not_carry_TLS_for_another()
    {
        await using var stage = new ProxyStage(["good.example"]);
        var (code, output) = await stage.CurlAsync("--connect-to", "hidden.example:443:good.example:443", "https://hidden.example/");
        Assert.True(code != 0, output);
        Assert.Equal(["good.example:443"], stage.Dialled);
        Assert.Equal(0, stage.Received.Count);
        Assert.Contains("hidden.example", Assert.Single(stage.Refused).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tunnel_to_443_carries_nothing_but_TLS()
    {
        await using var stage = new ProxyStage(["good.example"]);
        var answer = await stage.SendAsync("CONNECT good.example:443 HTTP/1.1\r\n\r\nSSH-2.0-client\r\n");
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains("not the beginning of TLS", Assert.Single(stage.Refused).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("good.example\0.evil.example")]
    [InlineData("evil.example\0.good.example")]
    [InlineData("good.example%00")]
    [InlineData("good..example")]
    [InlineData("-good.example")]
    [InlineData("gооd.example")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("127.1")]
    [InlineData("2130706433")]
    [InlineData("0177.0.0.1")]
    public async Task An_odd_host_name_is_refused_in_every_protocol(string host)
    {
        await using var stage = new ProxyStage(["good.example", "*.good.example"]);
        var name = Encoding.UTF8.GetBytes(host);
        var socks = await stage.SendAsync([5, 1, 0], [5, 1, 0, 3, (byte)name.Length, .. name, 1, 187]);
        Assert.Equal(2, socks[3]);
        var connect = await stage.SendAsync([.. "CONNECT "u8, .. name, .. ":443 HTTP/1.1\r\n\r\n"u8]);
        Assert.Matches("^HTTP/1.1 40[03] ", connect);
        var plain = await stage.SendAsync([.. "GET http://"u8, .. name, .. "/ HTTP/1.1\r\n\r\n"u8]);
        Assert.Matches("^HTTP/1.1 40[03] ", plain);
        Assert.Empty(stage.Dialled);
    }

    [Theory]
    [InlineData("socks5h://", "https://good.example/", true)]
    [InlineData("socks5h://", "http://good.example/", true)]
    [InlineData("socks5h://", "https://bad.example/", false)]
    public async Task Socks_is_filtered_by_the_same_rules(string scheme, string address, bool served)
    {
        await using var stage = new ProxyStage(["good.example"]);
        var (code, output) = await stage.CurlAsync("--proxy", $"{scheme}127.0.0.1:{stage.Port}", address);
        Assert.True((code == 0 && output == "served") == served, output);
        Assert.Equal(served ? 0 : 1, stage.Refused.Count);
    }

    [Fact]
    public async Task The_server_is_told_the_host_that_was_judged_and_nothing_of_the_proxy()
    {
        await using var stage = new ProxyStage(["good.example"]);
        await stage.CurlAsync("-H", "Host: hidden.example", "-H", "Proxy-Authorization: Basic eDp5", "-H", "Connection: X-Secret", "-H", "X-Secret: 1", "http://good.example/a?b=c");
        var request = await First(stage);
        Assert.StartsWith("GET /a?b=c HTTP/1.1\r\nHost: good.example\r\n", request, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden.example", request, StringComparison.Ordinal);
        Assert.DoesNotContain("Proxy-", request, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Secret", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_request_behind_the_first_does_not_reach_the_server()
    {
        await using var stage = new ProxyStage(["good.example"]);
        await stage.SendAsync("GET http://good.example/first HTTP/1.1\r\n\r\nGET /second HTTP/1.1\r\nHost: hidden.example\r\n\r\n");
        Assert.DoesNotContain("second", await First(stage), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST http://good.example/ HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST http://good.example/ HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabc")]
    [InlineData("POST http://good.example/ HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("GET http://good.example/ HTTP/1.1\r\nX: a\nHost: hidden.example\r\n\r\n")]
    [InlineData("GET http://good.example/ HTTP/1.1\r\n folded: x\r\n\r\n")]
    [InlineData("GET http://good.example@hidden.example/ HTTP/1.1\r\n\r\n")]
    [InlineData("GET ftp://good.example/ HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: good.example\r\n\r\n")]
    [InlineData("CONNECT good.example HTTP/1.1\r\n\r\n")]
    [InlineData("CONNECT good.example:99999 HTTP/1.1\r\n\r\n")]
    [InlineData("GET http://good.example/ HTTP/2.0\r\n\r\n")]
    public async Task What_could_be_read_in_two_ways_is_refused(string request)
    {
        await using var stage = new ProxyStage(["good.example"]);
        Assert.StartsWith("HTTP/1.1 400", await stage.SendAsync(request), StringComparison.Ordinal);
        Assert.Empty(stage.Dialled);
    }

    [Fact]
    public async Task A_body_is_passed_on_whole_and_so_is_a_chunked_one()
    {
        await using var stage = new ProxyStage(["good.example"]);
        await stage.SendAsync("POST http://good.example/ HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello, and more");
        Assert.EndsWith("\r\n\r\nhello", await First(stage), StringComparison.Ordinal);
        await stage.SendAsync("POST http://good.example/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nTrailer: x\r\n\r\nmore");
        Assert.EndsWith("\r\n\r\n5\r\nhello\r\n0\r\n\r\n", await First(stage), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_connections_than_the_limit_are_turned_away()
    {
        await using var stage = new ProxyStage(["good.example"], limits: new(Connections: 0));
        var (_, output) = await stage.CurlAsync("https://good.example/");
        Assert.Contains("503", output, StringComparison.Ordinal);
        Assert.Empty(stage.Dialled);
    }

    [Fact]
    public async Task A_connection_that_says_nothing_is_closed()
    {
        await using var stage = new ProxyStage(["good.example"], limits: new(Greeting: TimeSpan.FromMilliseconds(50)));
        Assert.Equal("", await stage.SendAsync("CONNECT good.exa"));
    }

    [Fact]
    public async Task A_tunnel_in_which_nothing_moves_is_closed()
    {
        await using var stage = new ProxyStage(["good.example:99"], limits: new(Idle: TimeSpan.FromMilliseconds(50)));
        Assert.StartsWith("HTTP/1.1 200", await stage.SendAsync("CONNECT good.example:99 HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_without_end_is_refused()
    {
        await using var stage = new ProxyStage(["good.example"]);
        var answer = await stage.SendAsync($"GET http://good.example/ HTTP/1.1\r\nX: {new string('x', 64 * 1024)}");
        Assert.DoesNotContain("200", answer, StringComparison.Ordinal);
        Assert.Empty(stage.Dialled);
    }

    private static async Task<string> First(ProxyStage stage)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await stage.Received.ReadAsync(patience.Token);
    }
}
