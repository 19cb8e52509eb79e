using System.Diagnostics;

namespace Bridle.Telemetry;

/// <summary>Where the telemetry of a session goes and what is in it.</summary>
public sealed record TelemetryOptions
{
    /// <summary>The signals as OTLP names them.</summary>
    public const string Traces = "traces";

    /// <inheritdoc cref="Traces"/>
    public const string Metrics = "metrics";

    /// <inheritdoc cref="Traces"/>
    public const string Logs = "logs";

    /// <summary>Where each signal goes; one that is missing is not sent.</summary>
    public required IReadOnlyDictionary<string, SignalTarget> Targets { get; init; }

    /// <summary>The version of Bridle.</summary>
    public required string Version { get; init; }

    /// <summary>The <c>OTEL_</c> variables that the SDK reads itself: sampling, batches, limits, what the process is called.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether messages, arguments and results are in it.</summary>
    public bool Content { get; init; }

    /// <summary>Takes the names that are not published yet where they differ.</summary>
    public bool LatestNames { get; init; }

    /// <summary>The span that called us, or nothing.</summary>
    public ActivityContext Parent { get; init; }

    internal GenAiNames Names => LatestNames ? GenAiNames.Latest : GenAiNames.Published;
}

/// <summary>Where one signal goes and how.</summary>
/// <param name="Address">The whole address for HTTP; without the path of the service for gRPC.</param>
public sealed record SignalTarget(Uri Address)
{
    /// <summary>gRPC instead of HTTP with protobuf.</summary>
    public bool Grpc { get; init; }

    /// <summary>Compresses what is sent.</summary>
    public bool Gzip { get; init; }

    /// <summary>How long one request may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Headers of each request; their values are secrets.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
}
