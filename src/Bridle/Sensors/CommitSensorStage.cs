using Bridle.Events;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Tools;

namespace Bridle.Sensors;

/// <summary>
/// Lets sensors look before a call that makes a commit. One that is red keeps the call from running; its result says what was found. Stands behind approval: what runs is what
/// was looked at.
/// </summary>
public sealed class CommitSensorStage(SensorSet set, SensorDoors doors) : ToolStage
{
    private const string NoFiles = "git does not say which files would be committed";
    private const string NoLimit = "no limit would hold what it spends here";

    /// <inheritdoc/>
    public override string Name => "sensors (before commit)";

    /// <inheritdoc/>
    protected internal override async ValueTask<ToolResult> InvokeAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
    {
        var concerned = set.All.Where(sensor => sensor.When.HasFlag(SensorStages.Commit)).ToList();
        if (concerned.Count == 0 || invocation.Call.Id.Value.StartsWith(SensorCalls.Prefix, StringComparison.Ordinal) || !CommitCalls.Makes(invocation))
        {
            return await next(invocation, cancellationToken);
        }

        var log = new SensorLog(invocation.RecordAsync, invocation.Scope.Blobs, one => Show(invocation, one)) { Redact = invocation.Asking?.Redact ?? (text => text) };
        var files = await set.Committed(invocation, cancellationToken);
        var (red, notes) = (false, new List<string>());
        foreach (var sensor in concerned)
        {
            var moment = new SensorMoment(SensorStages.Commit, [.. (files ?? []).Where(sensor.Concerns)], new SensorCalls(doors, log))
            {
                WhyNoFiles = files is null ? NoFiles : null, WhyNotAsk = invocation.Asking?.WhyNot ?? (_ => NoLimit),
            };
            var sight = await SensorSight.TakeAsync(sensor, moment, set.AutoFix, invocation.Asking?.Spend, cancellationToken);
            red |= sight.State is SensorState.Red;
            if (sight is not { State: SensorState.Green, Reading.Findings.Count: 0, Fixes.Count: 0 })
            {
                notes.Add(SignalText.Note(sensor, sight));
            }
        }

        var words = string.Join('\n', notes);
        if (red)
        {
            return ToolResult.Failed($"Nothing was committed: a sensor that looks before a commit is red. Put right what it found, then commit again.\n{words}");
        }

        var result = await next(invocation, cancellationToken);
        return notes.Count == 0 ? result : result with { Content = [.. result.Content, new TextPart(words)] };
    }

    private static void Show(ToolInvocation invocation, TransientEvent one)
    {
        if (one is SensorBegan began)
        {
            invocation.Scope.ShowProgress($"The sensor {began.Sensor} looks before the commit.\n");
        }
    }
}
