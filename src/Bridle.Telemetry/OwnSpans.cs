using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Bridle.Telemetry;

/// <summary>Exports the spans that one session keeps: others of the process have collectors of their own, and whoever listens has spans made that this session's sampler did not want.</summary>
internal sealed class OwnSpans(TelemetryInstruments own, BaseExporter<Activity> exporter, BatchExportActivityProcessorOptions batch)
    : BatchActivityExportProcessor(exporter, batch.MaxQueueSize, batch.ScheduledDelayMilliseconds, batch.ExporterTimeoutMilliseconds, batch.MaxExportBatchSize)
{
    public override void OnEnd(Activity data)
    {
        if (own.Keeps(data))
        {
            base.OnEnd(data);
        }
    }
}
