using Bridle.Events;

namespace Bridle.Loop.Accepting;

/// <summary>A command ends with a code.</summary>
/// <param name="command">The command line, for the shell.</param>
/// <param name="exitCode">The code.</param>
/// <param name="seconds">How long it may take.</param>
public sealed class CommandCheck(string command, int exitCode = 0, int seconds = CommandCheck.UsualSeconds) : IAcceptanceCheck
{
    /// <summary>How long a command may take unless somebody says otherwise.</summary>
    public const int UsualSeconds = 300;

    /// <summary>Who stands for the command, in words, asked each time that it runs; null leaves it to rules, mode and people, as if the model had asked for it.</summary>
    public Func<string?> VouchedBy { get; init; } = () => "an acceptance check";

    /// <inheritdoc/>
    public string Words => exitCode == 0 ? $"command '{command}' succeeds" : $"command '{command}' ends with {exitCode}";

    private const string NotVouched = " The folder is not trusted, and without a sandbox the command would do what the project says. `bridle trust` lets it, or a rule that allows it.";

    /// <inheritdoc/>
    public async ValueTask<CheckVerdict> LookAsync(AcceptanceScope scope, CancellationToken cancellationToken)
    {
        var vouchedBy = VouchedBy();
        var result = await scope.RunCommandAsync(command, seconds, vouchedBy, cancellationToken);
        return result switch
        {
            { Outcome: CallOutcome.Denied } => new(Words, CheckOutcome.Unknown, $"It was not run: {result.Text}{(vouchedBy is null ? NotVouched : "")}"),
            { ExitCode: { } code } when code == exitCode => new(Words, CheckOutcome.Met),
            _ => new(Words, CheckOutcome.Unmet, result.Text.Length > 0 ? result.Text : $"Exit code: {result.ExitCode}"),
        };
    }
}
