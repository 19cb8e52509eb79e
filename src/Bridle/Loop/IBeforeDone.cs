using Bridle.Events;
using Bridle.Runs;

namespace Bridle.Loop;

/// <summary>
/// Has a say before a turn that the model has ended is done: sensors, acceptance checks. Those of a session are asked one after another, after the hooks; the first that is not
/// content decides. It writes only through the run, and keeps the words that it tells the model the same in a replay.
/// </summary>
public interface IBeforeDone
{
    /// <summary>What is missing, or null: the turn may end as far as this one is concerned.</summary>
    /// <param name="run">The run that is about to end.</param>
    /// <param name="answer">The model's answer.</param>
    /// <param name="cancellationToken">Interrupts; also at the run's time limit.</param>
    ValueTask<NotDone?> AskAsync(Run run, string answer, CancellationToken cancellationToken);
}

/// <summary>Why a turn is not done.</summary>
/// <param name="Source">Who says so, in one word; becomes the source of the note. See <see cref="Sources"/>.</param>
/// <param name="Words">What is missing, for the model; for a person where the turn ends.</param>
/// <param name="End">Null: the model is told and goes on. Else the turn ends so.</param>
public sealed record NotDone(string Source, string Words, TurnOutcome? End = null)
{
    /// <summary>The sources of notes that only come from here: a replay takes what keeps a turn from ending from the log, by them.</summary>
    public static IReadOnlySet<string> Sources { get; } = new HashSet<string> { Accepting.Acceptance.Source };
}
