using Bridle.FakeVendors;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Effects;

/// <summary>What the keys of telemetry do: what a collector was sent.</summary>
internal static class TelemetryEffects
{
    public static readonly Dictionary<string, SettingEffect> All = new()
    {
        ["telemetry"] = new(stage => SentAsync(stage), "sent without the word, plain", "nothing"),
        ["telemetry.enabled"] = new(stage => SentAsync(stage), "sent without the word, plain", "nothing"),
        ["telemetry.endpoint"] = new(stage => SentAsync(stage), "sent without the word, plain", "nothing"),
        ["telemetry.headers"] = new(stage => SentAsync(stage, ""","headers": { "X-Key": "collect" }"""), "sent without the word, with the header", "sent without the word, plain"),
        ["telemetry.content"] = new(stage => SentAsync(stage, ""","content": true"""), "sent with the word, plain", "sent without the word, plain"),
    };

    private static async Task<string> SentAsync(CliStage stage, string more = "")
    {
        await using var collector = new FakeHttpServer(_ => FakeReply.Json(200, "{}"));
        stage.Write("home/.config/bridle/settings.json", $$"""{ "telemetry": { "enabled": true, "endpoint": "{{collector.Url}}"{{more}} } }""");
        stage.Model = new ScriptedModel(ScriptedReply.Text("Hi."));
        await stage.RunAsync("run", "--sandbox", "off", "wombat");
        return collector.Requests.FirstOrDefault(request => request.Path == "/v1/traces") is not { } traces ? "nothing"
            : $"sent {(traces.Text.Contains("wombat", StringComparison.Ordinal) ? "with" : "without")} the word, {(traces.Headers.ContainsKey("X-Key") ? "with the header" : "plain")}";
    }
}
