using Bridle.FakeVendors;
using Bridle.Models.Http;

namespace Bridle.Models.Tests.Http;

public sealed class RetryTests
{
    [Theory]
    [InlineData("retry-after-ms", "1500", 1.5)]
    [InlineData("retry-after", "3", 3)]
    [InlineData("retry-after", "0.25", 0.25)]
    [InlineData("Retry-After", "Sun, 01 Nov 2026 12:00:09 GMT", 9)]
    [InlineData("retry-after", "Sun, 01 Nov 2020 12:00:09 GMT", 0)]
    [InlineData("retry-after", "soon", 0.375)]
    [InlineData("retry-after", "-5", 0.375)]
    public async Task The_server_says_how_long_to_wait(string header, string value, double seconds)
    {
        var busy = new FakeFault.Status(503) { Headers = new Dictionary<string, string> { [header] = value } };
        await using var server = new FakeOpenAiChat(FakeTurn.Break(busy), FakeTurn.Say("Hi."));

        var updates = await Talk.AllAsync(Protocols.Open(server), Talk.Ask("Hi"));

        Assert.Equal(seconds, Assert.IsType<RetryScheduled>(updates[0]).Delay.TotalSeconds, 3);
        Assert.IsType<ReplyFinished>(updates[^1]);
    }

    [Fact]
    public async Task The_servers_own_clock_counts_for_a_date()
    {
        var busy = new FakeFault.Status(503) { Headers = new Dictionary<string, string> { ["Retry-After"] = "Sun, 01 Nov 2026 09:00:04 GMT", ["Date"] = "Sun, 01 Nov 2026 09:00:00 GMT" } };
        await using var server = new FakeOpenAiChat(FakeTurn.Break(busy), FakeTurn.Say("Hi."));

        Assert.Equal(4, Assert.IsType<RetryScheduled>((await Talk.AllAsync(Protocols.Open(server), Talk.Ask("Hi")))[0]).Delay.TotalSeconds);
    }

    [Theory]
    [InlineData("3600", "3600")]
    [InlineData("1000000000", "1000000000")]
    [InlineData("99999999999999999999", "100000000000")]
    [InlineData("1e999", "100000000000")]
    public async Task A_wait_longer_than_a_minute_is_told_instead_of_waited(string asked, string told)
    {
        var busy = new FakeFault.Status(429, "Tomorrow.") { Headers = new Dictionary<string, string> { ["retry-after"] = asked } };
        await using var server = new FakeOpenAiChat(FakeTurn.Break(busy), FakeTurn.Say("never"));

        var error = await Talk.ErrorAsync(Protocols.Open(server), Talk.Ask("Hi"));

        Assert.Equal(
            $"Too many requests (HTTP 429): Tomorrow (gave up after 1 try in 0 s: the server asks to wait {told} s, longer than the 60 s that are waited).",
            error.Message);
        Assert.Single(server.Server.Requests);
    }

    [Fact]
    public async Task All_waits_together_have_a_limit()
    {
        var busy = FakeTurn.Break(new FakeFault.Status(529, "Busy.") { Headers = new Dictionary<string, string> { ["retry-after"] = "50" } });
        await using var server = new FakeOpenAiChat(busy, busy, busy, busy);

        var error = await Talk.ErrorAsync(Protocols.Open(server), Talk.Ask("Hi"));

        Assert.Equal(3, error.Attempts);
        Assert.Contains("(gave up after 3 tries in 100 s: a further try would start later than 120 s after the first)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_says_no_more_tries_gets_none()
    {
        var fault = new FakeFault.Status(500, "Broken for good.") { Headers = new Dictionary<string, string> { ["x-should-retry"] = "false" } };
        await using var server = new FakeOpenAiChat(FakeTurn.Break(fault), FakeTurn.Say("never"));

        Assert.Equal(1, (await Talk.ErrorAsync(Protocols.Open(server), Talk.Ask("Hi"))).Attempts);
        Assert.Single(server.Server.Requests);
    }

    [Fact]
    public async Task A_used_up_quota_is_not_tried_again_although_it_is_a_429()
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Fail(429, "You exceeded your current quota, please check your plan and billing details.", "insufficient_quota"), FakeTurn.Say("never"));

        var error = await Talk.ErrorAsync(Protocols.Open(server), Talk.Ask("Hi"));

        Assert.Equal((ModelErrorKind.Quota, 1), (error.Kind, error.Attempts));
        Assert.Contains("Add credit", error.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_event_before_anything_was_shown_is_tried_again_when_it_may_pass()
    {
        await using var server = new FakeOpenAiChat(
            FakeTurn.Break(new FakeFault.ErrorEvent("Rate limit reached.", "rate_limit_exceeded") { After = 0 }),
            FakeTurn.Break(new FakeFault.ErrorEvent("That was wrong.", "invalid_request_error") { After = 0 }),
            FakeTurn.Say("never"));

        var updates = await Talk.AllAsync(Protocols.Open(server), Talk.Ask("Hi"));

        Assert.Equal(ModelErrorKind.RateLimit, Assert.IsType<RetryScheduled>(updates[0]).Error.Kind);
        Assert.Equal((ModelErrorKind.BadRequest, 2), (Assert.IsType<ReplyFailed>(updates[1]).Error.Kind, ((ReplyFailed)updates[1]).Error.Attempts));
    }

    [Fact]
    public async Task The_waits_grow_to_their_cap_and_are_spread()
    {
        var jitter = new Queue<double>([0, 0.999, 0.5, 0, 0.999, 0]);
        await using var server = new FakeOpenAiChat([.. Enumerable.Repeat(FakeTurn.Fail(500), 7)]);
        var options = Protocols.Calm() with { MaxAttempts = 7, Jitter = jitter.Dequeue };

        var updates = await Talk.AllAsync(Protocols.Open(server, options), Talk.Ask("Hi"));

        Assert.Equal([0.25, 1.0, 1.5, 2.0, 8.0, 4.0], updates.OfType<RetryScheduled>().Select(retry => Math.Round(retry.Delay.TotalSeconds, 2)));
    }

    [Fact]
    public async Task A_redirect_is_not_followed_because_it_would_take_the_key_along()
    {
        await using var other = new FakeOpenAiChat(FakeTurn.Say("never"));
        var fault = new FakeFault.Status(307) { Headers = new Dictionary<string, string> { ["Location"] = other.Url + "/chat/completions?key=x" } };
        await using var server = new FakeOpenAiChat(FakeTurn.Break(fault));

        var error = await Talk.ErrorAsync(Protocols.Open(server, key: "sk-secret"), Talk.Ask("Hi"));

        Assert.Equal($"{server.Url}/chat/completions redirects (HTTP 307) to {other.Url}/chat/completions, which is not followed.", error.Message);
        Assert.Empty(other.Server.Requests);
    }

    [Fact]
    public async Task A_404_shows_the_posted_address_and_hints_at_a_missing_version()
    {
        await using var server = new FakeOpenAiChat();
        var endpoint = new ModelEndpoint(new($"http://user:secret@127.0.0.1:{server.Server.Url.Port}/openai"), null);

        var error = await Talk.ErrorAsync(Protocols.Open(server, endpoint: endpoint), Talk.Ask("Hi"));

        Assert.Equal($"Not found: http://127.0.0.1:{server.Server.Url.Port}/openai/chat/completions (HTTP 404): Invalid URL (POST /openai/chat/completions)", error.Message);
        Assert.Contains("The base URL may lack a /v1 at its end.", error.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://h", "http://h/v1/chat/completions")]
    [InlineData("http://h/", "http://h/v1/chat/completions")]
    [InlineData("http://h/v1", "http://h/v1/chat/completions")]
    [InlineData("http://h/v1/", "http://h/v1/chat/completions")]
    [InlineData("http://h:81/api/openai?version=2", "http://h:81/api/openai/chat/completions?version=2")]
    public void The_version_is_added_only_to_an_address_without_a_path(string baseUrl, string expected) =>
        Assert.Equal(expected, WireUrls.Append(new(baseUrl), "/v1", "/chat/completions").ToString());

    [Fact]
    public async Task A_key_with_a_line_break_is_refused_here_and_not_shown()
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Say("never"));

        var error = await Talk.ErrorAsync(Protocols.Open(server, key: "sk-one\nX-Evil: two"), Talk.Ask("Hi"));

        Assert.Equal(ModelErrorKind.Authentication, error.Kind);
        Assert.DoesNotContain("sk-one", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(server.Server.Requests);
    }
}
