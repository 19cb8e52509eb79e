using Bridle.FakeVendors;
using Bridle.Testing;

namespace Bridle.Hosting.Tests.Telemetry;

/// <summary>A home, a folder to work in, the person's variables, and sessions with a vendor on loopback.</summary>
public abstract class TelemetryStage : IDisposable
{
    private protected const string Key = "sk-ant-api03-abcdefghijklmnopqrstuvwxyz";

    private protected TemporaryFolder Folder { get; } = new();

    private protected Dictionary<string, string> Variables { get; } = new() { ["BRIDLE_ENABLE_TELEMETRY"] = "1" };

    private protected List<string> Warnings { get; } = [];

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected string Work => Directory.CreateDirectory(Path.Combine(Folder.Path, "work")).FullName;

    private protected async Task<Sessions.TurnResult> RunAsync(Collector? collector, FakeTurn[] turns, string keys = "", string task = "hello", string session = "mine", bool trust = false, bool asSetting = false)
    {
        await using var vendor = new FakeAnthropic(turns);
        return await RunAsync(collector, vendor, keys, task, session, trust, asSetting);
    }

    private protected async Task<Sessions.TurnResult> RunAsync(Collector? collector, FakeAnthropic vendor, string keys, string task = "hello", string session = "mine", bool trust = false, bool asSetting = false)
    {
        await using var harness = await StartAsync(collector, vendor, keys, session, trust, asSetting);
        return await harness.Session.RunAsync(task, Token);
    }

    private protected async Task<Harness> StartAsync(Collector? collector, FakeAnthropic vendor, string keys, string session, bool trust, bool asSetting)
    {
        if (collector is not null && !asSetting)
        {
            Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url.ToString();
        }

        var own = collector is not null && asSetting ? $$""" "telemetry": { "endpoint": "{{collector.Url}}" }, """ : "";
        Folder.Write(".config/bridle/settings.json", $$"""{ {{keys}} {{own}} "model": "anthropic/claude-x", "providers": { "anthropic": { "api": "anthropic", "baseUrl": "{{vendor.Url}}", "apiKey": "{{Key}}" } } }""");
        var environment = Folder.Environment([.. Variables.Select(one => (one.Key, one.Value))]) with { ManagedFolder = Path.Combine(Folder.Path, "managed") };
        var start = await Composition.StartAsync(new(environment, Work) { SessionName = session, Sandbox = "off", TrustFolder = trust, Warn = Warnings.Add }, Token);
        return Assert.IsType<HarnessStarted>(start).Harness;
    }
}
