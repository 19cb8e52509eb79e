using Bridle.Events;
using Bridle.Journal;

namespace Bridle.Telemetry;

/// <summary>
/// The telemetry of one session: watches its events, makes spans, figures and words of them, and has them sent. It has no say: what goes wrong in it stops nothing.
/// Nobody but who turned it on makes one, so that the SDK is loaded by nobody else.
/// </summary>
public sealed class SessionTelemetry : IEventSink, IAsyncDisposable
{
    private readonly TelemetryInstruments _instruments;
    private readonly SdkExport _export;
    private readonly SessionWatch _watch;

    private SessionTelemetry(TelemetryOptions options, SecretRedactor redactor, string session, Func<string, Uri?> addressOf, Action<string>? warn)
    {
        _instruments = new(options.Names, options.Version);
        _export = new(_instruments, options, warn);
        _watch = new(_instruments, options, redactor, session, _export.Say) { AddressOf = addressOf };
    }

    /// <summary>Begins; null when there can be none, and why is among the notices.</summary>
    /// <param name="options">Where it goes and what is in it.</param>
    /// <param name="redactor">Takes secrets out of all that is said.</param>
    /// <param name="session">The session's name.</param>
    /// <param name="addressOf">The address of a provider's server, or null where it is not known.</param>
    /// <param name="warn">Hears, once and on any thread, that something could not be sent.</param>
    /// <param name="notices">Takes why there is none.</param>
    public static SessionTelemetry? Open(TelemetryOptions options, SecretRedactor redactor, string session, Func<string, Uri?> addressOf, Action<string>? warn, List<string> notices)
    {
        if (WhyNot() is { } why)
        {
            notices.Add(why);
            return null;
        }

        try
        {
            return new(options, redactor, session, addressOf, warn);
        }
        catch (ArgumentException problem)
        {
            // The SDK reads numbers as they are and throws where it cannot work with them.
            notices.Add($"No telemetry: an OTEL_ variable has a value that the library which sends it cannot work with: {problem.Message.Split('\n')[0].TrimEnd('\r', '.')}.");
            return null;
        }
    }

    /// <summary>Why there can be no telemetry in this process now, as a sentence for a person; null when there can.</summary>
    public static string? WhyNot() =>
        SdkDiagnostics.AreSteered ? $"No telemetry: there is a file {SdkDiagnostics.FileName} in this folder, and the library that sends telemetry would write a log wherever that file says. Remove it, or start Bridle in another folder."
        : SdkDiagnostics.End() ? null : $"No telemetry: this version of the library that sends it cannot be kept from taking {SdkDiagnostics.FileName} of the current folder.";

    /// <inheritdoc/>
    public ValueTask EmitAsync(SessionEvent sessionEvent, CancellationToken cancellationToken) => _watch.EmitAsync(sessionEvent, cancellationToken);

    /// <summary>Ends what is still open and sends the rest, for which it takes two seconds at most.</summary>
    public async ValueTask DisposeAsync()
    {
        _watch.Dispose();
        await _export.DisposeAsync();
        _instruments.Dispose();
    }
}
