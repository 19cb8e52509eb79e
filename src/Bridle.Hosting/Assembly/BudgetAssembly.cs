using Bridle.Events;
using Bridle.Hosting.Budgets;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Permissions;
using Bridle.Runs;

namespace Bridle.Hosting.Assembly;

/// <summary>The limits that a session shares with others, from flags and settings to the ledger.</summary>
internal static class BudgetAssembly
{
    /// <summary>The limits of a start.</summary>
    public static SpendingLimits Limits(HarnessRequest request, Settings.LayeredSettings layers) => new(
        StartLimits.Lower(request.MaxSessionCost, layers, settings => settings.MaxSessionCost),
        StartLimits.Lower(request.MaxDayCost, layers, settings => settings.MaxDayCost),
        StartLimits.Lower(request.MaxMonthCost, layers, settings => settings.MaxMonthCost));

    /// <summary>Opens the budget of a session, and puts right in the ledger what programs that were killed left there.</summary>
    public static SharedBudget Open(HarnessRequest request, HostFiles files, OpenLog log)
    {
        var limits = Limits(request, files.Layers);
        var store = new SessionStore(files.Folders.Data, files.Folders.State, request.Time);
        var ledger = request.InMemory ? null : new SpendingLedger(Path.Combine(files.Folders.State, "spending.ledger"), store, request.Time);
        var budget = new SharedBudget(limits, ledger, log.Name, files.Layers.Effective.WhenSpent is "ask");
        if (!limits.IsEmpty)
        {
            budget.Begin(SpendingFold.Of(log.Journal.ReadOnly(SpendingFold.Types), withCopied: false));
            Mend(ledger, store, log.Name);
        }

        return budget;
    }

    /// <summary>Tells the budget who is there.</summary>
    public static SharedBudget Around(this SharedBudget budget, IApprover approver, SessionEvents events)
    {
        budget.Approver = approver is NobodyThere ? null : approver;
        budget.Tell = text => events.Show(RunId.Session, new NoticeShown(text));
        return budget;
    }

    /// <summary>How a model is asked for the session outside of its turns: within the limits that it shares with others, and written down in its log.</summary>
    public static AskingBeside Beside(ISharedBudget? budget, SessionEvents events, TimeProvider time) => new(
        (ModelInfo by, long input, ref int most) => budget?.Refuse(by.Price, input, ref most, final: false),
        async consulted => await events.RecordAsync(RunId.Session, consulted, Durability.Written, CancellationToken.None), time);

    /// <summary>Why a limit of money cannot be kept, or null.</summary>
    public static HarnessRefused? Unpriced(HarnessRequest request, HostFiles files, ModelInfo model) =>
        (StartLimits.MaxCost(request, files.Layers) is not null || !Limits(request, files.Layers).IsEmpty) && model.Price is null && !model.Simulated && !request.AllowUnpriced
            ? new("usage", $"A cost limit is set, but the price of {model.FullName} is not known, so it could not be kept.",
                $"Set prices[\"{model.FullName}\"] in your settings, leave out the limit, or say --allow-unpriced.")
            : null;

    // Killed between the record in its log and the line in the ledger: what the log says counts.
    private static void Mend(SpendingLedger? ledger, SessionStore store, string own)
    {
        try
        {
            foreach (var session in ledger?.Open().Where(name => name != own && store.Exists(name)) ?? [])
            {
                var summary = store.List().First(one => one.Name == session);
                ledger!.Note(session, summary.ReadSpending());
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // The first request finds out whether the limits can be kept.
        }
    }
}
