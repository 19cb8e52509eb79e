using Bridle.Models;

namespace Bridle.Runs;

/// <summary>Limits of money that runs share with others: those of the session, and of all sessions of a person. Safe to use concurrently.</summary>
public interface ISharedBudget
{
    /// <summary>How every refusal begins, so that a replay knows it.</summary>
    const string Refusal = "the spending limit of $";

    /// <summary>
    /// Why no further request may be sent, or null when one may; then its input and its largest output are set aside until it is known what it took, or until the next one is asked for.
    /// </summary>
    /// <param name="price">The price of the model that would answer; null refuses nothing.</param>
    /// <param name="inputTokens">The estimated input.</param>
    /// <param name="maxOutput">The largest output wanted; lowered to what is affordable.</param>
    /// <param name="final">True for the closing request, for which every other one leaves room.</param>
    string? Refuse(Price? price, long inputTokens, ref int maxOutput, bool final);

    /// <summary>After a refusal: asks a person, where settings say so, whether to go on all the same. True: it may be tried again.</summary>
    ValueTask<bool> LiftAsync(CancellationToken cancellationToken);

    /// <summary>That more was spent than a limit allows, in one sentence and once for each limit; null when nothing is to be said.</summary>
    string? Overdrawn() => null;
}
