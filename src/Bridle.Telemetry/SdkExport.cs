using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Bridle.Telemetry;

/// <summary>
/// Sends what one session's instruments say to a collector, by the SDK of OpenTelemetry: every few seconds and at the end, for which it takes two seconds at most. A
/// collector that is slow, gone or unwilling costs what it was not sent, and one line to the person; never a turn, and never its exit code.
/// </summary>
internal sealed class SdkExport : IAsyncDisposable
{
    private static readonly TimeSpan s_atTheEnd = TimeSpan.FromSeconds(2);

    private readonly TelemetryOptions _options;
    private readonly WatchedSending _sending;
    private readonly OpenTelemetrySdk _sdk;
    private readonly ILogger? _logger;

    public SdkExport(TelemetryInstruments instruments, TelemetryOptions options, Action<string>? warn)
    {
        _options = options;
        _sending = new(new SocketsHttpHandler { ActivityHeadersPropagator = null, ConnectTimeout = TimeSpan.FromSeconds(5), AllowAutoRedirect = false }, warn);
        SdkDiagnostics.End();
        _sdk = OpenTelemetrySdk.Create(builder => Build(builder, instruments));
        _logger = options.Targets.ContainsKey(TelemetryOptions.Logs) ? _sdk.GetLoggerFactory().CreateLogger(TelemetryInstruments.Name) : null;
    }

    /// <summary>Takes something to say.</summary>
    public void Say(TelemetryLog log)
    {
        var current = Activity.Current;
        Activity.Current = log.Span;
        _logger?.Log(log.Level, new EventId(0, log.Event), log.Tags, null, (_, _) => log.Text);
        Activity.Current = current;
    }

    /// <summary>Sends what there is, and gives up what cannot be sent in time.</summary>
    public async ValueTask DisposeAsync()
    {
        var patience = (int)(s_atTheEnd.TotalMilliseconds * 0.95);
        var ended = Task.WhenAll(Aside(() => _sdk.TracerProvider.Shutdown(patience)), Aside(() => _sdk.MeterProvider.Shutdown(patience)), Aside(() => _sdk.LoggerProvider.Shutdown(patience)));
        var clock = Stopwatch.StartNew();
        await Task.WhenAny(ended, Task.Delay(s_atTheEnd));
        if (clock.ElapsedMilliseconds >= patience)
        {
            _sending.Warn("it does not answer in time", _options.Targets.Values.First().Address);
        }

        // Whatever is still under way ends with it.
        _sending.Dispose();
        if (ended.IsCompleted)
        {
            _sdk.Dispose();
        }
        else
        {
            _ = ended.ContinueWith(_ => _sdk.Dispose(), TaskScheduler.Default);
        }
    }

    // Each waits for what it sends, and on a machine of two processors three that wait would hold all threads of the pool that could send it.
    private static Task Aside(Func<bool> end) => Task.Factory.StartNew(end, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Build(IOpenTelemetryBuilder builder, TelemetryInstruments instruments)
    {
        // The SDK's own way is to read the environment; this is the environment that the session was given.
        builder.Services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(_options.Variables!).Build());
        var instance = Guid.NewGuid().ToString();
        builder.ConfigureResource(resource => resource.Clear().AddService("bridle", serviceVersion: _options.Version, serviceInstanceId: instance).AddTelemetrySdk().AddEnvironmentVariableDetector());
        if (_options.Targets.TryGetValue(TelemetryOptions.Traces, out var traces))
        {
            builder.WithTracing(tracing => tracing.AddSource(TelemetryInstruments.Name).ConfigureSampler((_, sampler) => new OwnSampler(instruments, sampler)).AddProcessor(services =>
                new OwnSpans(instruments, new OtlpTraceExporter(To(new OtlpExporterOptions(), traces)), services.GetRequiredService<IOptionsMonitor<BatchExportActivityProcessorOptions>>().CurrentValue)));
        }

        if (_options.Targets.TryGetValue(TelemetryOptions.Metrics, out var metrics))
        {
            builder.WithMetrics(metering => metering.AddMeter(TelemetryInstruments.Name).AddView(instrument => Own(instrument, instruments.Meter)).AddOtlpExporter(exporter => To(exporter, metrics)));
        }

        if (_options.Targets.TryGetValue(TelemetryOptions.Logs, out var logs))
        {
            builder.WithLogging(logging => logging.AddOtlpExporter(exporter => To(exporter, logs)), logger => logger.Version = _options.Version);
        }
    }

    // As with spans: other sessions have a meter of the same name.
    private static MetricStreamConfiguration? Own(Instrument instrument, Meter own) => ReferenceEquals(instrument.Meter, own) ? null : MetricStreamConfiguration.Drop;

    private OtlpExporterOptions To(OtlpExporterOptions exporter, SignalTarget target)
    {
        exporter.Endpoint = target.Address;
        exporter.Protocol = target.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Compression = target.Gzip ? OtlpExportCompression.GZip : OtlpExportCompression.None;
        exporter.TimeoutMilliseconds = (int)target.Patience.TotalMilliseconds;
        // The exporter reads headers from one string, in which a comma cannot be told from the end of a header.
        exporter.Headers = null;
        exporter.HttpClientFactory = () => Client(target);
        return exporter;
    }

    private HttpClient Client(SignalTarget target)
    {
        var client = new HttpClient(_sending, disposeHandler: false) { Timeout = target.Patience };
        foreach (var (name, value) in target.Headers)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        }

        return client;
    }
}
