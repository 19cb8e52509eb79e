using System.Diagnostics;
using Bridle.FakeVendors;
using Bridle.Telemetry;

namespace Bridle.Hosting.Tests.Telemetry;

/// <summary>What the library that sends telemetry does of itself, and what it is kept from.</summary>
[Collection(AloneCollection.Name)]
public sealed class TelemetrySdkTests : TelemetryStage
{
    [Fact]
    public async Task A_share_of_the_traces_is_kept_by_their_id_and_always_the_same_one()
    {
        var random = new Random(7);
        var bytes = new byte[16];
        var ids = Enumerable.Range(0, 4_000).Select(_ =>
        {
            random.NextBytes(bytes);
            return ActivityTraceId.CreateFromBytes(bytes);
        }).ToList();
        var kept = await KeptAsync(ids, ("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0.25"));
        Assert.InRange(kept.Count, 800, 1_200);
        Assert.Equal(kept, await KeptAsync(ids, ("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0.25")));
        Assert.Equal(ids.Count, (await KeptAsync(ids, ("OTEL_TRACES_SAMPLER", "always_on"))).Count);
        Assert.Empty(await KeptAsync(ids, ("OTEL_TRACES_SAMPLER", "always_off")));
        // The caller keeps none of these, and is asked first.
        Assert.Empty(await KeptAsync(ids, ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0.25")));
    }

    [Fact]
    public async Task Two_sessions_of_one_process_send_each_its_own()
    {
        await using var one = new Collector();
        await using var other = new Collector();
        await using var silent = new Collector();
        await using var vendor = new FakeAnthropic(FakeTurn.Say("Hi."), FakeTurn.Say("Hi."), FakeTurn.Say("Hi."));
        // A program may listen to all of them.
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == "Bridle", Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);
        await using (var first = await StartAsync(one, vendor, "", "first", false, false))
        await using (var second = await StartAsync(other, vendor, "", "second", false, false))
        {
            // This one keeps no traces, whoever has its spans made.
            Variables["OTEL_TRACES_SAMPLER"] = "parentbased_always_off";
            await using var third = await StartAsync(silent, vendor, "", "third", false, false);
            foreach (var session in new[] { third, second, first })
            {
                await session.Session.RunAsync("hello", Token);
            }
        }

        Assert.All(one.Spans, span => Assert.Equal("first", span.Tags["gen_ai.conversation.id"]));
        Assert.All(other.Spans, span => Assert.Equal("second", span.Tags["gen_ai.conversation.id"]));
        Assert.Equal((2, 2, 0), (one.Spans.Count, other.Spans.Count, silent.Spans.Count));
        Assert.All([one, other, silent], collector => Assert.Equal(1UL, collector.Figures("gen_ai.client.operation.duration").Single().Count));
    }

    [Fact]
    public async Task It_goes_by_gRPC_as_well()
    {
        await using var collector = new GrpcCollector();
        Variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url.ToString();
        Variables["OTEL_EXPORTER_OTLP_HEADERS"] = "x-team=tools";
        await RunAsync(null, [FakeTurn.Say("Hi.")]);
        Assert.Empty(Warnings);
        var (headers, traces) = Assert.Single(collector.Calls("trace.v1.TraceService"));
        Assert.Contains("tools", headers);
        Assert.Equal(["chat claude-x", "invoke_agent bridle"], traces.One(1).All(2).SelectMany(scope => scope.All(2)).Select(span => span.Text(5)));
        Assert.Single(collector.Calls("metrics.v1.MetricsService"));
        Assert.Equal("bridle.run_finished", Assert.Single(collector.Calls("logs.v1.LogsService")).Message.One(1).One(2).One(2).Text(12));
    }

    [Fact]
    public async Task A_collector_that_refuses_by_gRPC_is_told_of()
    {
        await using var collector = new GrpcCollector("7");
        Variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url.ToString();
        await RunAsync(null, [FakeTurn.Say("Hi.")]);
        Assert.Contains("it answers with status 7 of gRPC", Assert.Single(Warnings));
    }

    [Fact]
    public async Task Headers_may_have_anything_in_them_and_what_is_sent_may_be_compressed()
    {
        await using var collector = new Collector();
        Variables["OTEL_EXPORTER_OTLP_HEADERS"] = "x-odd=a%2Cb%3Dc";
        Variables["OTEL_EXPORTER_OTLP_COMPRESSION"] = "gzip";
        await RunAsync(collector, [FakeTurn.Say("Hi.")]);
        Assert.Equal(("a,b=c", "gzip"), (collector.Server.Requests[0].Headers["x-odd"], collector.Server.Requests[0].Headers["content-encoding"]));
        Assert.Equal(2, collector.Spans.Count);
    }

    [Fact]
    public async Task Figures_have_the_buckets_of_the_conventions_and_words_have_their_span()
    {
        await using var collector = new Collector();
        await RunAsync(collector, [FakeTurn.Call("Ls", "{}"), FakeTurn.Fail(401, "no")]);
        Assert.Equal([0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92], collector.Bounds("gen_ai.client.operation.duration").Select(bound => Math.Round(bound, 6)));
        Assert.Equal([1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864], collector.Bounds("gen_ai.client.token.usage"));
        var turn = collector.Spans.Single(span => span.Name == "invoke_agent bridle");
        Assert.Equal([("bridle.model_failed", turn.Trace, turn.Id), ("bridle.run_finished", turn.Trace, turn.Id)], collector.LogSpans);
    }

    [Fact]
    public async Task A_number_that_the_library_cannot_work_with_costs_telemetry_and_not_the_session()
    {
        await using var collector = new Collector();
        Variables["OTEL_METRIC_EXPORT_INTERVAL"] = "0";
        await using var vendor = new FakeAnthropic(FakeTurn.Say("Hi."));
        await using var harness = await StartAsync(collector, vendor, "", "mine", false, false);
        Assert.Contains(harness.Notices, notice => notice.StartsWith("No telemetry: an OTEL_ variable has a value that the library which sends it cannot work with: ", StringComparison.Ordinal));
        Assert.Equal("Hi.", (await harness.Session.RunAsync("hello", Token)).Answer);
        Assert.Equal(0, collector.Server.Connections);
    }

    // A newer version of the library may have another name for what looks; then nothing is sent at all.
    [Fact]
    public void The_library_can_be_kept_from_looking_for_a_file_by_which_it_would_write_a_log_of_its_own() => Assert.Null(SessionTelemetry.WhyNot());

    [Fact]
    public async Task What_the_environment_says_of_the_process_holds_no_secret_either()
    {
        await using var collector = new Collector();
        Variables["OTEL_RESOURCE_ATTRIBUTES"] = $"team=tools,note={Key}";
        await RunAsync(collector, [FakeTurn.Say("Hi.")]);
        Assert.Equal("tools", collector.Resource["team"]);
        Assert.DoesNotContain(Key, collector.Raw);
    }

    // The ids whose spans come through, each begun below a caller that keeps nothing.
    private static async Task<List<ActivityTraceId>> KeptAsync(IEnumerable<ActivityTraceId> ids, params (string Name, string Value)[] variables)
    {
        using var instruments = new TelemetryInstruments(GenAiNames.Published, "1");
        await using var collector = new Collector();
        await using var export = new SdkExport(
            instruments, new() { Targets = new Dictionary<string, SignalTarget> { ["traces"] = new(new($"{collector.Url}v1/traces")) }, Version = "1", Variables = variables.ToDictionary(one => one.Name, one => one.Value) }, null);
        var kept = new List<ActivityTraceId>();
        foreach (var id in ids)
        {
            using var span = instruments.Make("x", ActivityKind.Internal, null, new ActivityContext(id, ActivitySpanId.CreateRandom(), ActivityTraceFlags.None, null, isRemote: true));
            kept.AddRange(span is not null && instruments.Keeps(span) ? [id] : []);
        }

        return kept;
    }
}
