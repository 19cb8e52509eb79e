using System.Diagnostics;
using Bridle.Events;
using Bridle.FakeVendors;
using Bridle.Hosting.Telemetry;
using Bridle.Journal;

namespace Bridle.Hosting.Tests.Telemetry;

[Collection(AloneCollection.Name)]
public sealed class TelemetryTests : TelemetryStage
{
    private const string Caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public async Task A_turn_is_a_tree_of_spans_with_the_names_of_the_conventions()
    {
        await using var collector = new Collector();
        await RunAsync(collector, [FakeTurn.Call("Ls", "{}"), FakeTurn.Say("Listed.")]);
        var turn = collector.Spans.Single(span => span.Name == "invoke_agent bridle");
        Assert.Equal(("", 1UL, "anthropic", "claude-x", "invoke_agent", "completed"), (turn.Parent, turn.Kind, turn.Tags["gen_ai.provider.name"], turn.Tags["gen_ai.request.model"], turn.Tags["gen_ai.operation.name"], turn.Tags["bridle.run.outcome"]));
        var chats = collector.Spans.Where(span => span.Name == "chat claude-x").ToList();
        Assert.Equal(2, chats.Count);
        Assert.All(chats, chat => Assert.Equal((turn.Trace, turn.Id, 3UL, "chat", "127.0.0.1"), (chat.Trace, chat.Parent, chat.Kind, chat.Tags["gen_ai.operation.name"], chat.Tags["server.address"])));
        Assert.Equal(["tool_use", "end_turn"], chats.Select(chat => chat.Tags["gen_ai.response.finish_reasons"]));
        // All of the input counts, from the cache or not.
        Assert.Equal(("100", "20", "40", "0"), (chats[0].Tags["gen_ai.usage.input_tokens"], chats[0].Tags["gen_ai.usage.output_tokens"], chats[0].Tags["gen_ai.usage.cache_read.input_tokens"], chats[0].Tags["gen_ai.usage.cache_creation.input_tokens"]));
        var call = collector.Spans.Single(span => span.Name == "execute_tool Ls");
        Assert.Equal((turn.Id, 1UL, "Ls", "function", ""), (call.Parent, call.Kind, call.Tags["gen_ai.tool.name"], call.Tags["gen_ai.tool.type"], call.Error));
        Assert.All(collector.Spans, span => Assert.Equal("mine", span.Tags["gen_ai.conversation.id"]));
        Assert.All(collector.Spans, span => Assert.True(span.Milliseconds > 0));
        Assert.Equal(("bridle", "dotnet"), (collector.Resource["service.name"], collector.Resource["telemetry.sdk.language"]));
        Assert.Contains(collector.Logs, log => log == ("INFO", "bridle.run_finished", "The turn ended: completed."));
    }

    [Fact]
    public async Task Tokens_time_and_money_are_counted()
    {
        await using var collector = new Collector();
        await RunAsync(collector, [FakeTurn.Call("Ls", "{}"), FakeTurn.Say("Listed.")], """ "prices": { "anthropic/claude-x": { "input": 1, "output": 2 } }, """);
        Assert.Equal([("input", 2UL, 200.0), ("output", 2UL, 40.0)], collector.Figures("gen_ai.client.token.usage").Select(point => (point.Tags["gen_ai.token.type"], point.Count, point.Sum)).Order());
        Assert.Equal(2UL, collector.Figures("gen_ai.client.operation.duration").Single().Count);
        Assert.Equal(2UL, collector.Figures("gen_ai.client.operation.time_to_first_chunk").Single().Count);
        Assert.Equal(0.00028, collector.Figures("bridle.cost").Single().Sum, 8);
        Assert.Equal("claude-x", collector.Figures("bridle.cost").Single().Tags["gen_ai.request.model"]);
    }

    [Fact]
    public async Task Vectors_are_an_operation_of_their_own_and_a_try_that_is_sent_again_is_no_second_request()
    {
        await using var collector = new Collector();
        await using var vectors = new FakeHttpServer(_ => FakeReply.Json(200, """{"data":[{"embedding":[1]}],"usage":{"prompt_tokens":7}}"""));
        await RunAsync(collector, [FakeTurn.Break(new FakeFault.Cut { After = 0 }), FakeTurn.Call("SessionSearch", """{ "query": "glacier" }"""), FakeTurn.Say("Nothing.")],
            $$""" "recall": { "embeddings": { "url": "{{vectors.Url}}", "model": "m" } }, "prices": { "embeddings/m": { "input": 1000, "output": 0 } }, """);
        var asked = collector.Figures("gen_ai.client.operation.duration").Select(point => (point.Tags["gen_ai.operation.name"], point.Tags["gen_ai.request.model"], point.Count)).Order();
        Assert.Equal([("chat", "claude-x", 2UL), ("embeddings", "m", (ulong)vectors.Requests.Count)], asked);
        Assert.Contains(collector.Figures("bridle.cost"), point => point.Tags["gen_ai.request.model"] is "m" && point.Sum > 0.006);
    }

    [Fact]
    public async Task What_of_a_turn_is_a_guess_is_said_to_be()
    {
        await using var collector = new Collector();
        await RunAsync(collector, [FakeTurn.Say("Done."), FakeTurn.Break(new FakeFault.Cut()), FakeTurn.Say("""{"met": true, "reason": "yes"}""")], """ "acceptance": [{ "judge": "It is good." }], "prices": { "anthropic/claude-x": { "input": 1, "output": 2 } }, """);
        var turn = collector.Spans.Single(span => span.Name == "invoke_agent bridle");
        Assert.Equal("true", turn.Tags["bridle.usage.estimated"], ignoreCase: true);
        Assert.InRange(double.Parse(turn.Tags["bridle.cost.estimated_usd"], System.Globalization.CultureInfo.InvariantCulture), 1e-9, double.Parse(turn.Tags["bridle.cost.usd"], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(null, "{}")]
    [InlineData("0", """{ "enabled": true }""")]
    [InlineData("false", """{ "enabled": true }""")]
    [InlineData(null, """{ "enabled": false }""")]
    public async Task Nothing_is_sent_unless_somebody_turned_it_on(string? variable, string settings)
    {
        await using var collector = new Collector();
        Variables.Remove(TelemetryReading.EnableVariable);
        if (variable is not null)
        {
            Variables[TelemetryReading.EnableVariable] = variable;
        }

        await RunAsync(collector, [FakeTurn.Say("Hi.")], $""" "telemetry": {settings}, """);
        Assert.Equal(0, collector.Server.Connections);
    }

    [Fact]
    public async Task The_switch_of_the_conventions_turns_it_off()
    {
        await using var collector = new Collector();
        Variables["OTEL_SDK_DISABLED"] = "true";
        await RunAsync(collector, [FakeTurn.Say("Hi.")]);
        Assert.Equal(0, collector.Server.Connections);
    }

    [Fact]
    public async Task What_is_said_is_left_out_unless_somebody_asks_for_it()
    {
        await using var without = new Collector();
        await File.WriteAllTextAsync(Path.Combine(Work, "notes.txt"), "the contents of the file", Token);
        FakeTurn[] turns = [FakeTurn.Call("Read", """{"file_path":"notes.txt"}"""), FakeTurn.Say("An answer of mine.")];
        await RunAsync(without, turns, task: "A question of mine.");
        Assert.DoesNotContain("of mine", without.Raw);
        Assert.DoesNotContain("notes.txt", without.Raw);
        Assert.DoesNotContain("contents", without.Raw);

        await using var with = new Collector();
        Variables[TelemetryReading.ContentVariable] = "true";
        await RunAsync(with, turns, task: "A question of mine.", session: "other");
        var chats = with.Spans.Where(span => span.Name.StartsWith("chat", StringComparison.Ordinal)).ToList();
        Assert.StartsWith("""[{"role":"user","parts":[{"type":"text","content":"A question of mine."}]}""", chats[0].Tags["gen_ai.input.messages"]);
        Assert.Contains("\"type\":\"tool_call_response\"", chats[1].Tags["gen_ai.input.messages"]);
        Assert.Equal("""[{"role":"assistant","parts":[{"type":"text","content":"An answer of mine."}],"finish_reason":"end_turn"}]""", chats[1].Tags["gen_ai.output.messages"]);
        var call = with.Spans.Single(span => span.Name == "execute_tool Read");
        Assert.Contains("notes.txt", call.Tags["gen_ai.tool.call.arguments"]);
        Assert.Contains("the contents of the file", call.Tags["gen_ai.tool.call.result"]);
        Assert.Contains(with.Logs, log => log.Event == "gen_ai.client.inference.operation.details");
    }

    [Fact]
    public async Task No_secret_leaves_with_it_whatever_it_stands_in()
    {
        await using var collector = new Collector();
        Variables[TelemetryReading.ContentVariable] = "true";
        Variables["OTEL_EXPORTER_OTLP_HEADERS"] = "authorization=Bearer%20collector-key-0815,x-team=tools";
        Variables["DEPLOY_TOKEN"] = "hunter2hunter2";
        await File.WriteAllTextAsync(Path.Combine(Work, "notes.txt"), $"{Key} collector-key-0815 hunter2hunter2 AKIAIOSFODNN7EXAMPLE", Token);
        await RunAsync(collector, [FakeTurn.Call("Read", """{"file_path":"notes.txt"}"""), FakeTurn.Say($"It says {Key} and hunter2hunter2.")], task: $"What of {Key} and collector-key-0815?");
        Assert.Equal("Bearer collector-key-0815", collector.Server.Requests[0].Headers["authorization"]);
        Assert.Contains("It says", collector.Raw);
        Assert.All([Key, "collector-key-0815", "hunter2hunter2", "AKIAIOSFODNN7EXAMPLE"], secret => Assert.DoesNotContain(secret, collector.Raw));
    }

    [Fact]
    public async Task What_goes_wrong_is_an_error_of_its_span()
    {
        await using var collector = new Collector();
        await RunAsync(collector, [FakeTurn.Call("Read", """{"file_path":"gone.txt"}"""), FakeTurn.Call("Write", """{"file_path":"a.txt","content":"x"}"""), FakeTurn.Fail(401, "the words of the server")]);
        Assert.Equal("failed", collector.Spans.Single(span => span.Name == "execute_tool Read").Error);
        Assert.Equal("denied", collector.Spans.Single(span => span.Name == "execute_tool Write").Error);
        Assert.Equal("authentication", collector.Spans.Single(span => span.Error.Length > 0 && span.Name == "chat claude-x").Tags["error.type"]);
        Assert.Equal("authentication", collector.Spans.Single(span => span.Name == "invoke_agent bridle").Error);
        Assert.Contains(collector.Figures("gen_ai.client.operation.duration"), point => point.Tags.GetValueOrDefault("error.type") == "authentication");
        Assert.Contains(collector.Logs, log => log == ("ERROR", "bridle.model_failed", "The model failed (authentication)."));
        Assert.DoesNotContain("the words of the server", collector.Raw);
    }

    [Fact]
    public async Task The_span_of_the_caller_is_the_parent()
    {
        await using var collector = new Collector();
        Variables["TRACEPARENT"] = Caller;
        await RunAsync(collector, [FakeTurn.Say("Hi.")]);
        var turn = collector.Spans.Single(span => span.Name == "invoke_agent bridle");
        Assert.Equal(("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"), (turn.Trace, turn.Parent));
    }

    [Theory]
    [InlineData("TRACEPARENT", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")]
    [InlineData("OTEL_TRACES_SAMPLER", "always_off")]
    [InlineData("OTEL_TRACES_EXPORTER", "none")]
    public async Task A_trace_that_nobody_keeps_is_not_sent_and_figures_are_all_the_same(string name, string value)
    {
        await using var collector = new Collector();
        Variables[name] = value;
        await RunAsync(collector, [FakeTurn.Say("Hi.")]);
        Assert.Empty(collector.Spans);
        Assert.NotEmpty(collector.Figures("gen_ai.client.token.usage"));
    }

    [Fact]
    public async Task The_vendor_is_told_nothing_of_the_trace()
    {
        await using var collector = new Collector();
        Variables["TRACEPARENT"] = Caller;
        await using var vendor = new FakeAnthropic(FakeTurn.Say("Hi."));
        await RunAsync(collector, vendor, "");
        Assert.DoesNotContain(vendor.Server.Requests, request => request.Headers.ContainsKey("traceparent"));
        Assert.DoesNotContain(collector.Server.Requests, request => request.Headers.ContainsKey("traceparent"));
    }

    [Fact]
    public async Task A_collector_that_is_gone_slow_or_unwilling_changes_nothing_but_one_line()
    {
        // It takes connections and never says a word.
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        await using var unwilling = new Collector(_ => FakeReply.Json(403, "{}"));
        foreach (var (kind, address) in new[] { ("gone", "http://127.0.0.1:9"), ("unwilling", unwilling.Url.ToString()), ("slow", $"http://{silent.LocalEndpoint}") })
        {
            Warnings.Clear();
            Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = address;
            var clock = Stopwatch.StartNew();
            var result = await RunAsync(null, [FakeTurn.Say("Hi.")], session: kind);
            Assert.Equal((TurnOutcome.Completed, "Hi."), (result.Outcome, result.Answer));
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{kind}: {clock.Elapsed}");
            Assert.StartsWith("Telemetry could not be sent to http://127.0.0.1:", Assert.Single(Warnings));
        }
    }

    [Fact]
    public async Task A_project_has_no_say_in_it_trusted_or_not()
    {
        await using var collector = new Collector();
        Variables.Clear();
        Directory.CreateDirectory(Path.Combine(Work, ".bridle"));
        await File.WriteAllTextAsync(Path.Combine(Work, ".bridle/settings.json"), $$"""
            { "telemetry": { "enabled": true, "endpoint": "{{collector.Url}}", "content": true },
              "env": { "BRIDLE_ENABLE_TELEMETRY": "1", "OTEL_EXPORTER_OTLP_ENDPOINT": "{{collector.Url}}", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "{{collector.Url}}" } }
            """, Token);
        await File.WriteAllTextAsync(Path.Combine(Work, ".env"), $"BRIDLE_ENABLE_TELEMETRY=1\nOTEL_EXPORTER_OTLP_ENDPOINT={collector.Url}\n", Token);
        await RunAsync(null, [FakeTurn.Say("Hi.")], trust: true);
        Assert.Equal(0, collector.Server.Connections);

        // Also where the person's own is on: the address stays theirs.
        await using var own = new Collector();
        Variables[TelemetryReading.EnableVariable] = "1";
        await RunAsync(own, [FakeTurn.Say("Hi.")], trust: true, session: "again", asSetting: true);
        Assert.Equal(0, collector.Server.Connections);
        Assert.NotEmpty(own.Spans);
    }

    [Fact]
    public async Task Each_signal_may_have_an_address_and_headers_of_its_own()
    {
        await using var traces = new Collector();
        await using var rest = new Collector();
        Variables["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = $"{traces.Url}deep/traces";
        Variables["OTEL_EXPORTER_OTLP_TRACES_HEADERS"] = "x-for=traces";
        Variables["OTEL_LOGS_EXPORTER"] = "none";
        await RunAsync(rest, [FakeTurn.Say("Hi.")]);
        Assert.Equal(["/deep/traces"], traces.Server.Requests.Select(request => request.Path));
        Assert.Equal("traces", traces.Server.Requests[0].Headers["x-for"]);
        Assert.Equal(["/v1/metrics"], rest.Server.Requests.Select(request => request.Path));
        Assert.False(rest.Server.Requests[0].Headers.ContainsKey("x-for"));
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "The protocol 'http/json' for telemetry is not known")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "The address for telemetry 'collector:4317/v1/traces' cannot be used")]
    [InlineData("OTEL_TRACES_EXPORTER", "console", "OTEL_TRACES_EXPORTER is 'console'; only otlp and none are known")]
    [InlineData("OTEL_TRACES_SAMPLER", "sometimes", "OTEL_TRACES_SAMPLER is 'sometimes', which is not known")]
    public void What_cannot_be_used_is_said(string name, string value, string said)
    {
        Variables[name] = value;
        var notices = new List<string>();
        _ = TelemetryReading.Of(Folder.Environment([.. Variables.Select(one => (one.Key, one.Value))]), new(), SecretRedactor.ShapesOnly, notices);
        Assert.StartsWith(said, notices[0]);
    }

    [Fact]
    public async Task The_newer_names_come_when_they_are_asked_for()
    {
        await using var collector = new Collector();
        Variables["OTEL_SEMCONV_STABILITY_OPT_IN"] = "http,gen_ai_latest_experimental";
        await RunAsync(collector, [FakeTurn.Call("Ls", "{}"), FakeTurn.Say("Hi.")]);
        Assert.Contains("gen_ai.usage.cache_write.input_tokens", collector.Spans[0].Tags.Keys);
        Assert.Equal(200, collector.Figures("gen_ai.client.inference.usage.input_tokens").Single().Sum);
        Assert.Equal(2UL, collector.Figures("gen_ai.client.inference.duration").Single().Count);
        Assert.Equal(1UL, collector.Figures("gen_ai.invoke_agent.duration").Single().Count);
        Assert.Equal(1UL, collector.Figures("gen_ai.execute_tool.duration").Single().Count);
        Assert.Empty(collector.Figures("gen_ai.client.token.usage"));
    }

    [Fact]
    public async Task The_service_has_the_name_and_the_attributes_that_the_environment_gives_it()
    {
        await using var collector = new Collector();
        Variables["OTEL_RESOURCE_ATTRIBUTES"] = "service.name=other,team=tools%20and%20more";
        Variables["OTEL_SERVICE_NAME"] = "reviewer";
        await RunAsync(collector, [FakeTurn.Say("Hi.")]);
        Assert.Equal(("reviewer", "tools and more"), (collector.Resource["service.name"], collector.Resource["team"]));
    }

    [Fact]
    public async Task A_program_with_telemetry_of_its_own_hears_the_spans_as_well()
    {
        var heard = new List<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Bridle",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => { if (Equals(span.GetTagItem("gen_ai.conversation.id"), "heard-elsewhere")) { heard.Add(span.DisplayName); } },
        };
        ActivitySource.AddActivityListener(listener);
        await using var collector = new Collector();
        await RunAsync(collector, [FakeTurn.Say("Hi.")], session: "heard-elsewhere");
        Assert.Equal(["chat claude-x", "invoke_agent bridle"], heard);
    }
}
