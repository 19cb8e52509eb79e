using Bridle.FakeVendors;

namespace Bridle.Models.Tests.Gemini;

public sealed class GeminiFaultTests
{
    [Theory]
    [InlineData(400, "The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).", ModelErrorKind.ContextOverflow)]
    [InlineData(400, "API key not valid. Please pass a valid API key.", ModelErrorKind.Authentication)]
    [InlineData(400, "Function calling is not enabled for models/x", ModelErrorKind.ToolsUnsupported)]
    [InlineData(401, "No credentials.", ModelErrorKind.Authentication)]
    [InlineData(403, "Not allowed.", ModelErrorKind.Permission)]
    [InlineData(404, "models/nope is not found for API version v1beta", ModelErrorKind.NotFound)]
    [InlineData(429, "You exceeded your current quota, please check your plan and billing details.", ModelErrorKind.Quota)]
    public async Task An_error_that_stays_is_told_at_once(int status, string message, ModelErrorKind kind)
    {
        await using var server = new FakeGemini(FakeTurn.Fail(status, message));
        var error = await Talk.ErrorAsync(GeminiTaskTests.Open(server), Talk.Ask("Go."));

        Assert.Equal(kind, error.Kind);
        Assert.Equal(status, error.Status);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Single(server.Bodies);
    }

    [Theory]
    [InlineData(429, false)]
    [InlineData(503, true)]
    public async Task The_wait_that_the_error_body_asks_for_is_kept(int status, bool array)
    {
        var body = $$$"""{"error":{"code":{{{status}}},"message":"Later.","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"12.5s"}]}}""";
        await using var server = new FakeGemini(new FakeTurn { Fault = new FakeFault.Status(status, Body: array ? $"[{body}]" : body) }, FakeTurn.Say("Here."));
        var updates = await Talk.AllAsync(GeminiTaskTests.Open(server), Talk.Ask("Go."));

        Assert.Equal(TimeSpan.FromSeconds(12.5), Assert.IsType<RetryScheduled>(updates[0]).Delay);
        Assert.IsType<ReplyFinished>(updates[^1]);
    }

    [Fact]
    public async Task A_failing_server_is_tried_again()
    {
        await using var server = new FakeGemini(FakeTurn.Fail(500, "Oops."), FakeTurn.Say("Here."));
        var updates = await Talk.AllAsync(GeminiTaskTests.Open(server), Talk.Ask("Go."));

        Assert.Equal(ModelErrorKind.Server, Assert.IsType<RetryScheduled>(updates[0]).Error.Kind);
        Assert.IsType<ReplyFinished>(updates[^1]);
    }

    [Fact]
    public async Task An_error_page_of_a_proxy_is_told_by_its_title()
    {
        var fault = new FakeFault.Status(403, Body: "<html><head><title>Blocked by Example</title></head></html>") { ContentType = "text/html" };
        await using var server = new FakeGemini(new FakeTurn { Fault = fault });
        var error = await Talk.ErrorAsync(GeminiTaskTests.Open(server), Talk.Ask("Go."));

        Assert.Equal(ModelErrorKind.Permission, error.Kind);
        Assert.Contains("Blocked by Example", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("reset")]
    [InlineData("clean cut")]
    [InlineData("half")]
    public async Task A_reply_without_a_finish_reason_is_a_failure(string name)
    {
        FakeFault fault = name switch
        {
            "cut" => new FakeFault.Cut { After = 3 },
            "reset" => new FakeFault.Cut(Reset: true) { After = 3 },
            "clean cut" => new FakeFault.CleanCut { After = 4 },
            _ => new FakeFault.HalfCharacter { After = 1 },
        };
        await using var server = new FakeGemini(FakeTurn.Break(fault));
        var failed = Assert.IsType<ReplyFailed>((await Talk.AllAsync(GeminiTaskTests.Open(server), Talk.Ask("Go.")))[^1]);

        Assert.Equal(ModelErrorKind.Cut, failed.Error.Kind);
        Assert.StartsWith("Hello ", failed.PartialText, StringComparison.Ordinal);
        Assert.NotNull(failed.Usage);
    }

    [Fact]
    public async Task An_error_after_status_200_is_a_failure_with_what_was_shown()
    {
        await using var server = new FakeGemini(FakeTurn.Break(new FakeFault.ErrorEvent("Overloaded.", "UNAVAILABLE")));
        var failed = Assert.IsType<ReplyFailed>((await Talk.AllAsync(GeminiTaskTests.Open(server), Talk.Ask("Go.")))[^1]);

        Assert.Equal(ModelErrorKind.Overloaded, failed.Error.Kind);
        Assert.Equal("Hello wörld ", failed.PartialText);
    }

    [Fact]
    public async Task An_event_that_is_no_JSON_is_a_failure()
    {
        await using var server = new FakeGemini(FakeTurn.Break(new FakeFault.Malformed()));
        var error = await Talk.ErrorAsync(GeminiTaskTests.Open(server), Talk.Ask("Go."));
        Assert.Equal(ModelErrorKind.Malformed, error.Kind);
    }

    [Fact]
    public async Task Silence_ends_in_a_timeout()
    {
        var clock = new ManualClock();
        await using var server = new FakeGemini(FakeTurn.Break(new FakeFault.Stall { After = 0 }));
        var talking = Talk.AllAsync(GeminiTaskTests.Open(server, options: new() { Time = clock, IdleTimeout = TimeSpan.FromSeconds(30), MaxAttempts = 1 }), Talk.Ask("Go."));
        while (!talking.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(31));
            await Task.Yield();
        }

        Assert.Equal(ModelErrorKind.Timeout, Assert.IsType<ReplyFailed>((await talking)[^1]).Error.Kind);
    }
}
