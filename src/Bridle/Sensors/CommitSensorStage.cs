using Bridle.Events;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Tools;

namespace Bridle.Sensors;

/// <summary>
/// Lets sensors look before a call that makes a commit. One that is red keeps the call from running; its result says what was found. Stands behind approval: what runs is what
/// was looked at. After a call that made one without saying so they look at once, and the turn is not done while one is red.
/// </summary>
public sealed class CommitSensorStage(SensorSet set, SensorDoors doors) : ToolStage
{
    private const string NoFiles = "git does not say which files would be committed";
    private const string Unsaid = "This call made a commit that no sensor had looked at. Those that look before a commit looked now.";

    /// <inheritdoc/>
    public override string Name => "sensors (before commit)";

    /// <inheritdoc/>
    protected internal override async ValueTask<ToolResult> InvokeAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
    {
        var concerned = set.All.Where(sensor => sensor.When.HasFlag(SensorStages.Commit)).ToList();
        if (concerned.Count == 0 || invocation.Call.Id.Value.StartsWith(SensorCalls.Prefix, StringComparison.Ordinal))
        {
            return await next(invocation, cancellationToken);
        }

        return CommitCalls.Makes(invocation, () => set.Aliases(invocation)) ? await LookBeforeAsync(concerned, invocation, next, cancellationToken) : await LookAfterAsync(concerned, invocation, next, cancellationToken);
    }

    private async ValueTask<ToolResult> LookBeforeAsync(List<Sensor> concerned, ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
    {
        var (red, words) = await LookAsync(concerned, invocation, await set.Committed(invocation, cancellationToken), cancellationToken);
        if (red.Count > 0)
        {
            return ToolResult.Failed($"Nothing was committed: a sensor that looks before a commit is red. Put right what it found, then commit again.\n{words}");
        }

        var result = await next(invocation, cancellationToken);
        return words.Length == 0 ? result : result with { Content = [.. result.Content, new TextPart(words)] };
    }

    // A script, a name of the environment, a program of another language: what commits without saying so is seen by what it leaves.
    private async ValueTask<ToolResult> LookAfterAsync(List<Sensor> concerned, ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
    {
        var watch = invocation.Tool?.Definition.Kind is ToolKind.Execute or ToolKind.Network ? set.Watch(invocation) : null;
        var result = await next(invocation, cancellationToken);
        if (watch is null || await watch(cancellationToken) is not { } made)
        {
            return result;
        }

        var (red, words) = await LookAsync(concerned, invocation, made.Files, cancellationToken);
        foreach (var one in red)
        {
            set.RedCommits.Enqueue(one);
        }

        var then = red.Count == 0 ? "" : " Put right what they found and amend the commit; you are not done before that.";
        return result with { Content = [.. result.Content, new TextPart($"{Unsaid}{then}{(words.Length == 0 ? "" : $"\n{words}")}")] };
    }

    private async ValueTask<(IReadOnlyList<RedCommit> Red, string Words)> LookAsync(List<Sensor> concerned, ToolInvocation invocation, IReadOnlyList<string>? files, CancellationToken cancellationToken)
    {
        var log = new SensorLog(invocation.RecordAsync, invocation.Scope.Blobs, one => Show(invocation, one)) { Redact = invocation.Asking?.Redact ?? (text => text) };
        var (red, notes) = (new List<RedCommit>(), new List<string>());
        foreach (var sensor in concerned)
        {
            var moment = new SensorMoment(SensorStages.Commit, [.. (files ?? []).Where(sensor.Concerns)], new SensorCalls(doors, log))
            {
                WhyNoFiles = files is null ? NoFiles : null, Beside = invocation.Asking?.Beside,
            };
            var sight = await SensorSight.TakeAsync(sensor, moment, set.AutoFix, cancellationToken);
            var note = SignalText.Note(sensor, sight);
            if (sight.State is SensorState.Red)
            {
                red.Add(new(sensor, sight, note, files ?? []));
            }

            if (sight is not { State: SensorState.Green, Reading.Findings.Count: 0, Fixes.Count: 0 })
            {
                notes.Add(note);
            }
        }

        return (red, string.Join('\n', notes));
    }

    private static void Show(ToolInvocation invocation, TransientEvent one)
    {
        if (one is SensorBegan began)
        {
            invocation.Scope.ShowProgress($"The sensor {began.Sensor} looks before the commit.\n");
        }
    }
}
