using System.Reflection;
using OpenTelemetry;

namespace Bridle.Telemetry;

/// <summary>
/// The SDK looks for a file in the current folder, at its start and every ten seconds, and writes a log of its own wherever that file says. The current folder is a
/// project's, and neither the project nor a program of the agent may say where Bridle writes. No switch turns it off, so that the one that looks is ended by its name.
/// </summary>
internal static class SdkDiagnostics
{
    /// <summary>The file.</summary>
    public const string FileName = "OTEL_DIAGNOSTICS.json";

    private static readonly Lazy<bool> s_ended = new(EndOnce);

    /// <summary>Whether the SDK would take the file when it starts.</summary>
    public static bool AreSteered => File.Exists(FileName);

    /// <summary>Starts the SDK and ends its looking for the file; false when that cannot be done.</summary>
    public static bool End() => s_ended.Value;

    // Constant names, which the trimmer understands.
    private static bool EndOnce()
    {
        // Whoever asks for anything of this class starts it.
        _ = Sdk.SuppressInstrumentation;
        var type = Type.GetType("OpenTelemetry.Internal.SelfDiagnostics, OpenTelemetry");
        var all = type?.GetField("Instance", BindingFlags.Static | BindingFlags.NonPublic)?.GetValue(null);
        var looking = all is null ? null : type?.GetField("configRefresher", BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(all) as IDisposable;
        looking?.Dispose();
        return looking is not null;
    }
}
