using Bridle.Messages;

namespace Bridle.Journal;

/// <summary>What one session spent on one day with one model for one agent.</summary>
/// <param name="Day">The day, by the clock of this machine.</param>
/// <param name="Model">The model as <c>provider/model</c>.</param>
/// <param name="Agent">Who asked; see <see cref="Events.Spent.Agent"/>.</param>
/// <param name="Usage">Tokens.</param>
/// <param name="Cost">US dollars of what had a known price.</param>
/// <param name="Requests">How often the model was paid.</param>
/// <param name="Unpriced">How often without a known price; the rehearsal costs nothing and is none of them.</param>
public sealed record SpendingRow(DateOnly Day, string Model, string Agent, Usage Usage, decimal Cost, long Requests, long Unpriced)
{
    /// <summary>US dollars, about, of replies that broke off and of which no server said what they took; none of <see cref="Cost"/>.</summary>
    public decimal Guessed { get; init; }
}

/// <summary>What one session spent.</summary>
/// <param name="Session">Its name.</param>
/// <param name="Folder">The folder in which it began, or null.</param>
/// <param name="Rows">By day, model and agent, in that order.</param>
public sealed record SessionSpending(string Session, string? Folder, IReadOnlyList<SpendingRow> Rows);
