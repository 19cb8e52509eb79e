using System.Runtime.CompilerServices;
using Bridle.Events;
using Bridle.Hosting.Providers;
using Bridle.Journal;
using Bridle.Telemetry;

namespace Bridle.Hosting.Telemetry;

/// <summary>The telemetry of one session: nothing at all unless somebody turned it on, and then the library that sends it is loaded.</summary>
internal static class TelemetryAssembly
{
    /// <summary>The watcher, with all behind it added to what is closed at the end; none when it is off.</summary>
    public static IReadOnlyList<IEventSink> Open(HarnessRequest request, HostFiles files, ProviderChoice? choice, SecretRedactor redactor, string session, Unwinding opened, List<string> notices) =>
        TelemetryReading.IsOn(files.Environment, files.Layers.Effective) ? Start(request, files, choice, redactor, session, opened, notices) : [];

    /// <summary>What would be sent and where to, for a dry run; null when nothing would.</summary>
    public static string? Shown(HostFiles files, List<string> notices) => TelemetryReading.IsOn(files.Environment, files.Layers.Effective) ? Told(files, notices) : null;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string? Told(HostFiles files, List<string> notices)
    {
        if (TelemetryReading.Of(files.Environment, files.Layers.Effective, SecretRedactor.ShapesOnly, notices) is not { } options)
        {
            return null;
        }

        if (SessionTelemetry.WhyNot() is { } why)
        {
            notices.Add(why);
            return null;
        }

        return $"{string.Join(", ", options.Targets.Keys)} to {options.Targets.Values.First().Address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}, {(options.Content ? "with" : "without")} content";
    }

    // Apart, because whoever runs a method loads what it names.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IReadOnlyList<IEventSink> Start(HarnessRequest request, HostFiles files, ProviderChoice? choice, SecretRedactor redactor, string session, Unwinding opened, List<string> notices) =>
        TelemetryReading.Of(files.Environment, files.Layers.Effective, redactor, notices) is { } options
        && SessionTelemetry.Open(options, redactor, session, provider => provider == choice?.Provider ? choice.BaseUrl : null, request.Warn, notices) is { } telemetry
            ? [opened.Add(telemetry)] : [];
}
