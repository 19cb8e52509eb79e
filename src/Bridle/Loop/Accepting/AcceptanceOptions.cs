using Bridle.Models;
using Bridle.Runs;

namespace Bridle.Loop.Accepting;

/// <summary>What a turn must have brought about before it counts as done.</summary>
public sealed record AcceptanceOptions
{
    /// <summary>How often unmet checks go back to the model unless somebody says otherwise.</summary>
    public const int UsualRounds = 3;

    /// <summary>The checks.</summary>
    public IReadOnlyList<IAcceptanceCheck> Checks { get; init; } = [];

    /// <summary>How often what is unmet goes back to the model before the turn ends as not accepted.</summary>
    public int Rounds { get; init; } = UsualRounds;

    /// <summary>The files that must not change in a run, or null for none.</summary>
    public SealedFiles? Sealed { get; init; }

    /// <summary>In a replay: why the log says that a run did not begin, or null. Asked where <see cref="Sealed"/> is null.</summary>
    public Func<string?>? Recorded { get; init; }

    /// <summary>Who judges; null for the model of the run.</summary>
    public Func<CancellationToken, ValueTask<IModel?>>? Judge { get; init; }
}
