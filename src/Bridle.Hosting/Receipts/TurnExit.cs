using Bridle.Events;
using Bridle.Models;

namespace Bridle.Hosting.Receipts;

/// <summary>The exit code of the program for a turn: 0 done, 1 failed, 2 wrong use, 3 connection or vendor, 4 a limit, 5 something was denied, 130 interrupted.</summary>
public static class TurnExit
{
    /// <summary>The code for how a turn ended. Never 0 without an answer.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="answered">Whether there is an answer.</param>
    /// <param name="denied">Whether calls were denied.</param>
    /// <param name="error">The kind of the model's failure, or null.</param>
    public static int Of(TurnOutcome outcome, bool answered, bool denied, ModelErrorKind? error) => outcome switch
    {
        TurnOutcome.Completed => !answered ? 1 : denied ? 5 : 0,
        TurnOutcome.LimitReached or TurnOutcome.Truncated => 4,
        TurnOutcome.Interrupted => 130,
        TurnOutcome.ModelFailed when error is { } kind => Of(kind),
        _ => 1,
    };

    /// <summary>The code for a model's failure.</summary>
    public static int Of(ModelErrorKind kind) => kind switch
    {
        ModelErrorKind.Authentication or ModelErrorKind.Permission or ModelErrorKind.Quota or ModelErrorKind.NotFound or ModelErrorKind.ToolsUnsupported => 2,
        ModelErrorKind.ContextOverflow or ModelErrorKind.Refused => 1,
        _ => 3,
    };

    /// <summary>The code for what the log says about a turn's end.</summary>
    internal static int Of(RunFinished finished, bool answered) => Of(
        finished.Outcome, answered, finished.Denied.Count > 0, Enum.TryParse<ModelErrorKind>(finished.ErrorKind?.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var kind) ? kind : null);
}
