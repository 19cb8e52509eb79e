using Bridle.Events;
using Bridle.Hosting.Assembly;
using Bridle.Journal;
using Bridle.Models;

namespace Bridle.Hosting.Budgets;

/// <summary>How a model is asked for no session: within the limits for a day and a month, and written down beside the sessions.</summary>
internal sealed class OutsideBudget
{
    private readonly SessionStore _store;
    private readonly SharedBudget _budget;
    private string? _unwritten;

    private OutsideBudget(SessionStore store, SpendingLimits limits, SpendingLedger ledger)
    {
        (_store, _budget) = (store, new(limits, ledger, SessionStore.Outside, asks: false));
        if (!limits.IsEmpty)
        {
            _budget.Begin(store.SpentOutside());
        }
    }

    /// <summary>Makes it. Reads the files of money only where there is a limit.</summary>
    public static AskingBeside Asking(HostFiles files, HarnessRequest request)
    {
        var store = new SessionStore(files.Folders.Data, files.Folders.State, request.Time);
        var one = new OutsideBudget(store, BudgetAssembly.Limits(request, files.Layers) with { Session = null }, new SpendingLedger(Path.Combine(files.Folders.State, "spending.ledger"), store, request.Time));
        return new(one.WhyNot, one.PayAsync, request.Time);
    }

    private string? WhyNot(ModelInfo model, long inputTokens, ref int maxOutput) => _unwritten ?? _budget.Refuse(model.Price, inputTokens, ref maxOutput, final: true);

    // What was paid for must not be lost because it cannot be written down, but nothing more is paid for then.
    private async ValueTask PayAsync(ModelConsulted consulted)
    {
        try
        {
            await _budget.EmitAsync(_store.NoteOutside(consulted), CancellationToken.None);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _unwritten = $"what requests take cannot be written down ({failure.Message.TrimEnd('.')})";
        }
    }
}
