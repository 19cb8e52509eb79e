using Bridle.Events;
using Bridle.Hosting.Providers;
using Bridle.Journal;

namespace Bridle.Hosting.Telemetry;

/// <summary>The telemetry of one session: nothing at all unless somebody turned it on.</summary>
internal static class TelemetryAssembly
{
    /// <summary>The watcher, with all behind it added to what is closed at the end; none when it is off.</summary>
    public static IReadOnlyList<IEventSink> Open(HarnessRequest request, HostFiles files, ProviderChoice? choice, SecretRedactor redactor, string session, Unwinding opened, List<string> notices)
    {
        if (TelemetryOptions.Of(files.Environment, files.Layers.Effective, notices) is not { } options)
        {
            return [];
        }

        var instruments = opened.AddPlain(new TelemetryInstruments(options.Names));
        var export = opened.Add(new OtlpExport(instruments, options, request.Time, request.Warn));
        return [opened.AddPlain(new SessionTelemetry(instruments, options, redactor, session, request.Time, export.Say) { AddressOf = provider => provider == choice?.Provider ? choice.BaseUrl : null })];
    }
}
