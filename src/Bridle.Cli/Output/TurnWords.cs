using Bridle.Cli.Terminals;
using Bridle.Events;
using Bridle.Hosting.Exports;
using Bridle.Messages;
using Bridle.Sensors;

namespace Bridle.Cli.Output;

/// <summary>What happens in a turn beside answers and calls, in words for a person: the same on a screen and line by line.</summary>
internal static class TurnWords
{
    /// <summary>The line for what is told in one, whatever else happens in a turn; null for the rest.</summary>
    public static string? Line(DurableEvent happened, Styling style) => happened switch
    {
        SensorRan ran => ran.State is SensorState.Green ? style.Dim(Of(ran)) : style.Red(Of(ran)),
        SensorFixed tried => style.Dim(Of(tried)),
        ModelStoodIn stood => style.Yellow(Of(stood)),
        ImagesRefused refused => style.Yellow(Of(refused)),
        AcceptanceChecked looked => style.Dim(Of(looked)),
        Compacted compacted => style.Dim($"  ({CompactionText.Of(compacted)})"),
        SkillUsed used => style.Dim(Of(used)),
        InboxDrained drained => style.Dim(Of(drained)),
        _ => null,
    };

    public static string Of(ReplyCut cut) => $"  (this reply broke off: {VisibleText.Line(cut.Reason, 120)}. The model does not see it.)";

    public static string Of(ReplyWithdrawn withdrawn) => $"The reply broke off and does not count ({VisibleText.Line(withdrawn.Reason, 120)}).";

    public static string Of(RetryWaiting wait) => wait.Delay == TimeSpan.Zero
        ? $"Asking again, try {wait.Attempt} of {wait.Of}: {VisibleText.Line(wait.Reason, 300)}"
        : $"Waiting {wait.Delay.TotalSeconds:0.#} s before try {wait.Attempt} of {wait.Of}: {VisibleText.Line(wait.Reason, 300)}";

    public static string Of(SkillUsed used) => $"  (skill {VisibleText.Line(used.Name, 80)}{(used.Allowed is { Count: > 0 } allowed ? $": only {VisibleText.Line(string.Join(", ", allowed), 200)}" : "")})";

    public static string Of(ModelStoodIn stood) => $"{VisibleText.Line(stood.Message.TrimEnd('.'), 300)}. {VisibleText.Line(stood.To, 100)} answers the rest of this turn in place of {VisibleText.Line(stood.From, 100)}.";

    public static string Of(ImagesRefused refused) =>
        $"{VisibleText.Line(refused.Message.TrimEnd('.'), 300)}. From here on {VisibleText.Line(refused.Model, 100)} is sent a text in place of {(refused.Images.Count == 1 ? "that image" : $"those {refused.Images.Count} images")}.";

    public static string Of(SensorBegan began) => $"◦ sensor {VisibleText.Line(began.Sensor, 60)}{(began.What.Length == 0 ? "" : $": {VisibleText.Line(began.What, 120)}")}";

    public static string Of(SensorRan ran)
    {
        var took = ran.Milliseconds >= 1_000 ? $" ({ran.Milliseconds / 1_000.0:0.#} s)" : "";
        var first = ran.Signals.Count > 0 ? $"; {VisibleText.Line(SignalText.Of(ran.Signals[0]), 200)}" : "";
        var leftOut = ran.FilesLeftOut is { } files ? $"; {SignalText.LeftOut(files)}" : "";
        return ran.State switch
        {
            SensorState.Failed => $"  could not look{took}: {VisibleText.Line(ran.Reason ?? "", 300)}",
            SensorState.Red => $"  red{took}: {SignalText.Count(ran)}{first}{leftOut}",
            _ when ran.Signals.Count > 0 => $"  green{took}, with {SignalText.Count(ran)}{first}{leftOut}",
            _ => $"  green{took}{leftOut}",
        };
    }

    public static string Of(SensorFixed tried) => $"  fix {VisibleText.Line(tried.Target, 120)}: {tried.Outcome}{(tried.Reason is { } reason ? $" ({VisibleText.Line(reason, 200)})" : "")}";

    /// <summary>Whether a call is one of a sensor, which is shown as the sensor and not as a call.</summary>
    public static bool IsOfSensor(CallId call) => call.Value.StartsWith(SensorCalls.Prefix, StringComparison.Ordinal);

    public static string Of(AcceptanceChecked looked) => looked.Accepted
        ? $"  (accepted: {(looked.Checks.Count == 0 ? "no sealed file has changed" : string.Join("; ", looked.Checks.Select(check => VisibleText.Line(check.Check, 80))))})"
        : $"  (not accepted: {string.Join("; ", looked.Checks.Where(check => check.Outcome is not CheckOutcome.Met).Select(check => VisibleText.Line(check.Check, 80)))})";

    public static string Of(InboxDrained drained) => $"  (passed on: {VisibleText.Line(string.Join(" / ", drained.Messages.Select(message => message.Text)), 200)})";
}
