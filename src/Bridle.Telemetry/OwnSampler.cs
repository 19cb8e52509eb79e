using OpenTelemetry.Trace;

namespace Bridle.Telemetry;

/// <summary>Asks for the spans of one session only: the SDK listens to a source by its name, which the sessions of a process share.</summary>
internal sealed class OwnSampler(TelemetryInstruments own, Sampler inner) : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) => own.Decide(inner, samplingParameters);
}
