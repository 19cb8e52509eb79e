using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Sensors;

/// <summary>What a sensor last came to.</summary>
/// <param name="Reading">What it said.</param>
/// <param name="State">What that means.</param>
/// <param name="Fixes">What became of its fixes, in words.</param>
internal sealed record SensorSight(SensorReading Reading, SensorState State, IReadOnlyList<string> Fixes)
{
    /// <summary>Lets a sensor look, writes down what it found, tries the fixes that it offers once, and then lets it look again.</summary>
    public static async ValueTask<SensorSight> TakeAsync(Sensor sensor, SensorMoment moment, AutoFix mode, CancellationToken cancellationToken)
    {
        await sensor.Alone.WaitAsync(cancellationToken);
        try
        {
            return await TakeAloneAsync(sensor, moment, mode, cancellationToken);
        }
        finally
        {
            sensor.Alone.Release();
        }
    }

    private static async ValueTask<SensorSight> TakeAloneAsync(Sensor sensor, SensorMoment moment, AutoFix mode, CancellationToken cancellationToken)
    {
        var first = await LookAsync(sensor, moment, cancellationToken);
        var fixes = first.Reading.Findings.Select(finding => finding.Fix).Prepend(first.Reading.Fix).OfType<Fix>().Distinct().Take(MostFixes).ToList();
        if (fixes.Count == 0 || first.State is SensorState.Failed)
        {
            return first;
        }

        if (mode is AutoFix.Off)
        {
            return first with { Fixes = [.. fixes.Select(fix => $"A fix is known: {FixApplying.Describe(fix)}")] };
        }

        var applying = new FixApplying(sensor.Name, mode, moment.Calls);
        var tried = new List<TriedFix>();
        foreach (var fix in fixes)
        {
            try
            {
                tried.Add(await applying.ApplyAsync(fix, cancellationToken));
            }
            catch (ToolException unreadable)
            {
                tried.Add(new(false, $"A fix was not applied: {unreadable.Message}"));
            }
        }

        var after = tried.Any(one => one.Applied) ? await LookAsync(sensor, moment, cancellationToken) : first;
        return after with { Fixes = [.. tried.Select(one => one.Words)] };
    }

    private const int MostFixes = 20;

    private static async ValueTask<SensorSight> LookAsync(Sensor sensor, SensorMoment moment, CancellationToken cancellationToken)
    {
        var began = moment.Calls.Time.GetTimestamp();
        moment.Calls.Log.Show(new SensorBegan(sensor.Name, sensor.What));
        SensorReading reading;
        try
        {
            reading = await sensor.ReadAsync(moment, cancellationToken);
        }
        catch (Exception e) when (!(e is OperationCanceledException && cancellationToken.IsCancellationRequested) && e is not JournalException)
        {
            reading = SensorReading.Failed(e is ToolException told ? told.Message : $"it broke ({e.GetType().Name})");
        }

        reading = reading with { Findings = [.. reading.Findings.Select(finding => finding with { Signal = Capped(finding.Signal, sensor.Most) }).OrderByDescending(finding => finding.Signal.Severity)] };
        var state = reading.Failure is not null ? SensorState.Failed : reading.Findings.Any(finding => finding.Signal.Severity is SignalSeverity.Block) ? SensorState.Red : SensorState.Green;
        var ran = new SensorRan(
            sensor.Name, StageName(moment.Stage), state, [.. reading.Findings.Take(SensorRan.MostSignals).Select(finding => Readable(finding.Signal))],
            (long)moment.Calls.Time.GetElapsedTime(began).TotalMilliseconds) { Reason = reading.Failure, FilesLeftOut = reading.FilesLeftOut > 0 ? reading.FilesLeftOut : null };
        await moment.Calls.Log.RecordAsync(reading.IsAtLeast || reading.Findings.Count > SensorRan.MostSignals ? Counted(ran, reading) : ran, Durability.Written, cancellationToken);
        return new(reading, state, []);
    }

    private static SensorRan Counted(SensorRan ran, SensorReading reading) => ran with
    {
        Found = reading.Findings.Count, Errors = reading.Findings.Count(finding => finding.Signal.Severity is SignalSeverity.Block),
        Warnings = reading.Findings.Count(finding => finding.Signal.Severity is SignalSeverity.Warn), AtLeast = reading.IsAtLeast ? true : null,
    };

    internal static string StageName(SensorStages stage) => stage switch
    {
        SensorStages.Edit => "edit",
        SensorStages.Turn => "turn",
        SensorStages.Commit => "commit",
        SensorStages.Continuous => "continuous",
        _ => "hand",
    };

    private static SensorSignal Capped(SensorSignal signal, SignalSeverity most) => signal.Severity > most ? signal with { Severity = most } : signal;

    // A record is read by people and programs for as long as the session is kept; one signal must not be longer than the rest of it.
    private static SensorSignal Readable(SensorSignal signal) => signal with
    {
        Message = SignalText.Line(signal.Message, 1_000), File = signal.File is null ? null : SignalText.Line(signal.File, 1_000), Code = signal.Code is null ? null : SignalText.Line(signal.Code, 100),
        Advice = signal.Advice is null ? null : SignalText.Line(signal.Advice, 1_000),
        Detail = signal.Detail is null ? null : string.Join('\n', signal.Detail.Split('\n').Select(line => SignalText.Line(line, 400))),
    };
}
