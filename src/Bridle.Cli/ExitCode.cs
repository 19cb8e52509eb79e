using Bridle.Hosting.Receipts;
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
    public static int Of(TurnResult result) => TurnExit.Of(result.Outcome, result.Answer.Trim().Length > 0, result.Denied.Count > 0, result.ModelError?.Kind);

    /// <summary>The code for a model's failure.</summary>
    public static int Of(ModelErrorKind kind) => TurnExit.Of(kind);
}
