using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Bridle.Telemetry;

/// <summary>What is said beside spans and figures.</summary>
/// <param name="Level">How grave it is.</param>
/// <param name="Event">The name of the event.</param>
/// <param name="Text">In words.</param>
/// <param name="Tags">What belongs to it.</param>
/// <param name="Span">The span that it belongs to, still open, or null.</param>
internal sealed record TelemetryLog(LogLevel Level, string Event, string Text, IReadOnlyList<KeyValuePair<string, object?>> Tags, Activity? Span);
