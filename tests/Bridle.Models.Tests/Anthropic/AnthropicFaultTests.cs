using Bridle.FakeVendors;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Tests.Anthropic;

public sealed class AnthropicFaultTests
{
    [Theory]
    [InlineData(400, "prompt is too long: 210000 tokens > 200000 maximum", null, ModelErrorKind.ContextOverflow)]
    [InlineData(400, "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000", null, ModelErrorKind.ContextOverflow)]
    [InlineData(400, "Your credit balance is too low to access the Anthropic API.", null, ModelErrorKind.Quota)]
    [InlineData(400, "messages: Field required", null, ModelErrorKind.BadRequest)]
    [InlineData(400, "registry.example/model does not support tools", null, ModelErrorKind.ToolsUnsupported)]
    [InlineData(401, "invalid x-api-key", null, ModelErrorKind.Authentication)]
    [InlineData(402, "Pay first.", null, ModelErrorKind.Quota)]
    [InlineData(403, "Not allowed.", null, ModelErrorKind.Permission)]
    [InlineData(404, "model: claude-nope", null, ModelErrorKind.NotFound)]
    [InlineData(413, "Request exceeds the maximum size", null, ModelErrorKind.TooLarge)]
    public async Task An_error_that_stays_is_told_at_once(int status, string message, string? code, ModelErrorKind kind)
    {
        await using var server = new FakeAnthropic(FakeTurn.Fail(status, message, code));
        var error = await Talk.ErrorAsync(AnthropicTaskTests.Open(server), Talk.Ask("Go."));

        Assert.Equal(kind, error.Kind);
        Assert.Equal(status, error.Status);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Advice);
        Assert.Single(server.Bodies);
    }

    [Theory]
    [InlineData(429, ModelErrorKind.RateLimit)]
    [InlineData(500, ModelErrorKind.Server)]
    [InlineData(504, ModelErrorKind.Server)]
    [InlineData(529, ModelErrorKind.Overloaded)]
    public async Task An_error_that_may_pass_is_tried_again(int status, ModelErrorKind kind)
    {
        var fault = new FakeFault.Status(status, "Wait.") { Headers = new Dictionary<string, string> { ["retry-after"] = "7", ["request-id"] = "req_1" } };
        await using var server = new FakeAnthropic(new FakeTurn { Fault = fault }, FakeTurn.Say("Here."));
        var updates = await Talk.AllAsync(AnthropicTaskTests.Open(server), Talk.Ask("Go."));

        var retry = Assert.IsType<RetryScheduled>(updates[0]);
        Assert.Equal(kind, retry.Error.Kind);
        Assert.Equal(TimeSpan.FromSeconds(7), retry.Delay);
        Assert.Equal("req_1", retry.Error.RequestId);
        Assert.IsType<ReplyFinished>(updates[^1]);
    }

    [Theory]
    [InlineData("overloaded_error", ModelErrorKind.Overloaded)]
    [InlineData("api_error", ModelErrorKind.Server)]
    [InlineData("timeout_error", ModelErrorKind.Server)]
    [InlineData("rate_limit_error", ModelErrorKind.RateLimit)]
    [InlineData("authentication_error", ModelErrorKind.Authentication)]
    [InlineData("invalid_request_error", ModelErrorKind.BadRequest)]
    [InlineData("of_a_new_kind", ModelErrorKind.Server)]
    public async Task An_error_after_status_200_is_a_failure_with_what_was_shown(string code, ModelErrorKind kind)
    {
        await using var server = new FakeAnthropic(FakeTurn.Break(new FakeFault.ErrorEvent("Sorry.", code) { After = 5 }));
        var updates = await Talk.AllAsync(AnthropicTaskTests.Open(server), Talk.Ask("Go."));

        var failed = Assert.IsType<ReplyFailed>(updates[^1]);
        Assert.Equal(kind, failed.Error.Kind);
        Assert.Equal("Hello wörld ", failed.PartialText);
        Assert.Equal(new Usage(60, 40, 0, 1, 1), failed.Usage);
        Assert.Single(server.Bodies);
    }

    [Fact]
    public async Task An_error_after_status_200_and_before_any_text_is_tried_again()
    {
        await using var server = new FakeAnthropic(FakeTurn.Break(new FakeFault.ErrorEvent("Overloaded", "overloaded_error")), FakeTurn.Say("Here."));
        var updates = await Talk.AllAsync(AnthropicTaskTests.Open(server), Talk.Ask("Go."));

        Assert.Equal(ModelErrorKind.Overloaded, Assert.IsType<RetryScheduled>(updates[0]).Error.Kind);
        Assert.Equal("Here.", Assert.IsType<ReplyFinished>(updates[^1]).Reply.Text);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("reset")]
    [InlineData("clean cut")]
    [InlineData("half")]
    public async Task A_reply_without_message_stop_is_a_failure(string name)
    {
        FakeFault fault = name switch
        {
            "cut" => new FakeFault.Cut { After = 8 },
            "reset" => new FakeFault.Cut(Reset: true) { After = 8 },
            "clean cut" => new FakeFault.CleanCut { After = 8 },
            _ => new FakeFault.HalfCharacter { After = 4 },
        };
        await using var server = new FakeAnthropic(FakeTurn.Break(fault));
        var updates = await Talk.AllAsync(AnthropicTaskTests.Open(server), Talk.Ask("Go."));

        var failed = Assert.IsType<ReplyFailed>(updates[^1]);
        Assert.Equal(ModelErrorKind.Cut, failed.Error.Kind);
        Assert.StartsWith("Hello ", failed.PartialText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Even_a_reply_that_lacks_only_message_stop_is_a_failure()
    {
        await using var server = new FakeAnthropic(FakeTurn.Break(new FakeFault.CleanCut { After = 9 }));
        var updates = await Talk.AllAsync(AnthropicTaskTests.Open(server), Talk.Ask("Go."));

        var failed = Assert.IsType<ReplyFailed>(updates[^1]);
        Assert.Equal(ModelErrorKind.Cut, failed.Error.Kind);
        Assert.Equal("Hello wörld here I am.", failed.PartialText);
        Assert.Contains("message_stop", failed.Error.Message, StringComparison.Ordinal);
        Assert.Equal(new Usage(60, 40, 0, 20, 5), failed.Usage);
    }

    [Fact]
    public async Task An_event_that_is_no_JSON_is_a_failure()
    {
        await using var server = new FakeAnthropic(FakeTurn.Break(new FakeFault.Malformed { After = 5 }));
        var updates = await Talk.AllAsync(AnthropicTaskTests.Open(server), Talk.Ask("Go."));

        Assert.Equal(ModelErrorKind.Malformed, Assert.IsType<ReplyFailed>(updates[^1]).Error.Kind);
    }

    [Fact]
    public async Task A_server_that_never_ends_its_body_does_not_hold_a_complete_reply()
    {
        await using var server = new FakeHttpServer(_ => FakeReply.Events(["data: {\"type\":\"message_stop\"}\n\n"]) with { End = FakeEnd.Hold });
        var model = new HttpModel(new Models.Anthropic.AnthropicProtocol(), new ModelEndpoint(server.Url, null), new ModelInfo("test", "m", "anthropic"));
        var updates = await Talk.AllAsync(model, Talk.Ask("Go.")).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.IsType<ReplyFinished>(updates[^1]);
        await server.ClientLeft.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Pings_put_off_the_idle_timeout_and_silence_ends_the_reply()
    {
        var clock = new ManualClock();
        var gates = Enumerable.Range(0, 4).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToList();
        const string ping = "event: ping\ndata: {\"type\":\"ping\"}\n\n";
        await using var server = new FakeHttpServer(_ => new FakeReply(200, "text/event-stream", [.. gates.Select(gate => new FakeChunk(System.Text.Encoding.UTF8.GetBytes(ping), gate.Task))]) { End = FakeEnd.Hold });
        var model = new HttpModel(
            new Models.Anthropic.AnthropicProtocol(), new ModelEndpoint(server.Url, null), new ModelInfo("test", "m", "anthropic"),
            new() { Time = clock, IdleTimeout = TimeSpan.FromSeconds(30), MaxAttempts = 1 });
        var talking = Talk.AllAsync(model, Talk.Ask("Go."));
        await clock.ArmedAsync(moreThan: 1);
        foreach (var gate in gates)
        {
            clock.Advance(TimeSpan.FromSeconds(29));
            Assert.False(talking.IsCompleted);
            var armed = clock.ArmedAsync(clock.Arms);
            gate.SetResult();
            await armed;
        }

        clock.Advance(TimeSpan.FromSeconds(31));
        var failed = Assert.IsType<ReplyFailed>((await talking)[^1]);
        Assert.Equal(ModelErrorKind.Timeout, failed.Error.Kind);
    }
}
