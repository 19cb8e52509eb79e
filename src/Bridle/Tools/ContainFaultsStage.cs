using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Tools;

/// <summary>
/// The outermost stage: a <see cref="ToolException"/> becomes its text, any other exception a number that a person finds in the log file. A broken journal and the
/// caller's own cancellation go through.
/// </summary>
/// <param name="newId">Makes the number of an incident.</param>
/// <param name="report">Keeps the exception under its number, for people. Must not throw.</param>
public sealed class ContainFaultsStage(Func<string> newId, Action<string, Exception> report) : ToolStage
{
    /// <inheritdoc/>
    public override string Name => "contain";

    /// <inheritdoc/>
    protected internal override async ValueTask<ToolResult> InvokeAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
    {
        try
        {
            return await next(invocation, cancellationToken);
        }
        catch (ToolException e)
        {
            return ToolResult.Failed(e.Message);
        }
        catch (Exception e) when (e is not JournalException && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            var id = newId();
            report(id, e);
            return ToolResult.Failed($"The tool failed unexpectedly (id {id}). Whether it had an effect is unknown: look before trying again.");
        }
    }
}
