using Bridle.Events;
using Bridle.Models;
using Bridle.Sessions;

namespace Bridle.Cli;

/// <summary>How the program ends; the same in every output format.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Vendor = 3;
    public const int Limit = 4;
    public const int Denied = 5;
    public const int Interrupted = 130;

    /// <summary>The code for a turn. Never 0 without an answer.</summary>
    public static int Of(TurnResult result) => result.Outcome switch
    {
        TurnOutcome.Completed => result.Answer.Trim().Length == 0 ? Failed : result.Denied.Count > 0 ? Denied : Done,
        TurnOutcome.LimitReached or TurnOutcome.Truncated => Limit,
        TurnOutcome.Interrupted => Interrupted,
        TurnOutcome.ModelFailed when result.ModelError is { } error => Of(error.Kind),
        _ => Failed,
    };

    /// <summary>The code for a model's failure.</summary>
    public static int Of(ModelErrorKind kind) => kind switch
    {
        ModelErrorKind.Authentication or ModelErrorKind.Permission or ModelErrorKind.Quota or ModelErrorKind.NotFound or ModelErrorKind.ToolsUnsupported => Usage,
        ModelErrorKind.ContextOverflow or ModelErrorKind.Refused => Failed,
        _ => Vendor,
    };
}
