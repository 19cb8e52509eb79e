using System.Diagnostics;
using System.Globalization;
using Bridle.Hosting.Settings;

namespace Bridle.Hosting.Telemetry;

/// <summary>Where telemetry goes and what is in it, as the person's environment and settings say. A project has no say.</summary>
internal sealed record TelemetryOptions
{
    /// <summary>Turns it on; settings can as well.</summary>
    public const string EnableVariable = "BRIDLE_ENABLE_TELEMETRY";

    /// <summary>Puts messages, arguments and results into it.</summary>
    public const string ContentVariable = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

    /// <summary>The address of each signal; one that is missing is not sent.</summary>
    public required IReadOnlyDictionary<string, Uri> Addresses { get; init; }

    /// <summary>Headers of each request by signal.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<(string Name, string Value)>> Headers { get; init; }

    /// <summary>How long one request may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often what there is is sent.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What the process is, by name.</summary>
    public required IReadOnlyList<KeyValuePair<string, object?>> Resource { get; init; }

    /// <summary>Whether messages, arguments and results are in it.</summary>
    public bool Content { get; init; }

    /// <summary>The names.</summary>
    public GenAiNames Names { get; init; } = GenAiNames.Published;

    /// <summary>The span that called us, or nothing.</summary>
    public ActivityContext Parent { get; init; }

    /// <summary>Which traces are kept.</summary>
    public required TraceSampling Sampling { get; init; }

    /// <summary>The signals as OTLP names them.</summary>
    public static IReadOnlyList<string> Signals { get; } = ["traces", "metrics", "logs"];

    /// <summary>Reads it; null when it is off. What cannot be used is said, and that part is not sent.</summary>
    public static TelemetryOptions? Of(HostEnvironment environment, BridleSettings settings, List<string> notices) => IsOn(environment, settings) ? Read(environment, settings, notices) : null;

    private static bool IsOn(HostEnvironment environment, BridleSettings settings) =>
        (environment[EnableVariable] is { } flag ? flag is "1" || flag.Equals("true", StringComparison.OrdinalIgnoreCase) : settings.Telemetry?.Enabled is true)
        && !string.Equals(environment["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase);

    private static TelemetryOptions? Read(HostEnvironment environment, BridleSettings settings, List<string> notices)
    {
        var addresses = Signals.Select(signal => (signal, Address: AddressOf(environment, settings, signal, notices))).Where(one => one.Address is not null).ToDictionary(one => one.signal, one => one.Address!);
        return addresses.Count == 0 ? null : new()
        {
            Addresses = addresses,
            Headers = Signals.ToDictionary(signal => signal, signal => HeadersOf(environment, settings, signal)),
            Patience = Milliseconds(environment["OTEL_EXPORTER_OTLP_TIMEOUT"], TimeSpan.FromSeconds(10)),
            Every = Milliseconds(environment["OTEL_BSP_SCHEDULE_DELAY"], TimeSpan.FromSeconds(5)),
            Resource = ResourceOf(environment),
            Content = environment[ContentVariable] is { } content ? content.Equals("true", StringComparison.OrdinalIgnoreCase) : settings.Telemetry?.Content is true,
            Names = (environment["OTEL_SEMCONV_STABILITY_OPT_IN"] ?? "").Split(',').Contains("gen_ai_latest_experimental") ? GenAiNames.Latest : GenAiNames.Published,
            Parent = ActivityContext.TryParse(environment["TRACEPARENT"], environment["TRACESTATE"], isRemote: true, out var parent) ? parent : default,
            Sampling = TraceSampling.Of(environment["OTEL_TRACES_SAMPLER"], environment["OTEL_TRACES_SAMPLER_ARG"], notices),
        };
    }

    /// <summary>The values of headers: keys, mostly, which must not be seen anywhere.</summary>
    public static IEnumerable<string> Secrets(HostEnvironment environment, BridleSettings settings) =>
        Signals.SelectMany(signal => HeadersOf(environment, settings, signal)).Select(header => header.Value).SelectMany(value => new[] { value, value[(value.IndexOf(' ') + 1)..] }).Where(value => value.Length >= 6).Distinct();

    private static Uri? AddressOf(HostEnvironment environment, BridleSettings settings, string signal, List<string> notices)
    {
        var name = signal.ToUpperInvariant();
        if ((environment[$"OTEL_{name}_EXPORTER"] ?? "otlp") is var exporter and not "otlp")
        {
            notices.AddRange(exporter is "none" ? [] : [$"OTEL_{name}_EXPORTER is '{exporter}'; only otlp and none are known, so {signal} are not sent."]);
            return null;
        }

        if ((environment[$"OTEL_EXPORTER_OTLP_{name}_PROTOCOL"] ?? environment["OTEL_EXPORTER_OTLP_PROTOCOL"] ?? "http/protobuf") is var protocol and not "http/protobuf")
        {
            notices.Add($"The protocol '{protocol}' for telemetry is not known; only http/protobuf is, so {signal} are not sent. Collectors take it on port 4318.");
            return null;
        }

        var whole = environment[$"OTEL_EXPORTER_OTLP_{name}_ENDPOINT"];
        var text = whole ?? $"{(environment["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? settings.Telemetry?.Endpoint ?? "http://localhost:4318").TrimEnd('/')}/v1/{signal}";
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            return address;
        }

        notices.Add($"The address for telemetry '{text}' cannot be used, so {signal} are not sent. It must begin with http:// or https://.");
        return null;
    }

    private static IReadOnlyList<(string Name, string Value)> HeadersOf(HostEnvironment environment, BridleSettings settings, string signal)
    {
        var written = environment[$"OTEL_EXPORTER_OTLP_{signal.ToUpperInvariant()}_HEADERS"] ?? environment["OTEL_EXPORTER_OTLP_HEADERS"];
        return written is null ? [.. (settings.Telemetry?.Headers ?? new Dictionary<string, string>()).Select(one => (one.Key, one.Value))] : [.. Pairs(written)];
    }

    private static List<KeyValuePair<string, object?>> ResourceOf(HostEnvironment environment)
    {
        var all = new Dictionary<string, object?> { ["service.name"] = "bridle", ["service.version"] = BridleVersion.Text };
        foreach (var (name, value) in Pairs(environment["OTEL_RESOURCE_ATTRIBUTES"] ?? ""))
        {
            all[name] = value;
        }

        all["service.name"] = environment["OTEL_SERVICE_NAME"] ?? all["service.name"];
        (all["telemetry.sdk.name"], all["telemetry.sdk.language"], all["telemetry.sdk.version"]) = ("bridle", "dotnet", BridleVersion.Text);
        return [.. all];
    }

    private static IEnumerable<(string Name, string Value)> Pairs(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(pair => pair.Split('=', 2)).Where(pair => pair is [{ Length: > 0 }, _]).Select(pair => (Uri.UnescapeDataString(pair[0].Trim()), Uri.UnescapeDataString(pair[1].Trim())));

    private static TimeSpan Milliseconds(string? text, TimeSpan otherwise) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? TimeSpan.FromMilliseconds(value) : otherwise;
}

/// <summary>Which traces are kept: all, none, or a share by their id, whatever the caller decided or only where there is none.</summary>
internal sealed record TraceSampling(bool ByParent, double Share)
{
    public static TraceSampling Of(string? name, string? argument, List<string> notices)
    {
        var share = double.TryParse(argument, NumberStyles.Float, CultureInfo.InvariantCulture, out var given) && given is >= 0 and <= 1 ? given : 1;
        switch (name)
        {
            case null or "parentbased_always_on":
                return new(true, 1);
            case "parentbased_always_off":
                return new(true, 0);
            case "parentbased_traceidratio":
                return new(true, share);
            case "always_on":
                return new(false, 1);
            case "always_off":
                return new(false, 0);
            case "traceidratio":
                return new(false, share);
            default:
                notices.Add($"OTEL_TRACES_SAMPLER is '{name}', which is not known; all traces are kept.");
                return new(true, 1);
        }
    }

    /// <summary>Whether a trace is kept.</summary>
    public bool Keeps(ActivityTraceId trace, ActivityContext parent)
    {
        if (ByParent && parent.TraceId != default)
        {
            return parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded);
        }

        var bound = Share >= 1 ? ulong.MaxValue : (ulong)(Share * long.MaxValue) << 1;
        return Share > 0 && ulong.Parse(trace.ToHexString().AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) <= bound;
    }
}
