using System.Diagnostics;
using System.Globalization;
using Bridle.Hosting.Settings;
using Bridle.Journal;
using Bridle.Telemetry;

namespace Bridle.Hosting.Telemetry;

/// <summary>Reads what the person's environment and settings say of telemetry. A project has no say.</summary>
internal static class TelemetryReading
{
    /// <summary>Turns it on; settings can as well.</summary>
    public const string EnableVariable = "BRIDLE_ENABLE_TELEMETRY";

    /// <summary>Puts messages, arguments and results into it.</summary>
    public const string ContentVariable = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

    private static readonly string[] s_signals = ["traces", "metrics", "logs"];
    private static readonly string[] s_samplers = ["always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio"];

    // What the SDK would write a log of its own by, and what it need not know.
    private static readonly string[] s_kept = ["OTEL_LOG_LEVEL", "OTEL_DOTNET_SELF_DIAGNOSTICS", "OTEL_DOTNET_EXPERIMENTAL_OTLP_DISK", "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_METRICS_HEADERS", "OTEL_EXPORTER_OTLP_LOGS_HEADERS"];

    /// <summary>Whether anything is sent at all.</summary>
    public static bool IsOn(HostEnvironment environment, BridleSettings settings) =>
        (environment[EnableVariable] is { } flag ? flag is "1" || flag.Equals("true", StringComparison.OrdinalIgnoreCase) : settings.Telemetry?.Enabled is true)
        && !string.Equals(environment["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The values of headers: keys, mostly, which must not be seen anywhere.</summary>
    public static IEnumerable<string> Secrets(HostEnvironment environment, BridleSettings settings) =>
        s_signals.SelectMany(signal => HeadersOf(environment, settings, signal)).Select(header => header.Value).SelectMany(value => new[] { value, value[(value.IndexOf(' ') + 1)..] }).Where(value => value.Length >= 6).Distinct();

    /// <summary>Reads it; null when it is off. What cannot be used is said, and that part is not sent.</summary>
    public static TelemetryOptions? Of(HostEnvironment environment, BridleSettings settings, SecretRedactor redactor, List<string> notices)
    {
        var targets = !IsOn(environment, settings) ? []
            : s_signals.Select(signal => (signal, Target: TargetOf(environment, settings, signal, notices))).Where(one => one.Target is not null).ToDictionary(one => one.signal, one => one.Target!);
        if (targets.Count == 0)
        {
            return null;
        }

        if (environment["OTEL_TRACES_SAMPLER"] is { } sampler && !s_samplers.Contains(sampler))
        {
            notices.Add($"OTEL_TRACES_SAMPLER is '{sampler}', which is not known; all traces are kept.");
        }

        return new()
        {
            Targets = targets,
            Version = BridleVersion.Text,
            Variables = environment.Variables.Where(one => one.Value.Length > 0 && one.Key.StartsWith("OTEL_", StringComparison.Ordinal) && !Array.Exists(s_kept, kept => one.Key.StartsWith(kept, StringComparison.Ordinal)))
                .ToDictionary(one => one.Key, one => redactor.RedactKnown(one.Value)),
            Content = environment[ContentVariable] is { } content ? content.Equals("true", StringComparison.OrdinalIgnoreCase) : settings.Telemetry?.Content is true,
            LatestNames = (environment["OTEL_SEMCONV_STABILITY_OPT_IN"] ?? "").Split(',').Contains("gen_ai_latest_experimental"),
            Parent = ActivityContext.TryParse(environment["TRACEPARENT"], environment["TRACESTATE"], isRemote: true, out var parent) ? parent : default,
        };
    }

    private static SignalTarget? TargetOf(HostEnvironment environment, BridleSettings settings, string signal, List<string> notices)
    {
        if ((environment[$"OTEL_{signal.ToUpperInvariant()}_EXPORTER"] ?? "otlp") is var exporter and not "otlp")
        {
            notices.AddRange(exporter is "none" ? [] : [$"OTEL_{signal.ToUpperInvariant()}_EXPORTER is '{exporter}'; only otlp and none are known, so {signal} are not sent."]);
            return null;
        }

        var protocol = Own(environment, signal, "PROTOCOL") ?? "http/protobuf";
        if (protocol is not ("http/protobuf" or "grpc"))
        {
            notices.Add($"The protocol '{protocol}' for telemetry is not known; http/protobuf and grpc are, so {signal} are not sent. Collectors take the first on port 4318.");
            return null;
        }

        var (grpc, whole) = (protocol is "grpc", environment[$"OTEL_EXPORTER_OTLP_{signal.ToUpperInvariant()}_ENDPOINT"]);
        var common = (environment["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? settings.Telemetry?.Endpoint ?? $"http://localhost:{(grpc ? 4317 : 4318)}").TrimEnd('/');
        var text = whole ?? (grpc ? common : $"{common}/v1/{signal}");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            notices.Add($"The address for telemetry '{text}' cannot be used, so {signal} are not sent. It must begin with http:// or https://.");
            return null;
        }

        return new(address)
        {
            Grpc = grpc,
            Gzip = Own(environment, signal, "COMPRESSION") is "gzip",
            Patience = Milliseconds(Own(environment, signal, "TIMEOUT"), TimeSpan.FromSeconds(10)),
            Headers = HeadersOf(environment, settings, signal),
        };
    }

    // What is said for one signal goes before what is said for all.
    private static string? Own(HostEnvironment environment, string signal, string what) =>
        environment[$"OTEL_EXPORTER_OTLP_{signal.ToUpperInvariant()}_{what}"] ?? environment[$"OTEL_EXPORTER_OTLP_{what}"];

    private static IReadOnlyList<(string Name, string Value)> HeadersOf(HostEnvironment environment, BridleSettings settings, string signal) =>
        Own(environment, signal, "HEADERS") is { } written ? [.. Pairs(written)] : [.. (settings.Telemetry?.Headers ?? new Dictionary<string, string>()).Select(one => (one.Key, one.Value))];

    private static IEnumerable<(string Name, string Value)> Pairs(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(pair => pair.Split('=', 2)).Where(pair => pair is [{ Length: > 0 }, _]).Select(pair => (Uri.UnescapeDataString(pair[0].Trim()), Uri.UnescapeDataString(pair[1].Trim())));

    private static TimeSpan Milliseconds(string? text, TimeSpan otherwise) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? TimeSpan.FromMilliseconds(value) : otherwise;
}
