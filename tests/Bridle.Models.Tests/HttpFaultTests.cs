using System.Net;
using System.Net.Sockets;
using Bridle.FakeVendors;
using Bridle.Models.Http;

namespace Bridle.Models.Tests;

public sealed class HttpFaultTests
{
    public static TheoryData<string> Apis => ["openai", "openai-responses", "ollama"];

    public static TheoryData<string, int, ModelErrorKind> Final
    {
        get
        {
            var cases = new TheoryData<string, int, ModelErrorKind>();
            foreach (var api in (string[])["openai", "openai-responses", "ollama"])
            {
                cases.Add(api, 400, ModelErrorKind.BadRequest);
                cases.Add(api, 401, ModelErrorKind.Authentication);
                cases.Add(api, 402, ModelErrorKind.Quota);
                cases.Add(api, 403, ModelErrorKind.Permission);
                cases.Add(api, 404, ModelErrorKind.NotFound);
                cases.Add(api, 413, ModelErrorKind.TooLarge);
                cases.Add(api, 422, ModelErrorKind.BadRequest);
            }

            return cases;
        }
    }

    public static TheoryData<string, int, ModelErrorKind> Passing
    {
        get
        {
            var cases = new TheoryData<string, int, ModelErrorKind>();
            foreach (var api in (string[])["openai", "openai-responses", "ollama"])
            {
                cases.Add(api, 408, ModelErrorKind.BadRequest);
                cases.Add(api, 409, ModelErrorKind.BadRequest);
                cases.Add(api, 425, ModelErrorKind.BadRequest);
                cases.Add(api, 429, ModelErrorKind.RateLimit);
                cases.Add(api, 500, ModelErrorKind.Server);
                cases.Add(api, 502, ModelErrorKind.Server);
                cases.Add(api, 503, ModelErrorKind.Overloaded);
                cases.Add(api, 529, ModelErrorKind.Overloaded);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Final))]
    public async Task A_refusal_is_told_at_once_and_never_tried_again_even_if_the_server_wants_it(string api, int status, ModelErrorKind kind)
    {
        var headers = new Dictionary<string, string> { ["x-should-retry"] = "true", ["x-request-id"] = "req_7", ["retry-after"] = "1" };
        await using var server = Protocols.Fake(api, FakeTurn.Break(new FakeFault.Status(status, "No, because.") { Headers = headers }), FakeTurn.Say("never"));

        var updates = await Talk.AllAsync(Protocols.Open(server), Talk.Ask("Hi"));

        var error = Assert.IsType<ReplyFailed>(Assert.Single(updates)).Error;
        Assert.Equal((kind, status, 1, "req_7"), (error.Kind, error.Status, error.Attempts, error.RequestId));
        Assert.Contains("No, because.", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Advice);
        Assert.Single(server.Server.Requests);
    }

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task A_fault_that_may_pass_is_tried_again_and_shown_while_it_waits(string api, int status, ModelErrorKind kind)
    {
        await using var server = Protocols.Fake(api, FakeTurn.Fail(status, "Later."), FakeTurn.Say("Here."));

        var updates = await Talk.AllAsync(Protocols.Open(server), Talk.Ask("Hi"));

        Assert.Equal(2, server.Server.Requests.Count);
        var retry = Assert.IsType<RetryScheduled>(updates[0]);
        Assert.Equal((2, 5, TimeSpan.FromSeconds(0.375), kind, status), (retry.Attempt, retry.Of, retry.Delay, retry.Error.Kind, retry.Error.Status));
        Assert.Equal("Here.", Assert.IsType<ReplyFinished>(updates[^1]).Reply.Text);
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task A_lasting_429_gives_up_after_waiting_as_long_as_it_was_asked_to(string api)
    {
        var refusal = FakeTurn.Break(new FakeFault.Status(429, "Slow down.") { Headers = new Dictionary<string, string> { ["retry-after"] = "7" } });
        await using var server = Protocols.Fake(api, refusal, refusal, refusal, refusal, refusal, FakeTurn.Say("never"));

        var updates = await Talk.AllAsync(Protocols.Open(server), Talk.Ask("Hi"));

        Assert.Equal([7.0, 7.0, 7.0, 7.0], updates.OfType<RetryScheduled>().Select(retry => retry.Delay.TotalSeconds));
        var error = Assert.IsType<ReplyFailed>(updates[^1]).Error;
        Assert.Equal((ModelErrorKind.RateLimit, 5), (error.Kind, error.Attempts));
        Assert.Contains("gave up after 5 tries in 28 s", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task A_lasting_500_gives_up_within_the_stated_time(string api)
    {
        await using var server = Protocols.Fake(api, [.. Enumerable.Repeat(FakeTurn.Fail(500, "Oops."), 6)]);

        var updates = await Talk.AllAsync(Protocols.Open(server), Talk.Ask("Hi"));

        Assert.Equal([0.375, 0.75, 1.5, 3.0], updates.OfType<RetryScheduled>().Select(retry => retry.Delay.TotalSeconds));
        var error = Assert.IsType<ReplyFailed>(updates[^1]).Error;
        Assert.Equal("The server failed (HTTP 500): Oops (gave up after 5 tries in 5.6 s).", error.Message);
        Assert.Equal(5, server.Server.Requests.Count);
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task A_reply_that_breaks_off_is_a_cut_with_what_was_shown_and_is_not_asked_again_here(string api)
    {
        foreach (var fault in (FakeFault[])[new FakeFault.Cut { After = Shown(api) }, new FakeFault.Cut(Reset: true) { After = Shown(api) }, new FakeFault.CleanCut { After = Shown(api) }, new FakeFault.HalfCharacter { After = Shown(api) }])
        {
            await using var server = Protocols.Fake(api, FakeTurn.Break(fault), FakeTurn.Say("never"));

            var updates = await Talk.AllAsync(Protocols.Open(server), Talk.Ask("Hi"));

            // A reset may overtake what was sent before it.
            var failed = Assert.IsType<ReplyFailed>(updates[^1]);
            if (fault is FakeFault.Cut { Reset: true } && failed.PartialText.Length == 0)
            {
                continue;
            }

            Assert.Equal((ModelErrorKind.Cut, "Hello "), (failed.Error.Kind, failed.PartialText));
            Assert.Single(server.Server.Requests);
            Assert.DoesNotContain(updates, update => update is RetryScheduled);
        }
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task A_reply_that_breaks_off_before_anything_was_shown_is_tried_again(string api)
    {
        await using var server = Protocols.Fake(api, FakeTurn.Break(new FakeFault.Cut { After = 0 }), FakeTurn.Break(new FakeFault.Empty()), FakeTurn.Say("Here."));

        var updates = await Talk.AllAsync(Protocols.Open(server), Talk.Ask("Hi"));

        Assert.Equal([ModelErrorKind.Cut, ModelErrorKind.Cut], updates.OfType<RetryScheduled>().Select(retry => retry.Error.Kind));
        Assert.Equal("Here.", Assert.IsType<ReplyFinished>(updates[^1]).Reply.Text);
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task An_event_that_is_no_JSON_is_malformed(string api)
    {
        await using var server = Protocols.Fake(api, FakeTurn.Break(new FakeFault.Malformed { After = Shown(api) }));

        var failed = Assert.IsType<ReplyFailed>((await Talk.AllAsync(Protocols.Open(server), Talk.Ask("Hi")))[^1]);

        Assert.Equal((ModelErrorKind.Malformed, "Hello ", true), (failed.Error.Kind, failed.PartialText, failed.Error.IsSent));
        Assert.Contains("--api", failed.Error.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task An_error_event_after_status_200_is_a_failure_with_the_servers_words(string api)
    {
        await using var server = Protocols.Fake(api, FakeTurn.Break(new FakeFault.ErrorEvent("The machine is on fire.", "server_error") { After = Shown(api) }));

        var failed = Assert.IsType<ReplyFailed>((await Talk.AllAsync(Protocols.Open(server), Talk.Ask("Hi")))[^1]);

        Assert.Equal((ModelErrorKind.Server, "Hello ", "The server failed: The machine is on fire."), (failed.Error.Kind, failed.PartialText, failed.Error.Message));
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task A_web_page_with_status_200_is_named_and_not_tried_again(string api)
    {
        await using var server = Protocols.Fake(api, FakeTurn.Break(new FakeFault.HtmlPage()), FakeTurn.Say("never"));

        var error = await Talk.ErrorAsync(Protocols.Open(server), Talk.Ask("Hi"));

        // The first tries of what is no reply are counted as estimated, and so is the last.
        Assert.Equal((ModelErrorKind.Malformed, true), (error.Kind, error.IsSent));
        Assert.Contains("answered with a web page instead of a reply (\"Sign in to the network\")", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Server.Requests);
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task An_error_page_gives_its_title_and_not_its_markup(string api)
    {
        var page = new FakeFault.Status(403, Body: "<html><head><title>Blocked by the proxy</title></head><body><p>go away</p></body></html>") { ContentType = "text/html" };
        await using var server = Protocols.Fake(api, FakeTurn.Break(page));

        var error = await Talk.ErrorAsync(Protocols.Open(server), Talk.Ask("Hi"));

        Assert.Equal("The key may not use this model (HTTP 403): Blocked by the proxy", error.Message);
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task A_stream_under_a_vague_content_type_is_read_and_one_under_a_wrong_type_is_not(string api)
    {
        await using var server = Protocols.Fake(api, FakeTurn.Say("Fine.") with { Fault = new FakeFault.WrongType("text/plain; charset=utf-8") }, FakeTurn.Say("no") with { Fault = new FakeFault.WrongType("image/png") });
        var model = Protocols.Open(server);

        Assert.Equal("Fine.", (await Talk.ReplyAsync(model, Talk.Ask("Hi"))).Text);
        var error = await Talk.ErrorAsync(model, Talk.Ask("Hi"));
        Assert.Equal(ModelErrorKind.Malformed, error.Kind);
        Assert.Contains("image/png", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task A_reply_without_end_stops_at_the_size_limit(string api)
    {
        await using var server = Protocols.Fake(api, FakeTurn.Break(new FakeFault.Huge(8 * 1024 * 1024) { After = Shown(api) }));

        var failed = Assert.IsType<ReplyFailed>((await Talk.AllAsync(Protocols.Open(server, Protocols.Calm() with { MaxReplyBytes = 1024 * 1024 }), Talk.Ask("Hi")))[^1]);

        Assert.Equal(ModelErrorKind.Malformed, failed.Error.Kind);
        Assert.Contains("larger than 1 MB", failed.Error.Message, StringComparison.Ordinal);
        await server.Server.ClientLeft;
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task Silence_ends_the_request_after_the_idle_timeout_and_slow_pieces_do_not(string api)
    {
        var clock = new ManualClock();
        var gates = Enumerable.Range(0, 40).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        await using var server = Protocols.Fake(api, FakeTurn.Break(new FakeFault.Trickle(n => gates[n].Task)));
        var model = Protocols.Open(server, Protocols.Calm(clock) with { IdleTimeout = TimeSpan.FromSeconds(10), MaxAttempts = 1 });

        // Each event comes after 9 s of silence: much longer than 10 s in all.
        await using var updates = model.StreamAsync(Talk.Ask("Hi"), default).GetAsyncEnumerator();
        var shown = new List<ModelUpdate>();
        var next = updates.MoveNextAsync().AsTask();
        await clock.ArmedAsync(moreThan: 1);
        foreach (var gate in gates.Take(Shown(api) + 1))
        {
            clock.Advance(TimeSpan.FromSeconds(9));
            var armed = clock.ArmedAsync(clock.Arms);
            gate.SetResult();
            while (await Task.WhenAny(next, armed) == next)
            {
                shown.Add(updates.Current);
                next = updates.MoveNextAsync().AsTask();
            }
        }

        Assert.Equal("text Hello \ntext wörld \n", Talk.Describe(shown));
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.True(await next);
        var failed = Assert.IsType<ReplyFailed>(updates.Current);
        Assert.Equal((ModelErrorKind.Timeout, "Hello wörld "), (failed.Error.Kind, failed.PartialText));
        Assert.Contains("for 10 s", failed.Error.Message, StringComparison.Ordinal);
        Assert.Contains("HARNESS_HTTP_TIMEOUT_SECS", failed.Error.Advice, StringComparison.Ordinal);
        await server.Server.ClientLeft;
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task Cancelling_closes_the_connection_at_once(string api)
    {
        await using var server = Protocols.Fake(api, FakeTurn.Break(new FakeFault.Stall { After = Shown(api) }));
        using var cancel = new CancellationTokenSource();
        var seen = new List<ModelUpdate>();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in Protocols.Open(server).StreamAsync(Talk.Ask("Hi"), cancel.Token))
            {
                seen.Add(update);
                await cancel.CancelAsync();
            }
        });

        Assert.Equal("text Hello \n", Talk.Describe(seen));
        await server.Server.ClientLeft;
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task A_server_that_is_not_there_is_named_with_its_cause_and_a_question(string api)
    {
        var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        await using var server = Protocols.Fake(api);

        var updates = await Talk.AllAsync(Protocols.Open(server, endpoint: new ModelEndpoint(new($"http://127.0.0.1:{port}/v1"), "sk-secret")), Talk.Ask("Hi"));

        Assert.Equal(4, updates.Count(update => update is RetryScheduled));
        var error = Assert.IsType<ReplyFailed>(updates[^1]).Error;
        Assert.Equal(ModelErrorKind.Connection, error.Kind);
        Assert.Equal($"Cannot connect to http://127.0.0.1:{port}: Connection refused (127.0.0.1:{port}) (gave up after 5 tries in 5.6 s).", error.Message);
        Assert.Equal("Is the server running? Start it, or set another base URL.", error.Advice);
    }

    [Theory]
    [InlineData(HttpRequestError.ConnectionError, "Connection refused (127.0.0.1:1)", null, "Cannot connect to the proxy http://127.0.0.1:1 (of https_proxy), through which https://models.example is asked: Connection refused (127.0.0.1:1).")]
    [InlineData(HttpRequestError.NameResolutionError, "Name or service not known (proxy.example:1)", null, "Cannot connect to the proxy http://127.0.0.1:1 (of https_proxy), through which https://models.example is asked: Name or service not known (proxy.example:1).")]
    [InlineData(HttpRequestError.ProxyTunnelError, "The proxy tunnel request to proxy 'http://127.0.0.1:1/' failed with status code '403'.\"", false, "The proxy http://127.0.0.1:1 (of https_proxy) does not let requests through to https://models.example (HTTP 403).")]
    [InlineData(HttpRequestError.ProxyTunnelError, "The proxy tunnel request to proxy 'http://127.0.0.1:1/' failed with status code '503'.\"", null, "The proxy http://127.0.0.1:1 (of https_proxy) does not let requests through to https://models.example (HTTP 503).")]
    public void A_proxy_that_does_not_let_a_request_through_is_named_with_its_variable(HttpRequestError kind, string said, bool? again, string message)
    {
        var proxy = new WireProxy(new("http://person:secret@127.0.0.1:1"), "https_proxy");
        var error = TransportErrors.Connect(new HttpRequestException(kind, said), new("https://models.example/v1/chat"), proxy);
        Assert.Equal((ModelErrorKind.Connection, message, again), (error.Kind, error.Message, error.ShouldRetry));
        Assert.Equal("Is the proxy running, and does it let you reach models.example? Correct or unset https_proxy, or add models.example to NO_PROXY.", error.Advice);
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task The_key_is_sent_and_never_repeated_in_a_message(string api)
    {
        await using var server = api switch
        {
            "openai" => (FakeVendor)new FakeOpenAiChat(FakeTurn.Say("Hi.")) { Key = "sk-right-key" },
            "openai-responses" => new FakeOpenAiResponses(FakeTurn.Say("Hi.")) { Key = "sk-right-key" },
            _ => new FakeOllama(FakeTurn.Say("Hi.")) { Key = "sk-right-key" },
        };

        Assert.Equal("Hi.", (await Talk.ReplyAsync(Protocols.Open(server, key: "sk-right-key"), Talk.Ask("Hi"))).Text);
        var error = await Talk.ErrorAsync(Protocols.Open(server, key: "sk-wrong-key"), Talk.Ask("Hi"));
        Assert.Equal(ModelErrorKind.Authentication, error.Kind);
        Assert.Contains("Bearer [key]", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-wrong", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>How many events it takes until the first piece of text is shown.</summary>
    private static int Shown(string api) => api switch { "openai" => 2, "openai-responses" => 4, _ => 1 };
}
